/** A calendar as its rows have it: what stands now, what each version was, and what is counted by it. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { CalendarDefinition } from '../../domain/business-calendar.ts';
import type { LocalisedText } from '../../domain/locale.ts';

export interface CalendarView {
  readonly id: string;
  readonly name: LocalisedText;
  /** Whose official calendar it follows, such as `RU`; null for none. */
  readonly region: string | null;
  /** Moves on with every change, a name's too. */
  readonly revision: number;
  /** Moves on with what is counted by: deadlines name it. */
  readonly version: number;
  readonly definition: CalendarDefinition;
  readonly updatedAt: Date;
  readonly withdrawnAt: Date | null;
}

const columns = `c.id, c.name, c.region, c.revision, c.version, v.definition, c.updated_at as "updatedAt", c.withdrawn_at as "withdrawnAt"`;
const from = 'from calendar c join calendar_version v on v.calendar_id = c.id and v.version = c.version';

type Row = Omit<CalendarView, 'updatedAt' | 'withdrawnAt'> & { updatedAt: string; withdrawnAt: string | null };

function calendarOf(row: Row): CalendarView {
  return { ...row, updatedAt: new Date(row.updatedAt), withdrawnAt: row.withdrawnAt ? new Date(row.withdrawnAt) : null };
}

/** The calendars that stand, or those that were withdrawn, by their English name; no more than 200. */
export async function listCalendars(em: EntityManager, withdrawn = false): Promise<CalendarView[]> {
  const rows = await em.execute<Row[]>(
    `select ${columns} ${from} where c.withdrawn_at is ${withdrawn ? 'not null' : 'null'} order by c.name ->> 'en', c.id limit 200`,
  );
  return rows.map(calendarOf);
}

export async function findCalendar(em: EntityManager, id: string): Promise<CalendarView | undefined> {
  const [row] = await em.execute<Row[]>(`select ${columns} ${from} where c.id = ?`, [id]);
  return row && calendarOf(row);
}

/** The same, its row locked against every change and against being made something's calendar meanwhile. */
export async function lockCalendar(em: EntityManager, id: string): Promise<CalendarView | undefined> {
  await em.execute('select 1 from calendar where id = ? for update', [id]);
  return findCalendar(em, id);
}

/** A calendar as it stood at one version. */
export async function findDefinition(em: EntityManager, id: string, version: number): Promise<CalendarDefinition | undefined> {
  const [row] = await em.execute<{ definition: CalendarDefinition }[]>(
    'select definition from calendar_version where calendar_id = ? and version = ?',
    [id, version],
  );
  return row?.definition;
}

/** What deadlines are counted by a calendar for. */
export interface CalendarUse {
  /** Plans whose present terms name it. */
  readonly plans: readonly { readonly id: string; readonly name: LocalisedText }[];
  /** How many agreements name it that stand or are to come. */
  readonly agreements: number;
  /** Tickets out of the archive whose terms name it, counted up to {@link countedUpTo}. */
  readonly tickets: number;
}

export const countedUpTo = 5_000;

/** @param upTo how far tickets are counted */
export async function usesOf(em: EntityManager, id: string, at: Date, upTo = countedUpTo): Promise<CalendarUse> {
  const [row] = await em.execute<[CalendarUse]>(
    `with terms as (select id from service_terms where calendar_id = ?)
      select coalesce((select jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name) order by p.rank, p.id)
          from sla_plan p where p.withdrawn_at is null and p.terms_id in (select id from terms)), '[]') as plans,
        (select count(*)::integer from service_agreement a
          where (a.ends_at is null or (a.ends_at > ? and a.ends_at > a.starts_at)) and a.terms_id in (select id from terms)) as agreements,
        (select count(*)::integer from (
          select 1 from terms join ticket t on t.terms_id = terms.id and t.status <> 'archived' limit ?) open) as tickets`,
    [id, at, upTo],
  );
  return row;
}
