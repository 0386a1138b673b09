/** A customer's month (SPEC B6, M10): where the balance stood before and after it, and what happened between. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { bonusAccount, paidAccount } from '../../domain/ledger.ts';
import { monthAfter, monthOf, statementMonth, type StatementMonth } from '../../domain/statement.ts';
import { isRefusal } from '../../domain/errors.ts';
import type { Database } from '../database.ts';
import { listOperations, type OperationKind, type OperationView } from './operations.ts';

/** Where one of the two books of a customer stands: its balance, how many entries it has, and the hash of the last (SPEC M10). */
export interface BookHead {
  readonly ledgerAccountId: string;
  readonly balanceMinor: number;
  /** Of the last entry, counted from 1; 0 before the first. */
  readonly version: number;
  /** SHA-256 of the last entry, hexadecimal; empty before the first. */
  readonly hash: string;
}

export interface StatementTotal {
  readonly kind: OperationKind;
  readonly count: number;
  readonly amountMinor: number;
}

export interface StatementHead {
  readonly month: StatementMonth;
  readonly openingMinor: number;
  readonly closingMinor: number;
  readonly operations: number;
}

export interface StatementView extends Omit<StatementHead, 'operations'> {
  readonly account: { readonly id: string; readonly name: string; readonly currency: string };
  /** Until when it tells: the end of the month, or the instant it was made at while the month runs. */
  readonly toldUntil: Date;
  readonly totals: readonly StatementTotal[];
  /** The oldest first. */
  readonly operations: readonly OperationView[];
  /** Operations of the month that are not in it, as it is long; the list of operations has them. */
  readonly operationsLeftOff: number;
  /** Paid money and bonus, before the month and after it. */
  readonly books: readonly { readonly before: BookHead; readonly after: BookHead }[];
}

/** Operations that a statement lists at the most; the list of operations has all. */
export const maxStatementOperations = 2_000;

/** One month's statement, all of it as it was at one instant; undefined when there is no such account. */
export async function readStatement(
  database: Database,
  accountId: string,
  month: StatementMonth,
  now: Date,
): Promise<StatementView | undefined> {
  return database.fork().transactional(
    async (em) => {
      const [account] = await em.execute<{ id: string; name: string; currency: string }[]>(
        'select id, name, currency from account where id = ?',
        [accountId],
      );
      if (!account) return undefined;
      const { startsAt, endsAt } = month;
      const books = await Promise.all(
        [paidAccount(accountId), bonusAccount(accountId)].map(async (id) => ({
          before: await headBefore(em, id, startsAt),
          after: await headBefore(em, id, endsAt),
        })),
      );
      const period = { from: startsAt, until: endsAt };
      const totals = await totalsOf(em, accountId, period);
      const { items } = await listOperations(em, accountId, period, { limit: maxStatementOperations, oldestFirst: true });
      const sumOf = (side: 'before' | 'after') => books.reduce((sum, book) => sum + book[side].balanceMinor, 0);
      return {
        account,
        month,
        toldUntil: month.isRunning ? now : endsAt,
        openingMinor: sumOf('before'),
        closingMinor: sumOf('after'),
        totals,
        operations: items,
        operationsLeftOff: totals.reduce((sum, total) => sum + total.count, 0) - items.length,
        books,
      };
    },
    { isolationLevel: 'repeatable read', readOnly: true },
  );
}

async function headBefore(em: EntityManager, ledgerAccountId: string, before: Date): Promise<BookHead> {
  const [row] = await em.execute<{ balance: string; version: string; hash: string }[]>(
    `select balance_after_minor as balance, version, encode(hash, 'hex') as hash from ledger_entry
      where ledger_account_id = ? and at < ? order by at desc, version desc limit 1`,
    [ledgerAccountId, before],
  );
  return { ledgerAccountId, balanceMinor: Number(row?.balance ?? 0), version: Number(row?.version ?? 0), hash: row?.hash ?? '' };
}

async function totalsOf(em: EntityManager, accountId: string, { from, until }: { from: Date; until: Date }): Promise<StatementTotal[]> {
  const rows = await em.execute<{ kind: OperationKind; count: string; amount: string }[]>(
    `select t.kind, count(distinct t.id) as count, sum(e.amount_minor) as amount from ledger_entry e join ledger_transfer t on t.id = e.transfer_id
      where e.ledger_account_id in (?, ?) and e.at >= ? and e.at < ? group by t.kind order by t.kind`,
    [paidAccount(accountId), bonusAccount(accountId), from, until],
  );
  return rows.map((row) => ({ kind: row.kind, count: Number(row.count), amountMinor: Number(row.amount) }));
}

/**
 * The months that an account has statements of, the newest first, from its first operation on.
 * @param from the newest month of the page
 */
export async function listStatements(
  em: EntityManager,
  accountId: string,
  now: Date,
  { limit, from }: { readonly limit: number; readonly from?: string | undefined },
): Promise<{ items: StatementHead[]; next: string | null }> {
  const [first] = await em.execute<{ at: string | null }[]>('select min(at) as at from ledger_entry where ledger_account_id in (?, ?)', [
    paidAccount(accountId),
    bonusAccount(accountId),
  ]);
  if (!first?.at) return { items: [], next: null };
  const oldest = monthOf(new Date(first.at));
  const newest = [from ?? monthOf(now), monthOf(now)].toSorted()[0]!;
  const months: StatementMonth[] = [];
  for (let month = newest; month >= oldest && months.length < limit; month = monthAfter(month, -1)) {
    const known = statementMonth(month, now);
    if (!isRefusal(known)) months.push(known);
  }
  const items = await Promise.all(months.map(async (month) => headOf(em, accountId, month)));
  const next = months.length > 0 ? monthAfter(months.at(-1)!.month, -1) : oldest;
  return { items, next: months.length > 0 && next >= oldest ? next : null };
}

async function headOf(em: EntityManager, accountId: string, month: StatementMonth): Promise<StatementHead> {
  const heads = async (at: Date) =>
    Promise.all([paidAccount(accountId), bonusAccount(accountId)].map(async (id) => headBefore(em, id, at)));
  const sum = (books: readonly BookHead[]) => books.reduce((total, book) => total + book.balanceMinor, 0);
  const totals = await totalsOf(em, accountId, { from: month.startsAt, until: month.endsAt });
  return {
    month,
    openingMinor: sum(await heads(month.startsAt)),
    closingMinor: sum(await heads(month.endsAt)),
    operations: totals.reduce((count, total) => count + total.count, 0),
  };
}
