/** Deadlines that were laid aside and are given back: a mere "thank you" interrupted them (SPEC T4), or a merge did (T13). */
import type { EntityManager } from '@mikro-orm/postgresql';
import { endOf, shiftMissed, type Hold } from '../../domain/hold.ts';
import { shifted, type Deadlines } from '../../domain/moved-deadlines.ts';
import { spellTicketNumber } from '../../domain/ids.ts';
import { shiftedClocks, sameClock, type ServiceClocks } from '../../domain/ticket-clocks.ts';
import { ticketEntity } from '../../domain/ticket.ts';
import type { TicketLife } from '../../domain/ticket-life.ts';
import { HoldRow } from '../entities/hold.entity.ts';
import { countedTo } from './counted-liftings.ts';
import { holdOf } from './hold-lifting.ts';
import { calendarsOfClocks } from './moved-tickets.ts';
import type { LockedTicket } from './ticket-row.ts';

/**
 * A life as it is given back: its deadlines and the clocks of its service level moved by every hold that was lifted while they
 * lay aside, as if they had never been interrupted (SPEC M3). Holds that stand are kept from being lifted meanwhile: that would
 * miss this ticket. They come after the ticket in the order of locks.
 * @param since when the deadlines were laid aside
 */
export async function givenBack(em: EntityManager, locked: LockedTicket, life: TicketLife, since: Date): Promise<TicketLife> {
  const back = laidAside(locked.life, life);
  if (!back.closesAt && !back.archivesAt && !back.clocks.response && !back.clocks.fix) return life;
  const { ticket } = locked;
  const entity = ticketEntity(spellTicketNumber(ticket.number));
  const rows = await em.execute<(Record<string, never> & { item: string | null; settled: string | null })[]>(
    `select h.*, i.state as item, i.settled_at as settled from hold h left join job_item i on i.job_id = h.lifting_job_id and i.entity = ?
      where h.lifted_at is null or (h.shifts and h.lifting_at is not null and h.lifted_at > ?) order by h.id for share of h`,
    [entity, since],
  );
  const holds = rows.map(({ item, settled, ...columns }) => ({ item, settled, hold: holdOf(em.map(HoldRow, columns as never)) }));
  // What the lifting's job saw of this ticket before it was laid aside it has moved; what it sees from now on it will.
  const missed = holds.filter(({ hold, item, settled }) => {
    const isSeen = item === 'pending' || (settled !== null && new Date(settled) <= since);
    return hold.shifts && hold.liftingAt && !isSeen;
  });
  const past = await Promise.all(missed.map(({ hold }) => pastOf(em, hold, entity, since)));
  const calendarOf = await calendarsOfClocks(em, [back.clocks]);
  const by = shiftMissed(
    { life: back, entity, accountId: ticket.accountId, queueId: ticket.queueId, calendarOf },
    past,
    holds.map(({ hold }) => hold),
  );
  const clocks = shiftedClocks(back.clocks, { calendarOf }, by);
  return {
    ...life,
    ...shifted(life, by),
    clocks: { response: clocks.response ?? life.clocks.response, fix: clocks.fix ?? life.clocks.fix },
  };
}

/** What comes back and was not in place until now. */
function laidAside(now: TicketLife, life: TicketLife): Deadlines & { readonly clocks: ServiceClocks } {
  const of = (name: keyof ServiceClocks) => {
    const [before, after] = [now.clocks[name], life.clocks[name]];
    return before && after && sameClock(before, after) ? null : after;
  };
  return {
    warnsAt: life.warnsAt,
    closesAt: now.closesAt ? null : life.closesAt,
    archivesAt: now.archivesAt ? null : life.archivesAt,
    timing: life.timing,
    clocks: { response: of('response'), fix: of('fix') },
  };
}

/** What the hold counts of this ticket: what liftings of it that were broken off have moved is not moved again. */
async function pastOf(em: EntityManager, hold: Hold, entity: string, until: Date) {
  const counted = Object.values((await countedTo(em, hold.id, { entity, until })).get(entity) ?? {});
  const from = new Date(Math.max(hold.from.getTime(), ...counted.map((to) => to.getTime())));
  return { ...hold, from, to: endOf(hold, hold.liftingAt!) };
}
