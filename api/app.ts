import type { OpenAPIHono } from '@hono/zod-openapi';
import { staffConsole } from './console.ts';
import type { ApiEnvironment, ApiParts } from './context.ts';
import { boundedBody, discardUnreadBody, identify, jsonOnly, logRequest, secureHeaders } from './middleware/every-request.ts';
import { answerFailure, answerUnknown } from './middleware/failures.ts';
import { apiDocs, openApiDocument } from './openapi.ts';
import { newRouter } from './router.ts';
import { customerNotifications } from './routes/customer/notifications.ts';
import { customerTickets } from './routes/customer/tickets.ts';
import { customerTokens } from './routes/customer/tokens.ts';
import { health } from './routes/health.ts';
import { customerMe, staffMe } from './routes/me.ts';
import { customerQueues, staffQueues } from './routes/queues.ts';
import { signInRoutes } from './routes/sign-in.ts';
import { staffCases } from './routes/staff/cases.ts';
import { staffHolds } from './routes/staff/holds.ts';
import { staffTickets } from './routes/staff/tickets.ts';

/** The whole HTTP surface. What it needs is handed to it, so that tests drive the very same thing. */
export function createApp(parts: ApiParts): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.use(identify(parts), logRequest(), secureHeaders(), discardUnreadBody());
  app.use('/api/*', boundedBody(), jsonOnly());

  for (const routes of [
    signInRoutes('customer'),
    customerMe(),
    customerTokens(),
    customerQueues(),
    customerTickets(),
    customerNotifications(),
  ])
    app.route('/api/v1', routes);
  for (const routes of [signInRoutes('staff'), staffMe(), staffQueues(), staffTickets(), staffHolds(), staffCases()])
    app.route('/api/staff/v1', routes);

  const documented = openApiDocument(app);
  app.route('/health', health());
  app.route(
    '/api',
    apiDocs(() => documented),
  );
  if (parts.consoleFolder !== undefined) {
    app.get('/', (c) => c.redirect('/admin/'));
    app.get('/admin', (c) => c.redirect('/admin/'));
    app.route('/admin', staffConsole(parts.consoleFolder));
  }
  app.onError(answerFailure);
  app.notFound(answerUnknown(methodFinder(app)));
  return app;
}

/** Tells which methods an address takes, so that a wrong one is 405 and not 404. */
function methodFinder(app: OpenAPIHono<ApiEnvironment>): (path: string) => string[] {
  const known = app.routes
    .filter((route) => route.method !== 'ALL' && !route.path.includes('*'))
    .map((route) => ({ method: route.method, pattern: new RegExp(`^${route.path.replaceAll(/:\w+/g, '[^/]+')}$`) }));
  return (path) => [
    ...new Set(known.filter((route) => route.pattern.test(path)).flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : method))),
  ];
}
