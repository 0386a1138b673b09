/**
 * Agreements with customers (SPEC S6): targets and hours of an account's own, for a time, on the plan they were made on.
 *
 * An account has one agreement at a time, which is decided under the account's lock. A plan that changes later changes no
 * agreement on it: what was agreed on stays agreed, until the agreement itself is changed.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { StaffActor } from '../../domain/actor.ts';
import { isRefusal, refuse, type Refusal } from '../../domain/errors.ts';
import type { LocalisedText } from '../../domain/locale.ts';
import {
  agreePeriod,
  changePeriod,
  endPeriod,
  ownTermNames,
  periodsOverlap,
  sameTerms,
  termsOfAgreement,
  type AgreementKind,
  type AgreementPeriod,
  type AgreementState,
  type OwnTerms,
} from '../../domain/service-level.ts';
import { auditWish, type Audited } from '../audit.ts';
import { tellPages } from '../change-feed.ts';
import type { Change } from '../change.ts';
import { newId } from '../new-id.ts';
import type { Window } from '../window.ts';
import type { Wish } from '../wish.ts';
import { addTerms, auditedTerms, contentOf, findTerms, listTermsVersions, objectionToTerms, type TermsView } from './service-terms.ts';
import { usePlan } from './sla-plans.ts';

export interface AgreementView extends AgreementPeriod {
  readonly id: string;
  readonly account: { readonly id: string; readonly name: string };
  readonly kind: AgreementKind;
  /** The plan it is made on: the version that was agreed on, and the one that the plan has come to since. */
  readonly plan: { readonly id: string; readonly name: LocalisedText; readonly version: number; readonly newestVersion: number };
  readonly terms: TermsView;
  readonly note: string | null;
  readonly madeBy: { readonly id: string; readonly name: string };
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

interface Row extends Omit<AgreementView, 'terms' | 'startsAt' | 'endsAt' | 'createdAt' | 'updatedAt'> {
  readonly termsId: string;
  readonly startsAt: string;
  readonly endsAt: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

const columns = `g.id, g.kind, g.terms_id as "termsId", g.starts_at as "startsAt", g.ends_at as "endsAt", g.note, g.revision,
    g.created_at as "createdAt", g.updated_at as "updatedAt", jsonb_build_object('id', a.id, 'name', a.name) as account,
    jsonb_build_object('id', p.id, 'name', p.name, 'version', b.version, 'newestVersion', n.version) as plan,
    jsonb_build_object('id', u.id, 'name', u.name) as "madeBy"`;
const from = `from service_agreement g join account a on a.id = g.account_id join app_user u on u.id = g.made_by_id
    join service_terms t on t.id = g.terms_id join service_terms b on b.id = t.base_id
    join sla_plan p on p.id = t.plan_id join service_terms n on n.id = p.terms_id`;

async function viewsOf(em: EntityManager, rows: readonly Row[]): Promise<AgreementView[]> {
  const terms = await findTerms(
    em,
    rows.map(({ termsId }) => termsId),
  );
  return rows.map(({ termsId, startsAt, endsAt, createdAt, updatedAt, ...row }) => ({
    ...row,
    terms: terms.get(termsId)!,
    startsAt: new Date(startsAt),
    endsAt: endsAt === null ? null : new Date(endsAt),
    createdAt: new Date(createdAt),
    updatedAt: new Date(updatedAt),
  }));
}

export interface AgreementFilter {
  readonly account?: string | undefined;
  readonly plan?: string | undefined;
  readonly state?: AgreementState | undefined;
}

/** `agreementState` of the rules, as conditions; each `?` is the instant. */
const states: Readonly<Record<AgreementState, { readonly sql: string; readonly instants: number }>> = {
  standing: { sql: 'g.starts_at <= ? and (g.ends_at is null or g.ends_at > ?)', instants: 2 },
  coming: { sql: 'g.starts_at > ? and (g.ends_at is null or g.ends_at > g.starts_at)', instants: 1 },
  ended: { sql: '(g.ends_at <= ? or g.ends_at <= g.starts_at)', instants: 1 },
};

/** Agreements, the one made last first. */
export async function listAgreements(
  em: EntityManager,
  filter: AgreementFilter,
  window: Window,
  at: Date,
): Promise<{ items: AgreementView[]; more: boolean }> {
  const sql = ['true'];
  const values: unknown[] = [];
  const add = (condition: string, ...given: unknown[]) => {
    sql.push(condition);
    values.push(...given);
  };
  if (filter.account !== undefined) add('g.account_id = ?', filter.account);
  if (filter.plan !== undefined) add('t.plan_id = ?', filter.plan);
  if (filter.state !== undefined) {
    const { sql: condition, instants } = states[filter.state];
    add(condition, ...Array.from({ length: instants }, () => at));
  }
  if (window.after) add('(g.created_at, g.id) < (?::timestamptz, ?)', window.after.at, window.after.id);
  const rows = await em.execute<Row[]>(
    `select ${columns} ${from} where ${sql.join(' and ')} order by g.created_at desc, g.id desc limit ?`,
    [...values, window.limit + 1],
  );
  return { items: await viewsOf(em, rows.slice(0, window.limit)), more: rows.length > window.limit };
}

export async function findAgreement(em: EntityManager, id: string): Promise<AgreementView | undefined> {
  const [view] = await viewsOf(em, await em.execute<Row[]>(`select ${columns} ${from} where g.id = ?`, [id]));
  return view;
}

/** What the agreement has promised so far, the newest first; undefined when there is no such agreement. */
export async function listAgreementVersions(em: EntityManager, id: string): Promise<TermsView[] | undefined> {
  const versions = await listTermsVersions(em, { agreement: id });
  return versions.length === 0 ? undefined : versions;
}

export interface AgreementContent extends AgreementPeriod {
  readonly kind: AgreementKind;
  readonly planId: string;
  /** What is left out is the plan's. */
  readonly own: OwnTerms;
  /** Staff's own words, for nobody else. */
  readonly note: string | null;
}

/** Makes an agreement with an account. Tickets that are open keep what they were promised. */
export async function makeAgreement(wish: Wish<StaffActor>, accountId: string, wanted: AgreementContent): Promise<AgreementView | Refusal> {
  const { em, actor } = wish;
  const at = wish.clock.now();
  if (!(await lockAccount(em, accountId))) return refuse('customer.not_found');
  const period = agreePeriod(wanted, at);
  if (isRefusal(period)) return period;
  if (await overlapsAnother(em, accountId, undefined, period)) return refuse('agreement.overlaps');
  const plan = await usePlan(em, wanted.planId);
  if (isRefusal(plan)) return plan;
  const base = (await findTerms(em, [plan.termsId])).get(plan.termsId)!;
  const content = termsOfAgreement(contentOf(base), wanted.own);
  const objection = await objectionToTerms(em, content, contentOf(base));
  if (objection) return objection;
  const id = newId('agreement', at);
  const agreement = { id, baseId: base.id, own: namesOf(wanted.own) };
  const termsId = await addTerms(wish, at, { planId: wanted.planId, version: 1, content, agreement });
  await em.execute(
    `insert into service_agreement (id, account_id, kind, terms_id, starts_at, ends_at, note, revision, made_by_id, created_at, updated_at)
      values (?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?)`,
    [id, accountId, wanted.kind, termsId, period.startsAt, period.endsAt, wanted.note, actor.userId, at, at],
  );
  const made = (await findAgreement(em, id))!;
  await told(wish, 'agreement.make', made, at, { after: audited(made) });
  return made;
}

/**
 * Changes an agreement. With a plan it is made on that plan as it is now; without one it stays on what was agreed on, however
 * the plan has changed since. Tickets that are open keep what they were promised.
 * @param known the revision that the caller has seen; undefined when he does not mind
 */
export async function changeAgreement(
  wish: Wish<StaffActor>,
  id: string,
  known: number | undefined,
  change: Change<AgreementContent>,
): Promise<AgreementView | Refusal> {
  const { em } = wish;
  const at = wish.clock.now();
  const before = await lockAgreement(em, id, known);
  if (isRefusal(before)) return before;
  const { startsAt, endsAt } = before;
  const wanted = { startsAt: change.startsAt ?? startsAt, endsAt: change.endsAt === undefined ? endsAt : change.endsAt };
  const period = changePeriod(before, wanted, at);
  if (isRefusal(period)) return period;
  if (await overlapsAnother(em, before.account.id, id, period)) return refuse('agreement.overlaps');
  const termsId = await changeTerms(wish, at, before, change);
  if (isRefusal(termsId)) return termsId;
  await em.execute(
    `update service_agreement set kind = ?, terms_id = ?, starts_at = ?, ends_at = ?, note = ?, revision = revision + 1, updated_at = ? where id = ?`,
    [change.kind ?? before.kind, termsId, period.startsAt, period.endsAt, change.note === undefined ? before.note : change.note, at, id],
  );
  const after = (await findAgreement(em, id))!;
  await told(wish, 'agreement.change', after, at, { before: audited(before), after: audited(after) });
  return after;
}

/** @returns the terms that the agreement promises after the change: those it has, where they stay the same */
async function changeTerms(
  wish: Wish<StaffActor>,
  at: Date,
  { id, plan, terms }: AgreementView,
  change: Change<AgreementContent>,
): Promise<string | Refusal> {
  const { em } = wish;
  if (change.planId === undefined && change.own === undefined) return terms.id;
  const planId = change.planId ?? plan.id;
  const baseId = change.planId === undefined ? await baseOf(em, terms.id) : await usePlan(em, planId);
  if (isRefusal(baseId)) return baseId;
  const base = (await findTerms(em, [baseId.termsId])).get(baseId.termsId)!;
  const kept = contentOf(terms);
  const own = change.own ?? Object.fromEntries(terms.own.map((name) => [name, kept[name]]));
  const content = termsOfAgreement(contentOf(base), own);
  const objection = await objectionToTerms(em, content, kept);
  if (objection) return objection;
  const names = namesOf(own);
  const isSame = planId === plan.id && base.version === plan.version && sameTerms(kept, content) && names.join() === terms.own.join();
  if (isSame) return terms.id;
  return addTerms(wish, at, { planId, version: terms.version + 1, content, agreement: { id, baseId: base.id, own: names } });
}

async function baseOf(em: EntityManager, termsId: string): Promise<{ readonly termsId: string }> {
  const [row] = await em.execute<{ termsId: string }[]>('select base_id as "termsId" from service_terms where id = ?', [termsId]);
  return row!;
}

/** Ends an agreement at once; one that has not begun never does. Tickets that are open keep what they were promised. */
export async function endAgreement(wish: Wish<StaffActor>, id: string, known: number | undefined): Promise<AgreementView | Refusal> {
  const { em } = wish;
  const at = wish.clock.now();
  const before = await lockAgreement(em, id, known);
  if (isRefusal(before)) return before;
  const period = endPeriod(before, at);
  if (isRefusal(period)) return period;
  await em.execute('update service_agreement set ends_at = ?, revision = revision + 1, updated_at = ? where id = ?', [
    period.endsAt,
    at,
    id,
  ]);
  const after = (await findAgreement(em, id))!;
  await told(wish, 'agreement.end', after, at, { before: audited(before), after: audited(after) });
  return after;
}

async function lockAccount(em: EntityManager, id: string): Promise<boolean> {
  return (await em.execute<unknown[]>('select 1 from account where id = ? for no key update', [id])).length > 0;
}

/** Locks the agreement's account, under which everything about its agreements is decided, and reads it as it is then. */
async function lockAgreement(em: EntityManager, id: string, known: number | undefined): Promise<AgreementView | Refusal> {
  const seen = await findAgreement(em, id);
  if (!seen) return refuse('agreement.not_found');
  await lockAccount(em, seen.account.id);
  const agreement = (await findAgreement(em, id))!;
  return known !== undefined && known !== agreement.revision ? refuse('request.stale') : agreement;
}

async function overlapsAnother(em: EntityManager, accountId: string, id: string | undefined, period: AgreementPeriod): Promise<boolean> {
  const others = await em.execute<{ startsAt: string; endsAt: string | null }[]>(
    `select starts_at as "startsAt", ends_at as "endsAt" from service_agreement
      where account_id = ? and id is distinct from ? and (ends_at is null or ends_at > ?)`,
    [accountId, id ?? null, period.startsAt],
  );
  return others.some(({ startsAt, endsAt }) =>
    periodsOverlap(period, { startsAt: new Date(startsAt), endsAt: endsAt === null ? null : new Date(endsAt) }),
  );
}

function namesOf(own: OwnTerms) {
  return ownTermNames.filter((name) => own[name] !== undefined);
}

async function told(
  wish: Wish<StaffActor>,
  action: string,
  { id, account }: AgreementView,
  at: Date,
  more: Pick<Audited, 'before' | 'after'>,
): Promise<void> {
  await auditWish(wish, action, `agreement:${id}`, at, more);
  await tellPages(wish.em, at, { staff: true, accountId: account.id }, { what: 'setting', id: 'agreement' });
}

function audited({ account, kind, plan, terms, startsAt, endsAt }: AgreementView): Record<string, string | null> {
  return {
    account: account.id,
    kind,
    slaPlan: plan.id,
    ...auditedTerms(contentOf(terms)),
    startsAt: startsAt.toISOString(),
    endsAt: endsAt?.toISOString() ?? null,
  };
}
