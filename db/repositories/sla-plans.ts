/** Service plans as staff edit them (SPEC S1). What is promised to open tickets is not theirs to change: that is re-timing (S7). */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { StaffActor } from '../../domain/actor.ts';
import { refuse, type Refusal } from '../../domain/errors.ts';
import type { LocalisedText } from '../../domain/locale.ts';
import { sameTerms, type TermsContent } from '../../domain/service-level.ts';
import { auditWish, type Audited } from '../audit.ts';
import { tellPages } from '../change-feed.ts';
import { givenIn, type Change } from '../change.ts';
import { newId } from '../new-id.ts';
import type { Wish } from '../wish.ts';
import { addTerms, auditedTerms, contentOf, findTerms, listTermsVersions, objectionToTerms, type TermsView } from './service-terms.ts';

/** Plans there may be, the withdrawn included: they are read whole. */
export const maxPlans = 200;

export interface PlanContent extends TermsContent {
  readonly name: LocalisedText;
  /** A higher one promises more: the best of several plans is the one that ranks highest. */
  readonly rank: number;
}

export interface PlanView {
  readonly id: string;
  readonly name: LocalisedText;
  readonly rank: number;
  readonly terms: TermsView;
  /** Queues whose default it is. */
  readonly queues: readonly { readonly id: string; readonly name: LocalisedText }[];
  /** Agreements on it that stand or are to come. */
  readonly agreements: number;
  readonly withdrawn: boolean;
  readonly revision: number;
  readonly updatedAt: Date;
}

interface Row extends Omit<PlanView, 'terms' | 'updatedAt'> {
  readonly termsId: string;
  readonly updatedAt: string;
}

const notOver = 'a.ends_at is null or (a.ends_at > ? and a.ends_at > a.starts_at)';
const columns = `p.id, p.name, p.rank, p.terms_id as "termsId", p.withdrawn_at is not null as withdrawn, p.revision, p.updated_at as "updatedAt",
    coalesce((select jsonb_agg(jsonb_build_object('id', q.id, 'name', q.name) order by q.position, q.category)
      from queue q where q.sla_plan_id = p.id), '[]') as queues,
    (select count(*)::integer from service_agreement a join service_terms t on t.id = a.terms_id
      where t.plan_id = p.id and (${notOver})) as agreements`;

async function viewsOf(em: EntityManager, rows: readonly Row[]): Promise<PlanView[]> {
  const terms = await findTerms(
    em,
    rows.map(({ termsId }) => termsId),
  );
  return rows.map(({ termsId, updatedAt, ...row }) => ({ ...row, terms: terms.get(termsId)!, updatedAt: new Date(updatedAt) }));
}

/** Plans, those that promise most first; the withdrawn are left out unless asked for. */
export async function listPlans(em: EntityManager, at: Date, withdrawn = false): Promise<PlanView[]> {
  const rows = await em.execute<Row[]>(
    `select ${columns} from sla_plan p where p.withdrawn_at is ${withdrawn ? 'not null' : 'null'} order by p.rank desc, p.name ->> 'en', p.id limit ?`,
    [at, maxPlans],
  );
  return viewsOf(em, rows);
}

export async function findPlan(em: EntityManager, id: string, at: Date): Promise<PlanView | undefined> {
  const [view] = await viewsOf(em, await em.execute<Row[]>(`select ${columns} from sla_plan p where p.id = ?`, [at, id]));
  return view;
}

/** What the plan has promised so far, the newest first; undefined when there is no such plan. */
export async function listPlanVersions(em: EntityManager, id: string): Promise<TermsView[] | undefined> {
  const versions = await listTermsVersions(em, { plan: id });
  return versions.length === 0 ? undefined : versions;
}

export async function makePlan(wish: Wish<StaffActor>, wanted: PlanContent): Promise<PlanView | Refusal> {
  const { em } = wish;
  const at = wish.clock.now();
  const objection = await objectionToTerms(em, wanted);
  if (objection) return objection;
  // One at a time: the bound is read before it is used.
  await em.execute(`select pg_advisory_xact_lock(hashtextextended('sla_plan', 0))`);
  const [whole] = await em.execute<{ plans: number }[]>('select count(*)::integer as plans from sla_plan');
  if (whole!.plans >= maxPlans) return refuse('sla_plan.too_many', { limit: String(maxPlans) });
  const id = newId('slaPlan', at);
  const termsId = await addTerms(wish, at, { planId: id, version: 1, content: wanted });
  await em.execute(
    'insert into sla_plan (id, name, rank, terms_id, revision, created_at, updated_at) values (?, ?::jsonb, ?, ?, 1, ?, ?)',
    [id, JSON.stringify(wanted.name), wanted.rank, termsId, at, at],
  );
  await told(wish, 'sla_plan.make', id, at, { after: audited(wanted) });
  return (await findPlan(em, id, at))!;
}

/**
 * Changes a plan. What it promises from now on is a new version of its terms; a change of its name or rank alone is none.
 * Tickets that are open, and agreements made on it, keep what they were promised.
 * @param known the revision that the caller has seen; undefined when he does not mind
 */
export async function changePlan(
  wish: Wish<StaffActor>,
  id: string,
  known: number | undefined,
  change: Change<PlanContent>,
): Promise<PlanView | Refusal> {
  const { em } = wish;
  const at = wish.clock.now();
  const plan = await lockPlan(em, id, known, at);
  if ('refused' in plan) return plan;
  if (plan.withdrawn) return refuse('sla_plan.withdrawn');
  const before: PlanContent = { name: plan.name, rank: plan.rank, ...contentOf(plan.terms) };
  const after = { ...before, ...givenIn(change) };
  const objection = await objectionToTerms(em, after, before);
  if (objection) return objection;
  const termsId = sameTerms(before, after)
    ? plan.terms.id
    : await addTerms(wish, at, { planId: id, version: plan.terms.version + 1, content: after });
  await em.execute('update sla_plan set name = ?::jsonb, rank = ?, terms_id = ?, revision = revision + 1, updated_at = ? where id = ?', [
    JSON.stringify(after.name),
    after.rank,
    termsId,
    at,
    id,
  ]);
  await told(wish, 'sla_plan.change', id, at, { before: audited(before), after: audited(after) });
  return (await findPlan(em, id, at))!;
}

/** Offers a plan to nobody any more. What it has promised stays promised. One that is used stays. */
export async function withdrawPlan(wish: Wish<StaffActor>, id: string, known: number | undefined): Promise<PlanView | Refusal> {
  const { em } = wish;
  const at = wish.clock.now();
  const plan = await lockPlan(em, id, known, at);
  if ('refused' in plan) return plan;
  if (plan.withdrawn) return refuse('sla_plan.withdrawn');
  if (plan.queues.length > 0 || plan.agreements > 0) return refuse('sla_plan.in_use');
  return settleWithdrawal(wish, id, at);
}

/** Offers a withdrawn plan again, unless its calendar was withdrawn meanwhile. */
export async function restorePlan(wish: Wish<StaffActor>, id: string, known: number | undefined): Promise<PlanView | Refusal> {
  const at = wish.clock.now();
  const plan = await lockPlan(wish.em, id, known, at);
  if ('refused' in plan) return plan;
  if (!plan.withdrawn) return refuse('sla_plan.not_withdrawn');
  return (await objectionToTerms(wish.em, contentOf(plan.terms))) ?? settleWithdrawal(wish, id, at);
}

async function settleWithdrawal(wish: Wish<StaffActor>, id: string, at: Date): Promise<PlanView> {
  await wish.em.execute(
    `update sla_plan set withdrawn_at = case when withdrawn_at is null then ?::timestamptz end, revision = revision + 1, updated_at = ? where id = ?`,
    [at, at, id],
  );
  const plan = (await findPlan(wish.em, id, at))!;
  await told(wish, plan.withdrawn ? 'sla_plan.withdraw' : 'sla_plan.restore', id, at);
  return plan;
}

/** Locks a plan's row against everybody who would use it or change it, and reads it as it is then. */
async function lockPlan(em: EntityManager, id: string, known: number | undefined, at: Date): Promise<PlanView | Refusal> {
  await em.execute('select 1 from sla_plan where id = ? for update', [id]);
  const plan = await findPlan(em, id, at);
  if (!plan) return refuse('sla_plan.not_found');
  return known !== undefined && known !== plan.revision ? refuse('request.stale') : plan;
}

/**
 * A plan that somebody is about to use. It is kept from being withdrawn until the transaction ends.
 * @returns its present terms
 */
export async function usePlan(em: EntityManager, id: string): Promise<{ readonly termsId: string } | Refusal> {
  const [plan] = await em.execute<{ termsId: string; withdrawn: boolean }[]>(
    'select terms_id as "termsId", withdrawn_at is not null as withdrawn from sla_plan where id = ? for key share',
    [id],
  );
  if (!plan) return refuse('sla_plan.not_found');
  return plan.withdrawn ? refuse('sla_plan.withdrawn') : plan;
}

async function told(
  wish: Wish<StaffActor>,
  action: string,
  id: string,
  at: Date,
  more: Pick<Audited, 'before' | 'after'> = {},
): Promise<void> {
  await auditWish(wish, action, `sla-plan:${id}`, at, more);
  await tellPages(wish.em, at, { staff: true }, { what: 'setting', id: 'sla_plan' });
}

function audited({ rank, ...terms }: PlanContent): Record<string, string | null> {
  return { rank: String(rank), ...auditedTerms(terms) };
}
