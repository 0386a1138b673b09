/** Time's side of what has one promise to keep: what its workflow reads, and what happens when the step falls due. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Clock } from '../../domain/clock.ts';
import type { PlannedStep } from '../../domain/planned-step.ts';
import { readTimedEntity, type TimedEntityKind, type TimedPlan, type TimedStepKind } from '../../domain/timed-entity.ts';
import type { Database } from '../database.ts';
import { booksRule } from './books-nightly.ts';
import { calendarRule } from './calendar-looks.ts';
import { creditRule } from './credit-terms.ts';
import { fileRule } from './files.ts';
import { holdRule } from './hold-lifting.ts';
import { approvalRule } from './money-approvals.ts';
import { heldUntil, openHolds, readHolds, type StoredHolds } from './open-holds.ts';
import { orderRule } from './order-abandoning.ts';
import { quoteRule } from './quote-expiry.ts';
import { serverAccessRule } from './server-access-end.ts';
import { statementsRule } from './statement-mails.ts';
import type { TimedRule, TimedWorld } from './timed-entities.ts';

/** Who rules over each kind. A kind is added by its repository's rule, here. */
const rules: Readonly<Partial<Record<TimedEntityKind, TimedRule>>> = {
  file: fileRule,
  quote: quoteRule,
  'server-access': serverAccessRule,
  hold: holdRule,
  calendar: calendarRule,
  books: booksRule,
  credit: creditRule,
  statements: statementsRule,
  approval: approvalRule,
  order: orderRule,
};

/** Reads the plan, or undefined when there is no such entity. */
export async function readTimedPlan(database: Database, clock: Clock, entity: string): Promise<TimedPlan | undefined> {
  return planOf(database.fork(), entity, clock.now());
}

/** Takes the step if it still stands, is due and no hold stops it; then reads the plan anew. */
export async function takeTimedStep(
  database: Database,
  clock: Clock,
  world: TimedWorld,
  entity: string,
  stepId: string,
): Promise<TimedPlan | undefined> {
  return database.fork().transactional(async (em) => {
    const at = clock.now();
    const plan = await planOf(em, entity, at);
    const step = plan?.steps.find((candidate) => candidate.id === stepId);
    if (!plan || !step || step.heldUntil !== undefined || new Date(step.dueAt) > at) return plan;
    const { rule, id } = ruleOf(entity);
    await rule?.take(em, id, at, world);
    // Extended meanwhile, the row is another one, due later.
    await em.execute('delete from obligation where id = ? and due_at <= ?', [stepId, at]);
    return planOf(em, entity, at);
  });
}

/** What starts an entity's workflow again when the engine forgot it, and whether it is over; undefined when it never was. */
export async function stateOfTimedEntity(
  database: Database,
  entity: string,
): Promise<{ over: boolean; opening: { kind: 'timed.begun'; entity: string; about: string } } | undefined> {
  const { rule, id } = ruleOf(entity);
  const described = await rule?.describe(database.fork(), id);
  return described && { over: described.over, opening: { kind: 'timed.begun', entity, about: '' } };
}

async function planOf(em: EntityManager, entity: string, at: Date): Promise<TimedPlan | undefined> {
  const { rule, id } = ruleOf(entity);
  const described = await rule?.describe(em, id);
  if (!described) return undefined;
  const rows = await em.execute<{ id: string; kind: TimedStepKind; due_at: string; account_id: string | null; holds: StoredHolds }[]>(
    `select o.id, o.kind, o.due_at, o.account_id, ${openHolds} as holds from obligation o where o.entity = ? order by o.due_at`,
    [entity],
  );
  const steps = rows.map((row): PlannedStep<TimedStepKind> => {
    const until = heldUntil(readHolds(row.holds), { kind: row.kind, entity, accountId: row.account_id, queueId: null }, at);
    const held = until === undefined ? {} : { heldUntil: until?.toISOString() ?? null };
    return { id: row.id, kind: row.kind, dueAt: new Date(row.due_at).toISOString(), ...held };
  });
  return { ...described, steps };
}

function ruleOf(entity: string): { rule: TimedRule | undefined; id: string } {
  const named = readTimedEntity(entity);
  if (!named) throw new RangeError(`${entity} is no entity with a promise of its own`);
  return { rule: rules[named.kind], id: named.id };
}
