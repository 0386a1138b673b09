import { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiEnvironment } from '../context.ts';

/**
 * `live`: the process answers. `ready`: it can take requests, that is, PostgreSQL answers. The workflow engine is no
 * condition: people go on working while it is away (QUALITY R3).
 */
export function health(): OpenAPIHono<ApiEnvironment> {
  const app = new OpenAPIHono<ApiEnvironment>();
  app.get('/live', (c) => c.json({ status: 'ok' }));
  app.get('/ready', async (c) => {
    const reachable = await c.var.parts.database.isReachable();
    if (reachable) return c.json({ status: 'ok' });
    c.header('Retry-After', '2');
    return c.json({ status: 'waiting for the database' }, 503);
  });
  return app;
}
