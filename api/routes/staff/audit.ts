import { z } from '@hono/zod-openapi';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { auditWish } from '../../../db/audit.ts';
import { auditedActions, searchAudit, type AuditFilter, type AuditView } from '../../../db/repositories/audit-search.ts';
import type { Database } from '../../../db/database.ts';
import { refuseOtherSites } from '../../auth/authenticate.ts';
import type { ApiEnvironment } from '../../context.ts';
import { csvAnswer } from '../../csv-table.ts';
import { nextWindow, readWindow } from '../../cursor.ts';
import { jsonAnswer, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { cursorQuery, givenInstant, idOf, idQuery, instant, limitQuery, orNull, pageOf, personSchema } from '../../schemas.ts';
import { circumstances } from '../../wish.ts';

const word = (example: string) =>
  z
    .string()
    .regex(/^[\w.:-]{1,100}$/)
    .openapi({ example });
const filter = {
  person: idQuery('user').optional().openapi({ description: 'Who did it, or whom it was done to.' }),
  object: word('ticket:CS-000123').optional(),
  action: word('factor.set').optional().openapi({ description: 'An action; or with a full stop at its end, every one that begins so.' }),
  from: givenInstant.optional(),
  to: givenInstant.optional(),
};
const values = z.record(z.string(), z.string().nullable());
export const auditLineSchema = z
  .object({
    id: idOf('auditLine'),
    at: instant,
    actorKind: z.enum(['customer', 'staff', 'time', 'nobody']),
    actor: orNull(personSchema),
    action: z.string(),
    object: z.string(),
    whom: orNull(personSchema),
    address: z.string().nullable(),
    before: values.nullable(),
    after: values.nullable(),
    requestId: z.string().nullable(),
  })
  .openapi('AuditLine');

const tags = ['Audit'];

const listRoute = staffRoute('audit.read', {
  method: 'get',
  path: '/audit',
  tags,
  summary: 'Who did what to whom',
  request: { query: z.strictObject({ ...filter, limit: limitQuery, cursor: cursorQuery }) },
  responses: { 200: jsonAnswer(pageOf(auditLineSchema, 'Audit'), 'The newest first') },
});

const actionsRoute = staffRoute('audit.read', {
  method: 'get',
  path: '/audit/actions',
  tags,
  summary: 'The actions that the audit tells of',
  responses: { 200: jsonAnswer(z.object({ items: z.array(z.string()), nextCursor: z.null() }).openapi('AuditActions'), 'By name') },
});

const exportRoute = staffRoute('audit.export', {
  method: 'get',
  path: '/audit/export',
  tags,
  summary: 'The audit as a table',
  description: 'A line each, the newest first; at most 100,000. Cells that a spreadsheet would run are written as text.',
  request: { query: z.strictObject(filter) },
  responses: { 200: { description: 'A CSV file', content: { 'text/csv': { schema: z.string() } } } },
});

/** The audit: searched and exported by administrators (SPEC I9). */
export function staffAudit(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(listRoute, async (c) => {
    const { limit, cursor, ...wanted } = c.req.valid('query');
    const found = await searchAudit(c.var.parts.database.fork(), wanted, { limit, after: readWindow(cursor, 'audit') });
    return c.json({ items: found.items.map(present), nextCursor: nextWindow('audit', found, (line) => line.at) }, 200);
  });
  app.openapi(actionsRoute, async (c) => c.json({ items: await auditedActions(c.var.parts.database.fork()), nextCursor: null }, 200));
  app.openapi(exportRoute, async (c) => {
    // It is in the audit who took the audit away.
    refuseOtherSites(c);
    const { database, clock } = c.var.parts;
    const wanted = c.req.valid('query');
    await database
      .fork()
      .transactional((em) => auditWish({ ...circumstances(c), em, actor: c.var.caller.actor }, 'audit.export', 'audit:all', clock.now()));
    return csvAnswer(c, 'kontor-audit', columns, everyLine(database, wanted));
  });
  return app;
}

const columns = ['at', 'actorKind', 'actorId', 'actor', 'action', 'object', 'whomId', 'whom', 'address', 'before', 'after', 'requestId'];
const mostLines = 100_000;
const linesAtOnce = 500;

/** Reads on page by page, so that neither side holds the whole. Throws in words of ours: the server prints what breaks an answer off. */
async function* everyLine(database: Database, wanted: AuditFilter): AsyncGenerator<Record<string, string>> {
  let after: { at: string; id: string } | undefined;
  for (let written = 0; written < mostLines; written += linesAtOnce) {
    const { items, more } = await searchAudit(database.fork(), wanted, { limit: linesAtOnce, after }).catch((failure: Error) => {
      throw new Error(`the audit could not be read on (${failure.name})`);
    });
    for (const line of items) yield row(line);
    const last = items.at(-1);
    if (!more || !last) return;
    after = { at: last.at.toISOString(), id: last.id };
  }
}

function row({ at, actorKind, actor, action, object, whom, address, before, after, requestId }: AuditView): Record<string, string> {
  const spelled = (given: AuditView['before']) => (given === null ? '' : JSON.stringify(given));
  return {
    at: at.toISOString(),
    actorKind,
    actorId: actor?.id ?? '',
    actor: actor?.name ?? '',
    action,
    object,
    whomId: whom?.id ?? '',
    whom: whom?.name ?? '',
    address: address ?? '',
    before: spelled(before),
    after: spelled(after),
    requestId: requestId ?? '',
  };
}

function present({ at, ...line }: AuditView): z.infer<typeof auditLineSchema> {
  return { ...line, at: at.toISOString() };
}
