import { lazy } from 'react';

export const PromoCodesPage = lazy(async () => ({ default: (await import('./PromoCodesPage.tsx')).PromoCodesPage }));
