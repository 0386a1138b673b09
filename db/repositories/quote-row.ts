/** Quotes as they are read and written, with what ends them by itself (SPEC T16). */
import type { EntityManager } from '@mikro-orm/postgresql';
import { spellTicketNumber } from '../../domain/ids.ts';
import { spellMoney } from '../../domain/money.ts';
import type { QuoteLife, QuoteState } from '../../domain/quote.ts';
import { timedEntity } from '../../domain/timed-entity.ts';
import { tellPages } from '../change-feed.ts';
import type { Window } from '../window.ts';
import { heldUntil, openHolds, readHolds, type StoredHolds } from './open-holds.ts';
import { tellHistory, type Deed } from './ticket-deed.ts';
import type { PersonName } from './ticket-reads.ts';

/** A quote with the names of those who had to do with it. */
export interface QuoteView {
  readonly id: string;
  readonly ticketNumber: number;
  readonly account: PersonName;
  readonly description: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly state: QuoteState;
  readonly offeredBy: PersonName;
  readonly offeredAt: Date;
  /** Until when it may be answered; moved where a hold that was lifted moved it. */
  readonly validUntil: Date;
  readonly settledBy: PersonName | null;
  readonly settledAt: Date | null;
  readonly doneBy: PersonName | null;
  readonly doneAt: Date | null;
  readonly chargedAt: Date | null;
  readonly life: QuoteLife;
  /** Set while a hold keeps it from expiring: until when; null when the hold has no end. */
  readonly heldUntil?: Date | null;
}

interface QuoteRow {
  id: string;
  ticket_number: number;
  account: PersonName;
  description: string;
  amount_minor: string;
  currency: string;
  state: QuoteState;
  offered_by: PersonName;
  offered_at: string;
  valid_until: string;
  settled_by: PersonName | null;
  settled_at: string | null;
  done_by: PersonName | null;
  done_at: string | null;
  charged_at: string | null;
  due_at: string | null;
  holds: StoredHolds;
}

const named = (user: string) => `(select jsonb_build_object('id', u.id, 'name', u.name) from app_user u where u.id = ${user})`;

// While it is open its next step says when it ends: the step is what a hold moves.
const columns = `q.*, (select jsonb_build_object('id', a.id, 'name', a.name) from account a where a.id = q.account_id) as account,
  ${named('q.offered_by_id')} as offered_by, ${named('q.settled_by_id')} as settled_by, ${named('q.done_by_id')} as done_by,
  (select o.due_at from obligation o where q.state = 'offered' and o.entity = 'quote:' || q.id) as due_at, ${openHolds} as holds`;

export interface QuoteFilter {
  readonly ticketNumber?: number;
  readonly accountId?: string | undefined;
  readonly states?: readonly QuoteState[] | undefined;
}

/** Quotes, the newest first. */
export async function listQuotes(
  em: EntityManager,
  filter: QuoteFilter,
  window: Window,
  at: Date,
): Promise<{ items: QuoteView[]; more: boolean }> {
  const sql = ['true'];
  const values: unknown[] = [];
  const narrow = (condition: string, value: unknown) => {
    if (value === undefined) return;
    sql.push(condition);
    values.push(value);
  };
  narrow('q.ticket_number = ?', filter.ticketNumber);
  narrow('q.account_id = ?', filter.accountId);
  narrow('q.state = any(?::text[])', filter.states && `{${filter.states.join(',')}}`);
  if (window.after) {
    sql.push('(q.offered_at, q.id) < (?::timestamptz, ?)');
    values.push(window.after.at, window.after.id);
  }
  const rows = await em.execute<QuoteRow[]>(
    `select ${columns} from quote q where ${sql.join(' and ')} order by q.offered_at desc, q.id desc limit ?`,
    [...values, window.limit + 1],
  );
  return { items: rows.slice(0, window.limit).map((row) => viewOf(row, at)), more: rows.length > window.limit };
}

/** Locks a quote of this ticket until the transaction ends, and reads it as it is then. The ticket's row is locked before. */
export async function lockQuote(em: EntityManager, ticketNumber: number, id: string, at: Date): Promise<QuoteView | undefined> {
  const [locked] = await em.execute<unknown[]>('select 1 from quote where id = ? and ticket_number = ? for no key update', [
    id,
    ticketNumber,
  ]);
  return locked === undefined ? undefined : readQuote(em, id, at);
}

/** Reads one quote; undefined when there is none. */
export async function readQuote(em: EntityManager, id: string, at: Date): Promise<QuoteView | undefined> {
  const [row] = await em.execute<QuoteRow[]>(`select ${columns} from quote q where q.id = ?`, [id]);
  return row && viewOf(row, at);
}

function viewOf(row: QuoteRow, at: Date): QuoteView {
  const validUntil = new Date(row.due_at ?? row.valid_until);
  const step = { kind: 'expire', entity: timedEntity('quote', row.id), accountId: row.account.id, queueId: null };
  const held = row.state === 'offered' ? heldUntil(readHolds(row.holds), step, at) : undefined;
  return {
    id: row.id,
    ticketNumber: row.ticket_number,
    account: row.account,
    description: row.description,
    amountMinor: Number(row.amount_minor),
    currency: row.currency,
    state: row.state,
    offeredBy: row.offered_by,
    offeredAt: new Date(row.offered_at),
    validUntil,
    settledBy: row.settled_by,
    settledAt: instantOf(row.settled_at),
    doneBy: row.done_by,
    doneAt: instantOf(row.done_at),
    chargedAt: instantOf(row.charged_at),
    life: { state: row.state, validUntil, isHeld: held !== undefined },
    ...(held === undefined ? {} : { heldUntil: held }),
  };
}

function instantOf(stored: string | null): Date | null {
  return stored === null ? null : new Date(stored);
}

/** Ends an open offer: what became of it, by whom, and the line that tells it. */
export async function settleQuote(
  em: EntityManager,
  deed: Deed,
  ticket: { readonly number: number; readonly revision: number },
  quote: QuoteView,
  state: Exclude<QuoteState, 'offered' | 'done'>,
): Promise<void> {
  await writeSettled(em, deed, quote, state);
  await tellHistory(em, deed, ticket, { kind: `quote_${state}`, ...quoteLine(quote, state) });
  await showQuote(em, deed.at, { id: quote.id, ticketNumber: ticket.number, accountId: quote.account.id });
}

/** Lets open lists of quotes know; the ticket's own page hears of its line of history. */
export async function showQuote(
  em: EntityManager,
  at: Date,
  { id, ticketNumber, accountId }: { readonly id: string; readonly ticketNumber: number; readonly accountId: string },
): Promise<void> {
  await tellPages(em, at, { accountId, staff: true }, { what: 'quote', id, ticket: spellTicketNumber(ticketNumber) });
}

/** The row alone, for whoever tells the story himself. */
export async function writeSettled(em: EntityManager, { at, by }: Deed, { id }: { id: string }, state: QuoteState): Promise<void> {
  await em.execute('update quote set state = ?, settled_at = ?, settled_by_id = ? where id = ?', [state, at, by.id, id]);
}

/** What history and audit tell of a quote: which, how much, and what it is now. */
export function quoteLine(
  quote: { readonly id: string; readonly amountMinor: number; readonly currency: string },
  state: QuoteState,
): { data: Record<string, string>; audited: Record<string, string> } {
  const told = { quote: quote.id, amount: spellMoney(quote) };
  return { data: told, audited: { ...told, state } };
}
