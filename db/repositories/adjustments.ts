/**
 * Corrections of a balance by staff (SPEC B7): of paid money or of bonus, up or down, each with its reason. What is above the
 * policy's sum waits for a second person, and moves nothing meanwhile. Locks: adjustment → approval → account.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { StaffActor } from '../../domain/actor.ts';
import { faultInDebit, type AdjustedMoney, type AdjustmentState } from '../../domain/adjustment.ts';
import { isRefusal, refuse, type Refusal } from '../../domain/errors.ts';
import { needsApproval, partsCountForSeconds } from '../../domain/money-approval.ts';
import { spellMoney } from '../../domain/money.ts';
import { auditWish } from '../audit.ts';
import { tellPages } from '../change-feed.ts';
import { newId } from '../new-id.ts';
import type { Window } from '../window.ts';
import type { Wish } from '../wish.ts';
import { askApproval } from './approval-row.ts';
import { readFinancePolicy } from './finance-policy.ts';
import type { Posted } from './ledger.ts';
import { creditMoney, grantBonus, lockFunds, readFunds, takeBackBonus, takeBackMoney } from './money.ts';
import type { PersonName } from './ticket-reads.ts';

export interface AdjustmentView {
  readonly id: string;
  readonly account: PersonName;
  /** Below zero where it takes away. */
  readonly amountMinor: number;
  readonly currency: string;
  readonly money: AdjustedMoney;
  readonly state: AdjustmentState;
  readonly reason: string;
  readonly askedBy: PersonName;
  readonly askedForAt: Date;
  readonly transferId: string | null;
  readonly approvalId: string | null;
  readonly settledAt: Date | null;
}

export interface WishedAdjustment {
  readonly amountMinor: number;
  readonly currency: string;
  readonly money: AdjustedMoney;
  readonly reason: string;
}

/** Staff correct a customer's balance. */
export async function adjustBalance(
  wish: Wish<StaffActor>,
  accountId: string,
  wanted: WishedAdjustment,
): Promise<{ id: string } | Refusal> {
  const { em, actor } = wish;
  const at = wish.clock.now();
  const known = await readFunds(em, accountId, at);
  if (!known) return refuse('customer.not_found');
  const { amountMinor, currency, money, reason } = wanted;
  if (currency !== known.currency) return refuse('money.currency_wrong', { currency: known.currency });
  const fault = faultInDebit(await lockFunds(em, accountId, at), money, amountMinor);
  if (fault) return fault;
  const id = newId('adjustment', at);
  const aloneMinor = await adjustedAlone(em, at, accountId, amountMinor);
  const waits = needsApproval(amountMinor, (await readFinancePolicy(em)).approvalAboveMinor, aloneMinor);
  const size = Math.abs(amountMinor);
  const approvalId = waits
    ? await askApproval(em, at, { accountId, kind: 'adjustment', about: id, amountMinor: size, currency, reason, askedById: actor.userId })
    : null;
  await em.execute(
    `insert into adjustment (id, account_id, amount_minor, currency, money, state, reason, asked_by_id, asked_for_at, approval_id)
      values (?, ?, ?, ?, ?, 'awaiting_approval', ?, ?, ?, ?)`,
    [id, accountId, amountMinor, currency, money, reason, actor.userId, at, approvalId],
  );
  await auditWish(wish, 'adjustment.make', `adjustment:${id}`, at, {
    after: { account: accountId, money, amount: spellMoney({ amountMinor, currency }), waits: String(waits) },
  });
  if (waits) await showAdjustment(em, at, id, accountId);
  else await mustPost(em, at, `staff:${actor.userId}`, (await readAdjustment(em, id))!);
  return { id };
}

/** What was given lately, or taken away where this takes away, without a second person: its size. The account is held. */
async function adjustedAlone(em: EntityManager, at: Date, accountId: string, amountMinor: number): Promise<number> {
  const [row] = await em.execute<{ minor: string }[]>(
    `select coalesce(sum(abs(amount_minor)), 0) as minor from adjustment
      where account_id = ? and asked_for_at > ? and approval_id is null and state = 'posted' and sign(amount_minor) = ?`,
    [accountId, new Date(at.getTime() - partsCountForSeconds * 1000), Math.sign(amountMinor)],
  );
  return Number(row!.minor);
}

async function mustPost(em: EntityManager, at: Date, by: string, adjustment: AdjustmentView): Promise<void> {
  const refused = await postAdjustment(em, at, by, adjustment);
  if (refused) throw new Error(`an adjustment that was looked at was refused: ${refused.refused}`);
}

/**
 * Moves the money, once.
 * @param adjustment locked, and not posted
 * @returns why it cannot be: what was there when it was wished may be gone by the time somebody approves it
 */
export async function postAdjustment(em: EntityManager, at: Date, by: string, adjustment: AdjustmentView): Promise<Refusal | undefined> {
  const fault = faultInDebit(await lockFunds(em, adjustment.account.id, at), adjustment.money, adjustment.amountMinor);
  if (fault) return fault;
  const posted = await move(em, at, by, adjustment);
  if (isRefusal(posted)) return posted;
  await em.execute(`update adjustment set state = 'posted', transfer_id = ?, settled_at = ? where id = ?`, [
    posted.transferId,
    at,
    adjustment.id,
  ]);
  await showAdjustment(em, at, adjustment.id, adjustment.account.id);
  return undefined;
}

async function move(
  em: EntityManager,
  at: Date,
  by: string,
  { id, account, amountMinor, money }: AdjustmentView,
): Promise<Posted | Refusal> {
  const movement = {
    key: `adjustment:${id}`,
    accountId: account.id,
    amountMinor: Math.abs(amountMinor),
    at,
    by,
    about: { adjustment: id },
  };
  if (money === 'bonus') return amountMinor > 0 ? grantBonus(em, movement) : takeBackBonus(em, movement);
  const paid = { ...movement, kind: 'adjustment', against: 'adjustments' } as const;
  return amountMinor > 0 ? creditMoney(em, paid) : takeBackMoney(em, paid);
}

/** Nobody approved it, or it was taken back: nothing had moved. */
export async function dropAdjustment(em: EntityManager, at: Date, adjustment: AdjustmentView): Promise<void> {
  await em.execute(`update adjustment set state = 'withdrawn', settled_at = ? where id = ?`, [at, adjustment.id]);
  await showAdjustment(em, at, adjustment.id, adjustment.account.id);
}

interface AdjustmentRow {
  id: string;
  account: PersonName;
  amount_minor: string;
  currency: string;
  money: AdjustedMoney;
  state: AdjustmentState;
  reason: string;
  asked_by: PersonName;
  asked_for_at: string;
  transfer_id: string | null;
  approval_id: string | null;
  settled_at: string | null;
}

const columns = `j.*, (select jsonb_build_object('id', a.id, 'name', a.name) from account a where a.id = j.account_id) as account,
  (select jsonb_build_object('id', u.id, 'name', u.name) from app_user u where u.id = j.asked_by_id) as asked_by`;

/** Adjustments, the newest first. */
export async function listAdjustments(
  em: EntityManager,
  filter: { readonly accountId?: string | undefined; readonly states?: readonly AdjustmentState[] | undefined },
  window: Window,
): Promise<{ items: AdjustmentView[]; more: boolean }> {
  const sql = ['true'];
  const values: unknown[] = [];
  const narrow = (condition: string, ...given: unknown[]) => {
    if (given.includes(undefined)) return;
    sql.push(condition);
    values.push(...given);
  };
  narrow('j.account_id = ?', filter.accountId);
  narrow('j.state = any(?::text[])', filter.states && `{${filter.states.join(',')}}`);
  narrow('(j.asked_for_at, j.id) < (?::timestamptz, ?)', window.after?.at, window.after?.id);
  const rows = await em.execute<AdjustmentRow[]>(
    `select ${columns} from adjustment j where ${sql.join(' and ')} order by j.asked_for_at desc, j.id desc limit ?`,
    [...values, window.limit + 1],
  );
  return { items: rows.slice(0, window.limit).map(viewOf), more: rows.length > window.limit };
}

export async function readAdjustment(em: EntityManager, id: string): Promise<AdjustmentView | undefined> {
  const [row] = await em.execute<AdjustmentRow[]>(`select ${columns} from adjustment j where j.id = ?`, [id]);
  return row && viewOf(row);
}

export async function lockAdjustment(em: EntityManager, id: string): Promise<AdjustmentView | undefined> {
  await em.execute('select 1 from adjustment where id = ? for no key update', [id]);
  return readAdjustment(em, id);
}

function viewOf(row: AdjustmentRow): AdjustmentView {
  return {
    id: row.id,
    account: row.account,
    amountMinor: Number(row.amount_minor),
    currency: row.currency,
    money: row.money,
    state: row.state,
    reason: row.reason,
    askedBy: row.asked_by,
    askedForAt: new Date(row.asked_for_at),
    transferId: row.transfer_id,
    approvalId: row.approval_id,
    settledAt: row.settled_at === null ? null : new Date(row.settled_at),
  };
}

async function showAdjustment(em: EntityManager, at: Date, id: string, accountId: string): Promise<void> {
  await tellPages(em, at, { staff: true }, { what: 'refund', id });
  await tellPages(em, at, { accountId, staff: true }, { what: 'balance', id: accountId });
}
