/**
 * A customer's money, one verb each (SPEC B1–B4, B7). Each posts one transfer and keeps what it means beside the books: which
 * payments a spend used, and what is on credit. Each holds the account's billing row until the transaction ends: lock order
 * ticket → … → account. Done twice under one key, each changes nothing the second time.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import { giveBack, meet, type Allocation, type MoneyIn, type MoneyOut } from '../../domain/allocation.ts';
import { isRefusal, refuse, type Refusal } from '../../domain/errors.ts';
import {
  bonusAccount,
  legsOfSpend,
  ownAccount,
  paidAccount,
  type Funds,
  type LedgerEntry,
  type OwnAccountKind,
  type TransferKind,
} from '../../domain/ledger.ts';
import { spellMoney } from '../../domain/money.ts';
import { tellPages } from '../change-feed.ts';
import { askPreparedWithin, executePrepared, preparedStatement } from '../prepared-statements.ts';
import { planCreditDue } from './credit-terms.ts';
import { postTransfer, type Posted, type SpendingRefusal, type Transfer } from './ledger.ts';

/** What moves, why, and under which key. */
export interface Movement extends Pick<Transfer, 'key' | 'at' | 'by' | 'about'> {
  readonly accountId: string;
  /** Above zero. */
  readonly amountMinor: number;
}

/** What an account has and may owe, with what its spending goes by. */
export interface LockedFunds extends Funds {
  readonly creditTermDays: number | null;
  readonly discountBp: number;
}

interface FundsRow {
  currency: string;
  paid: string;
  bonus: string;
  credit_limit_minor: string;
  credit_term_days: number | null;
  discount_bp: number;
  frozen_at: string | null;
  overdue: boolean;
}

const fundsQuestion = preparedStatement(
  'money_funds',
  `select a.currency, p.balance_minor as paid, g.balance_minor as bonus, b.credit_limit_minor, b.credit_term_days, b.discount_bp,
    b.frozen_at, exists (
      select 1 from money_out o where o.account_id = b.account_id and o.on_credit_minor > 0 and o.due_at <= $1) as overdue
  from billing b join account a on a.id = b.account_id
    join ledger_account p on p.id = 'paid:' || a.id join ledger_account g on g.id = 'bonus:' || a.id
  where b.account_id = $2`,
);
const fundsLock = preparedStatement('money_lock', 'select 1 from billing where account_id = $1 for no key update');

/** Reads what an account has; undefined when there is no such account. */
export async function readFunds(em: EntityManager, accountId: string, at: Date): Promise<LockedFunds | undefined> {
  const [row] = await askPreparedWithin<FundsRow>(em, fundsQuestion, [at, accountId]);
  return (
    row && {
      currency: row.currency,
      paidMinor: Number(row.paid),
      bonusMinor: Number(row.bonus),
      creditLimitMinor: Number(row.credit_limit_minor),
      creditTermDays: row.credit_term_days,
      discountBp: row.discount_bp,
      isFrozen: row.frozen_at !== null,
      isOverdue: row.overdue,
    }
  );
}

/** The same, held until the transaction ends: nobody else moves this account's money meanwhile. Throws when there is none. */
export async function lockFunds(em: EntityManager, accountId: string, at: Date): Promise<LockedFunds> {
  // The lock first: a row is read as it is once it is held, its neighbours as they were when the question was asked.
  await executePrepared(em, fundsLock, [accountId]);
  const funds = await readFunds(em, accountId, at);
  if (!funds) throw new Error(`${accountId} has no books`);
  return funds;
}

/**
 * Paid money comes in; it meets what is on credit, oldest first (SPEC B3).
 * @param against where it comes from in our own books
 * @param keepFor true where it came in for something that is bought with it in this same transaction: then no credit is repaid with it
 */
export async function creditMoney(
  em: EntityManager,
  movement: Movement & {
    readonly kind: Extract<TransferKind, 'top_up' | 'adjustment' | 'refund_returned' | 'opening'>;
    readonly against: OwnAccountKind;
    readonly paymentId?: string;
    readonly keepFor?: boolean;
  },
): Promise<Posted> {
  const { accountId, amountMinor, at, kind } = movement;
  const funds = await lockFunds(em, accountId, at);
  const posted = await mustPost(em, movement, kind, funds, [
    { account: paidAccount(accountId), amountMinor },
    { account: ownAccount(movement.against, funds.currency, accountId), amountMinor: -amountMinor },
  ]);
  if (posted.repeated) return posted;
  await executePrepared(em, moneyIn, [posted.transferId, accountId, movement.paymentId ?? null, amountMinor]);
  if (!movement.keepFor) await repayCredit(em, accountId, at);
  return posted;
}

// In the order of the books: two that came in at one instant are spent in the order they came.
const moneyIn = preparedStatement(
  'money_in',
  `insert into money_in (transfer_id, account_id, payment_id, amount_minor, unspent_minor, at)
    select t.id, $2, $3, $4, $4, t.at from ledger_transfer t where t.id = $1`,
);

/** What is on credit is met by what is unspent, oldest first (SPEC B3). */
async function repayCredit(em: EntityManager, accountId: string, at: Date): Promise<void> {
  await executePrepared(em, fundsLock, [accountId]);
  const [owed] = await executePrepared<{ on_credit: string }>(em, onCredit, [accountId]);
  const ins = await unspent(em, accountId, Number(owed!.on_credit));
  if (ins.length > 0) await allocate(em, at, meet(await outsOnCredit(em, accountId, sumOf(ins.map((each) => each.unspentMinor))), ins));
  await planCreditDue(em, at, accountId);
}

const onCredit = preparedStatement(
  'money_on_credit',
  'select coalesce(sum(on_credit_minor), 0) as on_credit from money_out where account_id = $1 and on_credit_minor > 0',
);

/** Money that we give: it is spent first and never refunded (SPEC B7). */
export async function grantBonus(em: EntityManager, movement: Movement): Promise<Posted> {
  const { accountId, amountMinor, at } = movement;
  const funds = await lockFunds(em, accountId, at);
  return mustPost(em, movement, 'bonus', funds, [
    { account: bonusAccount(accountId), amountMinor },
    { account: ownAccount('bonus_granted', funds.currency, accountId), amountMinor: -amountMinor },
  ]);
}

/** Of money that we gave some is taken back: a correction, which stops at nothing being left (SPEC B7). */
export async function takeBackBonus(em: EntityManager, movement: Movement): Promise<Posted | Refusal<'adjustment.exceeds_bonus'>> {
  const { accountId, amountMinor, at } = movement;
  const funds = await lockFunds(em, accountId, at);
  if (amountMinor > funds.bonusMinor)
    return refuse('adjustment.exceeds_bonus', { bonus: spellMoney({ amountMinor: funds.bonusMinor, currency: funds.currency }) });
  return mustPost(em, movement, 'adjustment', funds, [
    { account: bonusAccount(accountId), amountMinor: -amountMinor },
    { account: ownAccount('bonus_granted', funds.currency, accountId), amountMinor },
  ]);
}

/**
 * Something is bought: bonus first, then paid money, then credit (SPEC B3, B7). Where that does not suffice it is refused, and
 * nothing has happened.
 * @param paidFor the transfer of the money that came in for this very purchase, and where the paid balance stood before it: it
 * is used first, and old debts are no obstacle
 */
export async function spendMoney(
  em: EntityManager,
  movement: Movement & { readonly paidFor?: { readonly transferId: string; readonly paidBeforeMinor: number } },
): Promise<Posted | SpendingRefusal> {
  const { accountId, amountMinor, at, paidFor } = movement;
  const funds = await lockFunds(em, accountId, at);
  mustBeSum(amountMinor);
  const legs = paidFor ? { bonusMinor: 0, paidMinor: amountMinor } : legsOfSpend(funds, amountMinor);
  const posted = await postTransfer(em, {
    ...movement,
    kind: 'purchase',
    currency: funds.currency,
    request: spellRequest(movement, 'purchase'),
    entries: [
      { account: bonusAccount(accountId), amountMinor: -legs.bonusMinor },
      { account: paidAccount(accountId), amountMinor: -legs.paidMinor },
      { account: ownAccount('revenue', funds.currency, accountId), amountMinor },
    ].filter((entry) => entry.amountMinor !== 0),
    ...(paidFor ? { floorMinor: paidFor.paidBeforeMinor } : {}),
  });
  if (isRefusal(posted)) return posted;
  if (posted.repeated) return posted;
  if (legs.paidMinor > 0) await recordOut(em, movement, posted.transferId, legs.paidMinor, funds, paidFor?.transferId);
  // What is left of money that came in for this repays credit, as any other.
  if (paidFor) await repayCredit(em, accountId, at);
  await showBalance(em, at, accountId);
  return posted;
}

/**
 * Paid money goes back, or is taken back: a refund, a chargeback, a correction. No limit stops it (reference:
 * ledger-and-licences): whoever may only give back what is unspent asks before.
 * @param of the transfer whose money goes back, used first
 */
export async function takeBackMoney(
  em: EntityManager,
  movement: Movement & {
    readonly kind: Extract<TransferKind, 'refund' | 'cabinet_refund' | 'chargeback' | 'adjustment'>;
    readonly against: OwnAccountKind;
    readonly of?: string;
  },
): Promise<Posted> {
  const { accountId, amountMinor, at } = movement;
  const funds = await lockFunds(em, accountId, at);
  const posted = await mustPost(em, movement, movement.kind, funds, [
    { account: paidAccount(accountId), amountMinor: -amountMinor },
    { account: ownAccount(movement.against, funds.currency, accountId), amountMinor },
  ]);
  if (!posted.repeated) await recordOut(em, movement, posted.transferId, amountMinor, funds, movement.of);
  return posted;
}

/**
 * A purchase is taken back, whole or in part (SPEC B7): paid money first, to the payments it came from, then bonus. Once for
 * each purchase.
 * @param movement.amountMinor at most what was spent
 */
export async function reverseSpend(em: EntityManager, spendId: string, movement: Movement): Promise<Posted> {
  const { accountId, amountMinor, at } = movement;
  const funds = await lockFunds(em, accountId, at);
  const [spent] = await em.execute<{ paid: string; bonus: string }[]>(
    `select coalesce(sum(-amount_minor) filter (where ledger_account_id = ?), 0) as paid,
        coalesce(sum(-amount_minor) filter (where ledger_account_id = ?), 0) as bonus from ledger_entry where transfer_id = ?`,
    [paidAccount(accountId), bonusAccount(accountId), spendId],
  );
  const paidMinor = Math.min(amountMinor, Number(spent!.paid));
  const bonusMinor = amountMinor - paidMinor;
  if (bonusMinor > Number(spent!.bonus)) throw new RangeError(`${spendId} did not spend that much`);
  const posted = await mustPost(
    em,
    movement,
    'reversal',
    funds,
    [
      { account: paidAccount(accountId), amountMinor: paidMinor },
      { account: bonusAccount(accountId), amountMinor: bonusMinor },
      { account: ownAccount('revenue', funds.currency, accountId), amountMinor: -amountMinor },
    ].filter((entry) => entry.amountMinor !== 0),
    spendId,
  );
  if (!posted.repeated && paidMinor > 0) await undoOut(em, at, accountId, spendId, paidMinor);
  return posted;
}

/**
 * Money that was set aside for a refund comes back, as the provider did not take it: to the payment it was of.
 * @param reserveId the transfer that set it aside
 */
export async function returnReserved(em: EntityManager, reserveId: string, movement: Movement): Promise<Posted> {
  const { accountId, amountMinor, at } = movement;
  const funds = await lockFunds(em, accountId, at);
  const posted = await mustPost(
    em,
    movement,
    'refund_returned',
    funds,
    [
      { account: paidAccount(accountId), amountMinor },
      { account: ownAccount('refunds_payable', funds.currency, accountId), amountMinor: -amountMinor },
    ],
    reserveId,
  );
  if (!posted.repeated) await undoOut(em, at, accountId, reserveId, amountMinor);
  return posted;
}

/** How much of a payment is unspent, and so may be refunded (SPEC B7); 0 where it never came in. */
export async function unspentOf(em: EntityManager, paymentId: string): Promise<{ transferId: string; unspentMinor: number } | undefined> {
  const [row] = await em.execute<{ transfer_id: string; unspent_minor: string }[]>(
    'select transfer_id, unspent_minor from money_in where payment_id = ?',
    [paymentId],
  );
  return row && { transferId: row.transfer_id, unspentMinor: Number(row.unspent_minor) };
}

/** Posts what no balance can refuse. */
async function mustPost(
  em: EntityManager,
  movement: Movement,
  kind: TransferKind,
  { currency }: Funds,
  entries: readonly LedgerEntry[],
  reverses?: string,
): Promise<Posted> {
  mustBeSum(movement.amountMinor);
  const posted = await postTransfer(em, {
    ...movement,
    kind,
    currency,
    entries,
    request: reverses === undefined ? spellRequest(movement, kind) : `${spellRequest(movement, kind)} of ${reverses}`,
    ...(reverses === undefined ? {} : { reverses }),
  });
  if (isRefusal(posted)) throw new Error(`a ${kind} was refused: ${posted.refused}`);
  if (!posted.repeated) await showBalance(em, movement.at, movement.accountId);
  return posted;
}

function mustBeSum(amountMinor: number): void {
  if (!Number.isSafeInteger(amountMinor) || amountMinor <= 0) throw new RangeError(`${amountMinor} is no sum that moves`);
}

function spellRequest({ accountId, amountMinor }: Movement, kind: TransferKind): string {
  return `${kind} ${accountId} ${amountMinor}`;
}

/** Writes what went out of paid money, met by what is unspent; the rest is on credit, due after the account's term. */
async function recordOut(
  em: EntityManager,
  { accountId, at }: Movement,
  transferId: string,
  amountMinor: number,
  { creditTermDays }: LockedFunds,
  first: string | undefined,
): Promise<void> {
  const ins = await unspent(em, accountId, amountMinor, first);
  const allocations = meet([{ id: transferId, onCreditMinor: amountMinor }], ins);
  const met = sumOf(allocations.map((each) => each.amountMinor));
  const dueAt = met < amountMinor && creditTermDays !== null ? new Date(at.getTime() + creditTermDays * 24 * 3600 * 1000) : null;
  await executePrepared(em, moneyOut, [transferId, accountId, amountMinor, dueAt]);
  await allocate(em, at, allocations);
  if (dueAt !== null) await planCreditDue(em, at, accountId);
}

const moneyOut = preparedStatement(
  'money_out',
  `insert into money_out (transfer_id, account_id, amount_minor, on_credit_minor, due_at, at)
    select t.id, $2, $3, $3, $4, t.at from ledger_transfer t where t.id = $1`,
);

/** Gives back of what went out; what comes free meets what else is on credit. */
async function undoOut(em: EntityManager, at: Date, accountId: string, transferId: string, amountMinor: number): Promise<void> {
  const [out] = await em.execute<{ on_credit_minor: string }[]>('select on_credit_minor from money_out where transfer_id = ?', [
    transferId,
  ]);
  const used = await em.execute<{ in_id: string; amount: string }[]>(
    `select a.in_id, sum(a.amount_minor) as amount from money_allocation a join money_in i on i.transfer_id = a.in_id
      where a.out_id = ? group by a.in_id, i.at having sum(a.amount_minor) > 0 order by i.at, a.in_id`,
    [transferId],
  );
  const back = giveBack(
    { id: transferId, onCreditMinor: Number(out!.on_credit_minor) },
    used.map((row) => ({ inId: row.in_id, amountMinor: Number(row.amount) })),
    amountMinor,
  );
  if (back.offCreditMinor > 0)
    await em.execute('update money_out set on_credit_minor = on_credit_minor - ? where transfer_id = ?', [back.offCreditMinor, transferId]);
  // What was given back is on credit nowhere: the spend itself is smaller by it.
  await allocate(em, at, back.allocations, false);
  await repayCredit(em, accountId, at);
}

const allocation = preparedStatement(
  'money_allocate',
  `with a as (select * from jsonb_to_recordset($1::jsonb) as x ("inId" text, "outId" text, "amountMinor" bigint)),
    met as (insert into money_allocation (out_id, in_id, amount_minor, at) select "outId", "inId", "amountMinor", $2::timestamptz from a),
    used as (
      update money_in i set unspent_minor = i.unspent_minor - s.amount
        from (select "inId", sum("amountMinor") as amount from a group by 1) s where i.transfer_id = s."inId")
    update money_out o set on_credit_minor = o.on_credit_minor - s.amount
      from (select "outId", sum("amountMinor") as amount from a where $3::boolean group by 1) s where o.transfer_id = s."outId"`,
);

/** @param both false where only what came in is changed */
async function allocate(em: EntityManager, at: Date, allocations: readonly Allocation[], both = true): Promise<void> {
  if (allocations.length > 0) await executePrepared(em, allocation, [JSON.stringify(allocations), at, both]);
}

/** Read so many at a time until they suffice: an account may have very many of them. */
const rowsAtOnce = 50;
const unspentPage = preparedStatement(
  'money_unspent',
  `select transfer_id as id, unspent_minor as minor, at from money_in
    where account_id = $1 and unspent_minor > 0 and (at, transfer_id) > ($2::timestamptz, $3) order by at, transfer_id limit ${rowsAtOnce}`,
);
const onCreditPage = preparedStatement(
  'money_outs_on_credit',
  `select transfer_id as id, on_credit_minor as minor, at from money_out
    where account_id = $1 and on_credit_minor > 0 and (at, transfer_id) > ($2::timestamptz, $3) order by at, transfer_id limit ${rowsAtOnce}`,
);
const unspentOfTransfer = preparedStatement(
  'money_unspent_of',
  'select transfer_id as id, unspent_minor as minor, at from money_in where account_id = $1 and unspent_minor > 0 and transfer_id = $2',
);

interface MinorRow {
  id: string;
  minor: string;
  at: Date | string;
}

/** What is unspent, oldest first, as much of it as is needed. */
async function unspent(em: EntityManager, accountId: string, neededMinor: number, first?: string): Promise<MoneyIn[]> {
  const begun = first === undefined ? [] : await executePrepared<MinorRow>(em, unspentOfTransfer, [accountId, first]);
  const rows = await readUntil(em, unspentPage, accountId, neededMinor, begun);
  return rows.map(({ id, minor }) => ({ id, unspentMinor: Number(minor) }));
}

/** What is on credit, oldest first, as much of it as is needed. */
async function outsOnCredit(em: EntityManager, accountId: string, neededMinor: number): Promise<MoneyOut[]> {
  const rows = await readUntil(em, onCreditPage, accountId, neededMinor, []);
  return rows.map(({ id, minor }) => ({ id, onCreditMinor: Number(minor) }));
}

async function readUntil(
  em: EntityManager,
  pageQuestion: string,
  accountId: string,
  neededMinor: number,
  begun: readonly MinorRow[],
): Promise<MinorRow[]> {
  const rows = [...begun];
  const known = begun[0]?.id;
  let missing = neededMinor - sumOf(rows.map(({ minor }) => Number(minor)));
  let after: Pick<MinorRow, 'at' | 'id'> | undefined = { at: '-infinity', id: '' };
  while (missing > 0 && after) {
    const page: MinorRow[] = await executePrepared<MinorRow>(em, pageQuestion, [accountId, after.at, after.id]);
    const others = page.filter(({ id }) => id !== known);
    rows.push(...others);
    missing -= sumOf(others.map(({ minor }) => Number(minor)));
    after = page.length === rowsAtOnce ? page.at(-1) : undefined;
  }
  return rows;
}

function sumOf(amounts: readonly number[]): number {
  return amounts.reduce((sum, amount) => sum + amount, 0);
}

async function showBalance(em: EntityManager, at: Date, accountId: string): Promise<void> {
  await tellPages(em, at, { accountId, staff: true }, { what: 'balance', id: accountId });
}
