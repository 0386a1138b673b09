/** What happens next with a ticket, in one sentence (SPEC T19). Pure: chosen from what the API says, never derived anew. */
import type { NextStep, StaffTicket } from '../server/answers.ts';

export type WhatNext =
  | { is: 'waits' | 'yours'; since: Date }
  | { is: 'theirs'; since: Date; name: string }
  | { is: 'ours' | 'archived' | 'quiet' }
  | { is: 'closes'; at: Date; overdue: boolean; silenceSeconds: number | undefined; warnsAt: Date | undefined }
  | { is: 'archives'; at: Date; overdue: boolean; silenceSeconds: number | undefined }
  | { is: 'snoozed'; at: Date; overdue: boolean };

/** A step this late is more than the engine's ordinary pause between two looks. */
const lateMilliseconds = 60_000;

export function whatNext(
  ticket: Pick<StaffTicket, 'status' | 'steps' | 'waitingSince' | 'assignee'>,
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

/** A step's rule names its duration: `autoCloseAfter 604800 s (tpl_…)`. */
function secondsOfRule(rule: string): number | undefined {
  const seconds = / (\d+) s\b/.exec(rule)?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}
