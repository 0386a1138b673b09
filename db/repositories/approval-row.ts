/** Money that waits for a second person, as it is read and written (SPEC B7, I10). What a decision does is `money-approvals`. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { approvalLapsesSeconds, type ApprovalKind, type ApprovalState } from '../../domain/money-approval.ts';
import { timedEntity } from '../../domain/timed-entity.ts';
import { tellPages } from '../change-feed.ts';
import { newId } from '../new-id.ts';
import type { Window } from '../window.ts';
import type { PersonName } from './ticket-reads.ts';
import { beginTimed, endTimed, planTimedStep } from './timed-entities.ts';

export interface ApprovalView {
  readonly id: string;
  readonly kind: ApprovalKind;
  /** Id of the refund or the adjustment. */
  readonly about: string;
  readonly account: PersonName;
  /** Its size: above zero also where money is taken away. */
  readonly amountMinor: number;
  readonly currency: string;
  readonly reason: string;
  readonly state: ApprovalState;
  readonly askedBy: PersonName;
  readonly askedForAt: Date;
  readonly lapsesAt: Date;
  readonly decidedBy: PersonName | null;
  readonly decidedAt: Date | null;
  /** The payment that a refund is of. */
  readonly paymentId: string | null;
  /** What an adjustment would do: to which money, and below zero where it takes away. */
  readonly adjustment: { readonly money: 'paid' | 'bonus'; readonly amountMinor: number } | null;
}

interface ApprovalRow {
  id: string;
  kind: ApprovalKind;
  about: string;
  account: PersonName;
  amount_minor: string;
  currency: string;
  reason: string;
  state: ApprovalState;
  asked_by: PersonName;
  asked_for_at: string;
  lapses_at: string;
  decided_by: PersonName | null;
  decided_at: string | null;
  payment_id: string | null;
  money: 'paid' | 'bonus' | null;
  adjustment_minor: string | null;
}

const named = (table: string, id: string) => `(select jsonb_build_object('id', x.id, 'name', x.name) from ${table} x where x.id = ${id})`;

const columns = `p.*, ${named('account', 'p.account_id')} as account, ${named('app_user', 'p.asked_by_id')} as asked_by,
  ${named('app_user', 'p.decided_by_id')} as decided_by, r.payment_id, a.money, a.amount_minor as adjustment_minor`;
const from = `money_approval p left join refund r on r.id = p.about left join adjustment a on a.id = p.about`;

export interface ApprovalFilter {
  readonly states?: readonly ApprovalState[] | undefined;
  readonly accountId?: string | undefined;
}

/** What waits or waited, the newest first. */
export async function listApprovals(
  em: EntityManager,
  { states, accountId }: ApprovalFilter,
  { limit, after }: Window,
): Promise<{ items: ApprovalView[]; more: boolean }> {
  const rows = await em.execute<ApprovalRow[]>(
    `select ${columns} from ${from}
      where (?::text[] is null or p.state = any(?::text[])) and (?::text is null or p.account_id = ?)
        and (?::timestamptz is null or (p.asked_for_at, p.id) < (?::timestamptz, ?))
      order by p.asked_for_at desc, p.id desc limit ?`,
    [
      ...twice(states ? `{${states.join(',')}}` : null),
      ...twice(accountId ?? null),
      ...twice(after?.at ?? null),
      after?.id ?? null,
      limit + 1,
    ],
  );
  return { items: rows.slice(0, limit).map(viewOf), more: rows.length > limit };
}

function twice<Value>(value: Value): [Value, Value] {
  return [value, value];
}

export async function readApproval(em: EntityManager, id: string): Promise<ApprovalView | undefined> {
  const [row] = await em.execute<ApprovalRow[]>(`select ${columns} from ${from} where p.id = ?`, [id]);
  return row && viewOf(row);
}

/** Holds it until the transaction ends: after what it is about, before the account's money. */
export async function lockApproval(em: EntityManager, id: string): Promise<ApprovalView | undefined> {
  await em.execute('select 1 from money_approval where id = ? for no key update', [id]);
  return readApproval(em, id);
}

function viewOf(row: ApprovalRow): ApprovalView {
  return {
    id: row.id,
    kind: row.kind,
    about: row.about,
    account: row.account,
    amountMinor: Number(row.amount_minor),
    currency: row.currency,
    reason: row.reason,
    state: row.state,
    askedBy: row.asked_by,
    askedForAt: new Date(row.asked_for_at),
    lapsesAt: new Date(row.lapses_at),
    decidedBy: row.decided_by,
    decidedAt: row.decided_at === null ? null : new Date(row.decided_at),
    paymentId: row.payment_id,
    adjustment: row.money === null ? null : { money: row.money, amountMinor: Number(row.adjustment_minor) },
  };
}

/** Lets something wait for a second person, a week at the most. */
export async function askApproval(
  em: EntityManager,
  at: Date,
  wanted: {
    readonly accountId: string;
    readonly kind: ApprovalKind;
    readonly about: string;
    /** Above zero. */
    readonly amountMinor: number;
    readonly currency: string;
    readonly reason: string;
    readonly askedById: string;
  },
): Promise<string> {
  const id = newId('approval', at);
  const lapsesAt = new Date(at.getTime() + approvalLapsesSeconds * 1000);
  await em.execute(
    `insert into money_approval (id, account_id, kind, about, amount_minor, currency, reason, state, asked_by_id, asked_for_at, lapses_at)
      values (?, ?, ?, ?, ?, ?, ?, 'waiting', ?, ?, ?)`,
    [id, wanted.accountId, wanted.kind, wanted.about, wanted.amountMinor, wanted.currency, wanted.reason, wanted.askedById, at, lapsesAt],
  );
  await planTimedStep(em, at, {
    entity: timedEntity('approval', id),
    accountId: wanted.accountId,
    kind: 'lapse',
    dueAt: lapsesAt,
    rule: `lapseAfter ${approvalLapsesSeconds} s`,
    amountMinor: wanted.amountMinor,
  });
  await beginTimed(em, at, 'approval', id, `of ${wanted.about}`);
  await showApproval(em, at, id);
  return id;
}

/** Writes what was decided, and lets its promise end. */
export async function settleApproval(
  em: EntityManager,
  at: Date,
  id: string,
  state: Exclude<ApprovalState, 'waiting'>,
  decidedById: string | null,
): Promise<void> {
  await em.execute('update money_approval set state = ?, decided_by_id = ?, decided_at = ? where id = ?', [state, decidedById, at, id]);
  await endTimed(em, at, 'approval', id);
  await showApproval(em, at, id);
}

async function showApproval(em: EntityManager, at: Date, id: string): Promise<void> {
  await tellPages(em, at, { staff: true }, { what: 'refund', id });
}
