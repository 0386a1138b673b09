/**
 * What plans and agreements promise, version after version (SPEC S1, S6): rows that are added, never changed, as open tickets
 * and past ones go on being told by them.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { StaffActor } from '../../domain/actor.ts';
import type { WorkingHours } from '../../domain/business-calendar.ts';
import { refuse, type Refusal } from '../../domain/errors.ts';
import type { LocalisedText } from '../../domain/locale.ts';
import { areHours, spellTarget, type OwnTermName, type Target, type TermsContent } from '../../domain/service-level.ts';
import { spellHours, type WorkingTime } from '../../domain/service-words.ts';
import { newId } from '../new-id.ts';
import type { Wish } from '../wish.ts';

export interface TermsView {
  readonly id: string;
  readonly version: number;
  readonly response: Target | null;
  readonly criticalFix: Target | null;
  /** With its present version. */
  readonly calendar: { readonly id: string; readonly name: LocalisedText; readonly version: number };
  /** In place of the calendar's. */
  readonly hours: WorkingHours | null;
  /** When it is worked: by the calendar as it is now, in these hours. */
  readonly workingTime: WorkingTime;
  /** Of an agreement: which of these are its own. */
  readonly own: readonly OwnTermName[];
  /** Null: it came with the installation. */
  readonly madeBy: { readonly id: string; readonly name: string } | null;
  readonly madeAt: Date;
}

const columns = `t.id, t.version, t.response, t.critical_fix as "criticalFix", t.hours, t.own, t.made_at as "madeAt",
    jsonb_build_object('id', c.id, 'name', c.name, 'version', c.version) as calendar, v.definition -> 'zone' as zone,
    v.definition -> 'weekdays' as weekdays, v.definition -> 'opens' as opens, v.definition -> 'closes' as closes,
    (select jsonb_build_object('id', u.id, 'name', u.name) from app_user u where u.id = t.made_by_id) as "madeBy"`;
const from = `from service_terms t join calendar c on c.id = t.calendar_id
    join calendar_version v on v.calendar_id = c.id and v.version = c.version`;

interface Row extends Omit<TermsView, 'workingTime' | 'madeAt'>, WorkingTime {
  readonly madeAt: string;
}

function viewOf({ zone, weekdays, opens, closes, madeAt, ...row }: Row): TermsView {
  return { ...row, workingTime: { zone, weekdays, opens, closes, ...row.hours }, madeAt: new Date(madeAt) };
}

/** These terms, by their ids. */
export async function findTerms(em: EntityManager, ids: readonly string[]): Promise<ReadonlyMap<string, TermsView>> {
  if (ids.length === 0) return new Map();
  const rows = await em.execute<Row[]>(`select ${columns} ${from} where t.id = any(?::text[])`, [`{${[...new Set(ids)].join(',')}}`]);
  return new Map(rows.map((row) => [row.id, viewOf(row)]));
}

/** What a plan, or an agreement, has promised so far, the newest first; no more than 500 versions. */
export async function listTermsVersions(em: EntityManager, of: { plan: string } | { agreement: string }): Promise<TermsView[]> {
  const [condition, id] = 'plan' in of ? ['t.plan_id = ? and t.agreement_id is null', of.plan] : ['t.agreement_id = ?', of.agreement];
  return (await em.execute<Row[]>(`select ${columns} ${from} where ${condition} order by t.version desc limit 500`, [id])).map(viewOf);
}

/** The terms themselves, without how they are told. */
export function contentOf({ response, criticalFix, calendar, hours }: TermsView): TermsContent {
  return { response, criticalFix, calendarId: calendar.id, hours };
}

interface NewTerms {
  readonly planId: string;
  readonly version: number;
  readonly content: TermsContent;
  /** Of an agreement: whose they are, those of the plan that they were made on, and which are its own. */
  readonly agreement?: { readonly id: string; readonly baseId: string; readonly own: readonly OwnTermName[] };
}

/** @returns their id */
export async function addTerms({ em, actor }: Wish<StaffActor>, at: Date, terms: NewTerms): Promise<string> {
  const id = newId('serviceTerms', at);
  const { planId, version, content, agreement } = terms;
  await em.execute(
    `insert into service_terms (id, plan_id, agreement_id, version, response, critical_fix, calendar_id, hours, base_id, own, made_by_id, made_at)
      values (?, ?, ?, ?, ?::jsonb, ?::jsonb, ?, ?::jsonb, ?, ?::text[], ?, ?)`,
    [
      id,
      planId,
      agreement?.id ?? null,
      version,
      asJson(content.response),
      asJson(content.criticalFix),
      content.calendarId,
      asJson(content.hours),
      agreement?.baseId ?? null,
      `{${(agreement?.own ?? []).join(',')}}`,
      actor.userId,
      at,
    ],
  );
  return id;
}

function asJson(value: object | null): string | null {
  return value && JSON.stringify(value);
}

/**
 * Hours that are none, or a calendar that is not there. Its row is kept from being withdrawn meanwhile.
 * @param before what was promised until now: a calendar that is kept is not asked for again
 */
export async function objectionToTerms(em: EntityManager, wanted: TermsContent, before?: TermsContent): Promise<Refusal | undefined> {
  if (wanted.hours && !areHours(wanted.hours)) return refuse('service_terms.hours_wrong');
  if (wanted.calendarId === before?.calendarId) return undefined;
  const [calendar] = await em.execute<{ withdrawn: boolean }[]>(
    'select withdrawn_at is not null as withdrawn from calendar where id = ? for key share',
    [wanted.calendarId],
  );
  if (!calendar) return refuse('calendar.not_found');
  return calendar.withdrawn ? refuse('calendar.withdrawn') : undefined;
}

/** What is promised, as the audit keeps it. */
export function auditedTerms({ response, criticalFix, calendarId, hours }: TermsContent): Record<string, string | null> {
  return {
    response: spellTarget(response),
    criticalFix: spellTarget(criticalFix),
    calendar: calendarId,
    hours: hours && spellHours(hours),
  };
}
