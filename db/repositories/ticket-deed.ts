import { spellTicketNumber } from '../../domain/ids.ts';
import type { Channel, TicketEventKind } from '../../domain/ticket.ts';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Wish } from '../wish.ts';
import { recordTicketFact } from './ticket-facts.ts';

/** Who did something, when, by which way and from where: a person by his wish, or time. */
export interface Deed {
  readonly at: Date;
  readonly by: { readonly side: 'customer' | 'staff' | 'time'; readonly id: string | null };
  readonly channel: Channel;
  readonly requestId: string | null;
  readonly address: string | null;
}

/** What this wish does now. */
export function deedOf(wish: Wish, at: Date): Deed {
  const { actor, channel, requestId, address } = wish;
  return { at, by: { side: actor.kind, id: actor.userId }, channel, requestId, address };
}

/** What time does. */
export function deedOfTime(at: Date): Deed {
  return { at, by: { side: 'time', id: null }, channel: 'engine', requestId: null, address: null };
}

/**
 * Tells the ticket's history, and the audit, of something on the ticket that leaves the ticket itself as it is. Customers
 * read the line too.
 * @param data what the line tells; ids, words, sums and instants, and reasons that people gave
 * @param audited what the audit tells: no texts of people
 */
export async function tellHistory(
  em: EntityManager,
  deed: Deed,
  ticket: { readonly number: number; readonly revision: number },
  line: {
    readonly kind: TicketEventKind;
    readonly data: Readonly<Record<string, string | null>>;
    readonly audited: Readonly<Record<string, string | null>>;
    /** Who takes part in the conversation from now on. */
    readonly joins?: string;
  },
): Promise<void> {
  const { at, by, channel, requestId, address } = deed;
  await recordTicketFact(em, {
    number: ticket.number,
    revision: ticket.revision,
    at,
    by,
    channel,
    kind: line.kind,
    visibility: 'public',
    data: line.data,
    ...(line.joins === undefined ? {} : { joins: line.joins }),
    audit: { before: null, after: line.audited, requestId, address },
    outbox: [],
  });
}

/** The number, as events and outbox spell it. */
export function spelled(ticket: { readonly number: number }): string {
  return spellTicketNumber(ticket.number);
}
