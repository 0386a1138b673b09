/** Reports of what became of clocks, as they look in answers (SPEC S8). */
import { z } from '@hono/zod-openapi';
import { inLocale, type Locale } from '../../domain/locale.ts';
import { clockKinds } from '../../domain/service-clock.ts';
import {
  ageBoundsDays,
  agePartsAt,
  complianceOf,
  hoursAhead,
  minuteBounds,
  shareBounds,
  type Compliance,
  type ReportPeriod,
} from '../../domain/service-report.ts';
import { clockOutcomes } from '../../domain/ticket-clocks.ts';
import type { ClockRunView } from '../../db/repositories/clock-runs.ts';
import {
  openStatuses,
  type CubeRow,
  type openTicketsByAge,
  type QueuePressure,
  type ReportNames,
  type Spread,
} from '../../db/repositories/service-reports.ts';
import { presentPeriod, reportPeriodSchema } from '../report-query.ts';
import { idOf, instant, orNull } from '../schemas.ts';
import { namedSchema, presentTarget, targetSchema } from './service-level.ts';

const agentSchema = z
  .object({ id: idOf('user'), name: z.string(), left: z.boolean().openapi({ description: 'Signs in no more.' }) })
  .openapi('ReportAgent');

const complianceFields = {
  met: z.int(),
  breached: z.int().openapi({ description: 'All promises that were broken, those of clocks that still stand among them.' }),
  stillOpen: z.int().openapi({ description: 'Of those that were broken, how many still wait.' }),
  void: z
    .int()
    .openapi({ description: 'Ended with the promise neither kept nor broken, such as by a closing in time: counted with neither.' }),
  share: z.number().nullable().openapi({ description: 'Of those kept or broken, how many were kept, 0 to 1; null where there are none.' }),
};

export const complianceSchema = z
  .object({
    period: reportPeriodSchema,
    total: z.object(complianceFields).openapi('Compliance'),
    plans: z.array(z.object({ plan: namedSchema, ...complianceFields })),
    queues: z.array(z.object({ queue: namedSchema, ...complianceFields })),
    agents: z.array(z.object({ agent: orNull(agentSchema).openapi({ description: 'Null: nobody had the ticket.' }), ...complianceFields })),
    kinds: z.array(z.object({ kind: z.enum(clockKinds), ...complianceFields })),
  })
  .openapi('ComplianceReport');

export const trendSchema = z
  .object({
    period: reportPeriodSchema,
    parts: z.array(z.object({ from: z.string(), to: z.string(), startsAt: instant, endsAt: instant, ...complianceFields })),
  })
  .openapi('TrendReport');

const minutesOrNull = (description: string) => z.int().nullable().openapi({ description });
export const distributionSchema = z
  .object({
    period: reportPeriodSchema,
    kinds: z.array(
      z.object({
        kind: z.enum(clockKinds),
        runs: z.int(),
        medianMinutes: minutesOrNull('Working minutes within which half of them ended.'),
        p90Minutes: minutesOrNull('Within which nine of ten did; null for fewer than 10.'),
        p95Minutes: minutesOrNull('Within which nineteen of twenty did; null for fewer than 20.'),
        shares: z
          .array(z.object({ overPerCent: z.int().nullable(), upToPerCent: z.int().nullable(), runs: z.int() }))
          .openapi({ description: 'By how much of the allowance they took: more than the one, no more than the other.' }),
        minutes: z
          .array(z.object({ overMinutes: z.int().nullable(), upToMinutes: z.int().nullable(), runs: z.int() }))
          .openapi({ description: 'By working minutes, in the same way.' }),
      }),
    ),
  })
  .openapi('DistributionReport');

const pressureFields = {
  breached: z.int().openapi({ description: 'Clocks whose promise is broken, and which still wait.' }),
  within: z
    .array(z.object({ hours: z.int(), clocks: z.int() }))
    .openapi({ description: 'Clocks that are due within so many working hours of their own calendar, each with those before.' }),
};
export const breachingSchema = z
  .object({
    at: instant,
    total: z.object(pressureFields),
    queues: z.array(z.object({ queue: namedSchema, ...pressureFields })),
  })
  .openapi('BreachingReport');

export const openTicketsSchema = z
  .object({
    at: instant,
    total: z.int(),
    ages: z
      .array(
        z.object({
          overDays: z.int().nullable(),
          upToDays: z.int().nullable(),
          createdFrom: instant.nullable(),
          createdBefore: instant.nullable(),
        }),
      )
      .openapi({ description: 'Parts of the past, the newest first. A list of tickets takes the same instants.' }),
    states: z.array(
      z.object({ status: z.enum(openStatuses), total: z.int(), tickets: z.array(z.int()).openapi({ description: 'By `ages`.' }) }),
    ),
  })
  .openapi('OpenTicketsReport');

export const clockRunSchema = z
  .object({
    ticket: z.string().openapi({ example: 'CS-000123' }),
    subject: z.string(),
    account: namedSchema,
    kind: z.enum(clockKinds),
    outcome: z.enum([...clockOutcomes, 'running']),
    since: instant.openapi({ description: 'The receipt it counts from.' }),
    decidedAt: instant.nullable().openapi({ description: 'When its outcome was certain; reports count it then. Null while it runs.' }),
    dueAt: instant.nullable(),
    endedAt: instant.nullable().openapi({ description: 'Null while it stands.' }),
    allowanceMinutes: z.number().openapi({ description: 'Working minutes that it had.' }),
    takenMinutes: z.number().nullable().openapi({ description: 'Working minutes until it ended.' }),
    target: targetSchema,
    plan: namedSchema,
    queue: namedSchema,
    agent: orNull(agentSchema),
  })
  .openapi('ClockRun');

/** Names in the reader's language; what nobody knows any more is named by its id. */
export function namesFor({ plans, queues, agents }: ReportNames, locale: Locale) {
  const named = (names: ReportNames['plans'], id: string) => ({ id, name: names.has(id) ? inLocale(names.get(id)!, locale) : id });
  return {
    plan: (id: string) => named(plans, id),
    queue: (id: string) => named(queues, id),
    agent: (id: string | null) => (id === null ? null : { id, ...(agents.get(id) ?? { name: id, left: true }) }),
  };
}

export function presentCompliance(period: ReportPeriod, cube: readonly CubeRow[], names: ReportNames, locale: Locale) {
  const { plan, queue, agent } = namesFor(names, locale);
  const by = <Key>(keyOf: (row: CubeRow) => Key, order: Iterable<Key>): [Key, Compliance][] => {
    const groups = Map.groupBy(cube, keyOf);
    return [...new Set([...order, ...groups.keys()])].flatMap((key): [Key, Compliance][] => {
      const rows = groups.get(key);
      return rows ? [[key, complianceOf(rows)]] : [];
    });
  };
  return {
    period: presentPeriod(period),
    total: complianceOf(cube),
    plans: by(({ planId }) => planId, names.plans.keys()).map(([id, counts]) => ({ plan: plan(id), ...counts })),
    queues: by(({ queueId }) => queueId, names.queues.keys()).map(([id, counts]) => ({ queue: queue(id), ...counts })),
    agents: by(({ agentId }) => agentId, [...names.agents.keys(), null]).map(([id, counts]) => ({ agent: agent(id), ...counts })),
    kinds: by(({ kind }) => kind, clockKinds).map(([kind, counts]) => ({ kind, ...counts })),
  } satisfies z.infer<typeof complianceSchema>;
}

export function presentDistribution(period: ReportPeriod, spreads: readonly Spread[]): z.infer<typeof distributionSchema> {
  const kinds = clockKinds.flatMap((kind) => {
    const spread = spreads.find((each) => each.kind === kind);
    if (!spread) return [];
    const { median, p90, p95 } = spread.quantiles;
    return [
      {
        kind,
        runs: spread.runs,
        medianMinutes: median,
        p90Minutes: p90,
        p95Minutes: p95,
        shares: spread.shares.map((runs, at) => ({ overPerCent: shareBounds[at - 1] ?? null, upToPerCent: shareBounds[at] ?? null, runs })),
        minutes: spread.minutes.map((runs, at) => ({
          overMinutes: minuteBounds[at - 1] ?? null,
          upToMinutes: minuteBounds[at] ?? null,
          runs,
        })),
      },
    ];
  });
  return { period: presentPeriod(period), kinds };
}

export function presentBreaching(at: Date, pressures: readonly QueuePressure[], names: ReportNames, locale: Locale) {
  const spell = ({ breached, within }: Pick<QueuePressure, 'breached' | 'within'>) => ({
    breached,
    within: hoursAhead.map((hours, place) => ({ hours, clocks: within[place] ?? 0 })),
  });
  const { queue } = namesFor(names, locale);
  const sum = (which: (pressure: QueuePressure) => number) => pressures.reduce((total, pressure) => total + which(pressure), 0);
  const inOrder = [...names.queues.keys()].flatMap((id) => pressures.filter(({ queueId }) => queueId === id));
  return {
    at: at.toISOString(),
    total: spell({ breached: sum(({ breached }) => breached), within: hoursAhead.map((_, at) => sum(({ within }) => within[at] ?? 0)) }),
    queues: inOrder.map((pressure) => ({ queue: queue(pressure.queueId), ...spell(pressure) })),
  } satisfies z.infer<typeof breachingSchema>;
}

export function presentOpenTickets(at: Date, counted: Awaited<ReturnType<typeof openTicketsByAge>>): z.infer<typeof openTicketsSchema> {
  const parts = agePartsAt(at);
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
  const states = openStatuses.map((status) => {
    const tickets = parts.map((_, place) => counted.find((row) => row.status === status && row.part === place)?.tickets ?? 0);
    return { status, total: sum(tickets), tickets };
  });
  return {
    at: at.toISOString(),
    total: sum(states.map(({ total }) => total)),
    ages: parts.map(({ createdFrom, createdBefore }, place) => ({
      overDays: ageBoundsDays[place - 1] ?? null,
      upToDays: ageBoundsDays[place] ?? null,
      createdFrom: createdFrom?.toISOString() ?? null,
      createdBefore: createdBefore?.toISOString() ?? null,
    })),
    states,
  };
}

export function presentClockRun(run: ClockRunView, names: ReportNames, locale: Locale): z.infer<typeof clockRunSchema> {
  const { plan, queue, agent } = namesFor(names, locale);
  const { ticket, subject, account, kind, outcome, since, at, dueAt, endedAt, allowanceMs, takenMs, target } = run;
  return {
    ticket,
    subject,
    account,
    kind,
    outcome,
    since: since.toISOString(),
    decidedAt: outcome === 'running' ? null : at.toISOString(),
    dueAt: dueAt?.toISOString() ?? null,
    endedAt: endedAt?.toISOString() ?? null,
    allowanceMinutes: allowanceMs / 60_000,
    takenMinutes: takenMs === null ? null : takenMs / 60_000,
    target: presentTarget(target, locale)!,
    plan: plan(run.planId),
    queue: queue(run.queueId),
    agent: agent(run.agentId),
  };
}
