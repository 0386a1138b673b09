import { OpenAPIHono, z } from '@hono/zod-openapi';
import { inLocale } from '../../domain/locale.ts';
import { listOpenQueues } from '../../db/repositories/queues.ts';
import type { ApiEnvironment } from '../context.ts';
import { customerRoute, jsonAnswer } from '../route.ts';
import { newRouter } from '../router.ts';

const queueSchema = z
  .object({
    id: z.string(),
    category: z.string().openapi({ description: 'What a ticket’s `category` may be.', example: 'technical' }),
    name: z.string(),
  })
  .openapi('Queue');

const listRoute = customerRoute('queue.read', {
  method: 'get',
  path: '/queues',
  tags: ['Tickets'],
  summary: 'Categories of tickets',
  responses: {
    200: jsonAnswer(z.object({ items: z.array(queueSchema), nextCursor: z.null() }).openapi('Queues'), 'All that take new tickets'),
  },
});

/** The categories a customer may choose from (SPEC T1). */
export function customerQueues(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(listRoute, async (c) => {
    const queues = await listOpenQueues(c.var.parts.database.fork());
    return c.json({ items: queues.map(({ name, ...queue }) => ({ ...queue, name: inLocale(name, c.var.locale) })), nextCursor: null }, 200);
  });
  return app;
}
