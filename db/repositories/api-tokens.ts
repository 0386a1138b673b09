import type { EntityManager } from '@mikro-orm/postgresql';
import { refuse, type Refusal } from '../../domain/errors.ts';
import type { CustomerActor } from '../../domain/actor.ts';
import { customerMay, tokenScopes, type CustomerAction } from '../../domain/permissions.ts';
import { auditWish } from '../audit.ts';
import { ApiToken } from '../entities/api-token.entity.ts';
import { newId } from '../new-id.ts';
import type { Wish } from '../wish.ts';
import { sendLetter } from './letters.ts';
import { isProtected } from './pending-actions.ts';
import { findPerson, lockPerson } from './people.ts';

/** Tokens one person may hold at a time. */
const maxTokens = 50;
export const maxTokenDays = 366;

/** Keeps a new token's hash under a name of the owner's choice, bound to the account he is in (SPEC I7). */
export async function addApiToken(
  wish: Wish<CustomerActor>,
  wanted: { name: string; tokenHash: string; expiresInDays: number; scopes: readonly CustomerAction[] | undefined },
): Promise<ApiToken | Refusal> {
  const { em, actor } = wish;
  const at = wish.clock.now();
  if (wanted.expiresInDays < 1 || wanted.expiresInDays > maxTokenDays) return refuse('token.expiry_out_of_range');
  const allowed = tokenScopes.filter((scope) => customerMay(actor.role, scope));
  if (wanted.scopes?.some((scope) => !allowed.includes(scope))) return refuse('token.scope_not_yours');
  await lockPerson(em, actor.userId);
  if (await isProtected(em, actor.userId)) return refuse('person.change_pending');
  if ((await em.count(ApiToken, { userId: actor.userId, expiresAt: { $gt: at } })) >= maxTokens) return refuse('token.too_many');
  const token = {
    id: newId('apiToken', at),
    userId: actor.userId,
    accountId: actor.accountId,
    name: wanted.name,
    tokenHash: wanted.tokenHash,
    // Named one by one: what the table will allow later is not given to a token made today.
    scopes: [...(wanted.scopes ?? allowed)],
    createdAt: at,
    expiresAt: new Date(at.getTime() + wanted.expiresInDays * 24 * 3600 * 1000),
    lastUsedAt: null,
  };
  await em.insert(ApiToken, token);
  const person = await findPerson(em, actor.userId);
  if (person) {
    const facts = { ...wish.whence(person.locale), at: at.toISOString() };
    await sendLetter(wish, at, 'token.created', { ...person, address: person.email }, facts);
  }
  await auditWish(wish, 'token.create', `token:${token.id}`, at, { after: { scopes: token.scopes.join(' ') } });
  return token;
}

/** A person's tokens, the newest first; expired ones are among them until he revokes them. */
export async function listApiTokens(em: EntityManager, userId: string): Promise<ApiToken[]> {
  return em.find(ApiToken, { userId }, { orderBy: { createdAt: 'desc', id: 'desc' } });
}

/** Takes a token back; from then on it opens nothing. */
export async function revokeApiToken(wish: Wish<CustomerActor>, id: string): Promise<{ id: string } | Refusal> {
  const removed = await wish.em.nativeDelete(ApiToken, { id, userId: wish.actor.userId });
  if (!removed) return refuse('token.not_found');
  await auditWish(wish, 'token.revoke', `token:${id}`, wish.clock.now());
  return { id };
}
