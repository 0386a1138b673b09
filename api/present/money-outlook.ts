/** What will or may happen with money, as it looks in answers (SPEC M4). */
import { z } from '@hono/zod-openapi';
import { flowsOf, moneyFlows, moneyMatters, ownMatters, type CashFlows } from '../../domain/money-outlook.ts';
import type { ReportPeriod } from '../../domain/service-report.ts';
import type { ForecastSum, OutlookStep } from '../../db/repositories/money-outlook.ts';
import { presentPeriod, reportPeriodSchema } from '../report-query.ts';
import { instant, moneySchema, orNull } from '../schemas.ts';
import { namedSchema } from './service-level.ts';

const stepFields = {
  id: z.string().openapi({ example: 'obl_01jd3y8k2m5n7p9q1r3s5t7v9w' }),
  about: z.string().openapi({ description: 'What it is of.', example: 'payment:pay_01jd3y8k2m5n7p9q1r3s5t7v9w' }),
  kind: z.string().openapi({ description: 'What happens then.', example: 'ask' }),
  certain: z.boolean().openapi({ description: 'Owed by somebody; else somebody has still to decide.' }),
  amount: orNull(moneySchema).openapi({ description: 'Null where it is about no sum.' }),
  dueAt: instant,
};

export const outlookStepSchema = z
  .object({
    ...stepFields,
    what: z.string().openapi({ description: `Of money: ${moneyMatters.join(', ')}.`, example: 'payment' }),
    flow: z.enum(moneyFlows).openapi({ description: 'Seen from us: money comes in, goes out, or none of it moves.' }),
    account: orNull(namedSchema),
    rule: z.string().openapi({ description: 'What gave the instant.', example: 'creditTermDays' }),
    hold: orNull(z.object({ until: instant.nullable() })).openapi({ description: 'Set while a hold stops it.' }),
  })
  .openapi('Obligation');

export const ownStepSchema = z
  .object({
    ...stepFields,
    what: z.enum(ownMatters),
    flow: z
      .enum(moneyFlows)
      .openapi({ description: 'Seen from you: money goes out to us (`out`), comes back to you (`in`), or none of it moves.' }),
  })
  .openapi('OwnObligation');

const flowFields = {
  inCertainMinor: z.int(),
  inPossibleMinor: z.int(),
  outCertainMinor: z.int(),
  outPossibleMinor: z.int(),
};

export const cashForecastSchema = z
  .object({
    period: reportPeriodSchema,
    currencies: z.array(
      z.object({
        currency: z.string().openapi({ example: 'RUB' }),
        overdue: z.object(flowFields).openapi({ description: 'What was due before the first day and has not come.' }),
        days: z.array(z.object({ day: z.string().openapi({ example: '2026-12-01' }), ...flowFields })),
        later: z.object(flowFields).openapi({ description: 'What is due after the last day.' }),
        total: z.object(flowFields).openapi({ description: 'All of it but what comes later.' }),
      }),
    ),
  })
  .openapi('CashForecast');

export function presentStep(step: OutlookStep): z.infer<typeof outlookStepSchema> {
  const { id, matter, entity, kind, account, flow, certain, dueAt, rule, heldUntil } = step;
  return {
    id,
    what: matter,
    about: entity,
    kind,
    account: account && { ...account },
    flow,
    certain,
    amount: amountOf(step),
    dueAt: dueAt.toISOString(),
    rule,
    hold: heldUntil === undefined ? null : { until: heldUntil?.toISOString() ?? null },
  };
}

const turned = { in: 'out', out: 'in', none: 'none' } as const;

export function presentOwnStep(step: OutlookStep): z.infer<typeof ownStepSchema> {
  const { id, matter, entity, kind, flow, certain, dueAt } = step;
  return {
    id,
    what: matter as z.infer<typeof ownStepSchema>['what'],
    about: entity,
    kind,
    flow: turned[flow],
    certain,
    amount: amountOf(step),
    dueAt: dueAt.toISOString(),
  };
}

function amountOf({ amountMinor, currency }: OutlookStep): z.infer<typeof moneySchema> | null {
  return amountMinor === null || currency === null ? null : { amountMinor, currency };
}

export function presentForecast(
  period: ReportPeriod,
  days: readonly ReportPeriod[],
  sums: readonly ForecastSum[],
): z.infer<typeof cashForecastSchema> {
  const byCurrency = Map.groupBy(sums, ({ currency }) => currency);
  const flows = (of: readonly ForecastSum[], which: (part: number) => boolean): CashFlows => flowsOf(of.filter(({ part }) => which(part)));
  return {
    period: presentPeriod(period),
    currencies: [...byCurrency.keys()].toSorted().map((currency) => {
      const of = byCurrency.get(currency)!;
      return {
        currency,
        overdue: flows(of, (part) => part === 0),
        days: days.map(({ from }, at) => ({ day: from, ...flows(of, (part) => part === at + 1) })),
        later: flows(of, (part) => part > days.length),
        total: flows(of, (part) => part <= days.length),
      };
    }),
  };
}
