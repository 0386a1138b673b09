/** What must hold of any desk at rest, whatever was done to it: nothing half written, nothing owed, nothing forgotten. */
import { WorkflowNotFoundError } from '@temporalio/common';
import { openDatabase } from '../../db/database.ts';
import { Ticket } from '../../db/entities/ticket.entity.ts';
import { lifeOf } from '../../db/repositories/ticket-row.ts';
import { spellTicketNumber } from '../../domain/ids.ts';
import { nextSteps } from '../../domain/ticket-life.ts';
import { until } from '../harness/until.ts';
import type { Checks } from './checks.ts';
import type { Desk } from './desk.ts';

/** Each of these finds what must not be. */
const findings: Readonly<Record<string, string>> = {
  'messages wait in the outbox': "select id::text, message->>'kind' as kind, attempts, parked_at from outbox",
  'cases were opened': 'select kind, about, detail from staff_case',
  'a request was claimed and never answered': 'select actor, key from idempotency_record where status is null',
  'a revision has no event, or two': `
    select t.number, t.revision, count(e.id) as events from ticket t left join ticket_event e on e.ticket_number = t.number and e.kind not in ('cited', 'quote_offered', 'quote_withdrawn', 'quote_expired', 'quote_done')
      group by t.number having count(e.id) <> t.revision or count(distinct e.revision) <> t.revision or max(e.revision) <> t.revision`,
  'the number of replies is not that of the messages': `
    select t.number, t.reply_count, count(m.id) from ticket t left join message m on m.ticket_number = t.number and m.visibility = 'public'
      group by t.number having t.reply_count <> count(m.id) - 1`,
  'a message has no line of history, or two': `
    select m.id from message m left join ticket_event e on e.data->>'messageId' = m.id group by m.id having count(e.id) <> 1`,
  'a move has no audit line, or two': `
    select t.number, count(a.id) from ticket t left join audit_line a on a.object = 'ticket:CS-' || lpad(t.number::text, greatest(6, length(t.number::text)), '0')
        and a.action not in ('ticket.quote_offered', 'ticket.quote_withdrawn', 'ticket.quote_expired', 'ticket.quote_done')
      group by t.number having count(a.id) <> t.revision`,
  // Staff are told in the product; what is mailed to them has a delivery too, which must be settled like any other.
  'a notification has no delivery, or an unsettled one': `
    select n.id, d.state from notification n left join delivery d on d.notification_id = n.id
      where d.state is distinct from 'delivered' and (n.event not like 'staff.%' or d.id is not null)`,
};

/** Checks them all. The desk must have come to rest: what is under way would look like something forgotten. */
export async function checkInvariants(checks: Checks, desk: Desk, { engineForgot = false } = {}): Promise<void> {
  for (const [what, sql] of Object.entries(findings)) checks.equal(what, await desk.query(sql), []);
  await checkNextSteps(checks, desk);
  await checkWorkflows(checks, desk, engineForgot);
}

/** The rows of next steps say what the rule makes of the ticket as it is. */
async function checkNextSteps(checks: Checks, desk: Desk): Promise<void> {
  const database = await openDatabase(desk.databaseUrl, 2);
  try {
    const rows = await desk.query<{ entity: string; kind: string; due_at: Date }>('select entity, kind, due_at from obligation');
    for (const ticket of await database.fork().find(Ticket, {})) {
      const number = spellTicketNumber(ticket.number);
      const planned = nextSteps(lifeOf(ticket)).map((step) => `${step.kind} ${step.dueAt.toISOString()}`);
      const written = rows.filter((row) => row.entity === `ticket:${number}`).map((row) => `${row.kind} ${row.due_at.toISOString()}`);
      checks.equal(`the next steps of ${number}`, written.toSorted(), planned.toSorted());
    }
  } finally {
    await database.close();
  }
}

/**
 * Each ticket's workflow runs until the ticket is archived, and no longer; each notification's has ended.
 * @param engineForgot what is over may be unknown to an engine that lost its data
 */
async function checkWorkflows(checks: Checks, desk: Desk, engineForgot: boolean): Promise<void> {
  const isIn = async (workflowId: string, wanted: 'RUNNING' | 'COMPLETED') => {
    try {
      return (await desk.engine.workflow.getHandle(workflowId).describe()).status.name === wanted;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return engineForgot && wanted === 'COMPLETED';
      throw error;
    }
  };
  for (const { number, status } of await desk.query<{ number: number; status: string }>('select number, status from ticket')) {
    const id = `ticket:${spellTicketNumber(number)}`;
    const wanted = status === 'archived' ? 'COMPLETED' : 'RUNNING';
    await until(`the workflow ${id} is ${wanted}`, () => isIn(id, wanted));
    checks.made += 1;
  }
  for (const { id } of await desk.query<{ id: string }>('select id from delivery')) {
    await until(`the workflow of ${id} has ended`, () => isIn(`notification:${id}`, 'COMPLETED'), 75);
    checks.made += 1;
  }
}
