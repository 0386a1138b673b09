import { OpenAPIHono, z } from '@hono/zod-openapi';
import { inLocale } from '../../domain/locale.ts';
import { listQueues } from '../../db/repositories/ticket-reads.ts';
import type { ApiEnvironment } from '../context.ts';
import { customerRoute, jsonAnswer, staffRoute } from '../route.ts';
import { newRouter } from '../router.ts';

const fields = {
  id: z.string(),
  category: z.string().openapi({ description: 'What a ticket’s `category` may be.', example: 'technical' }),
  name: z.string(),
};
const queueSchema = z.object(fields).openapi('Queue');
const staffQueueSchema = z
  .object({
    ...fields,
    autoCloseAfterSeconds: z.int(),
    archiveAfterSeconds: z.int(),
    warnBeforeSeconds: z.int(),
    reopenAfterManualClose: z.boolean().openapi({ description: 'False: a ticket closed by hand is read-only at once.' }),
    timingPolicy: z.object({ id: z.string(), name: z.string() }),
  })
  .openapi('StaffQueue');

const declared = { method: 'get', path: '/queues' } as const;

/** The categories a customer may choose from (SPEC T1). */
export function customerQueues(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  const route = customerRoute('queue.read', {
    ...declared,
    tags: ['Tickets'],
    summary: 'Categories of tickets',
    responses: { 200: jsonAnswer(z.object({ items: z.array(queueSchema), nextCursor: z.null() }).openapi('Queues'), 'All categories') },
  });
  app.openapi(route, async (c) => {
    const queues = await listQueues(c.var.parts.database.fork());
    return c.json(
      { items: queues.map(({ id, category, name }) => ({ id, category, name: inLocale(name, c.var.locale) })), nextCursor: null },
      200,
    );
  });
  return app;
}

/** The queues with their timing (SPEC T8). */
export function staffQueues(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  const route = staffRoute('queue.read', {
    ...declared,
    tags: ['Settings'],
    summary: 'Queues and their timing',
    responses: {
      200: jsonAnswer(z.object({ items: z.array(staffQueueSchema), nextCursor: z.null() }).openapi('StaffQueues'), 'All queues'),
    },
  });
  app.openapi(route, async (c) => {
    const queues = await listQueues(c.var.parts.database.fork());
    const items = queues.map(({ name, timingPolicyId, timingPolicyName, ...queue }) => ({
      ...queue,
      name: inLocale(name, c.var.locale),
      timingPolicy: { id: timingPolicyId, name: inLocale(timingPolicyName, c.var.locale) },
    }));
    return c.json({ items, nextCursor: null }, 200);
  });
  return app;
}
