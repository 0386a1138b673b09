/** Holds that stand now, as queries bring them along, and what they mean for a step. */
import { stops, type Hold } from '../../domain/hold.ts';

/** A column with every hold that nobody lifted, for {@link readHolds}. */
export const openHolds = `(select jsonb_agg(jsonb_build_object('id', h.id, 'scope', h.scope, 'scopeId', h.scope_id, 'kinds', h.kinds, 'from', h.from_at, 'until', h.until_at))
    from hold h where h.lifted_at is null)`;

export type StoredHolds = readonly (Omit<Hold, 'from' | 'until'> & { from: string; until: string | null })[] | null;

export function readHolds(stored: StoredHolds): Hold[] {
  return (stored ?? []).map(({ from, until, ...hold }) => ({ ...hold, from: new Date(from), until: until ? new Date(until) : null }));
}

/** Until when the step is held: undefined when it is not, null when a hold on it has no end. */
export function heldUntil(
  holds: readonly Hold[],
  step: { kind: string; entity: string; accountId: string | null },
  at: Date,
): Date | null | undefined {
  const held = holds.filter((hold) => stops(hold, step, at));
  if (held.length === 0) return undefined;
  const last = Math.max(...held.map((hold) => hold.until?.getTime() ?? Number.POSITIVE_INFINITY));
  return Number.isFinite(last) ? new Date(last) : null;
}
