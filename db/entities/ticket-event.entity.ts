import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Channel, TicketEventKind } from '../../domain/ticket.ts';

/** One line of a ticket’s history: who, what, when, by which channel (SPEC T19). Added to, never changed. */
export const TicketEvent = defineEntity({
  name: 'TicketEvent',
  tableName: 'ticket_event',
  properties: {
    id: p.text().primary(),
    ticketNumber: p.integer(),
    revision: p.integer(),
    kind: p.text().$type<TicketEventKind>(),
    actorSide: p.text().$type<'customer' | 'staff' | 'time'>(),
    actorId: p.text().strictNullable(),
    channel: p.text().$type<Channel>(),
    visibility: p.text().$type<'public' | 'internal'>(),
    data: p.json().$type<Record<string, string | null>>(),
    at: p.datetime(3),
  },
});
export type TicketEvent = InferEntity<typeof TicketEvent>;
