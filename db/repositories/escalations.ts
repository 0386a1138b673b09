/** Whom a clock calls when it warns, and when its promise is broken (SPEC S5): once per deadline and level. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { spellTicketNumber } from '../../domain/ids.ts';
import { lateAfterMs, type ClockKind } from '../../domain/service-clock.ts';
import { clockOf, readClockStep } from '../../domain/ticket-clocks.ts';
import type { StepKind, TicketLife } from '../../domain/ticket-life.ts';
import type { Ticket } from '../entities/ticket.entity.ts';
import { notifyStaff } from './staff-notifications.ts';
import { whomToCall } from './whom-to-call.ts';

export interface Escalation {
  readonly clock: ClockKind;
  readonly warns: boolean;
  readonly dueAt: Date;
  /** Whether the promise itself is broken by now, although this is only the warning of it: the engine was away over both. */
  readonly overtaken: boolean;
  /** What history and audit tell: the clock, its deadline, and by how many seconds this comes late, where it does. */
  readonly told: Readonly<Record<string, string | null>>;
}

/** What taking this step of a clock tells. */
export function escalationOf(before: TicketLife, step: StepKind, at: Date): Escalation {
  const { clock: kind, warns } = readClockStep(step)!;
  const clock = clockOf(before.clocks, kind)!;
  const dueAt = clock.dueAt!;
  const lateMs = at.getTime() - (warns ? clock.warnsAt! : dueAt).getTime();
  const late = lateMs >= lateAfterMs ? String(Math.floor(lateMs / 1000)) : null;
  const { target, calendar, termsId } = clock;
  const told = {
    clock: kind,
    dueAt: dueAt.toISOString(),
    lateSeconds: late,
    target: `${target.amount} ${target.unit}`,
    terms: termsId,
    calendar: `${calendar.id}@${calendar.version}`,
  };
  return { clock: kind, warns, dueAt, overtaken: warns && dueAt <= at, told };
}

/**
 * Tells staff. A warning goes to whoever has the ticket and to those who work in its queue, a breach to those on duty and to
 * whoever has it; nobody hears twice. A warning that its breach has overtaken is not mailed: the breach is (SPEC N3).
 */
export async function escalate(em: EntityManager, ticket: Ticket, escalation: Escalation, at: Date): Promise<void> {
  const { clock, warns, dueAt, overtaken } = escalation;
  const called = warns ? await whoWorksIn(em, ticket.queueId) : await whomToCall(em, ticket.queueId);
  const recipients = [...new Set([...(ticket.assigneeId ? [ticket.assigneeId] : []), ...called])];
  const event = warns ? 'staff.deadline_near' : 'staff.deadline_missed';
  await notifyStaff(em, {
    event,
    eventKey: `${event}:${spellTicketNumber(ticket.number)}:${clock}:${dueAt.toISOString()}`,
    recipients: await whoMaySignIn(em, recipients),
    number: ticket.number,
    at,
    mailed: !overtaken,
    about: `${clock} ${dueAt.toISOString()}`,
  });
}

/** Whoever works in the queue; where nobody does, whoever is called for what is urgent, so that somebody always hears. */
async function whoWorksIn(em: EntityManager, queueId: string): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>('select user_id as id from queue_staff where queue_id = ?', [queueId]);
  return rows.length ? rows.map(({ id }) => id) : whomToCall(em, queueId);
}

async function whoMaySignIn(em: EntityManager, ids: readonly string[]): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `select id from app_user where id = any(?::text[]) and kind = 'staff' and disabled_at is null order by id`,
    [`{${ids.join(',')}}`],
  );
  return rows.map(({ id }) => id);
}
