import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Channel } from '../../domain/ticket.ts';

/** What a person wrote in a ticket; an internal note is a message the customer never sees (SPEC T13). */
export const Message = defineEntity({
  name: 'Message',
  tableName: 'message',
  properties: {
    id: p.text().primary(),
    ticketNumber: p.integer(),
    authorId: p.text(),
    authorSide: p.text().$type<'customer' | 'staff'>(),
    visibility: p.text().$type<'public' | 'internal'>(),
    nextStepBy: p.text().$type<'customer' | 'staff'>().strictNullable(),
    channel: p.text().$type<Channel>(),
    body: p.text(),
    /** Who of the staff wrote it down on the customer's behalf (SPEC T13). */
    enteredById: p.text().strictNullable(),
    /** The ticket it was first written in, when a merge or a split brought it here. */
    fromNumber: p.integer().strictNullable(),
    createdAt: p.datetime(3),
  },
});
export type Message = InferEntity<typeof Message>;
