import { lazy } from 'react';

const page = lazy(async () => ({ default: (await import('./CustomerPage.tsx')).CustomerPage }));

export const customers = {
  list: lazy(async () => ({ default: (await import('./CustomerList.tsx')).CustomerList })),
  show: page,
  // `/customers/acc_…`, as people shorten the address: the account's page as well.
  edit: page,
};
