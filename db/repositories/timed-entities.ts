/**
 * Time's side of what has one promise to keep (domain/timed-entity): its next step as a row, what its workflow reads,
 * and what happens when the step falls due.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Clock } from '../../domain/clock.ts';
import type { PlannedStep } from '../../domain/planned-step.ts';
import { readTimedEntity, timedEntity, type TimedEntityKind, type TimedPlan, type TimedStepKind } from '../../domain/timed-entity.ts';
import type { Database } from '../database.ts';
import { newId } from '../new-id.ts';
import { tellEngine } from '../outbox.ts';
import { heldUntil, openHolds, readHolds, type StoredHolds } from './open-holds.ts';

/** What one kind of entity says about itself and does when its time comes. */
export interface TimedRule {
  /** How it stands; undefined when there is none. Reads only, and locks nothing. */
  describe(em: EntityManager, id: string): Promise<Pick<TimedPlan, 'state' | 'story' | 'over'> | undefined>;
  /**
   * Does what is due. It locks what it rules over in the order of all (ticket → account → …), looks whether the step still
   * stands, and does nothing when it does not; running it twice is harmless.
   */
  take(em: EntityManager, id: string, at: Date): Promise<void>;
}

/** Who rules over each kind. A kind is added by its repository's rule, here. */
const rules: Readonly<Partial<Record<TimedEntityKind, TimedRule>>> = {};

/** Plans the entity's one next step, or moves it. */
export async function planTimedStep(
  em: EntityManager,
  at: Date,
  step: {
    readonly entity: string;
    readonly accountId: string | null;
    readonly kind: TimedStepKind;
    readonly dueAt: Date;
    /** What gave the instant, such as `leaseAfter 259200 s`. */
    readonly rule: string;
  },
): Promise<void> {
  await em.execute(
    `insert into obligation (id, entity, account_id, kind, due_at, rule, planned_at_revision) values (?, ?, ?, ?, ?, ?, 0)
      on conflict (entity, kind) do update set id = excluded.id, due_at = excluded.due_at, rule = excluded.rule`,
    [newId('obligation', at), step.entity, step.accountId, step.kind, step.dueAt, step.rule],
  );
}

/**
 * Starts the entity's workflow, in the transaction that made it.
 * @param about what operators read beside its name: ids and kinds, nothing that a person wrote
 */
export async function beginTimed(em: EntityManager, at: Date, kind: TimedEntityKind, id: string, about: string): Promise<void> {
  await tellEngine(em, at, { kind: 'timed.begun', entity: timedEntity(kind, id), about });
}

/** Takes the entity's next step away, as it is over, and lets its workflow end. */
export async function endTimed(em: EntityManager, at: Date, kind: TimedEntityKind, id: string): Promise<void> {
  const entity = timedEntity(kind, id);
  await em.execute('delete from obligation where entity = ?', [entity]);
  await tellEngine(em, at, { kind: 'timed.happening', entity, happening: 'settled' });
}

/** Reads the plan, or undefined when there is no such entity. */
export async function readTimedPlan(database: Database, clock: Clock, entity: string): Promise<TimedPlan | undefined> {
  return planOf(database.fork(), entity, clock.now());
}

/** Takes the step if it still stands, is due and no hold stops it; then reads the plan anew. */
export async function takeTimedStep(database: Database, clock: Clock, entity: string, stepId: string): Promise<TimedPlan | undefined> {
  return database.fork().transactional(async (em) => {
    const at = clock.now();
    const plan = await planOf(em, entity, at);
    const step = plan?.steps.find((candidate) => candidate.id === stepId);
    if (!plan || !step || step.heldUntil !== undefined || new Date(step.dueAt) > at) return plan;
    const { rule, id } = ruleOf(entity);
    await rule?.take(em, id, at);
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
    const until = heldUntil(readHolds(row.holds), { kind: row.kind, entity, accountId: row.account_id }, at);
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
