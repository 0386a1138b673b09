import { lazy } from 'react';

export const OverviewPage = lazy(async () => ({ default: (await import('./OverviewPage.tsx')).OverviewPage }));
