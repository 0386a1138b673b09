import { lazy } from 'react';

export const HoldsPage = lazy(async () => ({ default: (await import('./HoldsPage.tsx')).HoldsPage }));
