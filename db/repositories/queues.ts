/** Queues as staff edit them (SPEC T1, T8): names, timing, who works in them and who is told of what is urgent. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { StaffActor } from '../../domain/actor.ts';
import { isRefusal, refuse, type Refusal } from '../../domain/errors.ts';
import type { LocalisedText } from '../../domain/locale.ts';
import { auditWish } from '../audit.ts';
import { tellPages } from '../change-feed.ts';
import { newId } from '../new-id.ts';
import type { Wish } from '../wish.ts';
import { usePlan } from './sla-plans.ts';

interface Colleague {
  readonly id: string;
  readonly name: string;
}

export interface QueueSettings {
  readonly id: string;
  readonly category: string;
  readonly name: LocalisedText;
  readonly timingPolicy: { readonly id: string; readonly name: LocalisedText };
  readonly autoCloseAfterSeconds: number;
  readonly archiveAfterSeconds: number;
  readonly warnBeforeSeconds: number;
  /** What is promised to a ticket where neither an agreement nor a licence promises anything (SPEC S1). */
  readonly slaPlan: { readonly id: string; readonly name: LocalisedText } | null;
  readonly reopenAfterManualClose: boolean;
  readonly acceptsNew: boolean;
  readonly position: number;
  readonly staff: readonly Colleague[];
  readonly duty: readonly Colleague[];
  readonly revision: number;
}

/** What may be set; left out, it stays as it is. */
export interface QueueChange {
  readonly name?: LocalisedText | undefined;
  readonly timingPolicy?: string | undefined;
  readonly slaPlan?: string | null | undefined;
  readonly reopenAfterManualClose?: boolean | undefined;
  readonly acceptsNew?: boolean | undefined;
  readonly position?: number | undefined;
  readonly staff?: readonly string[] | undefined;
  readonly duty?: readonly string[] | undefined;
}

const people = (table: string) => `coalesce((select jsonb_agg(jsonb_build_object('id', u.id, 'name', u.name) order by u.name, u.id)
    from ${table} s join app_user u on u.id = s.user_id where s.queue_id = q.id and u.disabled_at is null), '[]')`;

const columns = `q.id, q.category, q.name, jsonb_build_object('id', p.id, 'name', p.name) as "timingPolicy", p.auto_close_after_seconds as "autoCloseAfterSeconds",
    p.archive_after_seconds as "archiveAfterSeconds", p.warn_before_seconds as "warnBeforeSeconds",
    case when l.id is not null then jsonb_build_object('id', l.id, 'name', l.name) end as "slaPlan", q.reopen_after_manual_close as "reopenAfterManualClose",
    q.accepts_new as "acceptsNew", q.position, q.revision, ${people('queue_staff')} as staff, ${people('queue_duty')} as duty`;
const from = 'from queue q join timing_policy p on p.id = q.timing_policy_id left join sla_plan l on l.id = q.sla_plan_id';

/** The queues in their order; no more than 200. */
export async function listQueueSettings(em: EntityManager): Promise<QueueSettings[]> {
  return em.execute(`select ${columns} ${from} order by q.position, q.category limit 200`);
}

/** The queues that customers may choose from, in their order. */
export async function listOpenQueues(em: EntityManager): Promise<Pick<QueueSettings, 'id' | 'category' | 'name'>[]> {
  return em.execute('select id, category, name from queue where accepts_new order by position, category limit 200');
}

export async function findQueue(em: EntityManager, id: string): Promise<QueueSettings | undefined> {
  const [row] = await em.execute<QueueSettings[]>(`select ${columns} ${from} where q.id = ?`, [id]);
  return row;
}

/** Staff who are told of what is urgent in a queue, as far as they may still sign in. */
export async function dutyListOf(em: EntityManager, queueId: string): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `select u.id from queue_duty d join app_user u on u.id = d.user_id where d.queue_id = ? and u.kind = 'staff' and u.disabled_at is null order by u.id`,
    [queueId],
  );
  return rows.map((row) => row.id);
}

export async function makeQueue(
  wish: Wish<StaffActor>,
  wanted: QueueChange & { readonly category: string; readonly name: LocalisedText; readonly timingPolicy: string },
): Promise<QueueSettings | Refusal> {
  const { em } = wish;
  const at = wish.clock.now();
  const id = newId('queue', at);
  const refusal = await objectionTo(em, wanted);
  if (refusal) return refusal;
  const made = await em.execute<unknown[]>(
    `insert into queue (id, category, name, timing_policy_id, sla_plan_id, reopen_after_manual_close, position, accepts_new, revision)
      values (?, ?, ?::jsonb, ?, ?, ?, ?, ?, 1) on conflict (category) do nothing returning 1`,
    [
      id,
      wanted.category,
      JSON.stringify(wanted.name),
      wanted.timingPolicy,
      wanted.slaPlan ?? null,
      wanted.reopenAfterManualClose ?? true,
      wanted.position ?? 100,
      wanted.acceptsNew ?? true,
    ],
  );
  if (made.length === 0) return refuse('queue.category_taken');
  await setPeople(em, id, wanted);
  await told(wish, 'queue.make', id, at, audited(wanted));
  return (await findQueue(em, id))!;
}

/**
 * Changes a queue. Its timing applies to new deadlines (SPEC T8), its plan to new tickets (S1). One that tickets lie in stays for ever; it may cease to
 * take new ones.
 * @param known the revision that the caller has seen; undefined when he does not mind
 */
export async function changeQueue(
  wish: Wish<StaffActor>,
  id: string,
  known: number | undefined,
  wanted: QueueChange,
): Promise<QueueSettings | Refusal> {
  const { em } = wish;
  const [row] = await em.execute<{ revision: number }[]>('select revision from queue where id = ? for no key update', [id]);
  if (!row) return refuse('queue.not_found');
  if (known !== undefined && known !== row.revision) return refuse('request.stale');
  const refusal = await objectionTo(em, wanted);
  if (refusal) return refusal;
  const at = wish.clock.now();
  await em.execute(
    `update queue set name = coalesce(?::jsonb, name), timing_policy_id = coalesce(?, timing_policy_id),
        sla_plan_id = case when ? then ? else sla_plan_id end, reopen_after_manual_close = coalesce(?, reopen_after_manual_close), position = coalesce(?, position), accepts_new = coalesce(?, accepts_new),
        revision = revision + 1 where id = ?`,
    [
      wanted.name ? JSON.stringify(wanted.name) : null,
      wanted.timingPolicy ?? null,
      wanted.slaPlan !== undefined,
      wanted.slaPlan ?? null,
      wanted.reopenAfterManualClose ?? null,
      wanted.position ?? null,
      wanted.acceptsNew ?? null,
      id,
    ],
  );
  await setPeople(em, id, wanted);
  await told(wish, 'queue.change', id, at, audited(wanted));
  return (await findQueue(em, id))!;
}

/** A policy, a plan, or a colleague, that is not there. Their rows are kept from going meanwhile. */
async function objectionTo(em: EntityManager, { timingPolicy, slaPlan, staff, duty }: QueueChange): Promise<Refusal | undefined> {
  if (timingPolicy !== undefined) {
    const found = await em.execute<unknown[]>('select 1 from timing_policy where id = ? for key share', [timingPolicy]);
    if (found.length === 0) return refuse('timing_policy.not_found');
  }
  if (slaPlan) {
    const plan = await usePlan(em, slaPlan);
    if (isRefusal(plan)) return plan;
  }
  const named = [...new Set([...(staff ?? []), ...(duty ?? [])])];
  if (named.length === 0) return undefined;
  const [known] = await em.execute<{ n: number }[]>(
    `select count(*)::integer as n from app_user where id = any(?::text[]) and kind = 'staff' and disabled_at is null`,
    [`{${named.join(',')}}`],
  );
  return known?.n === named.length ? undefined : refuse('staff.not_found');
}

async function setPeople(em: EntityManager, queueId: string, { staff, duty }: QueueChange): Promise<void> {
  for (const [table, ids] of [
    ['queue_staff', staff],
    ['queue_duty', duty],
  ] as const) {
    if (!ids) continue;
    await em.execute(`delete from ${table} where queue_id = ? and user_id <> all(?::text[])`, [queueId, `{${ids.join(',')}}`]);
    await em.execute(`insert into ${table} (queue_id, user_id) select ?, unnest(?::text[]) on conflict do nothing`, [
      queueId,
      `{${ids.join(',')}}`,
    ]);
  }
}

async function told(wish: Wish<StaffActor>, action: string, id: string, at: Date, after: Record<string, string | null>): Promise<void> {
  await auditWish(wish, action, `queue:${id}`, at, { after });
  await tellPages(wish.em, at, { staff: true }, { what: 'setting', id: 'queue' });
}

/** What was set, in words and ids of ours; a name is a text that people wrote. */
function audited({ name, staff, duty, ...rest }: QueueChange & { readonly category?: string }): Record<string, string | null> {
  const words = Object.entries(rest).flatMap(([field, value]) =>
    value === undefined ? [] : [[field, value === null ? null : String(value)] as const],
  );
  return {
    ...Object.fromEntries(words),
    ...(name ? { name: Object.keys(name).toSorted().join(' ') } : {}),
    ...(staff ? { staff: staff.join(' ') } : {}),
    ...(duty ? { duty: duty.join(' ') } : {}),
  };
}
