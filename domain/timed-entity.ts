/**
 * Things beside tickets that have one promise to keep: an uploaded file that nobody used is purged, a quote that nobody
 * answered expires, a secret is destroyed, a hold ends, a calendar is looked at for its coming year. Each is an entity with one next step and a workflow that waits
 * for it (`workflows/deadline`); what the step does is decided where the facts are.
 */
import type { Plan } from './planned-step.ts';

export const timedEntityKinds = [
  'file',
  'quote',
  'server-access',
  'hold',
  'calendar',
  'order',
  'credit',
  'books',
  'statements',
  'approval',
] as const;
export type TimedEntityKind = (typeof timedEntityKinds)[number];

export const timedStepKinds = [
  'purge',
  'expire',
  'destroy_secret',
  'lift',
  'flag_year',
  'abandon',
  'credit_due',
  'audit_books',
  'send_statements',
  'lapse',
] as const;
export type TimedStepKind = (typeof timedStepKinds)[number];

/** The entity's name in outbox, workflow ids and next steps, such as `quote:quo_…`. */
export function timedEntity(kind: TimedEntityKind, id: string): string {
  return `${kind}:${id}`;
}

/** Kind and id of such a name; undefined for the name of anything else. */
export function readTimedEntity(entity: string): { kind: TimedEntityKind; id: string } | undefined {
  const at = entity.indexOf(':');
  const kind = timedEntityKinds.find((known) => known === entity.slice(0, at));
  return kind && { kind, id: entity.slice(at + 1) };
}

/** What the workflow is told. Each is only a reason to look again: it reads the facts itself. */
export const timedHappenings = ['settled', 'extended', 'calendarChanged', 'holdLifted', 'stepOverdue'] as const;
export type TimedHappening = (typeof timedHappenings)[number];

/** What the workflow needs to know to wait. */
export interface TimedPlan extends Plan<TimedStepKind> {
  /** One word for operators to filter by, such as `offered`. */
  readonly state: string;
  /** What it waits for, in a sentence for operators: English and UTC, ids and instants, nothing that a person wrote. */
  readonly story: string;
  /** Nothing will ever happen again. */
  readonly over: boolean;
}
