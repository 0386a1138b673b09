import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { CustomerActor } from '../../../domain/actor.ts';
import { ownMatters } from '../../../domain/money-outlook.ts';
import { listOutlook } from '../../../db/repositories/money-outlook.ts';
import type { ApiEnvironment } from '../../context.ts';
import { nextWindow, readWindow } from '../../cursor.ts';
import { ownStepSchema, presentOwnStep } from '../../present/money-outlook.ts';
import { customerRoute, jsonAnswer } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { cursorQuery, limitQuery, pageOf } from '../../schemas.ts';

const listRoute = customerRoute('obligation.read', {
  method: 'get',
  path: '/obligations',
  tags: ['Money'],
  summary: 'Everything that will happen with your money, or may, the next first',
  request: { query: z.strictObject({ what: z.enum(ownMatters).optional(), cursor: cursorQuery, limit: limitQuery }) },
  responses: { 200: jsonAnswer(pageOf(ownStepSchema, 'OwnObligations'), 'A page of it') },
});

/** What will happen with an account’s money (SPEC M4). */
export function customerObligations(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(listRoute, async (c) => {
    const { what, cursor, limit } = c.req.valid('query');
    const { database, clock } = c.var.parts;
    const { accountId } = c.var.caller.actor as CustomerActor;
    const filter = { accountId, matters: what === undefined ? ownMatters : [what] };
    const page = await listOutlook(database.fork(), filter, { limit, after: readWindow(cursor, 'obligations') }, clock.now());
    return c.json({ items: page.items.map(presentOwnStep), nextCursor: nextWindow('obligations', page, (step) => step.dueAt) }, 200);
  });
  return app;
}
