/** What an operator reads about a ticket's workflow in Temporal UI: one sentence, in English and UTC, without names. */
import type { ClockKind } from './service-clock.ts';
import { readClockStep } from './ticket-clocks.ts';
import type { ClosedBy, StepKind, TicketStatus } from './ticket-life.ts';

export interface StoryStep {
  readonly kind: StepKind;
  readonly dueAt: Date;
  readonly heldUntil?: Date | null;
}

const closedWords: Readonly<Record<ClosedBy, string>> = {
  customer: 'Resolved by the customer',
  staff: 'Closed by staff',
  time: 'Closed after silence',
};

/** A broken promise that still stands. */
export interface OverduePromise {
  readonly clock: ClockKind;
  readonly since: Date;
}

/** For example: "Answered by staff; closes by itself on Mon 1 Dec 10:14 UTC unless the customer writes." */
export function ticketStory(
  status: TicketStatus,
  closedBy: ClosedBy | null,
  steps: readonly StoryStep[],
  { undoable = false, overdue = [] }: { readonly undoable?: boolean; readonly overdue?: readonly OverduePromise[] } = {},
): string {
  if (undoable) return 'Merged into another ticket; until the next message there this can be undone.';
  const late = overdue.map(({ clock, since }) => `${clockWords[clock]} is overdue since ${spellInstant(since)}`);
  const clauses = [stateWords(status, closedBy), ...late, ...steps.map((step) => stepWords(step)).filter((words) => words !== '')];
  if (status === 'awaiting_staff' || status === 'in_progress') clauses.push('nothing closes by itself');
  return `${clauses.join('; ')}.`;
}

function stateWords(status: TicketStatus, closedBy: ClosedBy | null): string {
  switch (status) {
    case 'awaiting_staff':
      return 'Waits for staff';
    case 'in_progress':
      return 'Staff are working on it';
    case 'awaiting_customer':
      return 'Answered by staff';
    case 'closed':
      return closedWords[closedBy ?? 'time'];
    case 'archived':
      return 'Archived; the story ends here';
  }
}

function stepWords(step: StoryStep): string {
  const when = spellInstant(step.dueAt);
  const held =
    step.heldUntil === undefined
      ? ''
      : step.heldUntil === null
        ? ' (held until somebody lifts the hold)'
        : ` (held until ${spellInstant(step.heldUntil)})`;
  const clock = readClockStep(step.kind);
  if (clock) return clock.warns ? '' : `${clockWords[clock.clock]} is due on ${when}${held}`;
  switch (step.kind) {
    case 'warn':
      return `the customer is warned on ${when}${held}`;
    case 'auto_close':
      return `closes by itself on ${when} unless the customer writes${held}`;
    case 'archive':
      return `goes to the archive on ${when} unless the customer writes${held}`;
    case 'wake':
      return `snoozed until ${when}${held}`;
    default:
      return '';
  }
}

const clockWords: Readonly<Record<ClockKind, string>> = {
  first_response: 'the first response',
  next_response: 'the next response',
  fix: 'the fix',
};

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** "Mon 1 Dec 10:14 UTC", without `Intl`, which would leak the host's settings into workflow code. */
export function spellInstant(at: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${weekdays[at.getUTCDay()]} ${at.getUTCDate()} ${months[at.getUTCMonth()]} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())} UTC`;
}
