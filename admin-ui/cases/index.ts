import { lazy } from 'react';

export const cases = { list: lazy(async () => ({ default: (await import('./CaseList.tsx')).CaseList })) };
