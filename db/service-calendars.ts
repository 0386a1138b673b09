/** Calendars made ready to count with, kept by each process: a version never changes, so that what was made stays right. */
import type { EntityManager } from '@mikro-orm/postgresql';
import {
  compileCalendar,
  type BusinessCalendar,
  type CalendarDefinition,
  type CalendarRef,
  type WorkingHours,
} from '../domain/business-calendar.ts';

/** More than an installation has in use; beyond it the one that was made first is made again. */
const kept = 500;
const calendars = new Map<string, BusinessCalendar>();

function keyOf({ id, version }: CalendarRef, hours: WorkingHours | null): string {
  return `${id}@${version} ${hours ? `${hours.opens}-${hours.closes}` : ''}`;
}

/** A version of a calendar, with hours of its own where these are given. Throws when there is no such version. */
export async function calendarOf(em: EntityManager, ref: CalendarRef, hours: WorkingHours | null): Promise<BusinessCalendar> {
  const key = keyOf(ref, hours);
  const known = calendars.get(key);
  if (known) return known;
  const [row] = await em.execute<{ definition: CalendarDefinition }[]>(
    'select definition from calendar_version where calendar_id = ? and version = ?',
    [ref.id, ref.version],
  );
  if (!row) throw new Error(`${ref.id} has no version ${ref.version}`);
  const calendar = compileCalendar(row.definition, hours);
  if (calendars.size >= kept) calendars.delete(calendars.keys().next().value!);
  calendars.set(key, calendar);
  return calendar;
}

type CalendarOf = (ref: CalendarRef, hours: WorkingHours | null) => BusinessCalendar;

/**
 * Those calendars together, to be asked without waiting.
 * @param known has others
 */
export async function calendarsOf(
  em: EntityManager,
  wanted: readonly { readonly ref: CalendarRef; readonly hours: WorkingHours | null }[],
  known?: CalendarOf,
): Promise<CalendarOf> {
  const ready = new Map<string, BusinessCalendar>();
  for (const { ref, hours } of wanted) ready.set(keyOf(ref, hours), await calendarOf(em, ref, hours));
  return (ref, hours) => {
    const calendar = ready.get(keyOf(ref, hours)) ?? known?.(ref, hours);
    if (!calendar) throw new Error(`${ref.id} version ${ref.version} was not made ready`);
    return calendar;
  };
}
