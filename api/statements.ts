/** Monthly statements (SPEC B6), as customers and staff ask for them: the list of months, and one month as JSON or PDF. */
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { accepts } from 'hono/accepts';
import { isRefusal } from '../domain/errors.ts';
import { statementMonth } from '../domain/statement.ts';
import { listStatements, readStatement } from '../db/repositories/statements.ts';
import type { ApiEnvironment } from './context.ts';
import { readCursor, spellCursor } from './cursor.ts';
import { ApiError } from './errors.ts';
import { presentStatement, presentStatementHead, statementHeadSchema, statementSchema } from './present/statement.ts';
import { jsonAnswer } from './route.ts';
import { cursorQuery, limitQuery, pageOf } from './schemas.ts';
import { statementPdf } from './statement-pdf.ts';

export const statementsQuery = z.strictObject({ limit: limitQuery, cursor: cursorQuery });
export const statementsAnswer = jsonAnswer(pageOf(statementHeadSchema, 'Statements'), 'The newest month first');

const monthPattern = /^2\d{3}-(?:0[1-9]|1[0-2])$/;
export const monthParam = z.string().openapi({ param: { name: 'month', in: 'path' }, example: '2026-11' });

const json = jsonAnswer(statementSchema, 'The statement as JSON, or as PDF where `Accept` prefers `application/pdf`');
export const statementAnswer = {
  ...json,
  content: { ...json.content, 'application/pdf': { schema: z.string().openapi({ format: 'binary' }) } },
};

export async function answerStatements(
  c: Context<ApiEnvironment>,
  account: { readonly id: string; readonly currency: string },
  { limit, cursor }: z.infer<typeof statementsQuery>,
): Promise<Response> {
  const { database, clock } = c.var.parts;
  const from = readCursor(cursor, 'statements', { value: 'integer', key: 'words' })?.key;
  if (from !== undefined && !monthPattern.test(from)) throw new ApiError('request.cursor_invalid');
  const { items, next } = await listStatements(database.fork(), account.id, clock.now(), { limit, from });
  const nextCursor = next && spellCursor('statements', 0, next);
  return c.json({ items: items.map((head) => presentStatementHead(head, account.currency)), nextCursor }, 200);
}

export async function answerStatement(c: Context<ApiEnvironment>, accountId: string, name: string): Promise<Response> {
  const { database, clock } = c.var.parts;
  const now = clock.now();
  // What is no month has no statement, as a month that has not begun.
  const month = monthPattern.test(name) ? statementMonth(name, now) : undefined;
  if (!month || isRefusal(month)) throw new ApiError('statement.not_yet');
  const statement = await readStatement(database, accountId, month, now);
  if (!statement) throw new ApiError('customer.not_found');
  const supports = ['application/json', 'application/pdf'];
  c.header('Vary', 'Accept', { append: true });
  if (accepts(c, { header: 'Accept', supports, default: 'application/json' }) !== 'application/pdf')
    return c.json(presentStatement(statement, c.var.locale), 200);
  const pdf = await statementPdf(statement, c.var.locale);
  c.header('Content-Type', 'application/pdf');
  c.header('Content-Disposition', `attachment; filename="statement-${month.month}.pdf"`);
  return c.body(new Uint8Array(pdf));
}
