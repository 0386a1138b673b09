import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { StaffActor } from '../../../domain/actor.ts';
import { isRefusal } from '../../../domain/errors.ts';
import { listCases, settleCase } from '../../../db/repositories/cases.ts';
import type { ApiEnvironment } from '../../context.ts';
import { existingId } from '../../existing-id.ts';
import { idempotencyHeader, jsonAnswer, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { idOf, idParam, instant } from '../../schemas.ts';
import { answerWish } from '../../wish.ts';

const caseSchema = z
  .object({
    id: idOf('case'),
    kind: z.string().openapi({ example: 'delivery.refused' }),
    about: z.string(),
    detail: z.record(z.string(), z.string()),
    openedAt: instant,
  })
  .openapi('Case');

const listRoute = staffRoute('case.read', {
  method: 'get',
  path: '/cases',
  tags: ['Cases'],
  summary: 'Things that a person must look at',
  responses: {
    200: jsonAnswer(
      z.object({ items: z.array(caseSchema), nextCursor: z.null() }).openapi('Cases'),
      'The 200 open cases that have waited longest',
    ),
  },
});

const settleRoute = staffRoute('case.settle', {
  method: 'post',
  path: '/cases/{id}/settlement',
  tags: ['Cases'],
  summary: 'The case is looked after',
  request: { headers: idempotencyHeader, params: z.object({ id: idParam }) },
  responses: { 200: jsonAnswer(z.object({ id: z.string() }).openapi('SettledCase'), 'Settled') },
});

/** Cases: undeliverable mail, messages set aside, tickets that the engine lost. */
export function staffCases(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(listRoute, async (c) => {
    const cases = await listCases(c.var.parts.database.fork());
    return c.json(
      {
        items: cases.map(({ id, kind, about, detail, openedAt }) => ({ id, kind, about, detail, openedAt: openedAt.toISOString() })),
        nextCursor: null,
      },
      200,
    );
  });
  app.openapi(settleRoute, async (c) => {
    const id = existingId('case', c.req.valid('param').id, 'case.not_found');
    return answerWish<StaffActor>(c, async (wish) => {
      const settled = await settleCase(wish, id);
      return isRefusal(settled) ? settled : { status: 200, body: settled };
    }) as never;
  });
  return app;
}
