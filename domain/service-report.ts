/**
 * Reports of what became of clocks (SPEC S8): the period they tell of, how they sum up, and what few numbers do not tell. Pure;
 * zones are those of the IANA database, by their names.
 */
import { refuse, type Refusal } from './errors.ts';
import { instantOf, offsetReader, offsetsBetween, type OffsetStretch } from './local-time.ts';
import { localDate } from './missing-year.ts';
import { clockKinds, type ClockKind } from './service-clock.ts';
import type { ClockOutcome } from './ticket-clocks.ts';

/** Local days of a zone, the first and the last included; dates as `2026-01-09`. */
export interface ReportDays {
  readonly from: string;
  readonly to: string;
  readonly zone: string;
}

/** Days and the instants they span: from the first on, until before the last. */
export interface ReportPeriod extends ReportDays {
  readonly startsAt: Date;
  readonly endsAt: Date;
}

/** Three years with a leap day among them. */
export const maxReportDays = 1_096;
/** How many days a report tells of when nobody says which. */
export const usualReportDays = 30;

/** The period that is asked for: the last thirty days where no end is given, and the thirty days before its end where only that is. */
export function reportPeriod(
  asked: { readonly from?: string | undefined; readonly to?: string | undefined; readonly zone: string },
  now: Date,
): ReportPeriod | Refusal {
  const { zone } = asked;
  const to = asked.to ?? localDate(zone, now);
  const from = asked.from ?? dateAfter(to, 1 - usualReportDays);
  if (from > to) return refuse('service_report.period_reversed');
  if (daysBetween(from, to) + 1 > maxReportDays) return refuse('service_report.period_too_long', { days: String(maxReportDays) });
  const startOf = dayStarts({ from, to, zone });
  return { from, to, zone, startsAt: startOf(from), endsAt: startOf(dateAfter(to, 1)) };
}

export const reportSteps = ['day', 'week', 'month'] as const;
export type ReportStep = (typeof reportSteps)[number];

/**
 * The parts of a period, in order and without gaps: days, weeks from Monday, or months. The first and the last are as short as
 * the period cuts them.
 */
export function partsOfPeriod(period: ReportPeriod, step: ReportStep): ReportPeriod[] {
  const { zone } = period;
  const startOf = dayStarts(period);
  const firsts: string[] = [];
  for (let date = period.from; date <= period.to; date = dateAfter(date, 1))
    if (date === period.from || beginsPart(date, step)) firsts.push(date);
  return firsts.map((from, index) => {
    const next = firsts[index + 1];
    const to = next === undefined ? period.to : dateAfter(next, -1);
    return { from, to, zone, startsAt: startOf(from), endsAt: next === undefined ? period.endsAt : startOf(next) };
  });
}

function beginsPart(date: string, step: ReportStep): boolean {
  switch (step) {
    case 'day':
      return true;
    case 'week':
      return new Date(`${date}T00:00:00Z`).getUTCDay() === 1;
    case 'month':
      return date.endsWith('-01');
  }
}

const day = 86_400_000;

/** When each day of the period begins, and the one after it. What the clocks of the zone do meanwhile is looked up once. */
function dayStarts({ from, to, zone }: ReportDays): (date: string) => Date {
  // No zone is further than 15 hours from UTC.
  const stretches: readonly OffsetStretch[] = offsetsBetween(offsetReader(zone), midnight(from) - day, midnight(to) + 3 * day);
  return (date) => new Date(instantOf(stretches, midnight(date)));
}

function midnight(date: string): number {
  return Date.parse(`${date}T00:00:00Z`);
}

function dateAfter(date: string, days: number): string {
  return new Date(midnight(date) + days * day).toISOString().slice(0, 10);
}

function daysBetween(from: string, to: string): number {
  return (midnight(to) - midnight(from)) / day;
}

/** So many clocks ended so. One that is open still may have broken its promise already. */
export interface OutcomeCount {
  readonly outcome: ClockOutcome;
  readonly open: boolean;
  readonly runs: number;
}

/** How promises were kept. */
export interface Compliance {
  readonly met: number;
  /** All that were broken, those that are open still among them. */
  readonly breached: number;
  readonly stillOpen: number;
  /** Neither kept nor broken, so counted with neither. */
  readonly void: number;
  /** Of those that were kept or broken, how many were kept: from 0 to 1. Null where there were none: nothing has no share. */
  readonly share: number | null;
}

export function complianceOf(counts: readonly OutcomeCount[]): Compliance {
  const sum = (which: (count: OutcomeCount) => boolean) => counts.filter(which).reduce((total, { runs }) => total + runs, 0);
  const met = sum(({ outcome }) => outcome === 'met');
  const breached = sum(({ outcome }) => outcome === 'breached');
  return {
    met,
    breached,
    stillOpen: sum(({ outcome, open }) => outcome === 'breached' && open),
    void: sum(({ outcome }) => outcome === 'void'),
    share: met + breached === 0 ? null : met / (met + breached),
  };
}

/**
 * The time by which such a share of the clocks had ended, told from as many clocks on as it takes for one of them to lie
 * beyond it: of ten answers none is the slowest of twenty.
 */
export const quantiles = { median: { share: 0.5, from: 1 }, p90: { share: 0.9, from: 10 }, p95: { share: 0.95, from: 20 } } as const;
export type QuantileName = keyof typeof quantiles;

/** Where the parts of a distribution end, each with its end: shares of the allowance in per cent, and working minutes. The last part has no end. */
export const shareBounds = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 150, 200] as const;
export const minuteBounds = [60, 120, 240, 480, 960, 1_440, 2_400, 4_800] as const;

/** A clock that ended: what of it distributions tell by. */
export interface TakenTime {
  readonly kind: ClockKind;
  readonly outcome: ClockOutcome;
  readonly allowanceMs: number;
  readonly takenMs: number;
}

const minuteBits = 20;
const partBits = 4;
/** Two years around the clock. What took longer counts as having taken so long. */
const mostMinutes = 2 ** minuteBits - 1;

/**
 * Where the time that a clock took lies in distributions, as one number: its kind, the part of its allowance, and whole working
 * minutes, a begun one among them, so that sixteen hours are 960 and a moment more is 961. It is kept with the clock, as to
 * group millions of rows by one number takes half as long as to work out three and group by these. Null for a clock that
 * counts in none.
 */
export function spreadOf({ kind, outcome, allowanceMs, takenMs }: TakenTime): number | null {
  if (outcome === 'void') return null;
  const part = shareBounds.filter((bound) => takenMs * 100 > bound * allowanceMs).length;
  const minutes = Math.min(mostMinutes, Math.ceil(takenMs / 60_000));
  return ((clockKinds.indexOf(kind) << partBits) | part) * 2 ** minuteBits + minutes;
}

/** SQL that reads a part of a number that {@link spreadOf} made, of the column of this name. */
export const spreadSql = {
  kind: (column: string) => `${column} >> ${minuteBits + partBits}`,
  part: (column: string) => `(${column} >> ${minuteBits}) & ${2 ** partBits - 1}`,
  minutes: (column: string) => `${column} & ${mostMinutes}`,
} as const;

/** What is about to breach is told for so many working hours ahead, each with those before. */
export const hoursAhead = [1, 4, 8, 24] as const;
export const maxHoursAhead = 24;

/** How old open tickets are, by days of 24 hours since their opening: where the parts end. The last part has no end. */
export const ageBoundsDays = [1, 3, 7, 30] as const;

/** Opened in this part of the past: from the one instant on, and before the other; null: whenever before, or until now. */
export interface AgePart {
  readonly createdFrom: Date | null;
  readonly createdBefore: Date | null;
}

/** The parts of the past that open tickets are counted by, the newest first. */
export function agePartsAt(now: Date): AgePart[] {
  const ends = ageBoundsDays.map((days) => new Date(now.getTime() - days * day));
  return [...ends, null].map((createdFrom, at) => ({ createdFrom, createdBefore: ends[at - 1] ?? null }));
}
