/** Whom a clock calls when it warns, and when its promise is broken (SPEC S5): once per deadline and level. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { spellTicketNumber } from '../../domain/ids.ts';
import { lateAfterMs, type ClockKind } from '../../domain/service-clock.ts';
import { spellTarget } from '../../domain/service-level.ts';
import { clockOf, readClockStep } from '../../domain/ticket-clocks.ts';
import type { StepKind, TicketLife } from '../../domain/ticket-life.ts';
import type { Ticket } from '../entities/ticket.entity.ts';
import { notifyStaff } from './staff-notifications.ts';
import { whomToTellOfBreach, whomToWarn } from './whom-to-call.ts';

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
    target: spellTarget(target),
    terms: termsId,
    calendar: `${calendar.id}@${calendar.version}`,
  };
  return { clock: kind, warns, dueAt, overtaken: warns && dueAt <= at, told };
}

/**
 * Tells staff: of a warning those who work on it, of a breach those on duty; nobody hears twice of one deadline. A warning that
 * its breach has overtaken is not mailed: the breach is (SPEC N3).
 */
export async function escalate(em: EntityManager, ticket: Ticket, escalation: Escalation, at: Date): Promise<void> {
  const { clock, warns, dueAt, overtaken } = escalation;
  const event = warns ? 'staff.deadline_near' : 'staff.deadline_missed';
  await notifyStaff(em, {
    event,
    eventKey: `${event}:${spellTicketNumber(ticket.number)}:${clock}:${dueAt.toISOString()}`,
    recipients: await (warns ? whomToWarn(em, ticket) : whomToTellOfBreach(em, ticket)),
    number: ticket.number,
    at,
    mailed: !overtaken,
    about: `${clock} ${dueAt.toISOString()}`,
  });
}
