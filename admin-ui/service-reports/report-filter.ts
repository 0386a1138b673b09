/** What reports are narrowed to, as it stands in the address of a page and as the API is asked. Pure. */
import { looksLikeId } from '../../domain/ids.ts';
import { clockKinds } from '../../domain/service-clock.ts';
import { reportSteps, usualReportDays, type ReportStep } from '../../domain/service-report.ts';
import { clockOutcomes } from '../../domain/ticket-clocks.ts';

const day = /^2\d{3}-\d\d-\d\d$/;
const wholeNumber = /^\d{1,6}$/;

/** Each filter with what may stand in it: an address may say anything. */
const filters = {
  from: (text: string) => day.test(text),
  to: (text: string) => day.test(text),
  zone: (text: string) => /^[\w+/-]{1,64}$/.test(text),
  plan: (text: string) => looksLikeId('slaPlan', text),
  queue: (text: string) => looksLikeId('queue', text),
  agent: (text: string) => text === 'none' || looksLikeId('user', text),
  kind: (text: string) => clockKinds.some((kind) => kind === text),
  account: (text: string) => looksLikeId('account', text),
} as const;

export type ReportFilterName = keyof typeof filters;
export type ReportFilter = Readonly<Partial<Record<ReportFilterName, string>>>;

/** What of a report's clocks a list shows. */
const choices = {
  outcome: (text: string) => [...clockOutcomes, 'overdue', 'running'].includes(text),
  ended: (text: string) => text === 'true' || text === 'false',
  withinHours: (text: string) => wholeNumber.test(text),
  minutesOver: (text: string) => wholeNumber.test(text),
  minutesUpTo: (text: string) => wholeNumber.test(text),
  perCentOver: (text: string) => wholeNumber.test(text),
  perCentUpTo: (text: string) => wholeNumber.test(text),
} as const;

export type RunChoiceName = keyof typeof choices;
export type RunFilter = ReportFilter & Readonly<Partial<Record<RunChoiceName, string>>>;

type Values = Readonly<Record<string, unknown>>;

function readFrom<Name extends string>(
  values: Values,
  known: Readonly<Record<Name, (text: string) => boolean>>,
): Partial<Record<Name, string>> {
  const given = Object.entries<(text: string) => boolean>(known).flatMap(([name, fits]) => {
    const value = values[name];
    return typeof value === 'string' && fits(value) ? [[name, value]] : [];
  });
  return Object.fromEntries(given) as Partial<Record<Name, string>>;
}

/** The filter in a page's query, without what is none. */
export function readReportFilter(query: URLSearchParams): ReportFilter {
  return readFrom(Object.fromEntries(query), filters);
}

/** Parts of time that the trend is shown by, as the query says; else such that neither few nor very many are shown. */
export function readStep(query: URLSearchParams, filter: ReportFilter): ReportStep {
  const days = filter.from && filter.to ? (Date.parse(filter.to) - Date.parse(filter.from)) / 86_400_000 + 1 : usualReportDays;
  return reportSteps.find((step) => step === query.get('step')) ?? (days <= 45 ? 'day' : days <= 200 ? 'week' : 'month');
}

export function reportAddress(filter: ReportFilter, step?: ReportStep): string {
  const query = new URLSearchParams([...Object.entries(filter), ...(step ? [['step', step]] : [])] as [string, string][]).toString();
  return query === '' ? '/service-reports' : `/service-reports?${query}`;
}

/** The filter of a list of clocks, without what is none. */
export function readRunFilter(values: Values): RunFilter {
  return readFrom(values, { ...filters, ...choices });
}

type Choice = Readonly<Partial<Record<RunChoiceName, string | number | boolean | null>>>;

/** The list of the clocks that a number is made of: the report's own filter, narrowed further. */
export function clockRunsAddress(filter: RunFilter, choice: Choice = {}): string {
  const given = Object.entries(choice).filter(([, value]) => value !== null && value !== undefined);
  const narrowed = { ...filter, ...Object.fromEntries(given.map(([name, value]) => [name, String(value)])) };
  return `/clock-runs?${new URLSearchParams({ filter: JSON.stringify(narrowed), page: '1', perPage: '50' }).toString()}`;
}

export const reportPresets = ['days7', 'days30', 'days90', 'month', 'lastMonth', 'year'] as const;
export type ReportPreset = (typeof reportPresets)[number];

/** The days of a preset, of which the last is today or the end of the month before. */
export function presetDays(preset: ReportPreset, today: string): { readonly from: string; readonly to: string } {
  const daysAgo = (days: number) => new Date(Date.parse(today) - days * 86_400_000).toISOString().slice(0, 10);
  const [year, month] = today.split('-').map(Number) as [number, number];
  const firstOf = (months: number) => new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 10);
  switch (preset) {
    case 'days7':
      return { from: daysAgo(6), to: today };
    case 'days30':
      return { from: daysAgo(usualReportDays - 1), to: today };
    case 'days90':
      return { from: daysAgo(89), to: today };
    case 'month':
      return { from: firstOf(0), to: today };
    case 'lastMonth':
      return { from: firstOf(-1), to: new Date(Date.parse(firstOf(0)) - 86_400_000).toISOString().slice(0, 10) };
    case 'year':
      return { from: daysAgo(364), to: today };
  }
}

/** The preset that these days are, if any; the last thirty days where no day is given. */
export function presetOf({ from, to }: ReportFilter, today: string): ReportPreset | undefined {
  if (from === undefined && to === undefined) return 'days30';
  return reportPresets.find((preset) => {
    const days = presetDays(preset, today);
    return days.from === from && days.to === to;
  });
}
