import { lazy } from 'react';

export const ServiceReportsPage = lazy(async () => ({ default: (await import('./ServiceReportsPage.tsx')).ServiceReportsPage }));
export const ClockRunsPage = lazy(async () => ({ default: (await import('./ClockRunsPage.tsx')).ClockRunsPage }));
