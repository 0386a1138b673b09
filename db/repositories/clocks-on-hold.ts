/** Clocks that holds keep still and whose lifting is to come (SPEC M3): what ends or is paused before has not used that time. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { covers, endOf, stillMs, type HeldStep, type Hold } from '../../domain/hold.ts';
import type { ServiceClock, ServiceLevel } from '../../domain/service-clock.ts';
import type { ServiceClocks } from '../../domain/ticket-clocks.ts';
import { countedTo } from './counted-liftings.ts';

/**
 * How long holds have kept each of these clocks still by an instant.
 * @param holds those that nobody has lifted yet
 * @returns undefined where none of them keeps any of the clocks still, as nearly always: then nothing more is asked
 */
export async function standingStill(
  em: EntityManager,
  of: Omit<HeldStep, 'kind'>,
  { response, fix }: ServiceClocks,
  holds: readonly Hold[],
  calendarOf: ServiceLevel['calendarOf'],
): Promise<ServiceLevel['stoodStillMs']> {
  const running = [response, fix].filter((clock) => clock?.dueAt);
  const keeping = holds.filter((hold) => hold.shifts && running.some((clock) => covers(hold, { ...of, kind: `${clock!.kind}_breach` })));
  if (keeping.length === 0) return undefined;
  // What a lifting has moved already, one that was broken off or one that goes on, is not counted again.
  const counted = new Map(
    await Promise.all(keeping.map(async ({ id }) => [id, (await countedTo(em, id, { entity: of.entity })).get(of.entity)] as const)),
  );
  return (clock: ServiceClock, at: Date) => {
    const past = keeping.map((hold) => {
      const to = counted.get(hold.id)?.[clock.kind === 'fix' ? 'fix' : 'response'];
      return { ...hold, from: to && to > hold.from ? to : hold.from, to: endOf(hold, hold.liftingAt ?? at) };
    });
    return stillMs(clock, of, past, calendarOf);
  };
}
