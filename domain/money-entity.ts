/** What moves money by itself: each payment, refund and audit of the books is an entity with a workflow of its own. */
export const moneyEntityKinds = ['payment', 'refund', 'books-audit', 'provider-notice'] as const;
export type MoneyEntityKind = (typeof moneyEntityKinds)[number];

/** The entity's name in outbox, workflow ids and next steps, such as `payment:pay_…`. */
export function moneyEntity(kind: MoneyEntityKind, id: string): string {
  return `${kind}:${id}`;
}

/** Kind and id of such a name; undefined for the name of anything else. */
export function readMoneyEntity(entity: string): { kind: MoneyEntityKind; id: string } | undefined {
  const at = entity.indexOf(':');
  const kind = moneyEntityKinds.find((known) => known === entity.slice(0, at));
  return kind && { kind, id: entity.slice(at + 1) };
}

/**
 * What its workflow is told; each is only a reason to look again: the provider sent word · somebody approved it · took it
 * back · asked to look now · its step is overdue.
 */
export const moneyHappenings = ['notified', 'approved', 'withdrawn', 'asked', 'stepOverdue'] as const;
export type MoneyHappening = (typeof moneyHappenings)[number];
