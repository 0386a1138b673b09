/** Reports of money, as they look in answers (SPEC A3). Sums are in minor units of the one currency that was asked for. */
import { z } from '@hono/zod-openapi';
import { secondsOfShare, type Taken } from '../../domain/finance-report.ts';
import type { ReportPeriod } from '../../domain/service-report.ts';
import type { FailureReason, OutcomePart, RevenuePart } from '../../db/repositories/finance-reports.ts';
import { presentPeriod, reportPeriodSchema } from '../report-query.ts';
import { currencyField, instant } from '../schemas.ts';

const span = { from: z.string(), to: z.string(), startsAt: instant, endsAt: instant };
const head = { period: reportPeriodSchema, currency: currencyField };

const revenueFields = {
  sales: z.int(),
  soldMinor: z.int().openapi({ description: 'What was bought, paid by balance, bonus or credit, tax within it.' }),
  takenBack: z.int(),
  takenBackMinor: z.int().openapi({ description: 'What was given back of purchases, whenever these were made.' }),
  netMinor: z.int(),
};
export const revenueSchema = z
  .object({
    ...head,
    total: z.object(revenueFields).openapi('Revenue'),
    parts: z.array(z.object({ ...span, ...revenueFields })),
    kinds: z
      .array(z.object({ kind: z.string().openapi({ example: 'quote' }), lines: z.int(), amountMinor: z.int() }))
      .openapi({ description: 'Lines of orders that were paid, by what they deliver.' }),
  })
  .openapi('RevenueReport');

const paymentFields = {
  made: z.int(),
  madeMinor: z.int(),
  succeeded: z.int(),
  succeededMinor: z.int(),
  failed: z.int(),
  failedMinor: z.int(),
  lapsed: z.int().openapi({ description: 'Nobody paid in time.' }),
  lapsedMinor: z.int(),
  waiting: z.int(),
  waitingMinor: z.int(),
  feesMinor: z.int().openapi({ description: 'What the provider kept of those that succeeded.' }),
  share: z
    .number()
    .nullable()
    .openapi({ description: 'Of those that came out, how many succeeded, 0 to 1; null where none did come out.' }),
};
export const paymentsReportSchema = z
  .object({
    ...head,
    total: z.object(paymentFields).openapi('PaymentOutcomes'),
    parts: z.array(z.object({ ...span, ...paymentFields })),
    failures: z.array(
      z.object({
        reason: z.string().nullable().openapi({ description: 'The provider’s own word.', example: 'insufficient_funds' }),
        party: z.string().nullable(),
        count: z.int(),
        amountMinor: z.int(),
      }),
    ),
    settling: z
      .object({ medianSeconds: z.int().nullable(), p90Seconds: z.int().nullable(), p99Seconds: z.int().nullable() })
      .openapi({ description: 'From the wish until the money was on the balance.' }),
  })
  .openapi('PaymentsReport');

const refundFields = {
  made: z.int(),
  madeMinor: z.int(),
  succeeded: z.int(),
  succeededMinor: z.int(),
  failed: z.int().openapi({ description: 'Refused by the provider, or withdrawn.' }),
  failedMinor: z.int(),
  waiting: z.int(),
  waitingMinor: z.int(),
};
export const refundsReportSchema = z
  .object({
    ...head,
    total: z.object(refundFields).openapi('RefundOutcomes'),
    parts: z.array(z.object({ ...span, ...refundFields })),
    origins: z.array(z.object({ origin: z.enum(['staff', 'cabinet']), count: z.int(), amountMinor: z.int() })),
  })
  .openapi('RefundsReport');

export const moneyNeedsSchema = z
  .object({
    cases: z.int().openapi({ description: 'Open cases about money.' }),
    approvals: z.int().openapi({ description: 'Refunds and corrections that wait for a second person.' }),
    approvalsMinor: z.int(),
    frozenAccounts: z.int(),
    failedAudits: z.int().openapi({ description: 'Audits of the books that failed since the last one that was done.' }),
    overdueAccounts: z.int().openapi({ description: 'Accounts whose use of credit is overdue.' }),
    overdueMinor: z.int(),
  })
  .openapi('MoneyNeeds');

interface Parts {
  readonly period: ReportPeriod;
  readonly spans: readonly ReportPeriod[];
  readonly currency: string;
}

function spread<Fields>(
  { spans }: Parts,
  fieldsOf: (part: number) => Fields,
): ({ from: string; to: string; startsAt: string; endsAt: string } & Fields)[] {
  return spans.map((each, part) => {
    const { zone: _, ...shown } = presentPeriod(each);
    return { ...shown, ...fieldsOf(part) };
  });
}

export function presentRevenue(
  parts: Parts,
  found: readonly RevenuePart[],
  kinds: z.infer<typeof revenueSchema>['kinds'],
): z.infer<typeof revenueSchema> {
  const fields = (of: readonly RevenuePart[]) => {
    const sum = (kind: RevenuePart['kind'], field: 'transfers' | 'amountMinor') =>
      of.filter((part) => part.kind === kind).reduce((total, part) => total + part[field], 0);
    const [soldMinor, takenBackMinor] = [sum('sold', 'amountMinor'), sum('taken_back', 'amountMinor')];
    return {
      sales: sum('sold', 'transfers'),
      soldMinor,
      takenBack: sum('taken_back', 'transfers'),
      takenBackMinor,
      netMinor: soldMinor - takenBackMinor,
    };
  };
  const byPart = Map.groupBy(found, ({ part }) => part);
  return {
    period: presentPeriod(parts.period),
    currency: parts.currency,
    total: fields(found),
    parts: spread(parts, (part) => fields(byPart.get(part) ?? [])),
    kinds,
  };
}

/** Counts and sums of each outcome, and of all. */
function sumsOf<Outcome extends string>(found: readonly OutcomePart<Outcome>[], outcomes: readonly Outcome[]) {
  const of = (wanted: Outcome | undefined, field: 'count' | 'amountMinor' | 'feesMinor') =>
    found.filter(({ outcome }) => wanted === undefined || outcome === wanted).reduce((total, part) => total + part[field], 0);
  const each = outcomes.flatMap((outcome) => [
    [outcome, of(outcome, 'count')],
    [`${outcome}Minor`, of(outcome, 'amountMinor')],
  ]);
  return {
    made: of(undefined, 'count'),
    madeMinor: of(undefined, 'amountMinor'),
    feesMinor: of(undefined, 'feesMinor'),
    each: Object.fromEntries(each) as Record<Outcome | `${Outcome}Minor`, number>,
  };
}

export function presentPayments(
  parts: Parts,
  found: readonly OutcomePart<'succeeded' | 'failed' | 'lapsed' | 'waiting'>[],
  failures: readonly FailureReason[],
  taken: readonly Taken[],
): z.infer<typeof paymentsReportSchema> {
  const fields = (of: typeof found) => {
    const { each, ...sums } = sumsOf(of, ['succeeded', 'failed', 'lapsed', 'waiting']);
    const over = each.succeeded + each.failed + each.lapsed;
    return { ...sums, ...each, share: over === 0 ? null : each.succeeded / over };
  };
  const byPart = Map.groupBy(found, ({ part }) => part);
  return {
    period: presentPeriod(parts.period),
    currency: parts.currency,
    total: fields(found),
    parts: spread(parts, (part) => fields(byPart.get(part) ?? [])),
    failures: [...failures],
    settling: {
      medianSeconds: secondsOfShare(taken, 0.5),
      p90Seconds: secondsOfShare(taken, 0.9),
      p99Seconds: secondsOfShare(taken, 0.99),
    },
  };
}

export function presentRefunds(
  parts: Parts,
  found: readonly OutcomePart<'succeeded' | 'failed' | 'waiting'>[],
  origins: z.infer<typeof refundsReportSchema>['origins'],
): z.infer<typeof refundsReportSchema> {
  const fields = (of: typeof found) => {
    const { each, made, madeMinor } = sumsOf(of, ['succeeded', 'failed', 'waiting']);
    return { made, madeMinor, ...each };
  };
  const byPart = Map.groupBy(found, ({ part }) => part);
  return {
    period: presentPeriod(parts.period),
    currency: parts.currency,
    total: fields(found),
    parts: spread(parts, (part) => fields(byPart.get(part) ?? [])),
    origins,
  };
}
