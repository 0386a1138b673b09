import { lazy } from 'react';

export const TaxRatesPage = lazy(async () => ({ default: (await import('./TaxRatesPage.tsx')).TaxRatesPage }));
