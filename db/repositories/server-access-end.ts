/** Time's side of an access to a server: it has run out (SPEC T17). */
import { spellTicketNumber } from '../../domain/ids.ts';
import { accessStory, isAccessOpen } from '../../domain/server-access.ts';
import { endAccess, grantingRoles, lockAccess, readAccess } from './server-access-row.ts';
import { whomItConcerns } from './ticket-audience.ts';
import { deedOfTime } from './ticket-deed.ts';
import { notifyParticipants } from './ticket-notifications.ts';
import { lockTicket } from './ticket-row.ts';
import type { TimedRule } from './timed-entities.ts';

/** An access that has run out ends, its secret is destroyed, and the customer is told. */
export const serverAccessRule: TimedRule = {
  describe: async (em, id) => {
    const access = await readAccess(em, id);
    if (!access) return undefined;
    const over = access.life.endedAt !== null;
    return {
      state: over ? 'ended' : 'lent',
      story: accessStory(access.life, access.endedBy, spellTicketNumber(access.ticketNumber)),
      over,
    };
  },
  take: async (em, id, at) => {
    const known = await readAccess(em, id);
    if (!known) return;
    const locked = await lockTicket(em, known.ticketNumber);
    const access = locked && (await lockAccess(em, known.ticketNumber, id));
    // The step stays, and is taken on the ticket that this one was merged into: a secret must not outlive its time.
    if (!access) throw new Error(`${id} has moved to another ticket meanwhile`);
    if (access.life.endedAt !== null || isAccessOpen(access.life, at)) return;
    const { ticket } = locked;
    await endAccess(em, deedOfTime(at), ticket, access, 'time');
    await notifyParticipants(em, {
      event: 'server_access.ended',
      eventKey: `server_access.ended:${id}`,
      number: ticket.number,
      messageId: null,
      about: id,
      participants: await whomItConcerns(em, ticket, grantingRoles, access.grantedBy.id),
      causedBy: null,
      at,
    });
  },
};
