import { lazy } from 'react';

export const refunds = { list: lazy(async () => ({ default: (await import('./RefundList.tsx')).RefundList })) };
export const RefundPage = lazy(async () => ({ default: (await import('./RefundPage.tsx')).RefundPage }));
export const FinancePolicyPage = lazy(async () => ({ default: (await import('./FinancePolicyPage.tsx')).FinancePolicyPage }));
