import { OpenAPIHono, z } from '@hono/zod-openapi';
import { maxForecastDays, moneyFlows, moneyMatters, usualForecastDays } from '../../../domain/money-outlook.ts';
import { localDate } from '../../../domain/missing-year.ts';
import { isRefusal } from '../../../domain/errors.ts';
import { partsOfPeriod, reportPeriod } from '../../../domain/service-report.ts';
import { forecastSums, listOutlook } from '../../../db/repositories/money-outlook.ts';
import { User } from '../../../db/entities/user.entity.ts';
import type { ApiEnvironment } from '../../context.ts';
import { nextWindow, readWindow } from '../../cursor.ts';
import { ApiError } from '../../errors.ts';
import { cashForecastSchema, outlookStepSchema, presentForecast, presentStep } from '../../present/money-outlook.ts';
import { jsonAnswer, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { cursorQuery, flagQuery, givenInstant, idQuery, limitQuery, pageOf, timeZoneField } from '../../schemas.ts';

const tags = ['What will happen with money'];

const listRoute = staffRoute('finance.read', {
  method: 'get',
  path: '/obligations',
  tags,
  summary: 'Everything that will happen by itself, or may, the next first',
  request: {
    query: z.strictObject({
      money: flagQuery.optional().openapi({ description: '`true`: only what moves money, or may.' }),
      what: z.enum(moneyMatters).optional(),
      flow: z.enum(moneyFlows).optional(),
      account: idQuery('account').optional(),
      from: givenInstant.optional().openapi({ description: 'Due from this instant on.' }),
      to: givenInstant.optional().openapi({ description: 'Due before this one.' }),
      cursor: cursorQuery,
      limit: limitQuery,
    }),
  },
  responses: { 200: jsonAnswer(pageOf(outlookStepSchema, 'Obligations'), 'A page of it') },
});

const forecastRoute = staffRoute('finance.read', {
  method: 'get',
  path: '/cash-forecast',
  tags,
  summary: 'How much money will come in and go out, by day',
  description:
    'From today on. `Certain` is what is owed: refunds under way, and credit on the day on which it is due. `Possible` is what somebody has still to decide: payments that wait for their payer, orders, quotes, and refunds that wait for a second person. What a day is made of: `GET /obligations` with `money`, `from` and `to`.',
  request: {
    query: z.strictObject({
      days: z
        .string()
        .regex(/^[1-9]\d{0,2}$/)
        .transform(Number)
        .pipe(z.int().max(maxForecastDays))
        .default(usualForecastDays)
        .openapi({ type: 'integer', minimum: 1, maximum: maxForecastDays, default: usualForecastDays }),
      zone: timeZoneField.optional().openapi({ description: 'Whose days: your own zone’s when left out.' }),
    }),
  },
  responses: { 200: jsonAnswer(cashForecastSchema, 'By day and currency') },
});

const day = 86_400_000;

/** Everything that will happen with money (SPEC M4). */
export function staffMoneyOutlook(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(listRoute, async (c) => {
    const { money, what, flow, account, from, to, cursor, limit } = c.req.valid('query');
    const { database, clock } = c.var.parts;
    const matters = what === undefined ? (money === true ? moneyMatters : undefined) : [what];
    const window = { limit, after: readWindow(cursor, 'obligations') };
    const page = await listOutlook(database.fork(), { accountId: account, matters, flow, from, to }, window, clock.now());
    return c.json({ items: page.items.map(presentStep), nextCursor: nextWindow('obligations', page, (step) => step.dueAt) }, 200);
  });
  app.openapi(forecastRoute, async (c) => {
    const { days, zone } = c.req.valid('query');
    const em = c.var.parts.database.fork();
    const now = c.var.parts.clock.now();
    const own = zone ?? (await em.findOneOrFail(User, { id: c.var.caller.actor.userId }, { fields: ['timeZone'] })).timeZone;
    const from = localDate(own, now);
    const to = new Date(Date.parse(from) + (days - 1) * day).toISOString().slice(0, 10);
    const period = reportPeriod({ from, to, zone: own }, now);
    if (isRefusal(period)) throw new ApiError(period.refused, { about: period.about });
    const spans = partsOfPeriod(period, 'day');
    return c.json(presentForecast(period, spans, await forecastSums(em, spans)), 200);
  });
  return app;
}
