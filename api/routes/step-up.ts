import { z } from '@hono/zod-openapi';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { setCookie } from 'hono/cookie';
import { auditWish } from '../../db/audit.ts';
import { endChallenge, ensureChallenge } from '../../db/repositories/challenges.ts';
import { activeFactors } from '../../db/repositories/factors.ts';
import { findPassword } from '../../db/repositories/people.ts';
import { isRefusal } from '../../domain/errors.ts';
import { stepUpSeconds } from '../../domain/permissions.ts';
import { callerPerson, callerSession } from '../auth/caller.ts';
import { networkOf } from '../auth/client-address.ts';
import { mailCode, proveSecondFactor, secondFactorMethods, throttleCodes } from '../auth/second-factor.ts';
import type { SignedInAs } from '../auth/sessions.ts';
import { requirePlace } from '../auth/throttle.ts';
import type { ApiEnvironment } from '../context.ts';
import { ApiError } from '../errors.ts';
import { idempotencyHeader, jsonAnswer, jsonBody, personRoute } from '../route.ts';
import { newRouter } from '../router.ts';
import { instant } from '../schemas.ts';
import { answerWish, circumstances } from '../wish.ts';
import { codeField } from './sign-in.ts';

const tags = ['Security'];
const proof = z
  .discriminatedUnion('method', [
    z.strictObject({ method: z.enum(secondFactorMethods), code: codeField }),
    z.strictObject({ method: z.literal('password'), password: z.string().min(1).max(1_000) }),
  ])
  .openapi('FreshProof', { example: { method: 'totp', code: '492039' } });

/** A fresh code for what asks for one (SPEC I10): good for five minutes, for this session. */
export function stepUpRoutes(as: SignedInAs): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(
    personRoute(as, 'me.step_up', {
      method: 'post',
      path: '/me/step-up',
      tags,
      summary: 'Give a fresh code',
      description:
        'Opens for five minutes what answers `auth.step_up_required`. The password will do only for somebody without a second factor.',
      request: jsonBody(proof),
      responses: { 200: jsonAnswer(z.object({ until: instant }).openapi('SteppedUp'), 'The answer renews the session’s cookie') },
    }),
    async (c) => {
      await prove(c, as, c.req.valid('json'));
      const until = new Date((await renewSession(c, as)).getTime() + stepUpSeconds * 1000);
      return c.json({ until: until.toISOString() }, 200);
    },
  );
  if (as === 'customer')
    app.openapi(
      personRoute(as, 'me.step_up', {
        method: 'post',
        path: '/me/step-up/email-code',
        tags,
        summary: 'Have a fresh code mailed',
        request: { headers: idempotencyHeader },
        responses: { 202: jsonAnswer(z.object({ expiresAt: instant }).openapi('MailedStepUpCode'), 'On its way; good for two minutes') },
      }),
      async (c) => {
        const person = await callerPerson(c);
        const id = challengeOf(c);
        await throttleCodes(c, person.id);
        return answerWish(c, async (wish) => {
          await ensureChallenge(wish.em, wish.clock.now(), { id, purpose: 'step_up', userId: person.id });
          const mailed = await mailCode(wish, { id }, person, 'code.step_up');
          return isRefusal(mailed) ? mailed : { status: 202, body: { expiresAt: mailed.toISOString() } };
        }) as never;
      },
    );
  return app;
}

/** An attempt of this session's own: a code mailed for it opens nothing elsewhere. */
function challengeOf(c: Context<ApiEnvironment>): string {
  return `step_up:${callerSession(c).id}`;
}

async function prove(c: Context<ApiEnvironment>, as: SignedInAs, given: z.infer<typeof proof>): Promise<void> {
  const { database, clock } = c.var.parts;
  const { userId } = c.var.caller.actor;
  if (given.method === 'password') return provePassword(c, userId, given.password);
  const id = challengeOf(c);
  await ensureChallenge(database.fork(), clock.now(), { id, purpose: 'step_up', userId });
  await proveSecondFactor(c, { id, purpose: 'step_up', userId, kind: as }, given);
  await endChallenge(database.fork(), id);
}

/** The password is a fresh proof only for somebody who has nothing better. */
async function provePassword(c: Context<ApiEnvironment>, userId: string, password: string): Promise<void> {
  const em = c.var.parts.database.fork();
  if (c.var.caller.actor.kind === 'staff' || (await activeFactors(em, userId)).length) throw new ApiError('auth.code_not_available');
  await requirePassword(c, userId, password);
}

/** Checks somebody's password where he is signed in already, among his tries. Returns the hash it was checked with. */
export async function requirePassword(c: Context<ApiEnvironment>, userId: string, password: string): Promise<string> {
  const { database, passwords, throttle } = c.var.parts;
  const place = await requirePlace(throttle.secondFactor(userId));
  const stored = await findPassword(database.fork(), userId);
  const matches = await passwords.check(stored, password, networkOf(c.var.address));
  if (matches === undefined) {
    await place.notTried();
    throw new ApiError('auth.busy', { retryAfterSeconds: 2 });
  }
  if (!matches || stored === undefined) throw new ApiError('auth.code_wrong');
  await place.succeeded();
  return stored;
}

/** Gives the session a new token and marks it fresh; returns when. */
async function renewSession(c: Context<ApiEnvironment>, as: SignedInAs): Promise<Date> {
  const { sessions, database, clock } = c.var.parts;
  const renewed = await sessions.renew(callerSession(c).id);
  if (!renewed) throw new ApiError('auth.attempt_over');
  setCookie(c, sessions.cookieName(as), renewed.token, sessions.cookieAttributes(as));
  await database
    .fork()
    .transactional((em) =>
      auditWish(
        { ...circumstances(c), em, actor: c.var.caller.actor },
        'auth.stepped_up',
        `session:${renewed.session.publicId}`,
        clock.now(),
      ),
    );
  return renewed.session.steppedUpAt!;
}
