import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { CustomerActor } from '../../../domain/actor.ts';
import { isRefusal } from '../../../domain/errors.ts';
import { veto } from '../../../db/repositories/pending-actions.ts';
import { listPendingActions } from '../../../db/repositories/pending-action-row.ts';
import type { ApiEnvironment } from '../../context.ts';
import { nextWindow, readWindow } from '../../cursor.ts';
import { existingId } from '../../existing-id.ts';
import { pendingActionSchema, presentPendingAction } from '../../present/pending-action.ts';
import { customerRoute, idempotencyHeader, jsonAnswer } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { cursorQuery, idParam, limitQuery, pageOf } from '../../schemas.ts';
import { answerWish } from '../../wish.ts';

const listRoute = customerRoute('pending_action.read', {
  method: 'get',
  path: '/pending-actions',
  tags: ['Security'],
  summary: 'Changes that wait and concern you, and those that did, newest first',
  request: { query: z.strictObject({ limit: limitQuery, cursor: cursorQuery }) },
  responses: { 200: jsonAnswer(pageOf(pendingActionSchema, 'PendingActions'), 'A page of changes') },
});

const vetoRoute = customerRoute('pending_action.veto', {
  method: 'post',
  path: '/pending-actions/{id}/veto',
  tags: ['Security'],
  summary: 'Stop a change that concerns you',
  description: 'What you began yourself is taken back.',
  request: { headers: idempotencyHeader, params: z.object({ id: idParam }) },
  responses: { 200: jsonAnswer(pendingActionSchema, 'The change, which comes to nothing') },
});

/** Changes of a customer's own doors that wait (SPEC I5, I10). */
export function customerPendingActions(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(listRoute, async (c) => {
    const { limit, cursor } = c.req.valid('query');
    const { database, clock } = c.var.parts;
    const { actor } = c.var.caller;
    const window = { limit, after: readWindow(cursor, 'pending-actions') };
    const found = await listPendingActions(database.fork(), clock.now(), { userId: actor.userId }, window);
    const nextCursor = nextWindow(
      'pending-actions',
      { items: found.items.map(({ action }) => action), more: found.more },
      (each) => each.begunAt,
    );
    return c.json({ items: found.items.map((view) => presentPendingAction(view, actor)), nextCursor }, 200);
  });
  app.openapi(vetoRoute, async (c) => {
    const id = existingId('pendingAction', c.req.valid('param').id, 'pending_action.not_found');
    return answerWish<CustomerActor>(c, async (wish) => {
      const vetoed = await veto(wish, id);
      return isRefusal(vetoed) ? vetoed : { status: 200, body: presentPendingAction(vetoed, wish.actor) };
    }) as never;
  });
  return app;
}
