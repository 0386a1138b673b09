import { lazy } from 'react';

export const FinanceReportsPage = lazy(async () => ({ default: (await import('./FinanceReportsPage.tsx')).FinanceReportsPage }));
