import { lazy } from 'react';

export const payments = { list: lazy(async () => ({ default: (await import('./PaymentList.tsx')).PaymentList })) };
export const PaymentPage = lazy(async () => ({ default: (await import('./PaymentPage.tsx')).PaymentPage }));
