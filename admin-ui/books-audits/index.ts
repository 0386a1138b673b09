import { lazy } from 'react';

export const BooksAuditsPage = lazy(async () => ({ default: (await import('./BooksAuditsPage.tsx')).BooksAuditsPage }));
