import type { EntityManager } from '@mikro-orm/postgresql';
import { spellTicketNumber } from '../../domain/ids.ts';
import type { TicketTopic } from '../../domain/live-topic.ts';
import type { NextStep } from '../../domain/ticket-life.ts';
import type { ClockRun } from '../../domain/ticket-clocks.ts';
import { spreadOf } from '../../domain/service-report.ts';
import { ticketEntity, type Channel, type TicketEventKind } from '../../domain/ticket.ts';
import { newId } from '../new-id.ts';
import { entityOf, type OutboxMessage } from '../outbox.ts';
import { executePrepared, preparedStatement } from '../prepared-statements.ts';
import { entitySql, type ChangedTicket } from './ticket-row.ts';

/** Something that happened in a ticket, with everything that is written because of it. */
export interface TicketFact {
  readonly number: number;
  readonly kind: TicketEventKind;
  readonly at: Date;
  readonly revision: number;
  /** What the ticket becomes; left out when the fact does not change it. */
  readonly change?: ChangedTicket;
  /** Of a ticket that was inserted just now: whose it is, and what happens next. */
  readonly opens?: { readonly accountId: string; readonly steps: readonly NextStep[] };
  readonly by: { readonly side: 'customer' | 'staff' | 'time'; readonly id: string | null };
  readonly channel: Channel;
  /** Whether the customer's history tells it. */
  readonly visibility: 'public' | 'internal';
  readonly data: Readonly<Record<string, string | null>>;
  readonly message?: {
    readonly id: string;
    readonly body: string;
    readonly nextStepBy: 'customer' | 'staff' | null;
    /** Set when the actor writes down what a customer said: then the customer is its author (SPEC T13). */
    readonly onBehalfOf?: string;
  };
  /** Who takes part in the conversation from now on: the actor when true, else the person with this id. */
  readonly joins?: boolean | string;
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
 * the line of history, the audit line, what the engine and open pages must hear, and a word to the assignee whose customer
 * wrote. A draft of just what was sent is gone with it. One statement, as a reply's speed is the number of
 * its round trips. A step that stays due at the same instant keeps its id, so that a workflow already waiting for it
 * acts on it without looking again. A public message, a split and the archive also settle the merges into the ticket that
 * could still be undone, and tell the merged tickets' workflows (SPEC T13).
 * @returns the users who took part in the conversation before this fact and are still members of the account, in no order;
 *   after an answer of staff also the ids of outside addresses that read along
 */
export async function recordTicketFact(em: EntityManager, fact: TicketFact): Promise<string[]> {
  const { number, at, by, message } = fact;
  const steps = fact.opens?.steps ?? (fact.change?.stepsChanged ? fact.change.steps : null);
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
    author: message?.onBehalfOf ?? by.id,
    author_side: message?.onBehalfOf === undefined ? by.side : 'customer',
    entered: message?.onBehalfOf === undefined ? null : by.id,
    joins: fact.joins === true ? by.id : fact.joins || null,
    line: newId('auditLine', at),
    object: ticketEntity(spellTicketNumber(number)),
    before: fact.audit.before,
    after: fact.audit.after,
    request: fact.audit.requestId,
    address: fact.audit.address,
    account: fact.opens?.accountId ?? fact.change?.ticket.accountId ?? null,
    ticket: fact.change ? ticketColumns(fact.change) : null,
    steps: steps ? steps.map(({ kind, dueAt, rule }) => ({ id: newId('obligation', at), kind, due_at: dueAt, rule })) : null,
    runs: fact.change?.runs?.length ? fact.change.runs.map((run) => runColumns(run, fact)) : null,
    resumed: fact.change?.resumed ?? null,
    outbox: fact.outbox.map((told) => ({ entity: entityOf(told), message: told })),
    topic: topicOf(fact),
    told: fact.visibility === 'public' || movesState(fact),
    notice: fact.kind === 'customer_message' ? newId('notification', at) : null,
  };
  const participants = await executePrepared<{ user_id: string }>(em, recordFact, [JSON.stringify(row)]);
  return participants.map((participant) => participant.user_id);
}

function topicOf({ number, revision, kind, by, message, visibility }: TicketFact): TicketTopic {
  const ticket = spellTicketNumber(number);
  return { what: 'ticket', ticket, revision, kind, side: by.side, by: by.id, message: message?.id ?? null, visibility };
}

/** Whether customers read another state afterwards; they are told so even where what moved it is the staff's own business. */
function movesState({ audit: { before, after } }: TicketFact): boolean {
  return before?.['status'] !== undefined && before['status'] !== after['status'];
}

/** A clock that ended, with whom it counts for: who answered or fixed, else who has the ticket. */
function runColumns(run: ClockRun, fact: TicketFact) {
  const { kind, since, termsId, decidedAt, endedAt, dueAt, allowanceMs, takenMs, outcome } = run;
  const { ticket, life } = fact.change!;
  const agent = fact.by.side === 'staff' ? fact.by.id : life.assigneeId;
  return {
    kind,
    since,
    terms_id: termsId,
    queue_id: ticket.queueId,
    agent_id: agent,
    outcome,
    decided_at: decidedAt,
    ended_at: endedAt,
    due_at: dueAt,
    allowance_ms: allowanceMs,
    taken_ms: takenMs,
    spread: spreadOf(run),
  };
}

/** The columns that a move may change, as the table names them, with the ticket's fields that fill them. */
const changedColumns = {
  queue_id: 'queueId',
  priority: 'priority',
  tags: 'tags',
  merged_into: 'mergedInto',
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
  terms_id: 'termsId',
  terms_source: 'termsSource',
  first_responded_at: 'firstRespondedAt',
  fixed_at: 'fixedAt',
  clocks: 'clocks',
  breaches_at: 'breachesAt',
  breached_at: 'breachedAt',
  next_step: 'nextStep',
  next_step_at: 'nextStepAt',
  revision: 'revision',
  updated_at: 'updatedAt',
} as const satisfies Record<string, keyof ChangedTicket['ticket']>;

function ticketColumns({ ticket }: ChangedTicket): Record<string, unknown> {
  return Object.fromEntries(Object.entries(changedColumns).map(([column, field]) => [column, ticket[field]]));
}

const changed = Object.keys(changedColumns).join(', ');

/** Messages came to the ticket or left it: what it is found by is made anew from all of them. */
const movingMessages = ['absorbed', 'absorb', 'unmerge', 'release', 'split'] as const satisfies readonly TicketEventKind[];

const recordFact = preparedStatement(
  'record-ticket-fact',
  `
with fact as (
  select * from jsonb_to_record($1::jsonb) as f (number integer, at timestamptz, revision integer, kind text, side text, actor text, channel text,
    visibility text, data jsonb, event text, message text, body text, next text, author text,
    author_side text, entered text, joins text, line text, object text, before jsonb, after jsonb,
    request text, address text, account text, ticket jsonb, steps jsonb, outbox jsonb, topic jsonb, told boolean, notice text, runs jsonb, resumed jsonb)),
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
  insert into message (id, ticket_number, author_id, author_side, entered_by_id, visibility, next_step_by, channel, body, created_at)
    select message, number, author, author_side, entered, visibility, next, channel, body, at from fact where message is not null),
told as (
  insert into ticket_event (id, ticket_number, revision, kind, actor_side, actor_id, channel, visibility, data, at)
    select event, number, revision, kind, side, actor, channel, visibility, data, at from fact),
ran as (
  insert into clock_run (ticket_number, kind, since, tally_id, decided_at, ended_at, due_at, allowance_ms, taken_ms, spread)
    select fact.number, r.kind, r.since, clock_tally_of(r.kind, r.terms_id, r.queue_id, r.agent_id, r.outcome), r.decided_at, r.ended_at, r.due_at, r.allowance_ms, r.taken_ms, r.spread
      from fact, jsonb_to_recordset(fact.runs) as r (kind text, since timestamptz, terms_id text, queue_id text, agent_id text, outcome text,
        decided_at timestamptz, ended_at timestamptz, due_at timestamptz, allowance_ms bigint, taken_ms bigint, spread integer)
  on conflict (ticket_number, kind, since) do update set (tally_id, decided_at, ended_at, due_at, allowance_ms, taken_ms, spread)
    = (excluded.tally_id, excluded.decided_at, excluded.ended_at, excluded.due_at, excluded.allowance_ms, excluded.taken_ms, excluded.spread)),
ran_on as (
  delete from clock_run using fact where fact.resumed is not null and clock_run.ticket_number = fact.number
    and clock_run.kind = fact.resumed ->> 'kind' and clock_run.since = (fact.resumed ->> 'since')::timestamptz),
joined as (
  insert into ticket_participant (ticket_number, user_id) select number, joins from fact where joins is not null on conflict do nothing),
audited as (
  insert into audit_line (id, at, actor_kind, actor_id, action, object, before, after, request_id, address)
    select line, at, side, actor, 'ticket.' || kind, object, before, after, request, address from fact),
noticed as (
  insert into notification (id, recipient_id, category, event, event_key, ticket_number, message_id, created_at)
    select notice, ticket->>'assignee_id', 'support', 'staff.customer_replied', 'staff.customer_replied:' || message, number, message, at
      from fact where notice is not null and ticket->>'assignee_id' <> actor
  returning recipient_id),
fed as (
  insert into change_feed (at, topic, account_id, staff, user_id)
    select fact.at, fact.topic, case when fact.told then t.account_id end, true, null from fact join ticket t on t.number = fact.number
    union all
    select fact.at, jsonb_build_object('what', 'notification', 'ticket', fact.topic->'ticket'), null, false, recipient_id from noticed, fact),
undrafted as (
  delete from ticket_draft d using fact
    where fact.message is not null and fact.side = 'staff' and d.user_id = fact.actor and d.ticket_number = fact.number
      and d.kind = case fact.visibility when 'public' then 'reply' else 'note' end and d.body = fact.body),
sent as (
  insert into outbox (entity, message, created_at)
    select o.entity, o.message, fact.at from fact, jsonb_to_recordset(fact.outbox) as o (entity text, message jsonb)),
outdated as (
  insert into search_due (ticket_number, message_id, whole)
    select number, message, kind = any('{${movingMessages.join(',')}}') from fact where ticket is not null or message is not null),
settled as (
  update ticket_merge m set settled_at = fact.at from fact
    where m.into_number = fact.number and m.settled_at is null and m.undone_at is null
      and ((fact.message is not null and fact.visibility = 'public') or fact.kind in ('split', 'quote_accepted', 'quote_declined')
        or fact.ticket ->> 'status' = 'archived')
    returning m.from_number, fact.at, fact.revision),
let_go as (
  insert into outbox (entity, message, created_at)
    select ${entitySql('from_number')}, jsonb_build_object('kind', 'ticket.happening', 'number', substr(${entitySql('from_number')}, 8),
      'happening', 'mergeSettled', 'revision', revision), at from settled)
select p.user_id from fact join ticket t on t.number = fact.number join ticket_participant p on p.ticket_number = t.number
  join membership m on m.user_id = p.user_id and m.account_id = t.account_id
union all
select o.id from fact join ticket_outside_address o on o.ticket_number = fact.number and o.removed_at is null where fact.kind = 'staff_message'`,
);
