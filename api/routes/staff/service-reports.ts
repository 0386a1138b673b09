import { z } from '@hono/zod-openapi';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { complianceOf, partsOfPeriod, reportSteps } from '../../../domain/service-report.ts';
import {
  openTicketsByAge,
  outcomeCube,
  outcomesByPart,
  pressureByQueue,
  reportNames,
  responseSpread,
} from '../../../db/repositories/service-reports.ts';
import type { ApiEnvironment } from '../../context.ts';
import { asksForCsv, csvAnswer } from '../../csv-table.ts';
import {
  breachingSchema,
  complianceSchema,
  distributionSchema,
  presentBreaching,
  presentCompliance,
  openTicketsSchema,
  presentDistribution,
  presentOpenTickets,
  trendSchema,
} from '../../present/service-report.ts';
import { presentPeriod, reportFilterFields, reportFilterOf, reportPeriodFields, reportPeriodOf } from '../../report-query.ts';
import { jsonAnswer, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { breachingTable, complianceTable, distributionTable, trendTable, type ReportTable } from '../../service-report-tables.ts';

const tags = ['Service reports'];
const query = { ...reportPeriodFields, ...reportFilterFields };

/** JSON, or a table for who accepts `text/csv` rather. */
function reportAnswer<Schema extends z.ZodType>(schema: Schema) {
  const json = jsonAnswer(schema, 'As JSON, or as a table where `Accept` prefers `text/csv`');
  return { ...json, content: { ...json.content, 'text/csv': { schema: z.string() } } };
}

const complianceRoute = staffRoute('service_report.read', {
  method: 'get',
  path: '/service-reports/compliance',
  tags,
  summary: 'How promises were kept',
  description:
    'By plan, queue, agent and kind of clock. A clock counts on the day on which its outcome was certain: that of its deadline when the promise was broken, though it may still wait, else that of its end. What a number is made of: `GET /clock-runs` with the same filters and its `outcome`.',
  request: { query: z.strictObject(query) },
  responses: { 200: reportAnswer(complianceSchema) },
});

const trendRoute = staffRoute('service_report.read', {
  method: 'get',
  path: '/service-reports/trend',
  tags,
  summary: 'How promises were kept over time',
  request: { query: z.strictObject({ ...query, step: z.enum(reportSteps).default('day') }) },
  responses: { 200: reportAnswer(trendSchema) },
});

const distributionRoute = staffRoute('service_report.read', {
  method: 'get',
  path: '/service-reports/distribution',
  tags,
  summary: 'How long responses and fixes took',
  description: 'Of clocks that ended with their promise kept or broken, in working time.',
  request: { query: z.strictObject(query) },
  responses: { 200: reportAnswer(distributionSchema) },
});

const breachingRoute = staffRoute('service_report.read', {
  method: 'get',
  path: '/service-reports/breaching',
  tags,
  summary: 'What is about to breach',
  description:
    'Clocks that are due within the next working hours, as they stand now, by queue; queues without any are left out. Which these are: `GET /clock-runs` with `outcome=running` and `withinHours`, or `outcome=overdue`.',
  request: { query: z.strictObject(reportFilterFields) },
  responses: { 200: reportAnswer(breachingSchema) },
});

const openTicketsRoute = staffRoute('service_report.read', {
  method: 'get',
  path: '/service-reports/open-tickets',
  tags,
  summary: 'Open tickets by state and age',
  description: 'Which these are: `GET /tickets` with `status`, `createdFrom` and `createdBefore`.',
  request: { query: z.strictObject({}) },
  responses: { 200: jsonAnswer(openTicketsSchema, 'How many there are now') },
});

/** Reports of what became of clocks (SPEC S8), and of what there is to do (A3). */
export function staffServiceReports(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(complianceRoute, async (c) => {
    const asked = c.req.valid('query');
    const em = c.var.parts.database.fork();
    const period = await reportPeriodOf(c, em, asked);
    const cube = await outcomeCube(em, period, reportFilterOf(asked));
    const report = presentCompliance(period, cube, await reportNames(em), c.var.locale);
    return asksForCsv(c) ? table(c, 'kontor-compliance', complianceTable(report, c.var.locale)) : c.json(report, 200);
  });
  app.openapi(trendRoute, async (c) => {
    const asked = c.req.valid('query');
    const em = c.var.parts.database.fork();
    const period = await reportPeriodOf(c, em, asked);
    const spans = partsOfPeriod(period, asked.step);
    const byPart = Map.groupBy(await outcomesByPart(em, spans, reportFilterOf(asked)), ({ part }) => part);
    const parts = spans.map((span, at) => {
      const { zone: _, ...shown } = presentPeriod(span);
      return { ...shown, ...complianceOf(byPart.get(at) ?? []) };
    });
    const report = { period: presentPeriod(period), parts };
    return asksForCsv(c) ? table(c, 'kontor-trend', trendTable(report, c.var.locale)) : c.json(report, 200);
  });
  app.openapi(distributionRoute, async (c) => {
    const asked = c.req.valid('query');
    const em = c.var.parts.database.fork();
    const period = await reportPeriodOf(c, em, asked);
    const report = presentDistribution(period, await responseSpread(em, period, reportFilterOf(asked)));
    return asksForCsv(c) ? table(c, 'kontor-response-times', distributionTable(report, c.var.locale)) : c.json(report, 200);
  });
  app.openapi(breachingRoute, async (c) => {
    const { database, clock } = c.var.parts;
    const em = database.fork();
    const at = clock.now();
    const pressures = await pressureByQueue(em, reportFilterOf(c.req.valid('query')), at);
    const report = presentBreaching(at, pressures, await reportNames(em), c.var.locale);
    return asksForCsv(c) ? table(c, 'kontor-about-to-breach', breachingTable(report, c.var.locale)) : c.json(report, 200);
  });
  app.openapi(openTicketsRoute, async (c) => {
    const { database, clock } = c.var.parts;
    const at = clock.now();
    return c.json(presentOpenTickets(at, await openTicketsByAge(database.fork(), at)), 200);
  });
  return app;
}

function table(c: Context<ApiEnvironment>, name: string, { columns, rows }: ReportTable): Response {
  return csvAnswer(c, name, columns, rows);
}
