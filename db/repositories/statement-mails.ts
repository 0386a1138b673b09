/**
 * Each month those who pay for an account are told that its statement is ready (SPEC B6, N2), where anything happened in it. The
 * promise `statements:monthly` is kept in short steps: each tells some accounts and plans the next, where it will read on; who was
 * told is known by the letter's key, so that a step taken twice tells nobody twice.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import { isRefusal } from '../../domain/errors.ts';
import { monthAfter, monthOf, nextStatementsAt, statementMonth, type StatementMonth } from '../../domain/statement.ts';
import { timedEntity } from '../../domain/timed-entity.ts';
import { tellFinance } from './finance-notices.ts';
import { readFinancePolicy } from './finance-policy.ts';
import { planTimedStep, type TimedRule } from './timed-entities.ts';

/** Accounts told in one step: some hundred letters, well within a step's transaction. */
const accountsAtOnce = 100;
/** Accounts looked at in one step: most may have been silent, and all of them at once would outlast it. */
const lookedAtOnce = 1_000;

/** Which month is told of next, and after which account; the first time nobody says. */
function readPlace(rule: string | undefined, at: Date): { month: string; after: string } {
  const found = /^of (\d{4}-\d\d)(?: after (\w+))?$/.exec(rule ?? '');
  return { month: found?.[1] ?? monthAfter(monthOf(at), -1), after: found?.[2] ?? '' };
}

export const statementsRule: TimedRule = {
  async describe(em, id) {
    const [planned] = await em.execute<{ rule: string }[]>('select rule from obligation where entity = ?', [timedEntity('statements', id)]);
    return { state: 'stands', story: `Tells of the statements ${planned?.rule ?? ''}`.trim(), over: false };
  },
  async take(em, id, at) {
    const entity = timedEntity('statements', id);
    const [planned] = await em.execute<{ rule: string; due_at: string }[]>(
      'select rule, due_at from obligation where entity = ? for update',
      [entity],
    );
    if (!planned || new Date(planned.due_at) > at) return;
    const place = readPlace(planned.rule, at);
    const month = statementMonth(place.month, at);
    // A month that has not ended is not told of, however the day was changed meanwhile.
    const last = isRefusal(month) || month.isRunning ? undefined : await tellSome(em, at, month, place.after);
    const { statementDay } = await readFinancePolicy(em);
    const next = isRefusal(month) || month.isRunning ? place.month : monthAfter(place.month, 1);
    const plan = last
      ? { dueAt: at, rule: `of ${place.month} after ${last}` }
      : { dueAt: nextStatementsAt(statementDay, endOf(next)), rule: `of ${next}` };
    await planTimedStep(em, at, { entity, accountId: null, kind: 'send_statements', ...plan });
  },
};

/** The last instant before the month's end: its statements are told on the next such day after it. */
function endOf(month: string): Date {
  const told = statementMonth(month, new Date(8_640_000_000_000_000));
  if (isRefusal(told)) throw new RangeError(`${month} is no month`);
  return new Date(told.endsAt.getTime() - 1);
}

/** @returns the last account that was told or looked at, when there may be more after it */
async function tellSome(
  em: EntityManager,
  at: Date,
  { month, startsAt, endsAt }: StatementMonth,
  after: string,
): Promise<string | undefined> {
  const looked = await em.execute<{ id: string }[]>(
    'select account_id as id from billing where account_id > ? order by account_id limit ?',
    [after, lookedAtOnce],
  );
  const lastLooked = looked.at(-1)?.id;
  if (lastLooked === undefined) return undefined;
  const accounts = await em.execute<{ id: string; currency: string; balance: string }[]>(
    `select p.account_id as id, p.currency, sum(h.balance) as balance
      from (
        select p.account_id, p.currency from ledger_account p
          where p.kind = 'paid' and p.account_id > ? and p.account_id <= ? and exists (
            select 1 from ledger_entry e where e.ledger_account_id in ('paid:' || p.account_id, 'bonus:' || p.account_id) and e.at >= ? and e.at < ?)
          order by p.account_id limit ?) p
        cross join (values ('paid:'), ('bonus:')) k (kind)
        left join lateral (
          select e.balance_after_minor as balance from ledger_entry e
            where e.ledger_account_id = k.kind || p.account_id and e.at < ? order by e.at desc, e.version desc limit 1) h on true
      group by p.account_id, p.currency order by p.account_id`,
    [after, lastLooked, startsAt, endsAt, accountsAtOnce, endsAt],
  );
  for (const { id, currency, balance } of accounts)
    await tellFinance(em, at, 'statement.ready', `statement.ready:${id}:${month}`, id, {
      month,
      balance: { amountMinor: Number(balance), currency },
    });
  if (accounts.length === accountsAtOnce) return accounts.at(-1)!.id;
  return looked.length === lookedAtOnce ? lastLooked : undefined;
}
