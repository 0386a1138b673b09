import { lazy } from 'react';

export const BreachingPage = lazy(async () => ({ default: (await import('./BreachingPage.tsx')).BreachingPage }));
