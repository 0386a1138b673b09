import { lazy } from 'react';

export const TimingPage = lazy(async () => ({ default: (await import('./TimingPage.tsx')).TimingPage }));
