/** Applying a timing policy to tickets that are open already (SPEC T8): what it would do, and the job that does it. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { StaffActor } from '../../domain/actor.ts';
import { refuse, type Refusal } from '../../domain/errors.ts';
import { retimed } from '../../domain/moved-deadlines.ts';
import { movedDeadlines } from '../../domain/moved-steps.ts';
import type { TimingPolicy } from '../../domain/ticket-life.ts';
import type { TimingDurations } from '../../domain/timing-policy.ts';
import { auditWish } from '../audit.ts';
import { tellPages } from '../change-feed.ts';
import type { Wish } from '../wish.ts';
import { beginJob, type JobRule } from './job-row.ts';
import {
  moveDeadlines,
  numberOfEntity,
  previewMoves,
  timedTickets,
  toldBy,
  type MovedPage,
  type TimedTicket,
  type Where,
} from './moved-tickets.ts';
import { lockTicket } from './ticket-row.ts';

export interface Retiming {
  readonly policyId: string;
  /** Queues whose tickets are meant; null for those that go by the policy. */
  readonly queueIds: readonly string[] | null;
}

/**
 * What applying the policy would do to open tickets, old beside new.
 * @param wanted durations that the policy does not have yet, to look before it is changed; queues may go by another one
 */
export async function previewRetiming(
  em: EntityManager,
  wanted: Retiming & { readonly durations?: TimingDurations | undefined },
  at: Date,
  page: { readonly after: number | undefined; readonly limit: number },
): Promise<MovedPage | Refusal> {
  const stored = await findPolicy(em, wanted.policyId);
  if (!stored) return refuse('timing_policy.not_found');
  const queues = await queuesOf(em, wanted);
  if (!queues) return refuse('queue.not_found');
  const policy = { ...stored, ...wanted.durations };
  return previewMoves(em, inQueues(queues.map((queue) => queue.id)), (ticket) => toldBy(movedBy(ticket, policy, at)), page);
}

function movedBy({ life }: TimedTicket, policy: TimingPolicy, at: Date) {
  const moved = retimed(life, policy, at);
  return moved ? movedDeadlines(life, moved) : [];
}

/**
 * Applies the policy to open tickets: a job of exactly those that it would move now.
 * @param most tickets that are done at once; more than these are refused
 */
export async function retimeOpenTickets(
  wish: Wish<StaffActor>,
  wanted: Retiming,
  most: number,
): Promise<{ id: string; total: number } | Refusal> {
  const { em, actor } = wish;
  const policy = await findPolicy(em, wanted.policyId);
  if (!policy) return refuse('timing_policy.not_found');
  const queues = await queuesOf(em, wanted);
  if (!queues) return refuse('queue.not_found');
  if (queues.some((queue) => queue.timing_policy_id !== wanted.policyId)) return refuse('timing_policy.not_of_queue');
  const at = wish.clock.now();
  const entities: string[] = [];
  for await (const ticket of timedTickets(em, inQueues(queues.map((queue) => queue.id))))
    if (movedBy(ticket, policy, at).length) entities.push(ticket.entity);
  if (entities.length > most) return refuse('job.too_large');
  const params = { policy: wanted.policyId };
  const id = await beginJob(em, at, { kind: 'retime_policy', params, startedById: actor.userId, entities });
  await auditWish(wish, 'timing_policy.retime', `timing-policy:${wanted.policyId}`, at, {
    after: { job: id, tickets: String(entities.length) },
  });
  await tellPages(em, at, { staff: true }, { what: 'job', id });
  return { id, total: entities.length };
}

/** A ticket that lies in a queue of another policy by now is left to that one. */
export const retimingRule: JobRule = {
  async take(em, job, entity, at) {
    const locked = await lockTicket(em, numberOfEntity(entity));
    if (!locked) return { state: 'skipped', why: 'not_applicable' };
    if (locked.policy.id !== job.params['policy']) return { state: 'skipped', why: 'moved_on' };
    return moveDeadlines(em, job, locked, { kind: 'retime' }, locked.policy, at);
  },
};

function inQueues(ids: readonly string[]): Where {
  return { sql: 't.queue_id = any(?::text[])', values: [`{${ids.join(',')}}`] };
}

async function findPolicy(em: EntityManager, id: string): Promise<TimingPolicy | undefined> {
  const [row] = await em.execute<TimingPolicy[]>(
    `select id, auto_close_after_seconds as "autoCloseAfterSeconds", archive_after_seconds as "archiveAfterSeconds",
        warn_before_seconds as "warnBeforeSeconds", true as "reopenAfterManualClose" from timing_policy where id = ?`,
    [id],
  );
  return row;
}

/** The queues that are meant; undefined when one of them is none. */
async function queuesOf(
  em: EntityManager,
  { policyId, queueIds }: Retiming,
): Promise<{ id: string; timing_policy_id: string }[] | undefined> {
  const queues = await em.execute<{ id: string; timing_policy_id: string }[]>(
    `select id, timing_policy_id from queue where ${queueIds ? 'id = any(?::text[])' : 'timing_policy_id = ?'}`,
    [queueIds ? `{${queueIds.join(',')}}` : policyId],
  );
  return queueIds && queues.length !== new Set(queueIds).size ? undefined : queues;
}
