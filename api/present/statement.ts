/** How a monthly statement looks in answers (SPEC B6, M10). */
import { z } from '@hono/zod-openapi';
import type { Locale } from '../../domain/locale.ts';
import { statementZone } from '../../domain/statement.ts';
import { operationKinds } from '../../db/repositories/operations.ts';
import type { BookHead, StatementHead, StatementView } from '../../db/repositories/statements.ts';
import { instant, moneySchema, personSchema } from '../schemas.ts';
import { operationNames, operationSchema, presentOperation } from './operation.ts';

const headFields = {
  month: z.string().openapi({ example: '2026-11' }),
  from: instant,
  to: instant.openapi({ description: 'The first instant after the month.' }),
  running: z.boolean().openapi({ description: 'The month is not over: it tells what there is until now.' }),
  opening: moneySchema.openapi({ description: 'The balance before the month.' }),
  closing: moneySchema.openapi({ description: 'The balance after it, or now.' }),
};

export const statementHeadSchema = z.object({ ...headFields, operations: z.int() }).openapi('StatementHead');

const bookHead = z
  .object({
    version: z.int().openapi({ description: 'Entries so far.' }),
    balance: moneySchema,
    hash: z.string().openapi({ description: 'SHA-256 of the last entry, hexadecimal; empty before the first.' }),
  })
  .openapi('BookHead');

export const statementSchema = z
  .object({
    ...headFields,
    zone: z.string().openapi({ description: 'Whose months.', example: 'Europe/Moscow' }),
    until: instant.openapi({ description: 'Until when it tells.' }),
    account: personSchema,
    totals: z.array(z.object({ kind: z.enum(operationKinds), name: z.string(), count: z.int(), amount: moneySchema })),
    operations: z.array(operationSchema).openapi({ description: 'The oldest first, at most 2,000.' }),
    operationsLeftOff: z.int().openapi({ description: 'How many more there are; the list of operations has them all.' }),
    books: z
      .array(z.object({ book: z.string(), before: bookHead, after: bookHead }))
      .openapi({ description: 'Paid money and bonus: where their chains of entries stand, by which the statement can be proven.' }),
  })
  .openapi('Statement');

export function presentStatementHead(head: StatementHead, currency: string): z.infer<typeof statementHeadSchema> {
  return { ...fieldsOf(head, currency), operations: head.operations };
}

export function presentStatement(view: StatementView, locale: Locale): z.infer<typeof statementSchema> {
  const { id, name, currency } = view.account;
  const headOf = ({ version, balanceMinor, hash }: BookHead) => ({ version, balance: { amountMinor: balanceMinor, currency }, hash });
  return {
    ...fieldsOf(view, currency),
    zone: statementZone,
    until: view.toldUntil.toISOString(),
    account: { id, name },
    totals: view.totals.map(({ kind, count, amountMinor }) => ({
      kind,
      name: operationNames[locale][kind],
      count,
      amount: { amountMinor, currency },
    })),
    operations: view.operations.map((operation) => presentOperation(operation, currency, locale)),
    operationsLeftOff: view.operationsLeftOff,
    books: view.books.map(({ before, after }) => ({ book: after.ledgerAccountId, before: headOf(before), after: headOf(after) })),
  };
}

function fieldsOf({ month, openingMinor, closingMinor }: Pick<StatementView, 'month' | 'openingMinor' | 'closingMinor'>, currency: string) {
  return {
    month: month.month,
    from: month.startsAt.toISOString(),
    to: month.endsAt.toISOString(),
    running: month.isRunning,
    opening: { amountMinor: openingMinor, currency },
    closing: { amountMinor: closingMinor, currency },
  };
}
