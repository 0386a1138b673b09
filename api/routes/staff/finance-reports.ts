import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { partsOfPeriod, reportSteps } from '../../../domain/service-report.ts';
import {
  failuresByReason,
  moneyNeeds,
  paymentsByPart,
  refundsByOrigin,
  refundsByPart,
  revenueByPart,
  settlingTimes,
  soldByKind,
} from '../../../db/repositories/finance-reports.ts';
import type { ApiEnvironment } from '../../context.ts';
import { asksForCsv, csvAnswer } from '../../csv-table.ts';
import { paymentsTable, refundsTable, revenueTable } from '../../finance-report-tables.ts';
import {
  moneyNeedsSchema,
  paymentsReportSchema,
  presentPayments,
  presentRefunds,
  presentRevenue,
  refundsReportSchema,
  revenueSchema,
} from '../../present/finance-report.ts';
import { reportPeriodFields, reportPeriodOf } from '../../report-query.ts';
import { jsonAnswer, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { currencyField, idQuery } from '../../schemas.ts';
import type { ReportTable } from '../../service-report-tables.ts';

const tags = ['Reports of money'];
const query = z.strictObject({
  ...reportPeriodFields,
  step: z.enum(reportSteps).default('day'),
  currency: currencyField.default('RUB'),
  account: idQuery('account').optional(),
});

/** JSON, or a table for who accepts `text/csv` rather. */
function reportAnswer<Schema extends z.ZodType>(schema: Schema) {
  const json = jsonAnswer(schema, 'As JSON, or as a table of its parts where `Accept` prefers `text/csv`');
  return { ...json, content: { ...json.content, 'text/csv': { schema: z.string() } } };
}

const revenueRoute = staffRoute('finance_report.read', {
  method: 'get',
  path: '/finance-reports/revenue',
  tags,
  summary: 'What was earned',
  description: 'Of the ledger: purchases on the day on which they were made, and what was taken back on the day on which it was.',
  request: { query },
  responses: { 200: reportAnswer(revenueSchema) },
});

const paymentsRoute = staffRoute('finance_report.read', {
  method: 'get',
  path: '/finance-reports/payments',
  tags,
  summary: 'How payments came out',
  description:
    'Each counts on the day on which it was begun, as it stands now. Which these are: `GET /payments` with the same days and a state.',
  request: { query },
  responses: { 200: reportAnswer(paymentsReportSchema) },
});

const refundsRoute = staffRoute('finance_report.read', {
  method: 'get',
  path: '/finance-reports/refunds',
  tags,
  summary: 'What went back',
  description:
    'Each counts on the day on which it was asked for, as it stands now. Which these are: `GET /refunds` with the same days and a state.',
  request: { query },
  responses: { 200: reportAnswer(refundsReportSchema) },
});

const needsRoute = staffRoute('finance.read', {
  method: 'get',
  path: '/money-needs',
  tags,
  summary: 'Money that needs a person now',
  request: { query: z.strictObject({}) },
  responses: { 200: jsonAnswer(moneyNeedsSchema, 'How much there is now') },
});

/** Reports of money (SPEC A3). */
export function staffFinanceReports(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(revenueRoute, async (c) => {
    const { em, parts, filter } = await askedOf(c, c.req.valid('query'));
    const [found, kinds] = [await revenueByPart(em, parts.spans, filter), await soldByKind(em, parts.period, filter)];
    const report = presentRevenue(parts, found, kinds);
    return asksForCsv(c) ? table(c, 'kontor-revenue', revenueTable(report, c.var.locale)) : c.json(report, 200);
  });
  app.openapi(paymentsRoute, async (c) => {
    const { em, parts, filter } = await askedOf(c, c.req.valid('query'));
    const found = await paymentsByPart(em, parts.spans, filter);
    const report = presentPayments(
      parts,
      found,
      await failuresByReason(em, parts.period, filter),
      await settlingTimes(em, parts.period, filter),
    );
    return asksForCsv(c) ? table(c, 'kontor-payments', paymentsTable(report, c.var.locale)) : c.json(report, 200);
  });
  app.openapi(refundsRoute, async (c) => {
    const { em, parts, filter } = await askedOf(c, c.req.valid('query'));
    const report = presentRefunds(parts, await refundsByPart(em, parts.spans, filter), await refundsByOrigin(em, parts.period, filter));
    return asksForCsv(c) ? table(c, 'kontor-refunds', refundsTable(report, c.var.locale)) : c.json(report, 200);
  });
  app.openapi(needsRoute, async (c) => {
    const { database, clock } = c.var.parts;
    return c.json(await moneyNeeds(database.fork(), clock.now()), 200);
  });
  return app;
}

async function askedOf(c: Context<ApiEnvironment>, asked: z.infer<typeof query>) {
  const em = c.var.parts.database.fork();
  const period = await reportPeriodOf(c, em, asked);
  const { currency, step, account } = asked;
  return { em, parts: { period, spans: partsOfPeriod(period, step), currency }, filter: { currency, accountId: account } };
}

function table(c: Context<ApiEnvironment>, name: string, { columns, rows }: ReportTable): Response {
  return csvAnswer(c, name, columns, rows);
}
