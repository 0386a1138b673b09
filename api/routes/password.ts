import { z } from '@hono/zod-openapi';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { isRefusal } from '../../domain/errors.ts';
import { changePassword } from '../../db/repositories/passwords.ts';
import type { Wish } from '../../db/wish.ts';
import { callerPerson, callerSession } from '../auth/caller.ts';
import { hashChosenPassword } from '../auth/chosen-password.ts';
import type { SignedInAs } from '../auth/sessions.ts';
import type { ApiEnvironment } from '../context.ts';
import { ApiError } from '../errors.ts';
import { jsonBody, personRoute } from '../route.ts';
import { newRouter } from '../router.ts';
import { newPassword } from '../schemas.ts';
import { answerWish } from '../wish.ts';
import { requirePassword } from './step-up.ts';

/** A password changed by its owner, who knows the old one (SPEC I5). */
export function passwordRoutes(as: SignedInAs): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  const route = personRoute(as, 'me.password', {
    method: 'put',
    path: '/me/password',
    tags: ['Security'],
    summary: 'Change your password',
    description: 'Every other session ends, and a letter tells you.',
    request: jsonBody(z.strictObject({ currentPassword: z.string().min(1).max(1_000), password: newPassword }).openapi('ChangePassword')),
    responses: { 204: { description: 'Changed' } },
  });
  app.openapi(route, async (c) => {
    const { currentPassword, password } = c.req.valid('json');
    const person = await callerPerson(c);
    const checked = await requirePassword(c, person.id, currentPassword);
    if (password === currentPassword) throw new ApiError('password.same');
    const chosen = await hashChosenPassword(c, password, [person.email, person.name]);
    const work = async (wish: Wish) => {
      const changed = await changePassword(wish, { checked, chosen }, callerSession(c).id);
      return isRefusal(changed) ? changed : { status: 204, body: null };
    };
    return answerWish(c, work, { keyed: false });
  });
  return app;
}
