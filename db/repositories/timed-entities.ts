/**
 * What has one promise to keep (domain/timed-entity), for the repositories that make such things: what each kind says of
 * itself, and its next step as a row. When the step falls due, `timed-steps` asks the kind's rule.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import { timedEntity, type TimedEntityKind, type TimedPlan, type TimedStepKind } from '../../domain/timed-entity.ts';
import { newId } from '../new-id.ts';
import { tellEngine } from '../outbox.ts';

/** What rules may need of the world beside the database; handed to them by the activity that takes their step. */
export interface TimedWorld {
  /** Takes a file's bytes out of storage; nothing there is fine. */
  readonly removeFile: (storageKey: string) => Promise<void>;
}

/** What one kind of entity says about itself and does when its time comes. */
export interface TimedRule {
  /** How it stands; undefined when there is none. Reads only, and locks nothing. */
  describe(em: EntityManager, id: string): Promise<Pick<TimedPlan, 'state' | 'story' | 'over'> | undefined>;
  /**
   * Does what is due. It locks what it rules over in the order of all (ticket → account → …), looks whether the step still
   * stands, and does nothing when it does not; running it twice is harmless.
   */
  take(em: EntityManager, id: string, at: Date, world: TimedWorld): Promise<void>;
}

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
    /** The sum that it moves or may move, in minor units of the account's currency (SPEC M4); left out where it is about none. */
    readonly amountMinor?: number;
  },
): Promise<void> {
  await em.execute(
    `insert into obligation (id, entity, account_id, kind, due_at, rule, amount_minor, planned_at_revision) values (?, ?, ?, ?, ?, ?, ?, 0)
      on conflict (entity, kind) do update set id = excluded.id, due_at = excluded.due_at, rule = excluded.rule, amount_minor = excluded.amount_minor`,
    [newId('obligation', at), step.entity, step.accountId, step.kind, step.dueAt, step.rule, step.amountMinor ?? null],
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
