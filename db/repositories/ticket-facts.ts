import type { EntityManager } from '@mikro-orm/postgresql';
import { spellTicketNumber } from '../../domain/ids.ts';
import { ticketEntity, type Channel, type TicketEventKind } from '../../domain/ticket.ts';
import { newId } from '../new-id.ts';
import { entityOf, type OutboxMessage } from '../outbox.ts';

/** Something that happened in a ticket, with everything that is written because of it. */
export interface TicketFact {
  readonly number: number;
  readonly kind: TicketEventKind;
  readonly at: Date;
  readonly revision: number;
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
  };
  readonly outbox: readonly OutboxMessage[];
}

/**
 * Writes a fact: the message if there is one, the line of history, the audit line, and what the engine must hear. One
 * statement, as a reply's speed is the number of its round trips.
 */
export async function recordTicketFact(em: EntityManager, fact: TicketFact): Promise<void> {
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
    outbox: fact.outbox.map((told) => ({ entity: entityOf(told), message: told })),
  };
  await em.execute(recordFact, [JSON.stringify(row)]);
}

const recordFact = `
with fact as (
  select * from jsonb_to_record(?::jsonb) as f (number integer, at timestamptz, revision integer, kind text, side text, actor text, channel text,
    visibility text, data jsonb, event text, message text, body text, next text, joins boolean, line text, object text, before jsonb, after jsonb,
    request text, outbox jsonb)),
written as (
  insert into message (id, ticket_number, author_id, author_side, visibility, next_step_by, channel, body, created_at)
    select message, number, actor, side, visibility, next, channel, body, at from fact where message is not null),
told as (
  insert into ticket_event (id, ticket_number, revision, kind, actor_side, actor_id, channel, visibility, data, at)
    select event, number, revision, kind, side, actor, channel, visibility, data, at from fact),
joined as (
  insert into ticket_participant (ticket_number, user_id) select number, actor from fact where joins on conflict do nothing),
audited as (
  insert into audit_line (id, at, actor_kind, actor_id, action, object, before, after, request_id)
    select line, at, side, actor, 'ticket.' || kind, object, before, after, request from fact)
insert into outbox (entity, message, created_at) select o.entity, o.message, fact.at from fact, jsonb_to_recordset(fact.outbox) as o (entity text, message jsonb)`;
