/**
 * Long work as it is done and seen (SPEC A5). Each item is done in a short transaction of its own that also says so, so that
 * whoever dies in between leaves every item either done or pending, and nothing is done twice.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { StaffActor } from '../../domain/actor.ts';
import type { Clock } from '../../domain/clock.ts';
import { refuse, type Refusal } from '../../domain/errors.ts';
import { jobEntity, type JobItemState, type JobKind, type JobProgress, type JobState, type SkipReason } from '../../domain/job.ts';
import { auditWish } from '../audit.ts';
import type { Database } from '../database.ts';
import type { Window } from '../window.ts';
import type { Wish } from '../wish.ts';
import { tellPages } from '../change-feed.ts';
import type { Instants, ItemOutcome, JobFacts, JobRule } from './job-row.ts';
import { liftingRule } from './hold-lifting.ts';
import { problemAnswerRule } from './problem-answers.ts';
import { retimingRule } from './retiming.ts';
import { serviceRetimingRule } from './service-retiming.ts';

/** Who does each kind. A kind is added by its repository's rule, here. */
const rules: Readonly<Partial<Record<JobKind, JobRule>>> = {
  retime_policy: retimingRule,
  retime_service: serviceRetimingRule,
  lift_hold: liftingRule,
  problem_answer: problemAnswerRule,
};

const itemsAtOnce = 4;
const itemsRead = 200;
/** A batch's measure: long enough to cost few events, short enough for operators to see it get on. */
const batchMs = 20_000;

/**
 * Does pending items until none is left, the batch's time is over, somebody stopped the job, or `goOn` says no; then ends the
 * job when nothing is pending. Throws while the database is away.
 * @param goOn asked at least once a second while there is work
 */
export async function workOnJob(
  parts: { database: Database; clock: Clock },
  id: string,
  goOn: () => boolean,
): Promise<JobProgress | undefined> {
  const { database, clock } = parts;
  const job = await readFacts(database.fork(), id);
  if (!job) return undefined;
  const endsAt = performance.now() + batchMs;
  while (goOn() && performance.now() < endsAt) {
    const entities = await pendingOf(database, id);
    if (entities.length === 0) break;
    const settled = await takeItems(parts, job, entities, () => goOn() && performance.now() < endsAt);
    await noteProgress(database, clock, id);
    // Another worker has them in hand, one perhaps that was given up as lost: it says so soon.
    if (settled === 0) await pause(500);
  }
  await endJob(database, clock, job);
  return readProgress(database.fork(), id);
}

async function pendingOf(database: Database, id: string): Promise<string[]> {
  const rows = await database
    .fork()
    .execute<{ entity: string }[]>(
      `select i.entity from job_item i join job j on j.id = i.job_id where i.job_id = ? and i.state = 'pending' and j.state = 'running' order by i.position limit ?`,
      [id, itemsRead],
    );
  return rows.map((row) => row.entity);
}

/** @returns how many were settled */
async function takeItems(
  { database, clock }: { database: Database; clock: Clock },
  job: JobFacts,
  entities: readonly string[],
  goOn: () => boolean,
): Promise<number> {
  let next = 0;
  let settled = 0;
  let askedAt = performance.now();
  let going = true;
  const lane = async () => {
    while (going && next < entities.length) {
      const entity = entities[next]!;
      next += 1;
      if (await takeItem(database, clock, job, entity)) settled += 1;
      if (performance.now() - askedAt < 500) continue;
      askedAt = performance.now();
      going = goOn();
    }
  };
  await Promise.all(Array.from({ length: itemsAtOnce }, lane));
  return settled;
}

const triesOfItem = 3;

/** Does one item; one that cannot be done by any try is set aside, so that it does not keep the others. */
async function takeItem(database: Database, clock: Clock, job: JobFacts, entity: string): Promise<boolean> {
  const rule = rules[job.kind];
  if (!rule) throw new Error(`nobody does ${job.kind}`);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await settleItem(database, clock, job, entity, (em, at) => rule.take(em, job, entity, at));
    } catch (error) {
      if (isAway(error)) throw error;
      if (attempt < triesOfItem) continue;
      return settleItem(database, clock, job, entity, async () => ({ state: 'skipped', why: 'failed' }));
    }
  }
}

async function settleItem(
  database: Database,
  clock: Clock,
  job: JobFacts,
  entity: string,
  take: (em: EntityManager, at: Date) => Promise<ItemOutcome>,
): Promise<boolean> {
  return database.fork().transactional(async (em) => {
    // Nobody who holds a ticket waits for an item, so the item may come first.
    const claimed = await em.execute<unknown[]>(
      `select 1 from job_item i join job j on j.id = i.job_id where i.job_id = ? and i.entity = ? and i.state = 'pending' and j.state = 'running'
        for no key update of i skip locked`,
      [job.id, entity],
    );
    if (claimed.length === 0) return false;
    const at = clock.now();
    const outcome = await take(em, at);
    const { before, after } = outcome.state === 'done' ? outcome : {};
    await em.execute(
      'update job_item set state = ?, why = ?, before = ?::jsonb, after = ?::jsonb, settled_at = ? where job_id = ? and entity = ?',
      [
        outcome.state,
        outcome.state === 'skipped' ? outcome.why : null,
        before ? JSON.stringify(before) : null,
        after ? JSON.stringify(after) : null,
        at,
        job.id,
        entity,
      ],
    );
    return true;
  });
}

/** Classes of SQLSTATE that say nothing about the item: lost connections, no resources, an operator's hand. */
const awayClasses = new Set(['08', '53', '57']);

function isAway(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string') return !(error instanceof Error) || error.name === 'ConnectionException' || /connect/i.test(error.message);
  return awayClasses.has(code.slice(0, 2)) || code.startsWith('E');
}

const countItems = `select count(*) filter (where state = 'done') as done, count(*) filter (where state = 'skipped') as skipped,
  count(*) filter (where state = 'pending') as pending, count(*) filter (where why = 'failed') as failed from job_item where job_id = ?`;

/** Counts anew, as counting on would go wrong with a worker that died; and says that the work gets on. */
async function noteProgress(database: Database, clock: Clock, id: string): Promise<void> {
  await database.fork().transactional(async (em) => {
    await em.execute(`update job set (done, skipped) = (select c.done, c.skipped from (${countItems}) c) where id = ?`, [id, id]);
    const at = clock.now();
    await em.execute('update obligation set due_at = ? where entity = ?', [at, jobEntity(id)]);
    await tellPages(em, at, { staff: true }, { what: 'job', id });
  });
}

/** Ends the job when nothing is pending any more, with what follows from its end. */
async function endJob(database: Database, clock: Clock, job: JobFacts): Promise<void> {
  await database.fork().transactional(async (em) => {
    const running = await em.execute<unknown[]>(`select 1 from job where id = ? and state = 'running' for no key update`, [job.id]);
    if (running.length === 0) return;
    const [counts] = await em.execute<{ done: string; skipped: string; pending: string; failed: string }[]>(countItems, [job.id]);
    if (!counts || counts.pending !== '0') return;
    const at = clock.now();
    await rules[job.kind]?.finish?.(em, job, at);
    const state: JobState = counts.failed === '0' ? 'done' : 'failed';
    await em.execute('update job set state = ?, done = ?, skipped = ?, ended_at = ? where id = ?', [
      state,
      counts.done,
      counts.skipped,
      at,
      job.id,
    ]);
    await em.execute('delete from obligation where entity = ?', [jobEntity(job.id)]);
    await tellPages(em, at, { staff: true }, { what: 'job', id: job.id });
  });
}

/** Stops a job: what is done stays done, the rest stays as it is. Who began it may, and administrators. */
export async function cancelJob(wish: Wish<StaffActor>, id: string): Promise<{ id: string } | Refusal> {
  const { em, actor } = wish;
  const [row] = await em.execute<{ state: JobState }[]>('select state from job where id = ? for no key update', [id]);
  const job = row && (await readFacts(em, id));
  if (!job) return refuse('job.not_found');
  if (actor.role !== 'administrator' && actor.userId !== job.startedById) return refuse('auth.not_permitted');
  if (row.state !== 'running') return refuse('job.over');
  const at = wish.clock.now();
  await em.execute(`update job set state = 'cancelled', ended_at = ?, ended_by_id = ? where id = ?`, [at, actor.userId, id]);
  await em.execute('delete from obligation where entity = ?', [jobEntity(id)]);
  await rules[job.kind]?.cancelled?.(em, job, at);
  await tellPages(em, at, { staff: true }, { what: 'job', id });
  await auditWish(wish, 'job.cancel', jobEntity(id), at, { after: { kind: job.kind } });
  return { id };
}

async function readFacts(em: EntityManager, id: string): Promise<JobFacts | undefined> {
  const [row] = await em.execute<(Omit<JobFacts, 'startedAt'> & { startedAt: string })[]>(
    'select id, kind, params, started_by_id as "startedById", started_at as "startedAt" from job where id = ?',
    [id],
  );
  return row && { ...row, startedAt: new Date(row.startedAt) };
}

async function readProgress(em: EntityManager, id: string): Promise<JobProgress | undefined> {
  const [row] = await em.execute<JobProgress[]>('select kind, state, total, done, skipped from job where id = ?', [id]);
  return row;
}

/** What starts a job's workflow again when the engine forgot it, and whether it is over; undefined when it never was. */
export async function stateOfJob(
  database: Database,
  id: string,
): Promise<{ over: boolean; opening: { kind: 'job.begun'; id: string; job: JobKind } } | undefined> {
  const progress = await readProgress(database.fork(), id);
  return progress && { over: progress.state !== 'running', opening: { kind: 'job.begun', id, job: progress.kind } };
}

export interface JobView extends JobProgress {
  readonly id: string;
  readonly params: JobFacts['params'];
  readonly startedBy: { readonly id: string; readonly name: string } | null;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
}

const jobColumns = `select j.id, j.kind, j.state, j.total, j.done, j.skipped, j.params, j.started_at as "startedAt", j.ended_at as "endedAt",
    j.started_by_id as "startedById", u.name as "startedByName" from job j left join app_user u on u.id = j.started_by_id`;

type JobColumns = Omit<JobView, 'startedBy' | 'startedAt' | 'endedAt'> & {
  startedAt: string;
  endedAt: string | null;
  startedById: string | null;
  startedByName: string | null;
};

function viewOf({ startedById, startedByName, startedAt, endedAt, ...job }: JobColumns): JobView {
  return {
    ...job,
    startedBy: startedById === null ? null : { id: startedById, name: startedByName ?? '' },
    startedAt: new Date(startedAt),
    endedAt: endedAt === null ? null : new Date(endedAt),
  };
}

/** Jobs, the newest first. */
export async function listJobs(
  em: EntityManager,
  running: boolean | undefined,
  window: Window,
): Promise<{ items: JobView[]; more: boolean }> {
  const state = running === undefined ? '' : running ? `and j.state = 'running'` : `and j.state <> 'running'`;
  const rows = await em.execute<JobColumns[]>(
    `${jobColumns} where true ${state} ${window.after ? 'and (j.started_at, j.id) < (?::timestamptz, ?)' : ''} order by j.started_at desc, j.id desc limit ?`,
    [...(window.after ? [window.after.at, window.after.id] : []), window.limit + 1],
  );
  return { items: rows.slice(0, window.limit).map(viewOf), more: rows.length > window.limit };
}

export async function findJob(em: EntityManager, id: string): Promise<JobView | undefined> {
  const [row] = await em.execute<JobColumns[]>(`${jobColumns} where j.id = ?`, [id]);
  return row && viewOf(row);
}

export interface JobItemView {
  readonly position: number;
  readonly entity: string;
  readonly state: JobItemState;
  readonly why: SkipReason | null;
  readonly before: Instants | null;
  readonly after: Instants | null;
}

/** A job's items in their order: its record. */
export async function listJobItems(
  em: EntityManager,
  id: string,
  { state, after, limit }: { state: JobItemState | undefined; after: number; limit: number },
): Promise<{ items: JobItemView[]; more: boolean }> {
  const rows = await em.execute<JobItemView[]>(
    `select position, entity, state, why, before, after from job_item where job_id = ? and position > ? ${state ? 'and state = ?' : ''} order by position limit ?`,
    [id, after, ...(state ? [state] : []), limit + 1],
  );
  return { items: rows.slice(0, limit), more: rows.length > limit };
}
