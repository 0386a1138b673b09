import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

/** A ticket that cites an earlier one; both show it (SPEC T7). */
export const TicketLink = defineEntity({
  name: 'TicketLink',
  tableName: 'ticket_link',
  properties: {
    fromNumber: p.integer().primary(),
    toNumber: p.integer().primary(),
    kind: p.text().$type<'cites'>().primary(),
  },
});
export type TicketLink = InferEntity<typeof TicketLink>;
