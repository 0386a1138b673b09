import { lazy } from 'react';

export const consentTexts = { list: lazy(async () => ({ default: (await import('./ConsentTexts.tsx')).ConsentTexts })) };
