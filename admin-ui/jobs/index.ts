import { lazy } from 'react';

export const JobsPage = lazy(async () => ({ default: (await import('./JobsPage.tsx')).JobsPage }));
