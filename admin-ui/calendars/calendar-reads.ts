/** What the pages of working calendars read, as the API answers it. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import type { calendarListedSchema, calendarSchema, calendarVersionSchema, usedCalendarSchema } from '../../api/present/calendar.ts';
import type { CalendarYear } from '../../domain/business-calendar.ts';
import type { Page } from '../server/answers.ts';
import { request } from '../server/request.ts';
import { inPath } from '../server/wish.ts';

export type ListedCalendar = z.infer<typeof calendarListedSchema>;
export type Calendar = z.infer<typeof calendarSchema>;
export type UsedCalendar = z.infer<typeof usedCalendarSchema>;
export type CalendarVersion = z.infer<typeof calendarVersionSchema>;

export interface OfficialYear extends CalendarYear {
  readonly workingDays: number;
}

export interface OfficialCalendar {
  readonly region: string;
  readonly name: string;
  readonly years: Readonly<Record<string, OfficialYear>>;
}

const versionsAtOnce = 25;

export function useCalendars(withdrawn = false) {
  return useQuery({
    queryKey: ['calendars', { withdrawn }],
    queryFn: async () => (await request<Page<ListedCalendar>>('GET', '/calendars', { query: { withdrawn: withdrawn || undefined } })).items,
  });
}

/** Calendars that lack a year now: something to do for whoever keeps them. */
export function useIncompleteCalendars(): readonly (ListedCalendar & { readonly missingYear: number })[] {
  const { data } = useCalendars();
  return (data ?? []).flatMap((calendar) => (calendar.missingYear === null ? [] : [{ ...calendar, missingYear: calendar.missingYear }]));
}

export function useCalendar(id: string) {
  return useQuery({
    queryKey: ['calendars', id],
    queryFn: () => request<UsedCalendar>('GET', `/calendars/${inPath(id)}`),
    enabled: id !== '',
  });
}

/** Official calendars that Kontor comes with. They change with its versions only. */
export function useOfficialCalendars(): readonly OfficialCalendar[] {
  const { data } = useQuery({
    queryKey: ['official-calendars'],
    queryFn: async () => (await request<Page<OfficialCalendar>>('GET', '/calendars/official')).items,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data ?? [];
}

export function useVersions(id: string) {
  return useInfiniteQuery({
    queryKey: ['calendars', id, 'versions'],
    queryFn: ({ pageParam }) =>
      request<Page<CalendarVersion>>('GET', `/calendars/${inPath(id)}/versions`, { query: { cursor: pageParam, limit: versionsAtOnce } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

/** The page of a calendar, at one of its years. */
export function calendarAddress(id: string, year?: number): string {
  return `/calendars/${inPath(id)}${year === undefined ? '' : `?year=${year}`}`;
}
