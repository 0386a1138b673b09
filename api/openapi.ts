import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiEnvironment } from './context.ts';

/** The contract's head; the rest is generated from the routes. */
const head = {
  openapi: '3.1.0',
  info: {
    title: 'Kontor',
    version: '1',
    description:
      'Support desk, billing and licences of one company. Customers’ programs use `/api/v1`, the staff console `/api/staff/v1`. ' +
      'Errors come in one envelope with a stable code. Any authenticated POST takes an `Idempotency-Key`: the same key and body give the same answer, without doing it twice. ' +
      'Instants are RFC 3339 in UTC. Fields are only ever added.',
    license: { name: 'AGPL-3.0-or-later', identifier: 'AGPL-3.0-or-later' },
  },
} as const;

/** The OpenAPI 3.1 document of these routes. */
export function openApiDocument(app: OpenAPIHono<ApiEnvironment>): object {
  app.openAPIRegistry.registerComponent('securitySchemes', 'apiToken', {
    type: 'http',
    scheme: 'bearer',
    description: 'A personal API token, `kntr_…`',
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'customerSession', {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-kontor',
    description: 'Set by signing in (over plain http on this machine its name is `kontor`)',
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'staffSession', {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-kontor-staff',
    description: 'Set by signing in (over plain http on this machine its name is `kontor-staff`)',
  });
  return app.getOpenAPI31Document(head);
}

const assets = { 'swagger-ui.css': 'text/css', 'swagger-ui-bundle.js': 'text/javascript', 'favicon-32x32.png': 'image/png' } as const;
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

const page = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Kontor API</title>
<link rel="icon" href="/api/docs/favicon-32x32.png"><link rel="stylesheet" href="/api/docs/swagger-ui.css"></head>
<body><div id="document"></div><script src="/api/docs/swagger-ui-bundle.js"></script><script src="/api/docs/begin.js"></script></body></html>`;
const begin = `SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#document', deepLinking: true, tryItOutEnabled: true });`;

/** The document and a page to try it on, from our own files: no other host is asked for anything. */
export function apiDocs(document: () => object): OpenAPIHono<ApiEnvironment> {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const app = new OpenAPIHono<ApiEnvironment>();
  let text: string | undefined;
  app.get('/openapi.json', (c) => c.body((text ??= JSON.stringify(document())), 200, { 'Content-Type': 'application/json' }));
  app.get('/docs', (c) => c.html(page, 200, { 'Content-Security-Policy': policy }));
  app.get('/docs/begin.js', (c) => c.body(begin, 200, { 'Content-Type': 'text/javascript' }));
  for (const [name, type] of Object.entries(assets))
    app.get(`/docs/${name}`, (c) =>
      c.body(readFileSync(join(folder, name)), 200, { 'Content-Type': type, 'Cache-Control': 'public, max-age=3600' }),
    );
  return app;
}
