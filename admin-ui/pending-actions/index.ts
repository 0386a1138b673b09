import { lazy } from 'react';

export const pendingActions = { list: lazy(async () => ({ default: (await import('./ChangeList.tsx')).ChangeList })) };
