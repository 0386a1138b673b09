import { z } from '@hono/zod-openapi';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { auditWish } from '../../db/audit.ts';
import { listSessions, removeSessionByPublicId, removeSessionsOf } from '../../db/repositories/sessions.ts';
import { refuse } from '../../domain/errors.ts';
import { callerSession } from '../auth/caller.ts';
import { deviceWords } from '../auth/device-words.ts';
import { placeWords } from '../auth/places.ts';
import type { SignedInAs } from '../auth/sessions.ts';
import type { ApiEnvironment } from '../context.ts';
import { existingId } from '../existing-id.ts';
import { idempotencyHeader, jsonAnswer, personRoute } from '../route.ts';
import { newRouter } from '../router.ts';
import { idOf, idParam, instant } from '../schemas.ts';
import { answerWish } from '../wish.ts';

export const sessionSchema = z
  .object({
    id: idOf('session'),
    device: z.string().openapi({ example: 'Firefox on Windows' }),
    place: z.string().openapi({ example: 'Germany' }),
    address: z.string(),
    secondFactor: z.enum(['totp', 'email', 'recovery']).nullable(),
    signedInAt: instant,
    lastSeenAt: instant,
    current: z.boolean().openapi({ description: 'The one this request came with.' }),
  })
  .openapi('Session');

const tags = ['Security'];

/** Where a person is signed in (SPEC I6). */
export function sessionRoutes(as: SignedInAs): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  const list = personRoute(as, 'session.read', {
    method: 'get',
    path: '/me/sessions',
    tags,
    summary: 'Where you are signed in',
    responses: {
      200: jsonAnswer(
        z.object({ items: z.array(sessionSchema), nextCursor: z.null() }).openapi('Sessions'),
        'The one used last comes first',
      ),
    },
  });
  app.openapi(list, async (c) => {
    const { database, clock } = c.var.parts;
    const sessions = await listSessions(database.fork(), c.var.caller.actor.userId, clock.now());
    const items = sessions.map(({ publicId, userAgent, address, secondFactor, createdAt, lastSeenAt }) => ({
      id: publicId,
      device: deviceWords(userAgent, c.var.locale),
      place: placeWords(address)[c.var.locale],
      address,
      secondFactor,
      signedInAt: createdAt.toISOString(),
      lastSeenAt: lastSeenAt.toISOString(),
      current: publicId === callerSession(c).publicId,
    }));
    return c.json({ items, nextCursor: null }, 200);
  });

  const revoke = personRoute(as, 'session.revoke', {
    method: 'delete',
    path: '/me/sessions/{id}',
    tags,
    summary: 'Sign out one session',
    request: { headers: idempotencyHeader, params: z.object({ id: idParam }) },
    responses: { 204: { description: 'It opens nothing any more' } },
  });
  app.openapi(revoke, async (c) => {
    const id = existingId('session', c.req.valid('param').id, 'session.not_found');
    return answerWish(c, async (wish) => {
      if (!(await removeSessionByPublicId(wish.em, wish.actor.userId, id))) return refuse('session.not_found');
      await auditWish(wish, 'session.revoke', `session:${id}`, wish.clock.now(), { whom: wish.actor.userId });
      return { status: 204, body: null };
    });
  });

  const revokeOthers = personRoute(as, 'session.revoke', {
    method: 'delete',
    path: '/me/sessions',
    tags,
    summary: 'Sign out every other session',
    request: { headers: idempotencyHeader },
    responses: { 204: { description: 'Only this one is left' } },
  });
  app.openapi(revokeOthers, async (c) => {
    const { id } = callerSession(c);
    return answerWish(c, async (wish) => {
      await removeSessionsOf(wish.em, wish.actor.userId, id);
      await auditWish(wish, 'session.revoke_others', `user:${wish.actor.userId}`, wish.clock.now(), { whom: wish.actor.userId });
      return { status: 204, body: null };
    });
  });
  return app;
}
