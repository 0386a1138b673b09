/** Holds that stand now, as queries bring them along, and what they mean for a step. The one place where SQL knows them too. */
import { holdKindOfStep, stops, unstoppableSteps, type HeldStep, type Hold } from '../../domain/hold.ts';

/** A column with every hold that nobody lifted, for {@link readHolds}. */
export const openHolds = `(select jsonb_agg(jsonb_build_object('id', h.id, 'scope', h.scope, 'scopeId', h.scope_id, 'kinds', h.kinds, 'from', h.from_at, 'until', h.until_at,
      'shifts', h.shifts, 'liftingAt', h.lifting_at))
    from hold h where h.lifted_at is null)`;

export type StoredHolds =
  | readonly (Omit<Hold, 'from' | 'until' | 'liftingAt'> & { from: string; until: string | null; liftingAt: string | null })[]
  | null;

export function readHolds(stored: StoredHolds): Hold[] {
  return (stored ?? []).map(({ from, until, liftingAt, ...hold }) => ({
    ...hold,
    from: new Date(from),
    until: until ? new Date(until) : null,
    liftingAt: liftingAt ? new Date(liftingAt) : null,
  }));
}

/**
 * Until when the step is held: undefined when it is not, null when a hold on it has no end, or is past its end and still
 * being lifted.
 */
export function heldUntil(holds: readonly Hold[], step: HeldStep, at: Date): Date | null | undefined {
  const held = holds.filter((hold) => stops(hold, step, at));
  if (held.length === 0) return undefined;
  const last = Math.max(...held.map((hold) => (hold.until && hold.until > at ? hold.until.getTime() : Number.POSITIVE_INFINITY)));
  return Number.isFinite(last) ? new Date(last) : null;
}

/** Condition in SQL that the hold `h` rules over the step `o`, a row of `obligation`, as `covers` of domain/hold says. */
export const holdCovers = `(o.kind <> all('{${unstoppableSteps.join(',')}}'::text[])
  and (h.kinds is null or '${JSON.stringify(holdKindOfStep)}'::jsonb ->> o.kind = any(h.kinds))
  and (h.scope = 'all' or (h.scope = 'account' and h.scope_id = o.account_id) or (h.scope = 'entity' and h.scope_id = o.entity)
    or (h.scope = 'queue' and h.scope_id = (select t.queue_id from ticket t where t.number = case when o.entity like 'ticket:CS-%' then substr(o.entity, 11)::integer end))))`;
