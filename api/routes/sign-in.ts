import { z } from '@hono/zod-openapi';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { readChallenge } from '../../db/repositories/challenges.ts';
import { findSignedUp } from '../../db/repositories/people.ts';
import { locales } from '../../domain/locale.ts';
import { hashToken } from '../auth/api-tokens.ts';
import { mailCode, proveSecondFactor, secondFactorMethods, throttleCodes } from '../auth/second-factor.ts';
import type { SignedInAs } from '../auth/sessions.ts';
import { beginTotpAtSignIn, confirmTotpAtSignIn } from '../auth/factor-set-up.ts';
import { finishAttempt, signIn, signOut } from '../auth/sign-in.ts';
import type { ApiEnvironment } from '../context.ts';
import { ApiError } from '../errors.ts';
import { jsonAnswer, jsonBody, openRoute } from '../route.ts';
import { newRouter } from '../router.ts';
import { instant, lineText } from '../schemas.ts';
import { performVisit } from '../wish.ts';

const credentials = z
  .strictObject({ email: lineText(320, 'anna@vega.example'), password: z.string().min(1).max(1_000) })
  .openapi('Credentials');

const personFields = z
  .object({ id: z.string(), name: z.string(), email: z.string(), locale: z.enum(locales), timeZone: z.string() })
  .openapi('SignedInPerson');

export const signedIn = z
  .object({ user: personFields, secondFactorSet: z.boolean().openapi({ description: 'False: offer to set one (SPEC I3).' }) })
  .openapi('SignedIn');

export const nextProof = z
  .object({
    next: z.object({
      what: z.enum(['second_factor', 'set_up_totp']),
      attempt: z.string().openapi({ description: 'Names this attempt to the steps that follow.' }),
      methods: z.array(z.enum(secondFactorMethods)).optional(),
      expiresAt: instant,
    }),
  })
  .openapi('NextProof');

/** What the first step gave; 43 characters, or it is none of ours. */
const attemptField = z.string().min(1).max(100).openapi({ example: 'q0Zr3…' });
export const codeField = z
  .string()
  .min(1)
  .max(40)
  .openapi({ description: 'As it was typed; spaces and dashes do not matter.', example: '492039' });

export const totpSetUpSchema = z
  .object({
    secret: z.string().openapi({ description: 'To be typed where no camera is at hand.' }),
    uri: z.string(),
    qr: z.string().openapi({ description: 'The same as a picture: a `data:` address of an SVG.' }),
  })
  .openapi('TotpSetUp');

const tags = ['Sign-in'];

const signInRoute = openRoute({
  method: 'post',
  path: '/auth/sign-in',
  tags,
  summary: 'Sign in with e-mail and password',
  description: 'Answers the person and sets the session’s cookie, or says what is asked for next.',
  request: jsonBody(credentials),
  responses: { 200: jsonAnswer(z.union([signedIn, nextProof]), 'Signed in, or one more proof is needed') },
});

const secondFactorRoute = openRoute({
  method: 'post',
  path: '/auth/second-factor',
  tags,
  summary: 'Sign in: the second factor',
  description: 'An attempt has five tries and ten minutes. Each code is good for once.',
  request: jsonBody(
    z.strictObject({ attempt: attemptField, method: z.enum(secondFactorMethods), code: codeField }).openapi('SecondFactor'),
  ),
  responses: { 200: jsonAnswer(signedIn, 'Signed in; the answer sets the session’s cookie') },
});

const emailCodeRoute = openRoute({
  method: 'post',
  path: '/auth/second-factor/email-code',
  tags,
  summary: 'Sign in: have a code mailed',
  description: 'For customers who have set codes by mail. It is good for two minutes and for this attempt.',
  request: jsonBody(z.strictObject({ attempt: attemptField }).openapi('WantedCode')),
  responses: { 202: jsonAnswer(z.object({ expiresAt: instant }).openapi('MailedCode'), 'On its way') },
});

const totpRoute = openRoute({
  method: 'post',
  path: '/auth/totp',
  tags,
  summary: 'First sign-in of staff: set up the authenticator app',
  request: jsonBody(z.strictObject({ attempt: attemptField }).openapi('WantedTotp')),
  responses: { 200: jsonAnswer(totpSetUpSchema, 'What the app needs to know, shown once') },
});

const totpConfirmationRoute = openRoute({
  method: 'post',
  path: '/auth/totp/confirmation',
  tags,
  summary: 'First sign-in of staff: prove the app by a code',
  request: jsonBody(z.strictObject({ attempt: attemptField, code: codeField }).openapi('TotpProof')),
  responses: {
    200: jsonAnswer(
      signedIn.extend({ recoveryCodes: z.array(z.string()).openapi({ description: 'Shown once.' }) }).openapi('SignedInWithCodes'),
      'Signed in; the answer sets the session’s cookie',
    ),
  },
});

const signOutRoute = openRoute({
  method: 'post',
  path: '/auth/sign-out',
  tags,
  summary: 'Sign out',
  responses: { 204: { description: 'Signed out' } },
});

/** Signing in and out, for customers or for staff (SPEC I2, I3). */
export function signInRoutes(as: SignedInAs): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(signInRoute, async (c) => {
    const { email, password } = c.req.valid('json');
    const outcome = await signIn(c, as, email, password);
    if ('person' in outcome) return c.json({ user: present(outcome.person), secondFactorSet: false }, 200);
    return c.json(
      { next: { ...outcome.next, methods: outcome.next.methods?.slice(), expiresAt: outcome.next.expiresAt.toISOString() } },
      200,
    );
  });
  app.openapi(secondFactorRoute, async (c) => {
    const { attempt, method, code } = c.req.valid('json');
    const person = await personOfAttempt(c, as, attempt);
    await proveSecondFactor(c, { id: hashToken(attempt), purpose: 'sign_in', userId: person.id, kind: as }, { method, code });
    await finishAttempt(c, attempt, person, method);
    return c.json({ user: present(person), secondFactorSet: true }, 200);
  });
  if (as === 'customer')
    app.openapi(emailCodeRoute, async (c) => {
      const { attempt } = c.req.valid('json');
      const person = await personOfAttempt(c, as, attempt);
      await throttleCodes(c, person.id);
      const mailed = await performVisit(c, (visit) => mailCode(visit, { id: hashToken(attempt) }, person, 'code.sign_in'));
      return c.json({ expiresAt: mailed.toISOString() }, 202);
    });
  else {
    app.openapi(totpRoute, async (c) => c.json(await beginTotpAtSignIn(c, await personOfAttempt(c, as, c.req.valid('json').attempt)), 200));
    app.openapi(totpConfirmationRoute, async (c) => {
      const { attempt, code } = c.req.valid('json');
      const person = await personOfAttempt(c, as, attempt);
      const recoveryCodes = await confirmTotpAtSignIn(c, hashToken(attempt), person, code);
      await finishAttempt(c, attempt, person, 'totp');
      return c.json({ user: present(person), secondFactorSet: true, recoveryCodes }, 200);
    });
  }
  app.openapi(signOutRoute, async (c) => {
    await signOut(c, as);
    return c.body(null, 204);
  });
  return app;
}

/** Whose attempt it is. One that never was, is used up or too old answers alike. */
async function personOfAttempt(c: Context<ApiEnvironment>, as: SignedInAs, attempt: string) {
  const em = c.var.parts.database.fork();
  const userId = await readChallenge(em, c.var.parts.clock.now(), hashToken(attempt), 'sign_in');
  const person = userId === undefined ? undefined : await findSignedUp(em, userId);
  if (person?.kind !== as) throw new ApiError('auth.attempt_over');
  return person;
}

function present({ id, name, email, locale, timeZone }: z.infer<typeof personFields>): z.infer<typeof personFields> {
  return { id, name, email, locale, timeZone };
}
