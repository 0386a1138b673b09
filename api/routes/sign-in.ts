import { z } from '@hono/zod-openapi';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { signIn, signOut } from '../auth/sign-in.ts';
import type { SignedInAs } from '../auth/sessions.ts';
import type { ApiEnvironment } from '../context.ts';
import { jsonAnswer, jsonBody, openRoute } from '../route.ts';
import { newRouter } from '../router.ts';
import { lineText } from '../schemas.ts';
import { presentPerson } from '../present/person.ts';

const credentials = z
  .strictObject({ email: lineText(320, 'anna@vega.example'), password: z.string().min(1).max(1_000) })
  .openapi('Credentials');
const signedIn = z
  .object({ user: z.object({ id: z.string(), name: z.string(), email: z.string(), locale: z.string(), timeZone: z.string() }) })
  .openapi('SignedIn');

const signInRoute = openRoute({
  method: 'post',
  path: '/auth/sign-in',
  tags: ['Sign-in'],
  summary: 'Sign in with e-mail and password',
  request: jsonBody(credentials),
  responses: { 200: jsonAnswer(signedIn, 'Signed in; the answer sets the session’s cookie') },
});

const signOutRoute = openRoute({
  method: 'post',
  path: '/auth/sign-out',
  tags: ['Sign-in'],
  summary: 'Sign out',
  responses: { 204: { description: 'Signed out' } },
});

/** Signing in and out, for customers or for staff (SPEC I2, I6 as far as safety needs it now). */
export function signInRoutes(as: SignedInAs): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(signInRoute, async (c) => {
    const { email, password } = c.req.valid('json');
    return c.json({ user: presentPerson(await signIn(c, as, email, password)) }, 200);
  });
  app.openapi(signOutRoute, async (c) => {
    await signOut(c, as);
    return c.body(null, 204);
  });
  return app;
}
