/** Timing policies as staff edit them (SPEC T8). A change applies to new deadlines; open tickets are `retiming`'s matter. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { StaffActor } from '../../domain/actor.ts';
import { refuse, type Refusal } from '../../domain/errors.ts';
import type { LocalisedText } from '../../domain/locale.ts';
import type { TimingDurations } from '../../domain/timing-policy.ts';
import { auditWish } from '../audit.ts';
import { tellPages } from '../change-feed.ts';
import { newId } from '../new-id.ts';
import type { Wish } from '../wish.ts';

export interface PolicyContent extends TimingDurations {
  readonly name: LocalisedText;
}

export interface PolicyView extends PolicyContent {
  readonly id: string;
  readonly revision: number;
  /** Queues that go by it. */
  readonly queues: readonly string[];
}

const columns = `p.id, p.name, p.auto_close_after_seconds as "autoCloseAfterSeconds", p.archive_after_seconds as "archiveAfterSeconds",
    p.warn_before_seconds as "warnBeforeSeconds", p.revision,
    coalesce((select jsonb_agg(q.id order by q.position, q.category) from queue q where q.timing_policy_id = p.id), '[]') as queues`;

/** Every policy, by its English name; no more than 200. */
export async function listPolicies(em: EntityManager): Promise<PolicyView[]> {
  return em.execute(`select ${columns} from timing_policy p order by p.name ->> 'en', p.id limit 200`);
}

export async function findPolicyView(em: EntityManager, id: string): Promise<PolicyView | undefined> {
  const [row] = await em.execute<PolicyView[]>(`select ${columns} from timing_policy p where p.id = ?`, [id]);
  return row;
}

export async function makePolicy(wish: Wish<StaffActor>, wanted: PolicyContent): Promise<PolicyView> {
  const { em } = wish;
  const at = wish.clock.now();
  const id = newId('timingPolicy', at);
  await em.execute(
    `insert into timing_policy (id, name, auto_close_after_seconds, archive_after_seconds, warn_before_seconds, revision) values (?, ?::jsonb, ?, ?, ?, 1)`,
    [id, JSON.stringify(wanted.name), wanted.autoCloseAfterSeconds, wanted.archiveAfterSeconds, wanted.warnBeforeSeconds],
  );
  await told(wish, 'timing_policy.make', id, at, { after: audited(wanted) });
  return (await findPolicyView(em, id))!;
}

/** @param known the revision that the caller has seen; undefined when he does not mind */
export async function changePolicy(
  wish: Wish<StaffActor>,
  id: string,
  known: number | undefined,
  wanted: PolicyContent,
): Promise<PolicyView | Refusal> {
  const { em } = wish;
  const before = await lockPolicy(em, id);
  if (!before) return refuse('timing_policy.not_found');
  if (known !== undefined && known !== before.revision) return refuse('request.stale');
  const at = wish.clock.now();
  await em.execute(
    `update timing_policy set name = ?::jsonb, auto_close_after_seconds = ?, archive_after_seconds = ?, warn_before_seconds = ?, revision = revision + 1 where id = ?`,
    [JSON.stringify(wanted.name), wanted.autoCloseAfterSeconds, wanted.archiveAfterSeconds, wanted.warnBeforeSeconds, id],
  );
  await told(wish, 'timing_policy.change', id, at, { before: audited(before), after: audited(wanted) });
  return (await findPolicyView(em, id))!;
}

/** Takes a policy away that no queue goes by. Deadlines that it gave keep their instants and go on naming it. */
export async function removePolicy(wish: Wish<StaffActor>, id: string, known: number | undefined): Promise<{ id: string } | Refusal> {
  const { em } = wish;
  const before = await lockPolicy(em, id);
  if (!before) return refuse('timing_policy.not_found');
  if (known !== undefined && known !== before.revision) return refuse('request.stale');
  if (before.queues.length) return refuse('timing_policy.in_use');
  const at = wish.clock.now();
  await em.execute('delete from timing_policy where id = ?', [id]);
  await told(wish, 'timing_policy.remove', id, at, { before: audited(before) });
  return { id };
}

async function lockPolicy(em: EntityManager, id: string): Promise<PolicyView | undefined> {
  await em.execute('select 1 from timing_policy where id = ? for update', [id]);
  return findPolicyView(em, id);
}

async function told(
  wish: Wish<StaffActor>,
  action: string,
  id: string,
  at: Date,
  more: { before?: Record<string, string>; after?: Record<string, string> },
): Promise<void> {
  await auditWish(wish, action, `timing-policy:${id}`, at, more);
  await tellPages(wish.em, at, { staff: true }, { what: 'setting', id: 'timing_policy' });
}

function audited({ autoCloseAfterSeconds, archiveAfterSeconds, warnBeforeSeconds }: TimingDurations): Record<string, string> {
  return {
    autoCloseAfterSeconds: String(autoCloseAfterSeconds),
    archiveAfterSeconds: String(archiveAfterSeconds),
    warnBeforeSeconds: String(warnBeforeSeconds),
  };
}
