/**
 * Working calendars as administrators keep them (SPEC S2). What a calendar says is never changed, only followed by another
 * version: a deadline names the one that gave it, and goes on being explained by it.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { StaffActor } from '../../domain/actor.ts';
import type { CalendarDefinition, CalendarYear } from '../../domain/business-calendar.ts';
import { calendarDifference, isDifferent, tidyCalendar, type CalendarDifference } from '../../domain/calendar-change.ts';
import { objectionToCalendar } from '../../domain/calendar-definition.ts';
import { isRefusal, refuse, type Refusal } from '../../domain/errors.ts';
import type { LocalisedText } from '../../domain/locale.ts';
import { spellHours } from '../../domain/service-words.ts';
import { timedEntity } from '../../domain/timed-entity.ts';
import { auditWish } from '../audit.ts';
import { givenIn, type Change } from '../change.ts';
import { tellPages } from '../change-feed.ts';
import { newId } from '../new-id.ts';
import { tellEngine } from '../outbox.ts';
import type { Wish } from '../wish.ts';
import { findCalendar, findDefinition, lockCalendar, usesOf, type CalendarView } from './calendar-row.ts';
import { planLook } from './calendar-looks.ts';
import { beginTimed, endTimed } from './timed-entities.ts';

/** Calendars that may stand at once: they are listed whole. */
export const maxCalendars = 200;

export interface CalendarContent extends CalendarDefinition {
  readonly name: LocalisedText;
  readonly region: string | null;
}

/** @param note what its version is told to be for */
export async function makeCalendar(wish: Wish<StaffActor>, wanted: CalendarContent, note: string | null): Promise<CalendarView | Refusal> {
  const { em } = wish;
  const at = wish.clock.now();
  const objection = objectionToCalendar(wanted);
  if (objection) return objection;
  const definition = tidyCalendar(wanted);
  // One at a time: the bound is read before it is used.
  await em.execute(`select pg_advisory_xact_lock(hashtextextended('calendar', 0))`);
  const [standing] = await em.execute<{ n: number }[]>('select count(*)::integer as n from calendar where withdrawn_at is null');
  if (standing!.n >= maxCalendars) return refuse('calendar.too_many', { limit: String(maxCalendars) });
  const id = newId('calendar', at);
  await em.execute(
    `insert into calendar (id, name, region, version, revision, created_at, updated_at) values (?, ?::jsonb, ?, 1, 1, ?, ?)`,
    [id, JSON.stringify(wanted.name), wanted.region, at, at],
  );
  await addVersion(wish, at, id, 1, definition, note);
  const made = (await findCalendar(em, id))!;
  await planLook(em, at, made);
  await beginTimed(em, at, 'calendar', id, 'calendar');
  await told(wish, 'calendar.make', id, at, { after: audited(made) });
  return made;
}

export type CalendarChange = Change<CalendarContent>;

/**
 * Changes a calendar. What is counted by is a new version then; deadlines that are set keep theirs until they are re-timed
 * (SPEC S7). What changes nothing makes no version.
 * @param known the revision that the change was made on; undefined when the caller does not say
 */
export async function changeCalendar(
  wish: Wish<StaffActor>,
  id: string,
  known: number | undefined,
  change: CalendarChange,
  note: string | null,
): Promise<CalendarView | Refusal> {
  return edit(wish, id, known, note, (before) => ({ name: before.name, region: before.region, ...before.definition, ...givenIn(change) }));
}

/** Writes one year, whether the calendar knows it or not; the others stay. */
export async function setCalendarYear(
  wish: Wish<StaffActor>,
  id: string,
  known: number | undefined,
  year: number,
  days: CalendarYear,
  note: string | null,
): Promise<CalendarView | Refusal> {
  return edit(wish, id, known, note, ({ name, region, definition }) => ({
    name,
    region,
    ...definition,
    years: { ...definition.years, [year]: days },
  }));
}

/** Takes one year away: it is counted by plain weeks then. */
export async function removeCalendarYear(
  wish: Wish<StaffActor>,
  id: string,
  known: number | undefined,
  year: number,
  note: string | null,
): Promise<CalendarView | Refusal> {
  return edit(wish, id, known, note, ({ name, region, definition }) => {
    if (!Object.hasOwn(definition.years, year)) return refuse('calendar.year_not_found');
    const { [year]: _gone, ...years } = definition.years;
    return { name, region, ...definition, years };
  });
}

async function edit(
  wish: Wish<StaffActor>,
  id: string,
  known: number | undefined,
  note: string | null,
  change: (before: CalendarView) => CalendarContent | Refusal,
): Promise<CalendarView | Refusal> {
  const { em } = wish;
  const before = await lockToEdit(em, id, known);
  if (isRefusal(before)) return before;
  const wanted = change(before);
  if (isRefusal(wanted)) return wanted;
  const objection = objectionToCalendar(wanted);
  if (objection) return objection;
  const definition = tidyCalendar(wanted);
  const difference = calendarDifference(tidyCalendar(before.definition), definition);
  const isNewVersion = isDifferent(difference);
  const isNamedAnew = wanted.region !== before.region || !isSameText(wanted.name, before.name);
  if (!isNewVersion && !isNamedAnew) return before;
  const at = wish.clock.now();
  const version = before.version + (isNewVersion ? 1 : 0);
  if (isNewVersion) await addVersion(wish, at, id, version, definition, note);
  await em.execute('update calendar set name = ?::jsonb, region = ?, version = ?, revision = revision + 1, updated_at = ? where id = ?', [
    JSON.stringify(wanted.name),
    wanted.region,
    version,
    at,
    id,
  ]);
  const after = (await findCalendar(em, id))!;
  if (isNewVersion && (await planLook(em, at, after)))
    await tellEngine(em, at, { kind: 'timed.happening', entity: timedEntity('calendar', id), happening: 'calendarChanged' });
  await told(wish, 'calendar.change', id, at, auditedChange(before, after, difference));
  return after;
}

/** Takes a calendar away that nothing is counted by any more. Its versions stay: they explain deadlines that it gave. */
export async function withdrawCalendar(wish: Wish<StaffActor>, id: string, known: number | undefined): Promise<CalendarView | Refusal> {
  const { em } = wish;
  const before = await lockToEdit(em, id, known);
  if (isRefusal(before)) return before;
  const at = wish.clock.now();
  const { plans, agreements, tickets } = await usesOf(em, id, at, 1);
  if (plans.length > 0 || agreements > 0 || tickets > 0) return refuse('calendar.in_use');
  await em.execute('update calendar set withdrawn_at = ?, revision = revision + 1, updated_at = ? where id = ?', [at, at, id]);
  await endTimed(em, at, 'calendar', id);
  await told(wish, 'calendar.withdraw', id, at, { before: audited(before) });
  return (await findCalendar(em, id))!;
}

/** The calendar, locked, unless it may not be edited or was since it was seen. */
async function lockToEdit(em: EntityManager, id: string, known: number | undefined): Promise<CalendarView | Refusal> {
  const calendar = await lockCalendar(em, id);
  if (!calendar) return refuse('calendar.not_found');
  if (calendar.withdrawnAt) return refuse('calendar.withdrawn');
  return known !== undefined && known !== calendar.revision ? refuse('request.stale') : calendar;
}

async function addVersion(
  { em, actor }: Wish<StaffActor>,
  at: Date,
  id: string,
  version: number,
  definition: CalendarDefinition,
  note: string | null,
): Promise<void> {
  await em.execute(
    'insert into calendar_version (calendar_id, version, definition, note, made_by_id, made_at) values (?, ?, ?::jsonb, ?, ?, ?)',
    [id, version, JSON.stringify(definition), note, actor.userId, at],
  );
}

export interface CalendarVersionView {
  readonly version: number;
  readonly note: string | null;
  /** Null for what the installation came with. */
  readonly madeBy: { readonly id: string; readonly name: string } | null;
  readonly madeAt: Date;
  /** What is different from the version before; null for the first. */
  readonly difference: CalendarDifference | null;
}

/** A calendar's versions, the newest first, those before `before`. */
export async function listVersions(
  em: EntityManager,
  id: string,
  { before, limit }: { readonly before: number | undefined; readonly limit: number },
): Promise<{ items: CalendarVersionView[]; more: boolean }> {
  const rows = await em.execute<
    (Omit<CalendarVersionView, 'madeAt' | 'difference'> & {
      made_at: string;
      definition: CalendarDefinition;
      former: CalendarDefinition | null;
    })[]
  >(
    `select v.version, v.note, v.made_at, v.definition, f.definition as former,
        case when u.id is not null then jsonb_build_object('id', u.id, 'name', u.name) end as "madeBy"
      from calendar_version v left join calendar_version f on f.calendar_id = v.calendar_id and f.version = v.version - 1
        left join app_user u on u.id = v.made_by_id
      where v.calendar_id = ? and v.version < ? order by v.version desc limit ?`,
    [id, before ?? 2_147_483_647, limit + 1],
  );
  const items = rows.slice(0, limit).map(({ made_at, definition, former, ...version }) => ({
    ...version,
    madeAt: new Date(made_at),
    difference: former && calendarDifference(tidyCalendar(former), tidyCalendar(definition)),
  }));
  return { items, more: rows.length > limit };
}

/** What is different between two versions of a calendar; undefined when there is no such calendar or version. */
export async function compareVersions(
  em: EntityManager,
  id: string,
  versions: { readonly from: number; readonly to: number },
): Promise<CalendarDifference | undefined> {
  const [before, after] = [await findDefinition(em, id, versions.from), await findDefinition(em, id, versions.to)];
  return before && after && calendarDifference(tidyCalendar(before), tidyCalendar(after));
}

async function told(
  wish: Wish<StaffActor>,
  action: string,
  id: string,
  at: Date,
  more: { before?: Record<string, string>; after?: Record<string, string> },
): Promise<void> {
  await auditWish(wish, action, `calendar:${id}`, at, more);
  await tellPages(wish.em, at, { staff: true }, { what: 'setting', id: 'calendar' });
}

/** Only what became different, with the days, unless they are many: the versions tell of all. */
function auditedChange(
  before: CalendarView,
  after: CalendarView,
  { years }: CalendarDifference,
): { before: Record<string, string>; after: Record<string, string> } {
  const [was, is] = [audited(before), audited(after)];
  const changed = Object.keys(is).filter((field) => is[field] !== was[field]);
  const of = (values: Record<string, string>) => Object.fromEntries(changed.map((field) => [field, values[field] ?? '']));
  const days = years.filter(({ change }) => change === 'changed').flatMap((year) => year.days.map(({ date }) => date));
  return { before: of(was), after: { ...of(is), ...(days.length > 0 && days.length <= mostDays ? { days: days.join(' ') } : {}) } };
}

const mostDays = 31;

/** In words of ours: a name and a note are texts that people wrote. */
function audited({ version, region, definition }: CalendarView): Record<string, string> {
  const { zone, weekdays, opens, closes, honourShortDays, years } = definition;
  return {
    version: String(version),
    region: region ?? '',
    zone,
    weekdays: weekdays.join(' '),
    hours: spellHours({ opens, closes }),
    honourShortDays: String(honourShortDays),
    years: Object.keys(years).join(' '),
  };
}

function isSameText(one: LocalisedText, other: LocalisedText): boolean {
  const spelled = (text: LocalisedText) => JSON.stringify(Object.entries(text).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return spelled(one) === spelled(other);
}
