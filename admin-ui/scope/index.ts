import { lazy } from 'react';

export const ScopePage = lazy(async () => ({ default: (await import('./ScopePage.tsx')).ScopePage }));
