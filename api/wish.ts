import type { Context } from 'hono';
import type { Actor } from '../domain/actor.ts';
import { isRefusal, type Refusal } from '../domain/errors.ts';
import type { Locale } from '../domain/locale.ts';
import { findAnswer, performWish, type Answer, type Circumstances, type IdempotencyClaim, type Visit, type Wish } from '../db/wish.ts';
import type { ApiEnvironment } from './context.ts';
import { deviceWords } from './auth/device-words.ts';
import { placeWords } from './auth/places.ts';
import { ApiError, envelope, statusOf } from './errors.ts';

/**
 * Carries a person's wish out in one transaction and answers it; a refusal is kept under the idempotency key like any
 * other answer, as it changed nothing and stands as long as the key does.
 * @param keepAnswer false where the answer holds a secret (api.md, `idempotency.answer_not_kept`)
 * @param keyed false where no key is taken, as the request holds a person's password: not even a keyed hash of it is to lie there for a day
 */
export async function answerWish<Who extends Actor>(
  c: Context<ApiEnvironment>,
  work: (wish: Wish<Who>) => Promise<Answer | Refusal>,
  { keepAnswer = true, keyed = true } = {},
): Promise<Response> {
  const { database, bell } = c.var.parts;
  const { actor } = c.var.caller;
  const claim = keyed ? await claimOf(c, keepAnswer) : undefined;
  const context = { ...circumstances(c), actor: actor as Who };
  const answer = await performWish<Who>(database, context, claim, async (wish) => {
    const outcome = await work(wish);
    return isRefusal(outcome) ? { status: statusOf(outcome.refused), body: envelope(outcome, c.var.locale, c.var.requestId) } : outcome;
  });
  if (isRefusal(answer)) throw new ApiError(answer.refused, { about: answer.about });
  // A repeat rings too: the process that did it first may have died before it could.
  bell.ring();
  if (answer.replayed) c.header('Idempotency-Replayed', 'true');
  return answer.body === null ? c.body(null, answer.status as 204) : c.json(answer.body, answer.status as 200);
}

/** The caller's `Idempotency-Key` and what it stands for; undefined without one. */
async function claimOf(c: Context<ApiEnvironment>, keepAnswer: boolean): Promise<IdempotencyClaim | undefined> {
  const key = c.req.header('idempotency-key');
  const { actor } = c.var.caller;
  const tree = actor.kind === 'customer' ? actor.accountId : 'staff';
  return key === undefined ? undefined : { key, request: `${tree} ${c.req.method} ${c.req.path}\n${await c.req.text()}`, keepAnswer };
}

/**
 * For wishes whose proof, a code, is used up before they are carried out: one that was carried out under this key is told
 * so, rather than that its code is wrong.
 */
export async function refuseRepeat(c: Context<ApiEnvironment>): Promise<void> {
  const claim = await claimOf(c, false);
  const earlier =
    claim && (await findAnswer({ em: c.var.parts.database.fork(), vault: c.var.parts.vault }, c.var.caller.actor.userId, claim));
  if (isRefusal(earlier)) throw new ApiError(earlier.refused);
}

/**
 * Carries out, in one transaction, what somebody asks who has not signed in: registering, following a mailed link. There
 * is no actor whose idempotency keys could be kept; each of these is harmless to ask twice.
 */
export async function answerVisit(c: Context<ApiEnvironment>, work: (visit: Visit) => Promise<Answer | Refusal>): Promise<Response> {
  const answer = await performVisit(c, work);
  return answer.body === null ? c.body(null, answer.status as 204) : c.json(answer.body, answer.status as 200);
}

/** The same for a route that answers by itself. A refusal takes back what was written: a link is not used up in vain. */
export async function performVisit<Outcome>(
  c: Context<ApiEnvironment>,
  work: (visit: Visit) => Promise<Outcome>,
): Promise<Exclude<Outcome, Refusal>> {
  const { database, bell } = c.var.parts;
  const outcome = await database.fork().transactional(async (em) => {
    const made = await work({ ...circumstances(c), em });
    if (isRefusal(made)) throw new ApiError(made.refused, { about: made.about });
    return made;
  });
  bell.ring();
  return outcome as Exclude<Outcome, Refusal>;
}

/** What facts record of this request. */
export function circumstances(c: Context<ApiEnvironment>): Circumstances {
  const { clock, vault } = c.var.parts;
  const caller = c.get('caller') as ApiEnvironment['Variables']['caller'] | undefined;
  // Only the console works with a staff cookie; everything else is a program or a page on the API.
  const channel = caller?.actor.kind === 'staff' && caller.session !== null ? 'console' : 'api';
  const whence = (reader: Locale) => ({
    device: deviceWords(c.req.header('user-agent') ?? '', reader),
    place: placeWords(c.var.address),
  });
  return { clock, vault, channel, requestId: c.var.requestId, address: c.var.address, whence };
}
