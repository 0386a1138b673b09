/** Deadlines that were laid aside and are given back: a mere "thank you" interrupted them (SPEC T4), or a merge did (T13). */
import type { EntityManager } from '@mikro-orm/postgresql';
import { endOf, shiftMissed, type Hold } from '../../domain/hold.ts';
import { shifted } from '../../domain/moved-deadlines.ts';
import { spellTicketNumber } from '../../domain/ids.ts';
import { ticketEntity } from '../../domain/ticket.ts';
import type { TicketLife } from '../../domain/ticket-life.ts';
import { HoldRow } from '../entities/hold.entity.ts';
import { countedTo, holdOf } from './hold-lifting.ts';
import type { LockedTicket } from './ticket-row.ts';

/**
 * A life as it is given back: its deadlines moved by every hold that was lifted while they lay aside, as if they had never
 * been interrupted (SPEC M3). Holds that stand are kept from being lifted meanwhile: that would miss this ticket. They come
 * after the ticket in the order of locks.
 * @param since when the deadlines were laid aside
 */
export async function givenBack(em: EntityManager, { ticket }: LockedTicket, life: TicketLife, since: Date): Promise<TicketLife> {
  if (!life.closesAt && !life.archivesAt) return life;
  const entity = ticketEntity(spellTicketNumber(ticket.number));
  const rows = await em.execute<(Record<string, never> & { item: string | null })[]>(
    `select h.*, (select i.state from job_item i where i.job_id = h.lifting_job_id and i.entity = ?) as item
      from hold h where h.lifted_at is null or (h.shifts and h.lifting_at is not null and h.lifted_at > ?) order by h.id for share of h`,
    [entity, since],
  );
  const holds = rows.map(({ item, ...columns }) => ({ item, hold: holdOf(em.map(HoldRow, columns as never)) }));
  // Where the lifting's job has moved this ticket, or will, nothing was missed.
  const missed = holds.flatMap(({ item, hold }) => (hold.shifts && hold.liftingAt && (item ?? 'skipped') === 'skipped' ? [hold] : []));
  const past = await Promise.all(missed.map((hold) => pastOf(em, hold, entity)));
  const by = shiftMissed(
    { life, entity, accountId: ticket.accountId, queueId: ticket.queueId },
    past,
    holds.map(({ hold }) => hold),
  );
  return { ...life, ...shifted(life, by) };
}

/** What the hold counts of this ticket: what liftings of it that were broken off have moved is not moved again. */
async function pastOf(em: EntityManager, hold: Hold, entity: string) {
  const counted = (await countedTo(em, hold.id, entity)).get(entity);
  const from = counted && counted > hold.from ? counted : hold.from;
  return { ...hold, from, to: endOf(hold, hold.liftingAt!) };
}
