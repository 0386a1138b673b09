import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor } from '../domain/actor.ts';
import type { Clock } from '../domain/clock.ts';
import { refuse, type Refusal } from '../domain/errors.ts';
import type { Locale } from '../domain/locale.ts';
import type { Channel } from '../domain/ticket.ts';
import type { Database } from './database.ts';
import type { Vault } from './vault.ts';

/** What every fact records of the request that made it: by which way, which one, from where; and what it is done with. */
export interface Circumstances {
  readonly clock: Clock;
  readonly vault: Vault;
  readonly channel: Channel;
  readonly requestId: string;
  /** Network address the request came from. */
  readonly address: string;
  /** From which browser and where, in words, for a letter to whom it concerns. */
  readonly whence: (reader: Locale) => Whence;
}

/** Words that a letter's reader knows his own doings by. */
export interface Whence {
  readonly device: string;
  readonly place: { readonly en: string; readonly ru: string };
}

/** The transaction of somebody who has not signed in: he registers, follows a mailed link, or is about to sign in. */
export interface Visit extends Circumstances {
  readonly em: EntityManager;
}

/** The transaction a person's wish runs in, and who that is. */
export interface Wish<Who extends Actor = Actor> extends Visit {
  readonly actor: Who;
}

/**
 * A wish as far as writing in a ticket goes. Long work carries it out later, for the one who asked: the request is over by
 * then, and with it whatever belongs to a request only.
 */
export type WishInTicket<Who extends Actor = Actor> = Pick<Wish<Who>, 'em' | 'actor' | 'clock' | 'channel' | 'requestId' | 'address'>;

/** What the caller is answered; kept, so that the same wish sent again gets the same answer. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface IdempotencyClaim {
  /** The caller's `Idempotency-Key`, 1–255 printable characters. */
  readonly key: string;
  /** Method, path and body: the same key with another request is refused. */
  readonly request: string;
  /** False where the answer holds a secret: a repeat is then refused instead of answered (api.md). */
  readonly keepAnswer: boolean;
}

/**
 * Runs a wish in one transaction, at most once per idempotency key of its actor (DESIGN, "A wish").
 *
 * The key's row is claimed first, so a repeat that comes while the wish is under way waits on that row and then finds
 * the answer. If the wish throws, the transaction and with it the claim are gone, and a repeat runs anew; that is how
 * a 5xx is never kept.
 * @returns the answer, and whether it was given before; or a refusal of the key
 */
export async function performWish<Who extends Actor>(
  database: Database,
  context: Omit<Wish<Who>, 'em'>,
  claim: IdempotencyClaim | undefined,
  work: (wish: Wish<Who>) => Promise<Answer>,
): Promise<(Answer & { replayed: boolean }) | Refusal> {
  return database.fork().transactional(async (em) => {
    const wish = { ...context, em };
    if (!claim) return { ...(await work(wish)), replayed: false };
    const earlier = await claimKey(wish, claim);
    if (earlier) return earlier;
    const answer = await work(wish);
    const kept = claim.keepAnswer || answer.status >= 400 ? JSON.stringify(answer.body) : null;
    await em.execute('update idempotency_record set status = ?, answer = ?::json where actor = ? and key = ?', [
      answer.status,
      kept,
      context.actor.userId,
      claim.key,
    ]);
    return { ...answer, replayed: false };
  });
}

/** Claims the key for this wish, or tells what was answered under it before. */
async function claimKey(wish: Wish, claim: IdempotencyClaim): Promise<(Answer & { replayed: boolean }) | Refusal | undefined> {
  const claimed = await wish.em.execute<unknown[]>(
    'insert into idempotency_record (actor, key, request_hash, created_at) values (?, ?, ?, ?) on conflict do nothing returning 1',
    [wish.actor.userId, claim.key, fingerprintOf(wish.vault, claim), wish.clock.now()],
  );
  if (claimed.length) return undefined;
  return (await findAnswer(wish, wish.actor.userId, claim)) ?? refuse('idempotency.key_reused');
}

/** What was answered under this key before, or why it is not told; undefined when nothing was. */
export async function findAnswer(
  { em, vault }: Pick<Visit, 'em' | 'vault'>,
  userId: string,
  claim: IdempotencyClaim,
): Promise<(Answer & { replayed: boolean }) | Refusal | undefined> {
  const [earlier] = await em.execute<{ request_hash: string; status: number; answer: unknown }[]>(
    'select request_hash, status, answer from idempotency_record where actor = ? and key = ?',
    [userId, claim.key],
  );
  if (!earlier) return undefined;
  if (earlier.request_hash !== fingerprintOf(vault, claim)) return refuse('idempotency.key_reused');
  if (!claim.keepAnswer && earlier.status < 400) return refuse('idempotency.answer_not_kept');
  return { status: earlier.status, body: earlier.answer, replayed: true };
}

/**
 * What is kept of the request: a hash with a key, as it may hold a secret that could be guessed from a hash without one.
 * Under a new first key of the vault a repeat of the last day is refused as another request, and nothing is done twice.
 */
function fingerprintOf(vault: Vault, { request }: IdempotencyClaim): string {
  return vault.fingerprint('idempotency', request);
}
