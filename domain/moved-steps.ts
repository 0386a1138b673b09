/**
 * What a ticket's next steps become when deadlines move although nobody wrote, old beside new, as people are shown it before
 * they decide (SPEC T8, S7, M3).
 */
import type { Deadlines } from './moved-deadlines.ts';
import type { ServiceClock } from './service-clock.ts';
import type { ServiceClocks } from './ticket-clocks.ts';
import type { StepKind } from './ticket-life.ts';

/** Beside the instants: the promise was broken and can be kept after all · the clock waits, and has more or less time left. */
export const moveNotes = ['breach_taken_back', 'waits'] as const;
export type MoveNote = (typeof moveNotes)[number];

export interface MovedStep {
  readonly what: StepKind;
  /** Null: there was no such step. */
  readonly old: Date | null;
  /** Null: it will not happen, or nobody can say yet when. */
  readonly new: Date | null;
  readonly note?: MoveNote;
  /** Working time that a clock which waits has left; null where there is none. */
  readonly leftMs?: { readonly old: number | null; readonly new: number | null };
}

/** How many tickets are promised something later or earlier, by how much at the most, and how many are overdue at once. */
export interface MoveSummary {
  later: number;
  mostLaterMs: number;
  earlier: number;
  mostEarlierMs: number;
  overdue: number;
}

/** Counts tickets one by one, each by its promises' deadlines; one with two clocks may be counted both as later and as earlier. */
export function summaryOfMoves(at: Date): { readonly summary: Readonly<MoveSummary>; count(steps: readonly MovedStep[]): void } {
  const summary: MoveSummary = { later: 0, mostLaterMs: 0, earlier: 0, mostEarlierMs: 0, overdue: 0 };
  return {
    summary,
    count: (steps) => {
      const due = steps.filter(({ what }) => what.endsWith('_breach'));
      const byMs = due.flatMap(({ old, new: then }) => (old && then ? [then.getTime() - old.getTime()] : []));
      const [later, earlier] = [Math.max(0, ...byMs), Math.max(0, ...byMs.map((ms) => -ms))];
      if (later > 0) summary.later += 1;
      if (earlier > 0) summary.earlier += 1;
      summary.mostLaterMs = Math.max(summary.mostLaterMs, later);
      summary.mostEarlierMs = Math.max(summary.mostEarlierMs, earlier);
      if (due.some(({ old, new: then }) => then !== null && then <= at && (old === null || old > at))) summary.overdue += 1;
    },
  };
}

/** The steps of closing and archiving that differ. */
export function movedDeadlines(before: Deadlines, after: Deadlines): MovedStep[] {
  return [
    ...moved('warn', before.warnsAt, after.warnsAt),
    ...moved('auto_close', before.closesAt, after.closesAt),
    ...moved('archive', before.archivesAt, after.archivesAt),
  ];
}

function moved(what: StepKind, old: Date | null, then: Date | null): MovedStep[] {
  return old?.getTime() === then?.getTime() ? [] : [{ what, old, new: then }];
}

/** The steps of a service level's clocks that differ. */
export function movedClocks(before: ServiceClocks, after: ServiceClocks): MovedStep[] {
  return [...movedClock(before.response, after.response), ...movedClock(before.fix, after.fix)];
}

function movedClock(before: ServiceClock | null, after: ServiceClock | null): MovedStep[] {
  const kind = (after ?? before)?.kind;
  if (!kind) return [];
  const warning = moved(`${kind}_warning`, before?.warnsAt ?? null, after?.warnsAt ?? null);
  const [old, then] = [before?.dueAt ?? null, after?.dueAt ?? null];
  const what = `${kind}_breach` as const;
  if (before?.breachedAt && after && !after.breachedAt) return [...warning, { what, old, new: then, note: 'breach_taken_back' }];
  const [oldLeft, newLeft] = [leftWaiting(before), leftWaiting(after)];
  if (oldLeft !== newLeft) return [...warning, { what, old, new: then, note: 'waits', leftMs: { old: oldLeft, new: newLeft } }];
  return [...warning, ...moved(what, old, then)];
}

function leftWaiting(clock: ServiceClock | null): number | null {
  return clock && !clock.dueAt ? Math.max(0, clock.leftMs) : null;
}

/** Whether nothing of them differs, neither an instant nor what gave it. Asked of thousands of tickets in a row. */
export function sameClocks(one: ServiceClocks, other: ServiceClocks): boolean {
  return sameState(one.response, other.response) && sameState(one.fix, other.fix);
}

/** Each field of a clock as something that can be compared. */
const comparable: Readonly<Record<keyof ServiceClock, (clock: ServiceClock) => unknown>> = {
  kind: (clock) => clock.kind,
  since: (clock) => clock.since.getTime(),
  target: ({ target }) => `${target.amount} ${target.unit}`,
  termsId: (clock) => clock.termsId,
  calendar: ({ calendar }) => `${calendar.id}@${calendar.version}`,
  hours: ({ hours }) => hours && `${hours.opens}-${hours.closes}`,
  allowanceMs: (clock) => clock.allowanceMs,
  from: (clock) => clock.from.getTime(),
  leftMs: (clock) => clock.leftMs,
  dueAt: (clock) => clock.dueAt?.getTime(),
  warnsAt: (clock) => clock.warnsAt?.getTime(),
  warned: (clock) => clock.warned,
  breachedAt: (clock) => clock.breachedAt?.getTime(),
  counts: (clock) => clock.counts,
};
const fields = Object.values(comparable);

function sameState(one: ServiceClock | null, other: ServiceClock | null): boolean {
  return one && other ? fields.every((read) => read(one) === read(other)) : one === other;
}
