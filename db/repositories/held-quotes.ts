/** Offers whose clock a hold keeps still: when it is lifted, each stands for as much longer (SPEC M3, T16). */
import type { EntityManager } from '@mikro-orm/postgresql';
import { covers, movedByMs, type ClockedStep, type CountedTo, type Hold, type PastHold } from '../../domain/hold.ts';
import { spellTicketNumber } from '../../domain/ids.ts';
import { readTimedEntity, timedEntity } from '../../domain/timed-entity.ts';
import { tellEngine } from '../outbox.ts';
import type { ItemOutcome, JobFacts } from './job-row.ts';
import { lockQuote, readQuote, showQuote, type QuoteView } from './quote-row.ts';
import { tellHistory } from './ticket-deed.ts';
import { lockTicket } from './ticket-row.ts';
import { planTimedStep } from './timed-entities.ts';

/** How the lifting counts: up to where, what was counted before, and what others account for. */
export interface Counting {
  readonly to: Date;
  readonly counted: ReadonlyMap<string, CountedTo>;
  readonly standing: readonly Hold[];
  readonly left: readonly PastHold[] | undefined;
}

/** An open offer as holds see it. */
interface HeldQuote extends ClockedStep {
  readonly id: string;
  readonly ticketNumber: number;
}

/** The open offers that a hold may rule over, those that end first before the others. A quote lies in no queue. */
async function quotesUnder(em: EntityManager, { scope, scopeId }: Pick<Hold, 'scope' | 'scopeId'>): Promise<HeldQuote[]> {
  if (scope !== 'all' && scope !== 'account') return [];
  const rows = await em.execute<{ id: string; ticket_number: number; account_id: string; offered_at: string; due_at: string }[]>(
    `select q.id, q.ticket_number, q.account_id, q.offered_at, o.due_at from quote q join obligation o on o.entity = 'quote:' || q.id
      where q.state = 'offered' ${scope === 'account' ? 'and q.account_id = ?' : ''} order by o.due_at, q.id`,
    scope === 'account' ? [scopeId] : [],
  );
  return rows.map((row) => ({
    id: row.id,
    ticketNumber: row.ticket_number,
    ...stepOf(row.id, row.account_id, new Date(row.offered_at), new Date(row.due_at)),
  }));
}

/** The open quotes, by their names as entities, that lifting the hold would move. */
export async function quotesMovedBy(em: EntityManager, hold: Hold, counting: Counting): Promise<string[]> {
  const quotes = await quotesUnder(em, hold);
  return quotes.filter((quote) => movedMs(quote, hold, counting) > 0).map((quote) => quote.entity);
}

/** An offer as a hold makes it stand longer, or wait; `new` is null where nobody can say yet until when. */
export interface MovedQuote {
  readonly id: string;
  readonly ticketNumber: number;
  readonly old: Date;
  readonly new: Date | null;
}

/** What a hold that is not placed yet would do to open offers: when each would end then. */
export async function quotesKeptWaiting(em: EntityManager, hold: Hold): Promise<MovedQuote[]> {
  const { until, shifts } = hold;
  return (await quotesUnder(em, hold)).flatMap((quote): MovedQuote[] => {
    const { id, ticketNumber, dueAt: old } = quote;
    if (!covers(hold, quote)) return [];
    if (!until) return [{ id, ticketNumber, old, new: null }];
    const moved = new Date(old.getTime() + (shifts ? movedByMs(quote, hold, until, null, []) : 0));
    const then = moved < until ? until : moved;
    return then > old ? [{ id, ticketNumber, old, new: then }] : [];
  });
}

/** What lifting a hold would do to open offers: one that fell due under it and is not moved ends at once. */
export async function quotesAtLifting(em: EntityManager, hold: Hold, counting: Counting | undefined, at: Date): Promise<MovedQuote[]> {
  return (await quotesUnder(em, hold)).flatMap((quote): MovedQuote[] => {
    const { id, ticketNumber, dueAt: old } = quote;
    const ms = counting ? movedMs(quote, hold, counting) : 0;
    if (ms > 0) return [{ id, ticketNumber, old, new: new Date(old.getTime() + ms) }];
    return old <= at && covers(hold, quote) ? [{ id, ticketNumber, old, new: at }] : [];
  });
}

/** Moves the end of one quote, with its line of history; its workflow looks again. */
export async function moveHeldQuote(
  em: EntityManager,
  job: JobFacts,
  entity: string,
  hold: Hold,
  counting: Counting,
  at: Date,
): Promise<ItemOutcome> {
  const id = readTimedEntity(entity)?.id ?? '';
  const known = await readQuote(em, id, at);
  const locked = known && (await lockTicket(em, known.ticketNumber));
  const quote = locked && (await lockQuote(em, known.ticketNumber, id, at));
  if (known && !quote) throw new Error(`${id} has moved to another ticket meanwhile`);
  if (!locked || quote?.state !== 'offered') return { state: 'skipped', why: 'not_applicable' };
  const ms = movedMs(stepOf(id, quote.account.id, quote.offeredAt, quote.validUntil), hold, counting);
  if (ms === 0) return { state: 'skipped', why: 'unchanged' };
  const validUntil = new Date(quote.validUntil.getTime() + ms);
  await planTimedStep(em, at, {
    entity,
    accountId: quote.account.id,
    kind: 'expire',
    dueAt: validUntil,
    rule: `shifted ${ms / 1000} s`,
    amountMinor: quote.amountMinor,
  });
  await tellEngine(em, at, { kind: 'timed.happening', entity, happening: 'extended' });
  return told(em, job, quote, locked.ticket, validUntil, at);
}

async function told(
  em: EntityManager,
  job: JobFacts,
  quote: QuoteView,
  ticket: { readonly number: number; readonly revision: number },
  validUntil: Date,
  at: Date,
): Promise<ItemOutcome> {
  const [before, after] = [{ validUntil: quote.validUntil.toISOString() }, { validUntil: validUntil.toISOString() }];
  const by = job.startedById === null ? ({ side: 'time', id: null } as const) : ({ side: 'staff', id: job.startedById } as const);
  await tellHistory(em, { at, by, channel: 'engine', requestId: null, address: null }, ticket, {
    kind: 'shift',
    data: { quote: quote.id, job: job.id, before: before.validUntil, after: after.validUntil },
    audited: { quote: quote.id, job: job.id, ticket: spellTicketNumber(ticket.number), ...after },
  });
  await showQuote(em, at, { id: quote.id, ticketNumber: ticket.number, accountId: quote.account.id });
  return { state: 'done', before, after };
}

function stepOf(id: string, accountId: string, offeredAt: Date, dueAt: Date): ClockedStep {
  return { kind: 'expire', entity: timedEntity('quote', id), accountId, queueId: null, dueAt, since: offeredAt };
}

function movedMs(step: ClockedStep, hold: Hold, { to, counted, standing, left }: Counting): number {
  return movedByMs(step, hold, to, counted.get(step.entity)?.expiry ?? null, standing, left);
}
