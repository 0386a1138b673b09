import { lazy } from 'react';

export const PartnersPage = lazy(async () => ({ default: (await import('./PartnersPage.tsx')).PartnersPage }));
