import { OpenAPIHono, z } from '@hono/zod-openapi';
import { isRefusal } from '../../domain/errors.ts';
import { confirmEmailChange, vetoByLink } from '../../db/repositories/pending-actions.ts';
import type { ApiEnvironment } from '../context.ts';
import { pendingActionSchema, presentPendingAction } from '../present/pending-action.ts';
import { jsonAnswer, jsonBody, openRoute } from '../route.ts';
import { newRouter } from '../router.ts';
import { linkToken } from '../schemas.ts';
import { answerVisit } from '../wish.ts';

const body = jsonBody(z.strictObject({ token: linkToken }).openapi('ChangeLinkFollowed'));

const confirmRoute = openRoute({
  method: 'post',
  path: '/auth/email-change',
  tags: ['Security'],
  summary: 'Confirm a new address by the link that was mailed there',
  description: 'Takes effect at once, unless staff began it: then it waits until the old address may not stop it any more.',
  request: body,
  responses: { 200: jsonAnswer(pendingActionSchema, 'The change, confirmed') },
});

const vetoRoute = openRoute({
  method: 'post',
  path: '/auth/veto',
  tags: ['Security'],
  summary: 'Stop a change that staff began, by the link that was mailed to the old address',
  request: body,
  responses: { 200: jsonAnswer(pendingActionSchema, 'The change, which comes to nothing') },
});

/** What the links about a change that waits lead to (SPEC I5): whoever holds the mailbox need not sign in. */
export function pendingActionLinkRoutes(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(confirmRoute, async (c) => {
    const { token } = c.req.valid('json');
    return answerVisit(c, async (visit) => {
      const confirmed = await confirmEmailChange(visit, token);
      return isRefusal(confirmed) ? confirmed : { status: 200, body: presentPendingAction(confirmed, 'link') };
    }) as never;
  });
  app.openapi(vetoRoute, async (c) => {
    const { token } = c.req.valid('json');
    return answerVisit(c, async (visit) => {
      const vetoed = await vetoByLink(visit, token);
      return isRefusal(vetoed) ? vetoed : { status: 200, body: presentPendingAction(vetoed, 'link') };
    }) as never;
  });
  return app;
}
