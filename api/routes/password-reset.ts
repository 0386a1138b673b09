import { z } from '@hono/zod-openapi';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { askPasswordReset, resetLinkOwner, resetPassword } from '../../db/repositories/passwords.ts';
import { isRefusal } from '../../domain/errors.ts';
import { hashChosenPassword } from '../auth/chosen-password.ts';
import type { ApiEnvironment } from '../context.ts';
import { ApiError } from '../errors.ts';
import { jsonAnswer, jsonBody, openRoute } from '../route.ts';
import { newRouter } from '../router.ts';
import { emailField, linkToken, newPassword } from '../schemas.ts';
import { answerVisit } from '../wish.ts';
import { aboutLink, throttleLetters } from './registration.ts';

const tags = ['Sign-in'];

const askRoute = openRoute({
  method: 'post',
  path: '/auth/password-reset',
  tags,
  summary: 'Ask for a link to choose a new password',
  description: 'The answer is the same whoever has the address. Customers and staff alike.',
  request: jsonBody(z.strictObject({ email: emailField }).openapi('PasswordReset')),
  responses: { 202: jsonAnswer(z.object({}).openapi('PasswordResetNoted'), 'A letter is on its way') },
});

const resetRoute = openRoute({
  method: 'post',
  path: '/auth/password-reset/confirmation',
  tags,
  summary: 'Choose a new password by the mailed link',
  description: 'Ends every session. It signs nobody in, and a second factor is asked for as before.',
  request: jsonBody(z.strictObject({ token: linkToken, password: newPassword }).openapi('PasswordResetConfirmation')),
  responses: { 204: { description: 'The new password is set: sign in' } },
});

/** A forgotten password (SPEC I4). */
export function passwordResetRoutes(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(askRoute, async (c) => {
    const { email } = c.req.valid('json');
    await throttleLetters(c, 'password_reset', email);
    return answerVisit(c, async (visit) => {
      await askPasswordReset(visit, email, { locale: c.var.locale, timeZone: 'UTC' });
      return { status: 202, body: {} };
    }) as never;
  });
  app.openapi(resetRoute, async (c) => {
    const { token, password } = c.req.valid('json');
    const owner = await resetLinkOwner(c.var.parts.database.fork(), await aboutLink(c, token, 'password_reset'));
    if (!owner) throw new ApiError('auth.link_invalid');
    const passwordHash = await hashChosenPassword(c, password, [owner.email, owner.name]);
    return answerVisit(c, async (visit) => {
      const reset = await resetPassword(visit, token, passwordHash);
      return isRefusal(reset) ? reset : { status: 204, body: null };
    });
  });
  return app;
}
