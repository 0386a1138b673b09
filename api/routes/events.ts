import type { HttpBindings } from '@hono/node-server';
import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { LiveThing } from '../../domain/live-topic.ts';
import type { CustomerAction } from '../../domain/permissions.ts';
import { stillLetIn } from '../auth/authenticate.ts';
import type { SignedInAs } from '../auth/sessions.ts';
import type { ApiEnvironment } from '../context.ts';
import { ApiError } from '../errors.ts';
import type { StreamReader } from '../live/event-stream.ts';
import { personRoute } from '../route.ts';
import { newRouter } from '../router.ts';

const description = `A stream that does not end. Its first event is \`hello\`, after which the reader reads what he shows; then \`change\`
with what changed, as JSON: \`what\` (\`ticket\`, \`notification\`, …), the \`ticket\`’s number where it belongs to one, and more by its kind.
It says where to look, not what is there. Whoever comes back with \`Last-Event-ID\` gets \`resumed\` and what he missed, or \`reset\` where
that is too much or too old: then he reads everything anew. Comments keep the connection alive. One person has at most 12 streams.`.replaceAll(
  '\n',
  ' ',
);

/** Live pages (SPEC T18), in both trees. */
export function eventRoutes(as: SignedInAs): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  const route = personRoute(as, 'event.read', {
    method: 'get',
    path: '/events',
    tags: ['Live pages'],
    summary: 'What changes, as it changes (Server-Sent Events)',
    description,
    request: { headers: z.object({ 'last-event-id': z.string().optional().openapi({ example: '7421-311' }) }) },
    responses: { 200: { description: 'The stream', content: { 'text/event-stream': { schema: z.string() } } } },
  });
  app.openapi(route, (async (c: Context<ApiEnvironment>) => {
    // `HEAD` asks how it would be answered; nobody would read the stream.
    if (c.req.method === 'HEAD') return c.body(null, 200, streamHeaders);
    const { live } = c.var.parts;
    const stream = await live.listen(readerOf(c), c.req.header('last-event-id'), stillLetIn(c, as));
    if (stream === 'too_many') throw new ApiError('event.too_many_streams', { retryAfterSeconds: 30 });
    if (typeof stream === 'string') throw new ApiError('service.unavailable', { retryAfterSeconds: 5 });
    return c.body(stream, 200, streamHeaders);
  }) as never);
  return app;
}

const streamHeaders = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store, no-transform',
  // A proxy that gathers answers before it passes them on would hold every event back.
  'X-Accel-Buffering': 'no',
  // Nothing follows on the connection of a stream, so that shutting down need not wait for it.
  Connection: 'close',
};

/** What a token must let its program read to be told that it changed. Sessions may do what their role does. */
const scopeOf: Readonly<Partial<Record<LiveThing, CustomerAction>>> = {
  ticket: 'ticket.read',
  notification: 'notification.read',
  quote: 'quote.read',
  server_access: 'server_access.read',
  problem: 'problem.read',
};

function readerOf(c: Context<ApiEnvironment>): StreamReader {
  const { actor, scopes } = c.var.caller;
  const { outgoing } = c.env as HttpBindings;
  return {
    userId: actor.userId,
    accountId: actor.kind === 'customer' ? actor.accountId : undefined,
    mayHear: ({ what }) => {
      if (!scopes) return true;
      const scope = scopeOf[what];
      return scope !== undefined && scopes.includes(scope);
    },
    cut: () => void outgoing.destroy(),
  };
}
