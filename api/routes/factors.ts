import { z } from '@hono/zod-openapi';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import {
  goWithoutFactor,
  mailFactorCode,
  renewRecoveryCodes,
  setFactor,
  tryFactorCode,
  type ProvenFactor,
} from '../../db/repositories/factor-wishes.ts';
import { activeFactors, viewFactors } from '../../db/repositories/factors.ts';
import { isProtected } from '../../db/repositories/pending-actions.ts';
import type { Person } from '../../db/repositories/people.ts';
import type { Wish } from '../../db/wish.ts';
import type { CustomerActor } from '../../domain/actor.ts';
import { isRefusal, refuse } from '../../domain/errors.ts';
import { callerPerson } from '../auth/caller.ts';
import { beginTotpSetUp, hashedRecoveryCodes } from '../auth/factor-set-up.ts';
import { makeCode, provesTotp } from '../auth/second-factor.ts';
import type { SignedInAs } from '../auth/sessions.ts';
import { requirePlace } from '../auth/throttle.ts';
import type { ApiEnvironment } from '../context.ts';
import { ApiError } from '../errors.ts';
import { customerRoute, idempotencyHeader, jsonAnswer, jsonBody, personRoute } from '../route.ts';
import { newRouter } from '../router.ts';
import { instant, orNull } from '../schemas.ts';
import { answerWish, refuseRepeat } from '../wish.ts';
import { throttleLetters } from './registration.ts';
import { codeField, totpSetUpSchema } from './sign-in.ts';

const factorSchema = z.object({ setAt: instant, lastUsedAt: instant.nullable() }).openapi('Factor');
export const factorsSchema = z
  .object({
    totp: orNull(factorSchema),
    email: orNull(factorSchema),
    recoveryCodesLeft: z.int(),
    required: z.boolean().openapi({ description: 'Staff must have an authenticator app; customers are offered one.' }),
  })
  .openapi('Factors');
export const codesSchema = z
  .object({
    recoveryCodes: z.array(z.string()).nullable().openapi({ description: 'Shown once; null when there are unused ones from before.' }),
  })
  .openapi('RecoveryCodes');

const tags = ['Security'];
const headers = { headers: idempotencyHeader };

/** A person's second factors and recovery codes, on one page (SPEC I3). Changing any asks for a fresh code. */
export function factorRoutes(as: SignedInAs): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  addReading(app, as);
  addTotp(app, as);
  if (as === 'customer') addEmail(app);
  if (as === 'customer') addRemoval(app);
  addRecoveryCodes(app, as);
  return app;
}

function addReading(app: OpenAPIHono<ApiEnvironment>, as: SignedInAs): void {
  const route = personRoute(as, 'factor.read', {
    method: 'get',
    path: '/me/factors',
    tags,
    summary: 'Your second factors',
    responses: { 200: jsonAnswer(factorsSchema, 'What is set') },
  });
  app.openapi(route, async (c) => {
    const { totp, email, recoveryCodesLeft } = await viewFactors(c.var.parts.database.fork(), c.var.caller.actor.userId);
    return c.json({ totp: present(totp), email: present(email), recoveryCodesLeft, required: as === 'staff' }, 200);
  });
}

function present(factor: { setAt: Date; lastUsedAt: Date | null } | null): z.infer<typeof factorSchema> | null {
  return factor && { setAt: factor.setAt.toISOString(), lastUsedAt: factor.lastUsedAt?.toISOString() ?? null };
}

function addTotp(app: OpenAPIHono<ApiEnvironment>, as: SignedInAs): void {
  const begin = personRoute(as, 'factor.change', {
    method: 'post',
    path: '/me/factors/totp',
    tags,
    summary: 'Begin to set up an authenticator app',
    description: 'One that is set already works on until a code of the new one is given.',
    request: headers,
    responses: { 200: jsonAnswer(totpSetUpSchema, 'What the app needs to know, shown once') },
  });
  app.openapi(begin, async (c) => {
    const person = await callerPerson(c);
    const work = async (wish: Wish) => {
      if (await isProtected(wish.em, person.id)) return refuse('person.change_pending');
      return { status: 200, body: await beginTotpSetUp(wish, c.var.parts.publicUrl, person) };
    };
    return answerWish(c, work, { keepAnswer: false }) as never;
  });
  const confirm = personRoute(as, 'factor.change', {
    method: 'post',
    path: '/me/factors/totp/confirmation',
    tags,
    summary: 'Prove the authenticator app by a code',
    request: { ...headers, ...jsonBody(z.strictObject({ code: codeField }).openapi('TotpCode')) },
    responses: { 200: jsonAnswer(codesSchema, 'The app is set') },
  });
  app.openapi(confirm, async (c) => {
    await refuseRepeat(c);
    const person = await callerPerson(c);
    const place = await requirePlace(c.var.parts.throttle.secondFactor(person.id));
    const seal = await provesTotp(c, person.id, 'pending', c.req.valid('json').code);
    if (seal === undefined) throw new ApiError('auth.code_wrong');
    await place.succeeded();
    return useFactor(c, person, { kind: 'totp', seal }) as never;
  });
}

function addEmail(app: OpenAPIHono<ApiEnvironment>): void {
  const begin = personRoute('customer', 'factor.change', {
    method: 'post',
    path: '/me/factors/email',
    tags,
    summary: 'Begin to set up codes by mail',
    request: headers,
    responses: { 202: jsonAnswer(z.object({ expiresAt: instant }).openapi('MailedFactorCode'), 'A code is on its way') },
  });
  app.openapi(begin, async (c) => {
    const person = await callerPerson(c);
    // Each letter brings five more tries.
    await throttleLetters(c, 'factor', person.email);
    return answerWish(c, async (wish) => {
      const expiresAt = await mailFactorCode(wish, person, makeCode());
      return isRefusal(expiresAt) ? expiresAt : { status: 202, body: { expiresAt: expiresAt.toISOString() } };
    }) as never;
  });
  const confirm = personRoute('customer', 'factor.change', {
    method: 'post',
    path: '/me/factors/email/confirmation',
    tags,
    summary: 'Prove the mailbox by the code',
    request: { ...headers, ...jsonBody(z.strictObject({ code: codeField }).openapi('EmailFactorCode')) },
    responses: { 200: jsonAnswer(codesSchema, 'Codes by mail are set') },
  });
  app.openapi(confirm, async (c) => {
    await refuseRepeat(c);
    const person = await callerPerson(c);
    const { database, clock, vault } = c.var.parts;
    const tried = await tryFactorCode({ em: database.fork(), vault, clock }, person.id, c.req.valid('json').code.replaceAll(/\s/g, ''));
    if (tried !== 'right') throw new ApiError(tried === 'wrong' ? 'auth.code_wrong' : 'factor.not_begun');
    return useFactor(c, person, { kind: 'email' }) as never;
  });
}

/** A customer may go without; staff can only replace their app, so that there is nothing for them to remove. */
function addRemoval(app: OpenAPIHono<ApiEnvironment>): void {
  for (const kind of ['totp', 'email'] as const) {
    const route = customerRoute('factor.change', {
      method: 'delete',
      path: `/me/factors/${kind}`,
      tags,
      summary: kind === 'totp' ? 'Remove the authenticator app' : 'Remove codes by mail',
      description: 'With the last second factor the recovery codes go too.',
      request: headers,
      responses: { 204: { description: 'It is no longer asked for' } },
    });
    app.openapi(route, async (c) => {
      const person = await callerPerson(c);
      return answerWish<CustomerActor>(c, async (wish) => (await goWithoutFactor(wish, person, kind)) ?? { status: 204, body: null });
    });
  }
}

function addRecoveryCodes(app: OpenAPIHono<ApiEnvironment>, as: SignedInAs): void {
  const route = personRoute(as, 'factor.change', {
    method: 'post',
    path: '/me/recovery-codes',
    tags,
    summary: 'Make new recovery codes',
    description: 'Those from before are void.',
    request: headers,
    responses: { 200: jsonAnswer(codesSchema, 'Shown once') },
  });
  app.openapi(route, async (c) => {
    const person = await callerPerson(c);
    // Before ten slow hashes for somebody who gets none.
    if ((await activeFactors(c.var.parts.database.fork(), person.id)).length === 0) throw new ApiError('factor.not_found');
    const codes = await hashedRecoveryCodes(c);
    const work = async (wish: Wish) =>
      (await renewRecoveryCodes(wish, person, codes.rows)) ?? { status: 200, body: { recoveryCodes: codes.shown } };
    return answerWish(c, work, { keepAnswer: false }) as never;
  });
}

async function useFactor(c: Context<ApiEnvironment>, person: Person, proven: ProvenFactor): Promise<Response> {
  const codes = await firstRecoveryCodes(c, person.id);
  const work = async (wish: Wish) =>
    (await setFactor(wish, person, proven, codes?.rows)) ?? { status: 200, body: { recoveryCodes: codes?.shown ?? null } };
  return answerWish(c, work, { keepAnswer: false });
}

/** Recovery codes come with the first factor; a second factor, or a new phone, leaves the unused ones as they are. */
async function firstRecoveryCodes(c: Context<ApiEnvironment>, userId: string) {
  const { recoveryCodesLeft } = await viewFactors(c.var.parts.database.fork(), userId);
  return recoveryCodesLeft === 0 ? hashedRecoveryCodes(c) : undefined;
}
