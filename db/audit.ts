import type { Actor } from '../domain/actor.ts';
import { AuditLine } from './entities/audit-line.entity.ts';
import { newId } from './new-id.ts';
import type { Visit, Wish } from './wish.ts';

/** What a line of the audit tells beside who and when. Values are words and ids of ours; secrets and texts never are. */
export interface Audited {
  readonly action: string;
  /** The thing it was done to, as `kind:id`. */
  readonly object: string;
  /** The person it was done to; left out where that is nobody, or the actor himself did it to a thing. */
  readonly whom?: string | null;
  readonly before?: Readonly<Record<string, string | null>>;
  readonly after?: Readonly<Record<string, string | null>>;
}

/** Adds a line to the audit in the transaction of what it tells of (SPEC I9). Tickets write theirs with their facts. */
export async function auditWish(
  wish: Wish,
  action: string,
  object: string,
  at: Date,
  more: Omit<Audited, 'action' | 'object'> = {},
): Promise<void> {
  await audit(wish, wish.actor, at, { action, object, ...more });
}

/** The same for somebody who has not signed in: the person himself when a proof says who he is, else nobody. */
export async function audit(
  { em, requestId, address }: Visit,
  by: Pick<Actor, 'kind' | 'userId'> | 'nobody',
  at: Date,
  { action, object, whom = null, before, after }: Audited,
): Promise<void> {
  await em.insert(AuditLine, {
    id: newId('auditLine', at),
    at,
    actorKind: by === 'nobody' ? 'nobody' : by.kind,
    actorId: by === 'nobody' ? null : by.userId,
    action,
    object,
    whom,
    address,
    before: before ?? null,
    after: after ?? null,
    requestId,
  });
}
