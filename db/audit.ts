import { AuditLine } from './entities/audit-line.entity.ts';
import { newId } from './new-id.ts';
import type { Wish } from './wish.ts';

/** Adds a line to the audit in the transaction of what it tells of (SPEC I9). Tickets write theirs with their facts. */
export async function auditWish(wish: Wish, action: string, object: string, at: Date): Promise<void> {
  const { em, actor, requestId } = wish;
  await em.insert(AuditLine, {
    id: newId('auditLine', at),
    at,
    actorKind: actor.kind,
    actorId: actor.userId,
    action,
    object,
    before: null,
    after: null,
    requestId,
  });
}
