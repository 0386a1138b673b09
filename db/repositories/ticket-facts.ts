import type { EntityManager } from '@mikro-orm/postgresql';
import { spellTicketNumber } from '../../domain/ids.ts';
import { ticketEntity, type Channel, type TicketEventKind } from '../../domain/ticket.ts';
import { newId } from '../new-id.ts';
import { entityOf, type OutboxMessage } from '../outbox.ts';
import { executePrepared, preparedStatement } from '../prepared-statements.ts';
import type { ChangedTicket } from './ticket-row.ts';

/** Something that happened in a ticket, with everything that is written because of it. */
export interface TicketFact {
  readonly number: number;
  readonly kind: TicketEventKind;
  readonly at: Date;
  readonly revision: number;
  /** What the ticket becomes; left out when the fact does not change it. */
  readonly change?: ChangedTicket;
  readonly by: { readonly side: 'customer' | 'staff' | 'time'; readonly id: string | null };
  readonly channel: Channel;
  /** Whether the customer's history tells it. */
  readonly visibility: 'public' | 'internal';
  readonly data: Readonly<Record<string, string | null>>;
  readonly message?: { readonly id: string; readonly body: string; readonly nextStepBy: 'customer' | 'staff' | null };
  /** Set when the actor takes part in the conversation from now on. */
  readonly joins?: boolean;
  readonly audit: {
    readonly before: Readonly<Record<string, string | null>> | null;
    readonly after: Readonly<Record<string, string | null>>;
    readonly requestId: string | null;
    /** Network address the request came from; null when time acts. */
    readonly address: string | null;
  };
  readonly outbox: readonly OutboxMessage[];
}

/**
 * Writes a fact: the ticket as it becomes, its next steps (DESIGN, "Next steps are rows"), the message if there is one,
 * the line of history, the audit line, and what the engine must hear. One statement, as a reply's speed is the number of
 * its round trips. A step that stays due at the same instant keeps its id, so that a workflow already waiting for it
 * acts on it without looking again.
 * @returns the users who took part in the conversation before this fact and are still members of the account, in no order
 */
export async function recordTicketFact(em: EntityManager, fact: TicketFact): Promise<string[]> {
  const { number, at, by, message } = fact;
  const row = {
    number,
    at,
    revision: fact.revision,
    kind: fact.kind,
    side: by.side,
    actor: by.id,
    channel: fact.channel,
    visibility: fact.visibility,
    data: fact.data,
    event: newId('ticketEvent', at),
    message: message?.id ?? null,
    body: message?.body ?? null,
    next: message?.nextStepBy ?? null,
    joins: fact.joins ?? false,
    line: newId('auditLine', at),
    object: ticketEntity(spellTicketNumber(number)),
    before: fact.audit.before,
    after: fact.audit.after,
    request: fact.audit.requestId,
    address: fact.audit.address,
    account: fact.change?.ticket.accountId ?? null,
    ticket: fact.change ? ticketColumns(fact.change) : null,
    steps: fact.change?.stepsChanged
      ? fact.change.steps.map(({ kind, dueAt, rule }) => ({ id: newId('obligation', at), kind, due_at: dueAt, rule }))
      : null,
    outbox: fact.outbox.map((told) => ({ entity: entityOf(told), message: told })),
  };
  const participants = await executePrepared<{ user_id: string }>(em, recordFact, [JSON.stringify(row)]);
  return participants.map((participant) => participant.user_id);
}

/** The columns that a move may change, as the table names them, with the ticket's fields that fill them. */
const changedColumns = {
  status: 'status',
  assignee_id: 'assigneeId',
  waiting_since: 'waitingSince',
  warns_at: 'warnsAt',
  closes_at: 'closesAt',
  archives_at: 'archivesAt',
  timing: 'timing',
  snoozed_until: 'snoozedUntil',
  closed_at: 'closedAt',
  closed_by: 'closedBy',
  interrupted: 'interrupted',
  reply_count: 'replyCount',
  last_message_at: 'lastMessageAt',
  last_message_by: 'lastMessageBy',
  next_step: 'nextStep',
  next_step_at: 'nextStepAt',
  revision: 'revision',
  updated_at: 'updatedAt',
} as const satisfies Record<string, keyof ChangedTicket['ticket']>;

function ticketColumns({ ticket }: ChangedTicket): Record<string, unknown> {
  return Object.fromEntries(Object.entries(changedColumns).map(([column, field]) => [column, ticket[field]]));
}

const changed = Object.keys(changedColumns).join(', ');

const recordFact = preparedStatement(
  'record-ticket-fact',
  `
with fact as (
  select * from jsonb_to_record($1::jsonb) as f (number integer, at timestamptz, revision integer, kind text, side text, actor text, channel text,
    visibility text, data jsonb, event text, message text, body text, next text, joins boolean, line text, object text, before jsonb, after jsonb,
    request text, address text, account text, ticket jsonb, steps jsonb, outbox jsonb)),
stored as (
  update ticket set (${changed}) = (select ${changed} from jsonb_populate_record(null::ticket, fact.ticket))
    from fact where ticket.number = fact.number and fact.ticket is not null),
wanted as (
  select w.* from fact, jsonb_to_recordset(fact.steps) as w (id text, kind text, due_at timestamptz, rule text)),
gone as (
  delete from obligation using fact where fact.steps is not null and entity = fact.object and obligation.kind not in (select kind from wanted)),
planned as (
  insert into obligation (id, entity, account_id, kind, due_at, rule, planned_at_revision)
    select wanted.id, fact.object, fact.account, wanted.kind, wanted.due_at, wanted.rule, fact.revision from wanted, fact
  on conflict (entity, kind) do update
    set id = excluded.id, due_at = excluded.due_at, rule = excluded.rule, planned_at_revision = excluded.planned_at_revision
    where (obligation.due_at, obligation.rule) is distinct from (excluded.due_at, excluded.rule)),
written as (
  insert into message (id, ticket_number, author_id, author_side, visibility, next_step_by, channel, body, created_at)
    select message, number, actor, side, visibility, next, channel, body, at from fact where message is not null),
told as (
  insert into ticket_event (id, ticket_number, revision, kind, actor_side, actor_id, channel, visibility, data, at)
    select event, number, revision, kind, side, actor, channel, visibility, data, at from fact),
joined as (
  insert into ticket_participant (ticket_number, user_id) select number, actor from fact where joins on conflict do nothing),
audited as (
  insert into audit_line (id, at, actor_kind, actor_id, action, object, before, after, request_id, address)
    select line, at, side, actor, 'ticket.' || kind, object, before, after, request, address from fact),
sent as (
  insert into outbox (entity, message, created_at)
    select o.entity, o.message, fact.at from fact, jsonb_to_recordset(fact.outbox) as o (entity text, message jsonb))
select p.user_id from fact join ticket t on t.number = fact.number join ticket_participant p on p.ticket_number = t.number
  join membership m on m.user_id = p.user_id and m.account_id = t.account_id`,
);
