import { lazy } from 'react';

export const OutlookPage = lazy(async () => ({ default: (await import('./OutlookPage.tsx')).OutlookPage }));
