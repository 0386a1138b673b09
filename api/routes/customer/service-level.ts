import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { CustomerActor } from '../../../domain/actor.ts';
import { listServiceLevels } from '../../../db/repositories/account-service-level.ts';
import type { ApiEnvironment } from '../../context.ts';
import { ownServiceLevelSchema, presentOwnServiceLevel } from '../../present/service-level.ts';
import { customerRoute, jsonAnswer } from '../../route.ts';
import { newRouter } from '../../router.ts';

const readRoute = customerRoute('account.read', {
  method: 'get',
  path: '/account/service-level',
  tags: ['Account'],
  summary: 'What a new ticket of your account is promised in each category',
  description: 'Working time counts from receipt. A ticket keeps what it was promised when it was opened.',
  responses: {
    200: jsonAnswer(
      z.object({ items: z.array(ownServiceLevelSchema), nextCursor: z.null() }).openapi('OwnServiceLevels'),
      'All categories that take new tickets',
    ),
  },
});

/** What a customer was promised (SPEC S1, S6). */
export function customerServiceLevel(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(readRoute, async (c) => {
    const { accountId } = c.var.caller.actor as CustomerActor;
    const { database, clock } = c.var.parts;
    const levels = await listServiceLevels(database.fork(), accountId, clock.now());
    const open = levels.filter(({ queue }) => queue.acceptsNew);
    return c.json({ items: open.map((level) => presentOwnServiceLevel(level, c.var.locale)), nextCursor: null }, 200);
  });
  return app;
}
