import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { StaffActor } from '../../../domain/actor.ts';
import { auditStates } from '../../../domain/books-audit.ts';
import { isRefusal } from '../../../domain/errors.ts';
import { findBooksAudit, listBooksAudits, readFindings, runBooksAudit } from '../../../db/repositories/books-audits.ts';
import type { ApiEnvironment } from '../../context.ts';
import { nextWindow, readWindow } from '../../cursor.ts';
import { ApiError } from '../../errors.ts';
import { existingId } from '../../existing-id.ts';
import { booksAuditPageSchema, booksAuditSchema, presentBooksAudit, presentFinding } from '../../present/books-audit.ts';
import { idempotencyHeader, jsonAnswer, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { cursorQuery, idParam, limitQuery, pageOf } from '../../schemas.ts';
import { answerWish } from '../../wish.ts';

const tags = ['Audits of the books'];

const listRoute = staffRoute('books_audit.read', {
  method: 'get',
  path: '/books-audits',
  tags,
  summary: 'Audits of the books, the newest first',
  request: { query: z.strictObject({ state: z.enum(auditStates).optional(), cursor: cursorQuery, limit: limitQuery }) },
  responses: { 200: jsonAnswer(pageOf(booksAuditSchema, 'BooksAudits'), 'A page of them') },
});

const readRoute = staffRoute('books_audit.read', {
  method: 'get',
  path: '/books-audits/{id}',
  tags,
  summary: 'An audit with what it found',
  request: { params: z.object({ id: idParam }) },
  responses: { 200: jsonAnswer(booksAuditPageSchema, 'It') },
});

const runRoute = staffRoute('books_audit.run', {
  method: 'post',
  path: '/books-audits',
  tags,
  summary: 'Audit the books now',
  description:
    'Checks the ledger, and compares what the provider has with what we have since two days before the last audit. It moves no money, but records refunds that were made in the provider’s cabinet. Each night it begins by itself.',
  request: { headers: idempotencyHeader },
  responses: { 201: jsonAnswer(booksAuditSchema, 'Begun') },
});

/** Audits of the books and how far they are (SPEC B10). */
export function staffBooksAudits(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(listRoute, async (c) => {
    const { state, cursor, limit } = c.req.valid('query');
    const page = await listBooksAudits(c.var.parts.database.fork(), state, { limit, after: readWindow(cursor, 'books-audits') });
    return c.json(
      { items: page.items.map(presentBooksAudit), nextCursor: nextWindow('books-audits', page, (audit) => audit.begunAt) },
      200,
    );
  });
  app.openapi(readRoute, async (c) => {
    const id = existingId('booksAudit', c.req.valid('param').id, 'books_audit.not_found');
    const em = c.var.parts.database.fork();
    const audit = await findBooksAudit(em, id);
    if (!audit) throw new ApiError('books_audit.not_found');
    return c.json({ ...presentBooksAudit(audit), cases: (await readFindings(em, id)).map(presentFinding) }, 200);
  });
  app.openapi(
    runRoute,
    async (c) =>
      answerWish<StaffActor>(c, async (wish) => {
        const begun = await runBooksAudit(wish);
        return isRefusal(begun) ? begun : { status: 201, body: presentBooksAudit((await findBooksAudit(wish.em, begun.id))!) };
      }) as never,
  );
  return app;
}
