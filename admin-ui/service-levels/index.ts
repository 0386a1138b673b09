import { lazy } from 'react';

export const PlansPage = lazy(async () => ({ default: (await import('./PlansPage.tsx')).PlansPage }));

export const agreements = {
  list: lazy(async () => ({ default: (await import('./AgreementList.tsx')).AgreementList })),
};
