/** The list of an account's operations (SPEC B6), as customers and staff ask for it: as pages, or all of it as a table. */
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Locale } from '../domain/locale.ts';
import { startOfDay } from '../domain/missing-year.ts';
import { User } from '../db/entities/user.entity.ts';
import type { Database } from '../db/database.ts';
import {
  listOperations,
  operationKinds,
  type OperationFilter,
  type OperationKind,
  type OperationView,
} from '../db/repositories/operations.ts';
import type { ApiEnvironment } from './context.ts';
import { asksForCsv, csvAnswer, type CsvCell, type CsvColumn } from './csv-table.ts';
import { nextWindow, readWindow } from './cursor.ts';
import { describeOperation, operationNames, operationSchema, presentOperation } from './present/operation.ts';
import { localDay } from './report-query.ts';
import { jsonAnswer } from './route.ts';
import { cursorQuery, limitQuery, pageOf, timeZoneField, wordsQuery } from './schemas.ts';

export const operationsQuery = z.strictObject({
  kind: wordsQuery(operationKinds)
    .optional()
    .openapi({ description: 'Left out: all. One kind, or several with commas.', example: 'top_up,refund' }),
  from: localDay.optional().openapi({ description: 'The first day.' }),
  to: localDay.optional().openapi({ description: 'The last day.' }),
  zone: timeZoneField.optional().openapi({ description: 'Whose days, and in a table whose times: your own zone’s when left out.' }),
  limit: limitQuery,
  cursor: cursorQuery,
});

const page = jsonAnswer(
  pageOf(operationSchema, 'Operations'),
  'A page of them as JSON, or all as a table where `Accept` prefers `text/csv`',
);
export const operationsAnswer = { ...page, content: { ...page.content, 'text/csv': { schema: z.string() } } };

/** Answers with the operations of an account that exists. */
export async function answerOperations(
  c: Context<ApiEnvironment>,
  account: { readonly id: string; readonly currency: string },
  { kind, from, to, zone, limit, cursor }: z.infer<typeof operationsQuery>,
): Promise<Response> {
  const { database } = c.var.parts;
  const em = database.fork();
  const { locale } = c.var;
  const own = zone ?? (await em.findOneOrFail(User, { id: c.var.caller.actor.userId }, { fields: ['timeZone'] })).timeZone;
  const filter: OperationFilter = {
    kinds: kind?.split(',') as OperationKind[] | undefined,
    from: from === undefined ? undefined : startOfDay(own, from),
    until: to === undefined ? undefined : startOfDay(own, dayAfter(to)),
  };
  if (asksForCsv(c)) {
    const rowOf = operationRow(account.currency, own, locale);
    return csvAnswer(c, 'kontor-operations', columnsIn(locale), everyRow(database, account.id, filter, rowOf));
  }
  const after = readWindow(cursor, 'operations');
  const found = await listOperations(em, account.id, filter, { limit, after: after && new Date(after.at) });
  return c.json(
    {
      items: found.items.map((operation) => presentOperation(operation, account.currency, locale)),
      nextCursor: nextWindow('operations', found, (operation) => operation.at),
    },
    200,
  );
}

function dayAfter(date: string): string {
  return new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10);
}

const headings = {
  en: {
    at: 'Date and time',
    zone: 'Time zone',
    name: 'Operation',
    amount: 'Amount',
    bonus: 'Of it bonus',
    currency: 'Currency',
    description: 'Description',
    after: 'Balance after',
    id: 'Number',
  },
  ru: {
    at: 'Дата и время',
    zone: 'Часовой пояс',
    name: 'Операция',
    amount: 'Сумма',
    bonus: 'В том числе бонус',
    currency: 'Валюта',
    description: 'Описание',
    after: 'Баланс после',
    id: 'Номер',
  },
} as const satisfies Record<Locale, Record<string, string>>;

function columnsIn(locale: Locale): CsvColumn[] {
  return Object.entries(headings[locale]).map(([key, header]) => ({ key, header }));
}

function operationRow(currency: string, zone: string, locale: Locale) {
  // Swedish dates are ISO's: 2026-11-23 13:14:05, which every spreadsheet reads.
  const form = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone: zone });
  const sum = (amountMinor: number) => ({ amountMinor, currency });
  return (operation: OperationView): Record<string, CsvCell> => ({
    at: form.format(operation.at),
    zone,
    name: operationNames[locale][operation.kind],
    amount: sum(operation.amountMinor),
    bonus: sum(operation.bonusMinor),
    currency,
    description: describeOperation(operation, locale),
    after: sum(operation.balanceAfterMinor),
    id: operation.id,
  });
}

const rowsAtOnce = 1_000;

/** Reads on page by page, so that neither side holds the whole. Throws in words of ours: the server prints what breaks an answer off. */
async function* everyRow<Row>(
  database: Database,
  accountId: string,
  filter: OperationFilter,
  rowOf: (operation: OperationView) => Row,
): AsyncGenerator<Row> {
  for (let after: Date | undefined, more = true; more;) {
    const found = await listOperations(database.fork(), accountId, filter, { limit: rowsAtOnce, after }).catch((failure: Error) => {
      throw new Error(`the operations could not be read on (${failure.name})`);
    });
    yield* found.items.map(rowOf);
    after = found.items.at(-1)?.at;
    more = found.more;
  }
}
