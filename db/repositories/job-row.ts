/** Long work as rows: how it is begun and what a kind of it must know to do (SPEC A5). Who does it is in `jobs`. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { jobEntity, workStep, type JobKind, type SkipReason } from '../../domain/job.ts';
import { newId } from '../new-id.ts';
import { tellEngine } from '../outbox.ts';

export interface JobFacts {
  readonly id: string;
  readonly kind: JobKind;
  /** Ids, words and instants that the kind needs; nothing that a person wrote. */
  readonly params: Readonly<Record<string, string | null>>;
  /** Null when time began it. */
  readonly startedById: string | null;
  readonly startedAt: Date;
}

export type Instants = Readonly<Record<string, string | null>>;

/** What became of an item, with the instants it moved: the job's record. */
export type ItemOutcome =
  | { readonly state: 'done'; readonly before?: Instants; readonly after?: Instants }
  | { readonly state: 'skipped'; readonly why: SkipReason };

/** What one kind of long work does. */
export interface JobRule {
  /**
   * Does one item in the transaction given. It locks what it changes in the order of all (ticket → account → …) and decides
   * by what the item is now, not by what it was when the job began.
   */
  take(em: EntityManager, job: JobFacts, entity: string, at: Date): Promise<ItemOutcome>;
  /** What follows when nothing is pending, in the transaction that ends the job. */
  finish?(em: EntityManager, job: JobFacts, at: Date): Promise<void>;
  /** What follows when somebody stopped it, in his transaction. */
  cancelled?(em: EntityManager, job: JobFacts, at: Date): Promise<void>;
}

/**
 * Begins long work, in the transaction of the wish that asks for it: its rows, and the workflow that does it.
 * @param entities what it is to be done to, in this order, each once. A wish that could be said in parts refuses too many
 * before it writes anything.
 * @returns the job's id
 */
export async function beginJob(
  em: EntityManager,
  at: Date,
  wanted: Pick<JobFacts, 'kind' | 'params' | 'startedById'> & { readonly entities: readonly string[] },
): Promise<string> {
  const { kind, params, startedById, entities } = wanted;
  const id = newId('job', at);
  await em.execute(
    `insert into job (id, kind, params, state, total, started_by_id, started_at) values (?, ?, ?::jsonb, 'running', ?, ?, ?)`,
    [id, kind, JSON.stringify(params), entities.length, startedById, at],
  );
  await em.execute(
    `insert into job_item (job_id, position, entity) select ?, position, entity from jsonb_array_elements_text(?::jsonb) with ordinality as i (entity, position)`,
    [id, JSON.stringify(entities)],
  );
  // By this row the sweep finds work that stands still, such as after an engine that forgot it.
  await em.execute(
    `insert into obligation (id, entity, account_id, kind, due_at, rule, planned_at_revision) values (?, ?, null, ?, ?, 'job', 0)`,
    [newId('obligation', at), jobEntity(id), workStep, at],
  );
  await tellEngine(em, at, { kind: 'job.begun', id, job: kind });
  return id;
}
