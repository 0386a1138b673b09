/** What happens next with a ticket, in one sentence (SPEC T19). Pure: chosen from what the API says, never derived anew. */
import { readClocksNow } from '../clocks/clock-reading.ts';
import type { NextStep, StaffTicket, TicketClock } from '../server/answers.ts';

export type WhatNext =
  | { is: 'waits' | 'yours'; since: Date }
  | { is: 'theirs'; since: Date; name: string }
  | { is: 'ours' | 'archived' | 'quiet' }
  /** A promise is broken next, or is broken already. */
  | { is: 'clock'; clock: TicketClock }
  | { is: 'closes'; at: Date; overdue: boolean; silenceSeconds: number | undefined; warnsAt: Date | undefined }
  | { is: 'archives'; at: Date; overdue: boolean; silenceSeconds: number | undefined }
  | { is: 'snoozed'; at: Date; overdue: boolean };

/** A step this late is more than the engine's ordinary pause between two looks. */
const lateMilliseconds = 60_000;

export function whatNext(
  ticket: Pick<StaffTicket, 'status' | 'steps' | 'waitingSince' | 'assignee' | 'clocks'>,
  readerId: string,
  now: Date,
): WhatNext {
  const step = (what: NextStep['what']) => ticket.steps.find((candidate) => candidate.what === what);
  const timed = ({ at, rule }: NextStep) => ({
    at: new Date(at),
    overdue: now.getTime() - Date.parse(at) > lateMilliseconds,
    silenceSeconds: secondsOfRule(rule),
  });
  if (ticket.status === 'archived') return { is: 'archived' };
  const wake = step('wake');
  const clock = clockThatLeads(ticket, now, wake && new Date(wake.at));
  if (clock) return { is: 'clock', clock };
  if (wake) return { is: 'snoozed', ...timed(wake) };
  const archive = step('archive');
  if (archive) return { is: 'archives', ...timed(archive) };
  const close = step('auto_close');
  if (close) return { is: 'closes', ...timed(close), warnsAt: step('warn') && new Date(step('warn')!.at) };
  if (ticket.status === 'awaiting_customer' || ticket.status === 'closed') return { is: 'quiet' };
  if (ticket.waitingSince === null) return { is: 'ours' };
  const since = new Date(ticket.waitingSince);
  if (ticket.status === 'awaiting_staff' || !ticket.assignee) return { is: 'waits', since };
  return ticket.assignee.id === readerId ? { is: 'yours', since } : { is: 'theirs', since, name: ticket.assignee.name };
}

/** The most urgent clock, while staff owe something and no snooze ends before it does. */
function clockThatLeads(
  { status, clocks }: Pick<StaffTicket, 'status' | 'clocks'>,
  now: Date,
  wakesAt: Date | undefined,
): TicketClock | undefined {
  if (status !== 'awaiting_staff' && status !== 'in_progress') return undefined;
  const [first] = readClocksNow(clocks, now);
  if (!first || !('at' in first.reading)) return undefined;
  return wakesAt && wakesAt < first.reading.at ? undefined : first.clock;
}

/** A step's rule names its duration: `autoCloseAfter 604800 s (tpl_…)`. */
function secondsOfRule(rule: string): number | undefined {
  const seconds = / (\d+) s\b/.exec(rule)?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}
