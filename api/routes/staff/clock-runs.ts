import { z } from '@hono/zod-openapi';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { readTicketNumber } from '../../../domain/ids.ts';
import { maxHoursAhead } from '../../../domain/service-report.ts';
import { clockOutcomes } from '../../../domain/ticket-clocks.ts';
import {
  countClockRuns,
  listClockRuns,
  type ClockRunPlace,
  type ClockRunQuestion,
  type ClockRunView,
} from '../../../db/repositories/clock-runs.ts';
import { reportNames } from '../../../db/repositories/service-reports.ts';
import type { Database } from '../../../db/database.ts';
import { readClockRunCursor, spellClockRunCursor } from '../../clock-run-cursor.ts';
import type { ApiEnvironment } from '../../context.ts';
import { asksForCsv, csvAnswer } from '../../csv-table.ts';
import { clockRunSchema, presentClockRun } from '../../present/service-report.ts';
import { reportFilterFields, reportFilterOf, reportPeriodFields, reportPeriodOf } from '../../report-query.ts';
import { jsonAnswer, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { cursorQuery, flagQuery, limitQuery, numberQuery, pageOf } from '../../schemas.ts';
import { clockRunTable } from '../../service-report-tables.ts';

/** Decimal digits only, so many at the most. */
const wholeNumber = (greatest: number, description: string) =>
  z
    .string()
    .regex(/^\d{1,6}$/)
    .transform(Number)
    .refine((number) => number <= greatest)
    .optional()
    .openapi({ type: 'integer', minimum: 0, maximum: greatest, description });

const page = pageOf(clockRunSchema, 'ClockRunsPage')
  .extend({
    pageInfo: z.object({ total: z.int(), exact: z.boolean().openapi({ description: 'False: there are more than `total`.' }) }),
  })
  .openapi('ClockRuns');
const json = jsonAnswer(page, 'A page of them as JSON, or all as a table where `Accept` prefers `text/csv`, at most 100,000');

const listRoute = staffRoute('service_report.read', {
  method: 'get',
  path: '/clock-runs',
  tags: ['Service reports'],
  summary: 'The clocks that a report is made of',
  description:
    'What a report counts under the same filters, one by one: that which was decided last comes first, of running ones that which is due first.',
  request: {
    query: z.strictObject({
      ...reportPeriodFields,
      ...reportFilterFields,
      outcome: z
        .enum([...clockOutcomes, 'overdue', 'running'])
        .optional()
        .openapi({
          description:
            '`breached`: promises that were broken in the period, whether the clock has ended or not. `overdue`: that are broken and still wait, and `running`: that may still be kept, whenever that was or will be. Without it all that the period’s reports count.',
        }),
      ticket: numberQuery.optional().openapi({ description: 'Of one ticket, whenever that was: the period is not asked about.' }),
      ended: flagQuery.optional().openapi({ description: 'Whether the clock has ended.' }),
      withinHours: wholeNumber(maxHoursAhead, 'Of running ones: due within so many working hours of their own calendar.'),
      minutesOver: wholeNumber(999_999, 'Took more working minutes than this.'),
      minutesUpTo: wholeNumber(999_999, 'Took no more than these.'),
      perCentOver: wholeNumber(100_000, 'Took more of its allowance than this.'),
      perCentUpTo: wholeNumber(100_000, 'Took no more of it than this.'),
      cursor: cursorQuery,
      limit: limitQuery,
    }),
  },
  responses: { 200: { ...json, content: { ...json.content, 'text/csv': { schema: z.string() } } } },
});

/** No ticket has this number. */
const nobodysNumber = 0;

/** Totals are exact up to here, then "5,000+". */
const totalBound = 5_000;
const mostLines = 100_000;
const linesAtOnce = 1_000;

/** The clocks that the numbers of reports are made of (SPEC S8). */
export function staffClockRuns(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(listRoute, async (c) => {
    const { cursor, limit, ticket, ...asked } = c.req.valid('query');
    const { database, clock } = c.var.parts;
    const { locale } = c.var;
    const em = database.fork();
    const question: ClockRunQuestion = {
      period: await reportPeriodOf(c, em, asked),
      filter: reportFilterOf(asked),
      choice: { ...asked, ticketNumber: ticket === undefined ? undefined : (readTicketNumber(ticket) ?? nobodysNumber) },
      now: clock.now(),
    };
    const names = await reportNames(em);
    if (asksForCsv(c)) {
      const { columns, row } = clockRunTable(locale);
      return csvAnswer(
        c,
        'kontor-clocks',
        columns,
        everyRow(database, question, (run) => row(presentClockRun(run, names, locale))),
      );
    }
    const order = asked.outcome === 'running' ? 'clocks-by-due' : 'clocks';
    const { items, more } = await listClockRuns(em, question, { limit, after: readClockRunCursor(cursor, order) });
    const total = await countClockRuns(em, question, totalBound + 1);
    const last = items.at(-1);
    return c.json(
      {
        items: items.map((run) => presentClockRun(run, names, locale)),
        nextCursor: more && last ? spellClockRunCursor(order, last) : null,
        pageInfo: { total: Math.min(total, totalBound), exact: total <= totalBound },
      },
      200,
    );
  });
  return app;
}

/** Reads on page by page, so that neither side holds the whole. Throws in words of ours: the server prints what breaks an answer off. */
async function* everyRow<Row>(database: Database, question: ClockRunQuestion, rowOf: (run: ClockRunView) => Row): AsyncGenerator<Row> {
  let after: ClockRunPlace | undefined;
  for (let written = 0; written < mostLines; written += linesAtOnce) {
    const { items, more } = await listClockRuns(database.fork(), question, { limit: linesAtOnce, after }).catch((failure: Error) => {
      throw new Error(`the clocks could not be read on (${failure.name})`);
    });
    yield* items.map(rowOf);
    after = items.at(-1);
    if (!more) return;
  }
}
