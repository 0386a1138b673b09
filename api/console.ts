import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiEnvironment } from './context.ts';

/** The console runs its own scripts only and talks to its own server only. MUI's style engine writes style elements. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/**
 * Serves the built console at `/admin/`. Files with a hash in their name may be kept for ever; any other address is a
 * page of the console's own routing.
 */
export function staffConsole(folder: string): OpenAPIHono<ApiEnvironment> {
  const app = new OpenAPIHono<ApiEnvironment>();
  app.use('/assets/*', async (c, next) => {
    await next();
    if (c.res.ok) c.res.headers.set('Cache-Control', 'public, max-age=31536000, immutable');
  });
  app.use('/assets/*', serveStatic({ root: folder, precompressed: true, rewriteRequestPath: (path) => path.replace(/^\/admin/, '') }));
  app.get('/assets/*', (c) => c.notFound());
  app.get('*', (c) => {
    const index = join(folder, 'index.html');
    if (!existsSync(index)) return c.text('The console is not built. Run: npm run console:build', 503);
    return c.html(readFileSync(index, 'utf8'), 200, { 'Content-Security-Policy': policy, 'Cache-Control': 'no-cache' });
  });
  return app;
}
