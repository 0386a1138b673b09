/** Words about tickets that are no rules: what a ticket is made of, beside its life (`ticket-life`). */
import type { MoveKind } from './ticket-life.ts';

export const priorities = ['low', 'medium', 'high'] as const;
export type Priority = (typeof priorities)[number];

/** By which way something reached the ticket (SPEC C, T19). `engine` is Kontor itself, when time acts. */
export const channels = ['api', 'console', 'engine', 'phone', 'email', 'chat', 'meeting'] as const;
export type Channel = (typeof channels)[number];

/** By which way a customer reached staff who write down for him what he said (SPEC C6, T13). */
export const heardChannels = ['phone', 'email', 'chat', 'meeting'] as const satisfies readonly Channel[];
export type HeardChannel = (typeof heardChannels)[number];

/** What a line of history tells: that the ticket was opened, cited, or moved. */
export type TicketEventKind =
  | 'opened'
  | 'cited'
  | 'participant_added'
  | 'participant_removed'
  | 'outside_address_added'
  | 'outside_address_removed'
  | 'severity_claimed'
  | 'severity_confirmed'
  | 'severity_refused'
  | 'scope_refused'
  | 'problem_linked'
  | 'problem_unlinked'
  | 'problem_answered'
  | 'quote_offered'
  | 'quote_accepted'
  | 'quote_declined'
  | 'quote_expired'
  | 'quote_withdrawn'
  | 'quote_done'
  | 'access_granted'
  | 'access_viewed'
  | 'access_extended'
  | 'access_ended'
  | MoveKind;

/** The entity's name in outbox, workflow ids and next steps: spelled as the API spells it. */
export function ticketEntity(number: string): string {
  return `ticket:${number}`;
}

/**
 * What a ticket's workflow is told, named for what happened. Each is only a reason to look again: the workflow reads
 * the facts itself, so that a happening told late, twice or out of order changes nothing.
 */
export const ticketHappenings = [
  'customerReplied',
  'staffReplied',
  'ticketTaken',
  'ticketReturned',
  'ticketSnoozed',
  'ticketWoken',
  'messageDismissed',
  'customerResolved',
  'staffClosed',
  'ticketReopened',
  'quoteAnswered',
  'ticketAssigned',
  'ticketTransferred',
  'ticketMerged',
  'mergeUndone',
  'mergeSettled',
  'deadlinesMoved',
  'holdLifted',
  'severityDecided',
  'fixMarked',
  'stepOverdue',
] as const;
export type TicketHappening = (typeof ticketHappenings)[number];

/** The happening that tells the workflow of a person's move; a note changes nothing that the workflow waits for. */
export const happeningOfMove: Readonly<Partial<Record<MoveKind, TicketHappening>>> = {
  customer_message: 'customerReplied',
  staff_message: 'staffReplied',
  take: 'ticketTaken',
  return: 'ticketReturned',
  snooze: 'ticketSnoozed',
  wake: 'ticketWoken',
  dismiss: 'messageDismissed',
  resolve: 'customerResolved',
  close: 'staffClosed',
  reopen: 'ticketReopened',
  retime: 'deadlinesMoved',
  shift: 'deadlinesMoved',
  retime_clocks: 'deadlinesMoved',
  mark_fixed: 'fixMarked',
  resume_fix: 'fixMarked',
  assign: 'ticketAssigned',
  transfer: 'ticketTransferred',
  absorbed: 'ticketMerged',
  absorb: 'ticketMerged',
  unmerge: 'mergeUndone',
  release: 'mergeUndone',
};
