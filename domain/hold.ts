/**
 * A hold stops what would happen by itself (SPEC M3): for everything, one account or one entity, for some kinds of
 * steps or all. People go on working; a step that falls due meanwhile waits until the hold is lifted or runs out.
 */
export const holdScopes = ['all', 'account', 'entity'] as const;
export type HoldScope = (typeof holdScopes)[number];

/** Kinds a hold may name, each with the steps it stops. */
export const holdKinds = ['auto_close', 'archive', 'reminders'] as const;
export type HoldKind = (typeof holdKinds)[number];

export interface Hold {
  readonly id: string;
  readonly scope: HoldScope;
  /** Account id, or entity such as `ticket:CS-000123`; null for everything. */
  readonly scopeId: string | null;
  /** Null stops every kind. */
  readonly kinds: readonly HoldKind[] | null;
  readonly from: Date;
  readonly until: Date | null;
}

/** The kind of hold that stops a step of this kind. */
export const holdKindOfStep: Readonly<Record<string, HoldKind>> = {
  auto_close: 'auto_close',
  archive: 'archive',
  warn: 'reminders',
  wake: 'reminders',
};

/** Steps that no hold keeps waiting, whatever it stops: a secret is destroyed on time, and a hold does not hold itself. */
export const unstoppableSteps: readonly string[] = ['purge', 'destroy_secret', 'lift', 'work'];

/** Whether the hold stops this step of this entity at this instant. */
export function stops(hold: Hold, step: { kind: string; entity: string; accountId: string | null }, at: Date): boolean {
  if (unstoppableSteps.includes(step.kind)) return false;
  if (at < hold.from || (hold.until && at >= hold.until)) return false;
  if (hold.scope === 'account' && hold.scopeId !== step.accountId) return false;
  if (hold.scope === 'entity' && hold.scopeId !== step.entity) return false;
  const kind = holdKindOfStep[step.kind];
  return hold.kinds === null || (kind !== undefined && hold.kinds.includes(kind));
}
