import { ApplicationFailure } from '@temporalio/common';
import type { Clock } from '../domain/clock.ts';
import { readTicketNumber } from '../domain/ids.ts';
import type { Database } from '../db/database.ts';
import type { OutboxBell } from '../db/outbox-bell.ts';
import { readTicketPlan, takeTicketStep } from '../db/repositories/ticket-steps.ts';
import type { TicketActivities } from '../workflows/ticket/contract.ts';

/** What the ticket workflow may do: read the facts, and take a step whose time has come. */
export function ticketActivities(database: Database, clock: Clock, bell: OutboxBell): TicketActivities {
  return {
    readTicketPlan: (number) => readTicketPlan(database, clock, checked(number)),
    // Safe to run again: a step that was taken has no row any more (key: the obligation's id).
    takeTicketStep: async (number, stepId) => {
      const plan = await takeTicketStep(database, clock, checked(number), stepId);
      bell.ring();
      return plan;
    },
  };
}

function checked(number: string): string {
  if (readTicketNumber(number) === undefined) throw ApplicationFailure.nonRetryable('not a ticket number', 'ticket.not_found');
  return number;
}
