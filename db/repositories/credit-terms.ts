/**
 * Time's side of credit (SPEC B3): each use of a limit that has a term is due on its day. While any is, the account has one
 * promise, `credit_due`, for the earliest; when it comes, those who pay are told of each use once, and `ledger_post` lets no
 * more of the limit be used until it is paid.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import { timedEntity } from '../../domain/timed-entity.ts';
import { tellEngine } from '../outbox.ts';
import { askPreparedWithin, preparedStatement } from '../prepared-statements.ts';
import { tellFinance } from './finance-notices.ts';
import { beginTimed, planTimedStep, type TimedRule } from './timed-entities.ts';

interface OverdueUse {
  readonly transferId: string;
  readonly onCreditMinor: number;
}

/** Uses that are not repaid and whose day has come, the earliest first. */
async function overdueUses(em: EntityManager, accountId: string, at: Date): Promise<OverdueUse[]> {
  const rows = await em.execute<{ transfer_id: string; on_credit_minor: string }[]>(
    `select transfer_id, on_credit_minor from money_out
      where account_id = ? and on_credit_minor > 0 and due_at <= ? order by due_at, transfer_id`,
    [accountId, at],
  );
  return rows.map((row) => ({ transferId: row.transfer_id, onCreditMinor: Number(row.on_credit_minor) }));
}

const dayQuestion = preparedStatement(
  'credit_due_day',
  `select due_at, sum(on_credit_minor) as minor from money_out
    where account_id = $1 and on_credit_minor > 0 and due_at > $2 group by due_at order by due_at limit 1`,
);

/** The earliest day after this instant, and what is due on it. Read by index: an account may use credit very many times. */
async function nextDay(em: EntityManager, accountId: string, after: Date): Promise<{ dueAt: Date; amountMinor: number } | undefined> {
  const [row] = await askPreparedWithin<{ due_at: string; minor: string }>(em, dayQuestion, [accountId, after]);
  return row && { dueAt: new Date(row.due_at), amountMinor: Number(row.minor) };
}

/**
 * Plans the account's next due date, or takes it away, after its credit was used or repaid. A step that is due and was not taken
 * yet stays while any use is overdue: whoever repays a part while the worker is away takes nobody's notice from him. The account's
 * billing row is held.
 */
export async function planCreditDue(em: EntityManager, at: Date, accountId: string): Promise<void> {
  const entity = timedEntity('credit', accountId);
  const [planned] = await em.execute<{ due_at: string; amount_minor: string | null }[]>(
    'select due_at, amount_minor from obligation where entity = ?',
    [entity],
  );
  const isWaiting = planned !== undefined && new Date(planned.due_at) <= at;
  if (isWaiting && (await isOverdue(em, accountId, at))) return;
  await planNext(em, at, accountId, planned);
}

async function isOverdue(em: EntityManager, accountId: string, at: Date): Promise<boolean> {
  const found = await em.execute<unknown[]>(
    'select 1 from money_out where account_id = ? and on_credit_minor > 0 and due_at <= ? limit 1',
    [accountId, at],
  );
  return found.length > 0;
}

async function planNext(
  em: EntityManager,
  at: Date,
  accountId: string,
  planned: { readonly due_at: string; readonly amount_minor: string | null } | undefined,
): Promise<void> {
  const entity = timedEntity('credit', accountId);
  const next = await nextDay(em, accountId, at);
  if (!next) {
    if (!planned) return;
    await em.execute('delete from obligation where entity = ?', [entity]);
    await tellEngine(em, at, { kind: 'timed.happening', entity, happening: 'settled' });
    return;
  }
  const { dueAt, amountMinor } = next;
  const isSame = planned && new Date(planned.due_at).getTime() === dueAt.getTime() && Number(planned.amount_minor) === amountMinor;
  if (isSame) return;
  await planTimedStep(em, at, { entity, accountId, kind: 'credit_due', dueAt, rule: 'creditTermDays', amountMinor });
  // An account's first use starts the workflow; it never ends, as an id stands for one workflow only.
  await beginTimed(em, at, 'credit', accountId, `credit of ${accountId}`);
  await tellEngine(em, at, { kind: 'timed.happening', entity, happening: 'extended' });
}

/** Tells of each use that is overdue, once, and plans the next due date. */
export const creditRule: TimedRule = {
  async describe(em, id) {
    const [known] = await em.execute<unknown[]>('select 1 from billing where account_id = ?', [id]);
    if (!known) return undefined;
    const earliest = await nextDay(em, id, new Date(0));
    if (!earliest) return { state: 'repaid', story: 'No credit with a term is used.', over: false };
    return { state: 'used', story: `Credit is used; the earliest is due ${earliest.dueAt.toISOString()}.`, over: false };
  },
  async take(em, id, at) {
    // Whoever moves this account's money holds the same row.
    await em.execute('select 1 from billing where account_id = ? for no key update', [id]);
    const [books] = await em.execute<{ currency: string; balance: string }[]>(
      'select currency, sum(balance_minor) as balance from ledger_account where account_id = ? group by currency',
      [id],
    );
    const { currency } = books!;
    const balance = { amountMinor: Number(books!.balance), currency };
    for (const { transferId, onCreditMinor } of await overdueUses(em, id, at))
      await tellFinance(em, at, 'credit.overdue', `credit.overdue:${transferId}`, id, {
        amount: { amountMinor: onCreditMinor, currency },
        balance,
      });
    await planNext(em, at, id, undefined);
  },
};
