import { lazy } from 'react';

export const ProblemList = lazy(async () => ({ default: (await import('./ProblemList.tsx')).ProblemList }));
export const ProblemPage = lazy(async () => ({ default: (await import('./ProblemPage.tsx')).ProblemPage }));
