import { lazy } from 'react';

export const LedgerPage = lazy(async () => ({ default: (await import('./LedgerPage.tsx')).LedgerPage }));
export const LedgerAccountPage = lazy(async () => ({ default: (await import('./LedgerAccountPage.tsx')).LedgerAccountPage }));
export const TransferPage = lazy(async () => ({ default: (await import('./TransferPage.tsx')).TransferPage }));
