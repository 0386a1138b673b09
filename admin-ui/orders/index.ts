import { lazy } from 'react';

export const orders = { list: lazy(async () => ({ default: (await import('./OrderList.tsx')).OrderList })) };
export const OrderPage = lazy(async () => ({ default: (await import('./OrderPage.tsx')).OrderPage }));
