/**
 * Time's side of a ticket: what its workflow reads and what it does when a step falls due. The same row lock, the same
 * rule and the same kinds of facts as a person's wish (DESIGN, "Time acts").
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Clock } from '../../domain/clock.ts';
import { isRefusal } from '../../domain/errors.ts';
import { readTicketNumber, spellTicketNumber } from '../../domain/ids.ts';
import { ticketEntity } from '../../domain/ticket.ts';
import { dueStep, moveOfStep, moveTicket, type ClosedBy, type StepKind, type TicketStatus } from '../../domain/ticket-life.ts';
import type { PlannedStep } from '../../domain/planned-step.ts';
import type { TicketPlan } from '../../domain/ticket-plan.ts';
import type { Database } from '../database.ts';
import { readClockStep, standingClocks } from '../../domain/ticket-clocks.ts';
import { escalate, escalationOf } from './escalations.ts';
import { heldUntil, openHolds, readHolds, type StoredHolds } from './open-holds.ts';
import { deedOfTime } from './ticket-deed.ts';
import { endDependents } from './ticket-dependents.ts';
import { recordTicketFact } from './ticket-facts.ts';
import { closedKey, notifyParticipants } from './ticket-notifications.ts';
import { changeTicket, lockTicket, mergeCanBeUndone, readClocks, type LockedTicket } from './ticket-row.ts';

/** Reads the plan, or undefined when no such ticket is. */
export async function readTicketPlan(database: Database, clock: Clock, number: string): Promise<TicketPlan | undefined> {
  return planOf(database.fork(), number, clock.now());
}

/**
 * Takes the step if it still stands, is due and no hold stops it; then reads the plan anew. "It no longer stands" and
 * "it is held" are ordinary answers: the plan tells. Running it twice is safe, as a taken step's row is gone.
 */
export async function takeTicketStep(database: Database, clock: Clock, number: string, stepId: string): Promise<TicketPlan | undefined> {
  return database.fork().transactional(async (em) => {
    const locked = await lockTicket(em, numberOf(number));
    if (!locked) return undefined;
    const at = clock.now();
    const plan = await planOf(em, number, at);
    const step = plan?.steps.find((candidate) => candidate.id === stepId);
    if (!plan || !step || step.heldUntil !== undefined || new Date(step.dueAt) > at) return plan;
    // Of several that are due the rule's choice stands first; it may be another than the one that rang.
    await actOn(em, locked, plan.steps[0] ?? step, at);
    return planOf(em, number, at);
  });
}

async function actOn(em: EntityManager, locked: LockedTicket, { kind }: PlannedStep<StepKind>, at: Date): Promise<void> {
  const { ticket, life: before, policy } = locked;
  const move = moveOfStep(kind);
  const life = moveTicket(before, move, policy, at);
  if (isRefusal(life)) throw new Error(`a planned ${kind} of ${spellTicketNumber(ticket.number)} is refused: ${life.refused}`);
  const change = changeTicket(locked, move.kind, life, at);
  const { revision } = change.ticket;
  const { number } = ticket;
  const escalation = readClockStep(kind) && escalationOf(before, kind, at);
  const participants = await recordTicketFact(em, {
    number,
    kind: move.kind,
    at,
    revision,
    change,
    by: { side: 'time', id: null },
    channel: 'engine',
    visibility: kind === 'wake' || escalation ? 'internal' : 'public',
    data: escalation?.told ?? {},
    audit: { before: { status: before.status }, after: { status: life.status, ...escalation?.told }, requestId: null, address: null },
    // The workflow that took the step knows; nobody else needs to be told.
    outbox: [],
  });
  if (escalation) await escalate(em, change.ticket, escalation, at);
  await endDependents(em, deedOfTime(at), change.ticket);
  const told = { number, messageId: null, participants, causedBy: null, at };
  if (kind === 'warn')
    await notifyParticipants(em, {
      ...told,
      event: 'ticket.about_to_close',
      eventKey: `ticket.about_to_close:${spellTicketNumber(number)}:${revision}`,
    });
  if (kind === 'auto_close') await notifyParticipants(em, { ...told, event: 'ticket.closed', eventKey: closedKey(number, revision) });
}

async function planOf(em: EntityManager, number: string, at: Date): Promise<TicketPlan | undefined> {
  const entity = ticketEntity(number);
  const rows = await em.execute<PlanRow[]>(
    `select t.status, t.closed_by, t.account_id, t.status = 'archived' and ${mergeCanBeUndone('t.number')} as undoable, t.queue_id, t.clocks, t.fixed_at, q.category, o.id, o.kind, o.due_at,
        ${openHolds} as holds
      from ticket t join queue q on q.id = t.queue_id left join obligation o on o.entity = ?
      -- At the same instant a warning comes before the breach it warns of.
      where t.number = ? order by o.due_at, o.kind desc`,
    [entity, numberOf(number)],
  );
  const [first] = rows;
  if (!first) return undefined;
  const holds = readHolds(first.holds);
  const overdue = overdueOf(first);
  const steps = rows.flatMap((row) => {
    if (!row.id || !row.kind || !row.due_at) return [];
    const until = heldUntil(holds, { kind: row.kind, entity, accountId: row.account_id, queueId: row.queue_id }, at);
    const held = until === undefined ? {} : { heldUntil: until?.toISOString() ?? null };
    return [{ id: row.id, kind: row.kind, dueAt: new Date(row.due_at).toISOString(), ...held }];
  });
  return {
    status: first.status,
    category: first.category,
    closedBy: first.closed_by,
    ...(first.undoable ? { undoable: true } : {}),
    ...(overdue.length ? { overdue } : {}),
    steps: preferDue(steps, at),
  };
}

/** Broken promises that still stand, since their deadlines. */
function overdueOf({ clocks, fixed_at }: PlanRow): NonNullable<TicketPlan['overdue']> {
  const { response, fix } = standingClocks({ clocks: readClocks(clocks), fixedAt: fixed_at ? new Date(fixed_at) : null });
  return [response, fix].flatMap((clock) =>
    clock?.breachedAt && clock.counts ? [{ clock: clock.kind, since: (clock.dueAt ?? clock.breachedAt).toISOString() }] : [],
  );
}

/** Puts the step that the rule wants taken now first, when several are due. */
function preferDue(steps: PlannedStep<StepKind>[], at: Date): PlannedStep<StepKind>[] {
  const free = steps.filter((step) => step.heldUntil === undefined).map((step) => ({ step, kind: step.kind, dueAt: new Date(step.dueAt) }));
  const due = dueStep(free, at)?.step;
  return due ? [due, ...steps.filter((step) => step !== due)] : steps;
}

interface PlanRow {
  status: TicketStatus;
  undoable: boolean;
  closed_by: ClosedBy | null;
  account_id: string;
  queue_id: string;
  clocks: unknown;
  fixed_at: string | null;
  category: string;
  id: string | null;
  kind: StepKind | null;
  due_at: string | null;
  holds: StoredHolds;
}

function numberOf(number: string): number {
  const read = readTicketNumber(number);
  if (read === undefined) throw new RangeError(`${number} is not a ticket number`);
  return read;
}
