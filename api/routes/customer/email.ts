import { z } from '@hono/zod-openapi';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { CustomerActor } from '../../../domain/actor.ts';
import { isRefusal } from '../../../domain/errors.ts';
import { beginEmailChange } from '../../../db/repositories/pending-actions.ts';
import type { ApiEnvironment } from '../../context.ts';
import { pendingActionSchema, presentPendingAction } from '../../present/pending-action.ts';
import { customerRoute, idempotencyHeader, jsonAnswer, jsonBody } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { emailField } from '../../schemas.ts';
import { answerWish } from '../../wish.ts';
import { throttleLetters } from '../registration.ts';

const changeRoute = customerRoute('me.email', {
  method: 'post',
  path: '/me/email',
  tags: ['Security'],
  summary: 'Change your e-mail address',
  description: 'Mails a link to the new address, which makes the change when it is followed, and a notice to the old one.',
  request: { headers: idempotencyHeader, ...jsonBody(z.strictObject({ email: emailField }).openapi('ChangeEmail')) },
  responses: { 202: jsonAnswer(pendingActionSchema, 'The change waits for its confirmation') },
});

/** A change of one's own address (SPEC I5). */
export function customerEmail(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(changeRoute, async (c) => {
    const { email } = c.req.valid('json');
    await throttleLetters(c, 'email_change', email);
    return answerWish<CustomerActor>(c, async (wish) => {
      const begun = await beginEmailChange(wish, email);
      return isRefusal(begun) ? begun : { status: 202, body: presentPendingAction(begun, wish.actor) };
    }) as never;
  });
  return app;
}
