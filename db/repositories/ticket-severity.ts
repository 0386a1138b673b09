/** Whether a ticket is critical: claims of customers and what staff decide (SPEC T14). */
import { isRefusal, refuse, type Refusal } from '../../domain/errors.ts';
import type { CustomerActor, StaffActor } from '../../domain/actor.ts';
import { spellTicketNumber } from '../../domain/ids.ts';
import type { ServiceClock } from '../../domain/service-clock.ts';
import { claimedFix } from '../../domain/ticket-clocks.ts';
import { claimSeverity, decideSeverity, type Severity, type SeverityDecision } from '../../domain/severity.ts';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Channel } from '../../domain/ticket.ts';
import type { TicketLife } from '../../domain/ticket-life.ts';
import type { Ticket } from '../entities/ticket.entity.ts';
import type { Wish } from '../wish.ts';
import { whomToCall } from './whom-to-call.ts';
import { notifyStaff } from './staff-notifications.ts';
import { deedOf, tellHistory } from './ticket-deed.ts';
import { recordTicketFact } from './ticket-facts.ts';
import { changeTicket, lockTicket, type LockedTicket } from './ticket-row.ts';

/**
 * The customer claims that nobody can use the product. The clock counts from now, and whoever is on duty for the queue is
 * told at once.
 * @param sentence what he says about it; staff read it in the history
 */
export async function claimCritical(wish: Wish<CustomerActor>, number: number, sentence: string | null): Promise<DecidedTicket | Refusal> {
  const { em, actor } = wish;
  const locked = await lockTicket(em, number, actor.accountId);
  if (!locked) return refuse('ticket.not_found');
  const at = wish.clock.now();
  const before = severityOf(locked.ticket);
  const wroteAt = before?.state === 'refused' ? await customerWroteAt(wish, number) : null;
  const claimed = claimSeverity(locked.ticket.status, before, wroteAt, at);
  if (isRefusal(claimed)) return { ...claimed, about: { number: spellTicketNumber(number) } };
  // Another fault than one that was fixed before.
  const life = { ...locked.life, fixedAt: null };
  const fix = claimedFix(life, locked.policy.service ?? null, at);
  await recordSeverity(wish, locked, {
    kind: 'severity_claimed',
    severity: claimed,
    decidedById: null,
    data: { sentence },
    life: withFix(life, fix),
    at,
  });
  await tellDuty(em, locked.ticket, locked.ticket.revision + 1, at);
  return columnsOf(claimed);
}

/** The same with the first message, or by staff who write down what a customer says on the telephone. */
export async function claimAtOpening(
  wish: Wish,
  ticket: { readonly number: number; readonly queueId: string },
  sentence: string | null,
  at: Date,
  channel: Channel,
): Promise<void> {
  const { em } = wish;
  await em.execute(`update ticket set severity = 'claimed', severity_claimed_at = ? where number = ?`, [at, ticket.number]);
  await tellHistory(
    em,
    { ...deedOf(wish, at), channel },
    { number: ticket.number, revision: 1 },
    {
      kind: 'severity_claimed',
      data: { sentence },
      audited: { severity: 'claimed' },
    },
  );
  await tellDuty(em, ticket, 1, at);
}

/** Staff confirm or refuse a claim, or take back what they decided; the customer reads it in the ticket's history. */
export async function decideCritical(
  wish: Wish<StaffActor>,
  number: number,
  decision: SeverityDecision,
  reason: string | null,
): Promise<DecidedTicket | Refusal> {
  const locked = await lockTicket(wish.em, number);
  if (!locked) return refuse('ticket.not_found');
  const at = wish.clock.now();
  const decided = decideSeverity(locked.ticket.status, severityOf(locked.ticket), decision, reason, at);
  if (isRefusal(decided)) return { ...decided, about: { number: spellTicketNumber(number) } };
  await recordSeverity(wish, locked, {
    kind: decided.state === 'confirmed' ? 'severity_confirmed' : 'severity_refused',
    severity: decided,
    decidedById: wish.actor.userId,
    data: { publicReason: reason },
    life: withFix(locked.life, locked.life.clocks.fix && { ...locked.life.clocks.fix, counts: decided.state === 'confirmed' }),
    at,
  });
  return columnsOf(decided);
}

/** The columns of a ticket's row that say how critical it is. */
export type DecidedTicket = Pick<Ticket, 'severity' | 'severityClaimedAt' | 'severityDecidedAt'>;

function columnsOf({ state, claimedAt, decidedAt }: Severity): DecidedTicket {
  return { severity: state, severityClaimedAt: claimedAt, severityDecidedAt: decidedAt };
}

/** What a ticket's row says of its severity. */
export function severityOf(ticket: DecidedTicket): Severity | null {
  const { severity, severityClaimedAt, severityDecidedAt } = ticket;
  return severity && severityClaimedAt ? { state: severity, claimedAt: severityClaimedAt, decidedAt: severityDecidedAt ?? null } : null;
}

interface SeverityFact {
  readonly kind: 'severity_claimed' | 'severity_confirmed' | 'severity_refused';
  readonly severity: Severity;
  readonly decidedById: string | null;
  readonly data: Readonly<Record<string, string | null>>;
  /** With the fix's clock, which a refusal keeps from doing anything. */
  readonly life: TicketLife;
  readonly at: Date;
}

function withFix(life: TicketLife, fix: ServiceClock | null): TicketLife {
  return { ...life, clocks: { ...life.clocks, fix } };
}

async function recordSeverity(wish: Wish, locked: LockedTicket, fact: SeverityFact): Promise<void> {
  const { em, actor } = wish;
  const { severity, kind, decidedById, data, life, at } = fact;
  const { number } = locked.ticket;
  await em.execute(
    'update ticket set severity = ?, severity_claimed_at = ?, severity_decided_at = ?, severity_decided_by_id = ? where number = ?',
    [severity.state, severity.claimedAt, severity.decidedAt, decidedById, number],
  );
  const change = changeTicket(locked, 'severity', life, at);
  const { revision } = change.ticket;
  await recordTicketFact(em, {
    number,
    at,
    by: { side: actor.kind, id: actor.userId },
    channel: wish.channel,
    visibility: 'public',
    kind,
    revision,
    change,
    data,
    audit: {
      before: { severity: locked.ticket.severity ?? null },
      after: { severity: severity.state },
      requestId: wish.requestId,
      address: wish.address,
    },
    outbox: change.stepsChanged
      ? [{ kind: 'ticket.happening', number: spellTicketNumber(number), happening: 'severityDecided', revision }]
      : [],
  });
}

/** Tells those on duty for the queue, at once and by mail too (SPEC T14). */
async function tellDuty(
  em: EntityManager,
  ticket: { readonly number: number; readonly queueId: string },
  revision: number,
  at: Date,
): Promise<void> {
  await notifyStaff(em, {
    event: 'staff.critical_claimed',
    eventKey: `staff.critical_claimed:${spellTicketNumber(ticket.number)}:${revision}`,
    recipients: await whomToCall(em, ticket.queueId),
    number: ticket.number,
    at,
    mailed: true,
  });
}

async function customerWroteAt({ em }: Wish, number: number): Promise<Date | null> {
  const [row] = await em.execute<{ at: string | null }[]>(
    `select max(created_at) as at from message where ticket_number = ? and author_side = 'customer'`,
    [number],
  );
  return row?.at ? new Date(row.at) : null;
}
