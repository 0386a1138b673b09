import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

/** A user of the account who takes part in the conversation and is told about it (SPEC T1). */
export const TicketParticipant = defineEntity({
  name: 'TicketParticipant',
  tableName: 'ticket_participant',
  properties: {
    ticketNumber: p.integer().primary(),
    userId: p.text().primary(),
  },
});
export type TicketParticipant = InferEntity<typeof TicketParticipant>;
