import { lazy } from 'react';

export { MissingYearNotice } from './MissingYearNotice.tsx';
export const CalendarsPage = lazy(async () => ({ default: (await import('./CalendarsPage.tsx')).CalendarsPage }));
export const CalendarPage = lazy(async () => ({ default: (await import('./CalendarPage.tsx')).CalendarPage }));
