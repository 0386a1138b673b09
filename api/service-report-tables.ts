/** Reports as tables for a spreadsheet (SPEC S8): headed in the reader's language, with plain numbers in their cells. */
import type { z } from '@hono/zod-openapi';
import type { Locale } from '../domain/locale.ts';
import type { ClockKind } from '../domain/service-clock.ts';
import { hoursAhead, type Compliance } from '../domain/service-report.ts';
import type { CsvCell, CsvColumn } from './csv-table.ts';
import type { breachingSchema, clockRunSchema, complianceSchema, distributionSchema, trendSchema } from './present/service-report.ts';

interface Words {
  readonly kind: Readonly<Record<ClockKind, string>>;
  readonly outcome: Readonly<Record<z.infer<typeof clockRunSchema>['outcome'], string>>;
  readonly by: Readonly<Record<'total' | 'plan' | 'queue' | 'agent' | 'kind', string>>;
  readonly measure: Readonly<Record<'median' | 'p90' | 'p95' | 'share' | 'minutes', string>>;
  readonly nobody: string;
  readonly within: (hours: number) => string;
}

const words: Readonly<Record<Locale, Words>> = {
  en: {
    kind: { first_response: 'First response', next_response: 'Response', fix: 'Fix' },
    outcome: { met: 'In time', breached: 'Missed', void: 'Not counted', running: 'Running' },
    by: { total: 'All', plan: 'Plan', queue: 'Queue', agent: 'Agent', kind: 'Clock' },
    measure: {
      median: 'Half took at most, working minutes',
      p90: '90 % took at most, working minutes',
      p95: '95 % took at most, working minutes',
      share: 'Taken of the allowance, %',
      minutes: 'Taken, working minutes',
    },
    nobody: 'Nobody',
    within: (hours) => `Due within ${hours} working h`,
  },
  ru: {
    kind: { first_response: 'Первый ответ', next_response: 'Ответ', fix: 'Устранение' },
    outcome: { met: 'В срок', breached: 'Просрочено', void: 'Не в счёте', running: 'Идёт' },
    by: { total: 'Всего', plan: 'План', queue: 'Очередь', agent: 'Сотрудник', kind: 'Отсчёт' },
    measure: {
      median: 'Половина — не дольше, рабочих минут',
      p90: '90 % — не дольше, рабочих минут',
      p95: '95 % — не дольше, рабочих минут',
      share: 'Затрачено от срока, %',
      minutes: 'Затрачено, рабочих минут',
    },
    nobody: 'Никто',
    within: (hours) => `Срок в ближайшие ${hours} рабочих ч`,
  },
};

/** How columns are headed. */
const headings = {
  en: {
    by: 'By',
    name: 'Name',
    met: 'In time',
    breached: 'Missed',
    stillOpen: 'Of those still waiting',
    void: 'Not counted',
    share: 'In time, %',
    from: 'From',
    to: 'To',
    measure: 'Measure',
    over: 'More than',
    upTo: 'Up to',
    clocks: 'Clocks',
    queue: 'Queue',
    overdue: 'Overdue',
    ticket: 'Ticket',
    subject: 'Subject',
    customer: 'Customer',
    kind: 'Clock',
    outcome: 'Outcome',
    since: 'Since',
    decidedAt: 'Decided',
    dueAt: 'Due',
    endedAt: 'Ended',
    promise: 'Promise',
    allowance: 'Allowance, working minutes',
    taken: 'Taken, working minutes',
    plan: 'Plan',
    agent: 'Agent',
  },
  ru: {
    by: 'По чему',
    name: 'Название',
    met: 'В срок',
    breached: 'Просрочено',
    stillOpen: 'Из них ещё ждут',
    void: 'Не в счёте',
    share: 'В срок, %',
    from: 'С',
    to: 'По',
    measure: 'Показатель',
    over: 'Больше',
    upTo: 'Не больше',
    clocks: 'Отсчётов',
    queue: 'Очередь',
    overdue: 'Просрочено',
    ticket: 'Запрос',
    subject: 'Тема',
    customer: 'Клиент',
    kind: 'Отсчёт',
    outcome: 'Итог',
    since: 'Начало',
    decidedAt: 'Определился',
    dueAt: 'Срок',
    endedAt: 'Окончание',
    promise: 'Обещание',
    allowance: 'Отведено, рабочих минут',
    taken: 'Затрачено, рабочих минут',
    plan: 'План',
    agent: 'Сотрудник',
  },
} as const satisfies Record<Locale, Record<string, string>>;
type ColumnName = keyof (typeof headings)['en'];

/** A table: its columns, and its rows. */
export interface ReportTable {
  readonly columns: readonly CsvColumn[];
  readonly rows: readonly Readonly<Record<string, CsvCell>>[];
}

function columnsOf(locale: Locale, names: readonly ColumnName[]): CsvColumn[] {
  return names.map((name) => ({ key: name, header: headings[locale][name] }));
}

/** The share in per cent, to a tenth; empty where there is none. */
function cellsOf({ met, breached, stillOpen, void: uncounted, share }: Compliance): Record<string, CsvCell> {
  return { met, breached, stillOpen, void: uncounted, share: share === null ? null : Math.round(share * 1_000) / 10 };
}

const counts = ['met', 'breached', 'stillOpen', 'void', 'share'] as const;

export function complianceTable(report: z.infer<typeof complianceSchema>, locale: Locale): ReportTable {
  const { by, kind, nobody } = words[locale];
  return {
    columns: columnsOf(locale, ['by', 'name', ...counts]),
    rows: [
      { by: by.total, name: null, ...cellsOf(report.total) },
      ...report.plans.map(({ plan, ...sums }) => ({ by: by.plan, name: plan.name, ...cellsOf(sums) })),
      ...report.queues.map(({ queue, ...sums }) => ({ by: by.queue, name: queue.name, ...cellsOf(sums) })),
      ...report.agents.map(({ agent, ...sums }) => ({ by: by.agent, name: agent?.name ?? nobody, ...cellsOf(sums) })),
      ...report.kinds.map(({ kind: which, ...sums }) => ({ by: by.kind, name: kind[which], ...cellsOf(sums) })),
    ],
  };
}

export function trendTable(report: z.infer<typeof trendSchema>, locale: Locale): ReportTable {
  return {
    columns: columnsOf(locale, ['from', 'to', ...counts]),
    rows: report.parts.map(({ from, to, ...sums }) => ({ from, to, ...cellsOf(sums) })),
  };
}

export function distributionTable(report: z.infer<typeof distributionSchema>, locale: Locale): ReportTable {
  const { kind: kinds, measure } = words[locale];
  return {
    columns: columnsOf(locale, ['kind', 'measure', 'over', 'upTo', 'clocks']),
    rows: report.kinds.flatMap(({ kind, runs, medianMinutes, p90Minutes, p95Minutes, shares, minutes }) => [
      { kind: kinds[kind], measure: measure.median, upTo: medianMinutes, clocks: runs },
      { kind: kinds[kind], measure: measure.p90, upTo: p90Minutes, clocks: runs },
      { kind: kinds[kind], measure: measure.p95, upTo: p95Minutes, clocks: runs },
      ...shares.map((part) => ({
        kind: kinds[kind],
        measure: measure.share,
        over: part.overPerCent,
        upTo: part.upToPerCent,
        clocks: part.runs,
      })),
      ...minutes.map((part) => ({
        kind: kinds[kind],
        measure: measure.minutes,
        over: part.overMinutes,
        upTo: part.upToMinutes,
        clocks: part.runs,
      })),
    ]),
  };
}

export function breachingTable(report: z.infer<typeof breachingSchema>, locale: Locale): ReportTable {
  const { within: heading, by } = words[locale];
  const cells = ({ breached, within }: Pick<(typeof report)['total'], 'breached' | 'within'>) => ({
    overdue: breached,
    ...Object.fromEntries(within.map(({ hours, clocks }) => [`within${hours}`, clocks])),
  });
  return {
    columns: [
      ...columnsOf(locale, ['queue', 'overdue']),
      ...hoursAhead.map((hours) => ({ key: `within${hours}`, header: heading(hours) })),
    ],
    rows: [
      { queue: by.total, ...cells(report.total) },
      ...report.queues.map(({ queue, ...pressure }) => ({ queue: queue.name, ...cells(pressure) })),
    ],
  };
}

const runColumns = [
  ...(['ticket', 'subject', 'customer', 'kind', 'outcome', 'since', 'decidedAt', 'dueAt', 'endedAt'] as const),
  ...(['promise', 'allowance', 'taken', 'plan', 'queue', 'agent'] as const),
];

/** How a list of clocks is headed, and a row of it. */
export function clockRunTable(locale: Locale) {
  const { kind, outcome } = words[locale];
  return {
    columns: columnsOf(locale, runColumns),
    row: (run: z.infer<typeof clockRunSchema>): Record<string, CsvCell> => ({
      ticket: run.ticket,
      subject: run.subject,
      customer: run.account.name,
      kind: kind[run.kind],
      outcome: outcome[run.outcome],
      since: run.since,
      decidedAt: run.decidedAt,
      dueAt: run.dueAt,
      endedAt: run.endedAt,
      promise: run.target.words,
      allowance: Math.round(run.allowanceMinutes),
      taken: run.takenMinutes === null ? null : Math.ceil(run.takenMinutes),
      plan: run.plan.name,
      queue: run.queue.name,
      agent: run.agent?.name ?? null,
    }),
  };
}
