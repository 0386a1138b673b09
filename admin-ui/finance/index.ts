import { lazy } from 'react';

export const AgeingPage = lazy(async () => ({ default: (await import('./AgeingPage.tsx')).AgeingPage }));
