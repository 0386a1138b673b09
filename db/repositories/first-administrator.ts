import type { EntityManager } from '@mikro-orm/postgresql';
import { AuditLine } from '../entities/audit-line.entity.ts';
import { Invitation } from '../entities/invitation.entity.ts';
import { newId } from '../new-id.ts';
import { addLink, voidLinks } from './mailed-links.ts';

/** Whoever installs Kontor is at the keyboard now; a link that lies in a terminal's memory should not be good for long. */
const goodForSeconds = 24 * 3600;

export type FirstInvitation =
  | { readonly token: string; readonly expiresAt: Date }
  | { readonly refused: 'there_is_an_administrator' | 'address_taken' };

/**
 * Invites somebody to be an administrator who was invited by nobody: the first one, or with `another` one more, for when no
 * administrator can sign in any more. Who can run this can read the database anyway. Of such invitations only the
 * newest is good. Call it in a transaction.
 * @param email as `readEmailAddress` spells it
 */
export async function inviteFirstAdministrator(
  em: EntityManager,
  at: Date,
  { email, another }: { email: string; another: boolean },
): Promise<FirstInvitation> {
  // Two at once would each find no invitation but its own.
  await em.execute(`select pg_advisory_xact_lock(hashtext('first_administrator'))`);
  const isThere = await em.execute<unknown[]>(`select 1 from app_user where staff_role = 'administrator' and disabled_at is null limit 1`);
  if (isThere.length && !another) return { refused: 'there_is_an_administrator' };
  const taken = await em.execute<unknown[]>('select 1 from app_user where lower(email) = ?', [email]);
  if (taken.length) return { refused: 'address_taken' };
  await revokeEarlier(em, at);

  const id = newId('invitation', at);
  const expiresAt = new Date(at.getTime() + goodForSeconds * 1000);
  const nobody = { accountId: null, role: null, invitedById: null, acceptedAt: null, acceptedById: null, revokedAt: null };
  await em.insert(Invitation, { ...nobody, id, staffRole: 'administrator', email, createdAt: at, expiresAt });
  const token = await addLink(em, at, 'invitation', id, goodForSeconds);
  await em.insert(AuditLine, {
    id: newId('auditLine', at),
    at,
    actorKind: 'nobody',
    actorId: null,
    action: 'staff.first_administrator',
    object: `invitation:${id}`,
    whom: null,
    address: null,
    before: null,
    after: { role: 'administrator', administrators: isThere.length ? 'some' : 'none' },
    requestId: null,
  });
  return { token, expiresAt };
}

async function revokeEarlier(em: EntityManager, at: Date): Promise<void> {
  const open = { invitedById: null, acceptedAt: null, revokedAt: null };
  for (const { id } of await em.find(Invitation, open, { fields: ['id'] })) {
    await em.nativeUpdate(Invitation, { id }, { revokedAt: at });
    await voidLinks(em, at, 'invitation', id);
  }
}
