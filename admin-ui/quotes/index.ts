import { lazy } from 'react';

export const quotes = { list: lazy(async () => ({ default: (await import('./QuoteList.tsx')).QuoteList })) };
