import type { Context } from 'hono';
import type { Actor } from '../domain/actor.ts';
import { isRefusal, type Refusal } from '../domain/errors.ts';
import { performWish, type Answer, type Wish } from '../db/wish.ts';
import type { ApiEnvironment } from './context.ts';
import { ApiError, envelope, statusOf } from './errors.ts';

/**
 * Carries a person's wish out in one transaction and answers it; a refusal is kept under the idempotency key like any
 * other answer, as it changed nothing and stands as long as the key does.
 * @param keepAnswer false where the answer holds a secret (api.md, `idempotency.answer_not_kept`)
 */
export async function answerWish<Who extends Actor>(
  c: Context<ApiEnvironment>,
  work: (wish: Wish<Who>) => Promise<Answer | Refusal>,
  { keepAnswer = true } = {},
): Promise<Response> {
  const { database, clock, bell } = c.var.parts;
  const { actor, sessionId } = c.var.caller;
  const key = c.req.header('idempotency-key');
  const claim =
    key === undefined
      ? undefined
      : {
          key,
          request: `${actor.kind === 'customer' ? actor.accountId : 'staff'} ${c.req.method} ${c.req.path}\n${await c.req.text()}`,
          keepAnswer,
        };
  // Only the console works with a staff cookie; everything else is a program or a page on the API.
  const channel = actor.kind === 'staff' && sessionId !== null ? 'console' : 'api';
  const context = { clock, actor: actor as Who, channel, requestId: c.var.requestId } as const;
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
