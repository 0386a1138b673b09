/**
 * Audits of the books as rows (SPEC B10): begun by time or by hand, carried on stage by stage, and what each has found. How far
 * one has come is in its row, so that whoever goes on after a crash goes on from there.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { StaffActor } from '../../domain/actor.ts';
import {
  auditPeriod,
  auditStages,
  givesUpAfterMs,
  waitForProvider,
  type AuditProgress,
  type AuditStage,
  type AuditState,
} from '../../domain/books-audit.ts';
import { refuse, type Refusal } from '../../domain/errors.ts';
import { moneyEntity } from '../../domain/money-entity.ts';
import { workStep } from '../../domain/job.ts';
import { auditWish } from '../audit.ts';
import { tellPages } from '../change-feed.ts';
import { newId } from '../new-id.ts';
import { tellEngine } from '../outbox.ts';
import type { Window } from '../window.ts';
import type { Wish } from '../wish.ts';

/** An audit as it goes on. */
export interface AuditFacts {
  readonly id: string;
  readonly state: AuditState;
  readonly stage: AuditStage;
  readonly from: Date;
  readonly to: Date;
  readonly begunAt: Date;
  /** Where in its stage it is; null at the beginning. */
  readonly cursor: string | null;
  readonly awaySince: Date | null;
}

/**
 * Begins an audit of what has happened since the last one.
 * @param byId who asked for it; null for time
 * @returns its id; undefined while another one runs
 */
export async function beginBooksAudit(em: EntityManager, at: Date, byId: string | null): Promise<string | undefined> {
  const [last] = await em.execute<{ done_up_to: string | null; first_payment_at: string | null }[]>(
    `select (select max(period_to) from books_audit where state = 'done') as done_up_to, (select min(begun_at) from payment) as first_payment_at`,
  );
  const instant = (text: string | null) => (text === null ? null : new Date(text));
  const { from, to } = auditPeriod({ doneUpTo: instant(last!.done_up_to), firstPaymentAt: instant(last!.first_payment_at) }, at);
  const id = newId('booksAudit', at);
  const begun = await em.execute<unknown[]>(
    `insert into books_audit (id, state, begun_at, begun_by_id, period_from, period_to, stage) values (?, 'running', ?, ?, ?, ?, 'ledger')
      on conflict ((true)) where state = 'running' do nothing returning 1`,
    [id, at, byId, from, to],
  );
  if (begun.length === 0) return undefined;
  const entity = moneyEntity('books-audit', id);
  // By this row the sweep finds an audit that stands still, such as after an engine that forgot it.
  await em.execute(
    `insert into obligation (id, entity, account_id, kind, due_at, rule, planned_at_revision) values (?, ?, null, ?, ?, 'audit', 0)`,
    [newId('obligation', at), entity, workStep, at],
  );
  await tellEngine(em, at, { kind: 'money.begun', entity });
  await tellPages(em, at, { staff: true }, { what: 'books', id });
  return id;
}

/** Somebody of the staff begins one by hand. */
export async function runBooksAudit(wish: Wish<StaffActor>): Promise<{ id: string } | Refusal> {
  const at = wish.clock.now();
  const id = await beginBooksAudit(wish.em, at, wish.actor.userId);
  if (id === undefined) return refuse('books_audit.running');
  await auditWish(wish, 'books_audit.run', moneyEntity('books-audit', id), at);
  return { id };
}

interface FactsRow {
  id: string;
  state: AuditState;
  stage: AuditStage;
  period_from: string;
  period_to: string;
  begun_at: string;
  cursor: string | null;
  away_since: string | null;
}

const factsColumns = 'id, state, stage, period_from, period_to, begun_at, cursor, away_since';

export async function readAuditFacts(em: EntityManager, id: string): Promise<AuditFacts | undefined> {
  const [row] = await em.execute<FactsRow[]>(`select ${factsColumns} from books_audit where id = ?`, [id]);
  return row && factsOf(row);
}

/** Holds the audit where it was when its batch began; undefined when another has carried it on meanwhile, or it is over. */
export async function lockAudit(em: EntityManager, { id, stage, cursor }: AuditFacts): Promise<AuditFacts | undefined> {
  const [row] = await em.execute<FactsRow[]>(
    `select ${factsColumns} from books_audit where id = ? and state = 'running' and stage = ? and cursor is not distinct from ? for no key update`,
    [id, stage, cursor],
  );
  return row && factsOf(row);
}

function factsOf(row: FactsRow): AuditFacts {
  const { id, state, stage, cursor } = row;
  const awaySince = row.away_since === null ? null : new Date(row.away_since);
  return {
    id,
    state,
    stage,
    cursor,
    awaySince,
    from: new Date(row.period_from),
    to: new Date(row.period_to),
    begunAt: new Date(row.begun_at),
  };
}

/** What a batch has done beside its findings, which count themselves. */
export interface BatchDone {
  readonly accounts?: number;
  readonly payments?: number;
  readonly refunds?: number;
  readonly feesMinor?: number;
}

/** Writes how far the audit is, in the transaction of what was done. It is held by {@link lockAudit}. */
export async function noteBatch(em: EntityManager, at: Date, { id }: AuditFacts, cursor: string | null, done: BatchDone): Promise<void> {
  await em.execute(
    `update books_audit set cursor = ?, away_since = null, accounts_checked = accounts_checked + ?, payments_compared = payments_compared + ?,
        refunds_compared = refunds_compared + ?, fees_minor = fees_minor + ?,
        findings = (select count(*) from books_audit_finding f where f.audit_id = books_audit.id)
      where id = ?`,
    [cursor, done.accounts ?? 0, done.payments ?? 0, done.refunds ?? 0, done.feesMinor ?? 0, id],
  );
  await getOn(em, at, id, at);
}

/** Its stage is over: on to the next, or to the end. */
export async function endStage(em: EntityManager, at: Date, { id, stage }: AuditFacts): Promise<void> {
  const next = auditStages[auditStages.indexOf(stage) + 1] ?? 'over';
  if (next === 'over') return endAudit(em, at, id, 'done');
  await em.execute('update books_audit set stage = ?, cursor = null, away_since = null where id = ?', [next, id]);
  await getOn(em, at, id, at);
}

/** The provider does not answer: it is asked again later, and after a day no more. */
export async function noteAway(em: EntityManager, at: Date, audit: AuditFacts, why: string, retryAfterMs?: number): Promise<void> {
  const since = audit.awaySince ?? at;
  if (at.getTime() - since.getTime() >= givesUpAfterMs) return giveUp(em, at, audit, why);
  await em.execute('update books_audit set away_since = ? where id = ?', [since, audit.id]);
  await getOn(em, at, audit.id, new Date(at.getTime() + waitForProvider(since, at, retryAfterMs)));
}

/** The provider cannot be asked: a person must look, and the next audit begins where this one did. */
export async function giveUp(em: EntityManager, at: Date, audit: AuditFacts, why: string): Promise<void> {
  const { id, stage } = audit;
  // One open case, however many nights in a row it is so.
  await find(em, at, id, { kind: 'books.audit_failed', about: 'books:nightly', detail: { audit: id, stage, why } });
  await endAudit(em, at, id, 'failed');
}

async function endAudit(em: EntityManager, at: Date, id: string, state: 'done' | 'failed'): Promise<void> {
  await em.execute(
    `update books_audit set state = ?, stage = case when ? then 'over' else stage end, cursor = null, away_since = null, ended_at = ?,
        findings = (select count(*) from books_audit_finding f where f.audit_id = books_audit.id)
      where id = ?`,
    [state, state === 'done', at, id],
  );
  await em.execute('delete from books_audit_sight where audit_id = ?', [id]);
  await em.execute('delete from obligation where entity = ?', [moneyEntity('books-audit', id)]);
  await tellPages(em, at, { staff: true }, { what: 'books', id });
}

/** Says that the audit gets on, and when it does next. */
async function getOn(em: EntityManager, at: Date, id: string, dueAt: Date): Promise<void> {
  await em.execute('update obligation set due_at = ? where entity = ?', [dueAt, moneyEntity('books-audit', id)]);
  await tellPages(em, at, { staff: true }, { what: 'books', id });
}

/** What a person must look at. `detail` holds ids, sums and words of ours. */
export interface Finding {
  readonly kind: string;
  readonly about: string;
  readonly detail: Record<string, string>;
}

/**
 * Keeps a finding of the audit as a case. A matter has one, however many nights find it again: one that somebody has settled
 * is opened anew only when the facts are others.
 */
export async function find(em: EntityManager, at: Date, auditId: string, { kind, about, detail }: Finding): Promise<void> {
  const facts = JSON.stringify(detail);
  await em.execute(
    `with known as (
        select id from staff_case where kind = ? and about = ? and (settled_at is null or detail = ?::jsonb) order by settled_at nulls first limit 1),
      made as (
        insert into staff_case (id, kind, about, detail, opened_at) select ?, ?, ?, ?::jsonb, ?::timestamptz where not exists (select 1 from known)
          on conflict (kind, about) where settled_at is null do nothing returning id)
      insert into books_audit_finding (audit_id, case_id) select ?, id from (select id from known union all select id from made) matter
        on conflict do nothing`,
    [kind, about, facts, newId('case', at), kind, about, facts, at, auditId],
  );
}

/** Remembers what of the provider's list was looked at; tells which of these were not before. */
export async function noteSights(em: EntityManager, auditId: string, objects: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await em.execute<{ object_id: string }[]>(
    `insert into books_audit_sight (audit_id, object_id) select ?, object_id from jsonb_array_elements_text(?::jsonb) as o (object_id)
      on conflict do nothing returning object_id`,
    [auditId, JSON.stringify(objects)],
  );
  return new Set(rows.map((row) => row.object_id));
}

export interface AuditView extends Omit<AuditProgress, 'againAt'> {
  readonly id: string;
  readonly begunAt: Date;
  /** Null where time began it. */
  readonly begunBy: { readonly id: string; readonly name: string } | null;
  readonly from: Date;
  readonly to: Date;
  readonly feesMinor: number;
  readonly endedAt: Date | null;
  /** While the provider is away: since when, and when it is asked again. */
  readonly awaySince: Date | null;
  readonly againAt: Date | null;
}

const viewColumns = `select b.id, b.state, b.stage, b.begun_at as "begunAt", b.begun_by_id as "begunById", u.name as "begunByName", b.period_from as "from",
    b.period_to as "to", b.accounts_checked as "accountsChecked", b.payments_compared as "paymentsCompared", b.refunds_compared as "refundsCompared",
    b.findings, b.fees_minor as "feesMinor", b.ended_at as "endedAt", b.away_since as "awaySince",
    case when b.away_since is not null then (select o.due_at from obligation o where o.entity = 'books-audit:' || b.id) end as "againAt"
  from books_audit b left join app_user u on u.id = b.begun_by_id`;

type ViewRow = Omit<AuditView, 'begunAt' | 'begunBy' | 'from' | 'to' | 'feesMinor' | 'endedAt' | 'awaySince' | 'againAt'> & {
  begunAt: string;
  begunById: string | null;
  begunByName: string | null;
  from: string;
  to: string;
  feesMinor: string;
  endedAt: string | null;
  awaySince: string | null;
  againAt: string | null;
};

function viewOf({ begunById, begunByName, begunAt, from, to, feesMinor, endedAt, awaySince, againAt, ...audit }: ViewRow): AuditView {
  const instant = (text: string | null) => (text === null ? null : new Date(text));
  return {
    ...audit,
    begunAt: new Date(begunAt),
    begunBy: begunById === null ? null : { id: begunById, name: begunByName ?? '' },
    from: new Date(from),
    to: new Date(to),
    feesMinor: Number(feesMinor),
    endedAt: instant(endedAt),
    awaySince: instant(awaySince),
    againAt: instant(againAt),
  };
}

/** Audits, the newest first. */
export async function listBooksAudits(
  em: EntityManager,
  state: AuditState | undefined,
  window: Window,
): Promise<{ items: AuditView[]; more: boolean }> {
  const { limit, after } = window;
  const rows = await em.execute<ViewRow[]>(
    `${viewColumns} where ${state ? 'b.state = ?' : 'true'} ${after ? 'and (b.begun_at, b.id) < (?::timestamptz, ?)' : ''} order by b.begun_at desc, b.id desc limit ?`,
    [...(state ? [state] : []), ...(after ? [after.at, after.id] : []), limit + 1],
  );
  return { items: rows.slice(0, limit).map(viewOf), more: rows.length > limit };
}

export async function findBooksAudit(em: EntityManager, id: string): Promise<AuditView | undefined> {
  const [row] = await em.execute<ViewRow[]>(`${viewColumns} where b.id = ?`, [id]);
  return row && viewOf(row);
}

export interface AuditFindingView {
  readonly id: string;
  readonly kind: string;
  readonly about: string;
  readonly detail: Record<string, string>;
  readonly openedAt: Date;
  readonly settledAt: Date | null;
}

/** So many findings of one audit are shown; whoever has more has a matter of another kind. */
const shownFindings = 200;

/** The cases that an audit came upon, its own and those that stood before; open ones first. */
export async function readFindings(em: EntityManager, id: string): Promise<AuditFindingView[]> {
  const rows = await em.execute<(Omit<AuditFindingView, 'openedAt' | 'settledAt'> & { openedAt: string; settledAt: string | null })[]>(
    `select c.id, c.kind, c.about, c.detail, c.opened_at as "openedAt", c.settled_at as "settledAt"
      from books_audit_finding f join staff_case c on c.id = f.case_id where f.audit_id = ? order by c.settled_at is not null, c.opened_at, c.id limit ?`,
    [id, shownFindings],
  );
  return rows.map((row) => ({
    ...row,
    openedAt: new Date(row.openedAt),
    settledAt: row.settledAt === null ? null : new Date(row.settledAt),
  }));
}

/** How far it is, for its workflow; undefined when there is no such audit. */
export async function readAuditProgress(em: EntityManager, id: string): Promise<AuditProgress | undefined> {
  const audit = await findBooksAudit(em, id);
  if (!audit) return undefined;
  const { state, stage, accountsChecked, paymentsCompared, refundsCompared, findings, againAt } = audit;
  const again = againAt && state === 'running' ? { againAt: againAt.toISOString() } : {};
  return { state, stage, accountsChecked, paymentsCompared, refundsCompared, findings, ...again };
}
