import { lazy } from 'react';

export const QueuesPage = lazy(async () => ({ default: (await import('./QueuesPage.tsx')).QueuesPage }));
