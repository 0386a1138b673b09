/** S3: what a question to the business calendar costs, and what it costs to make one ready. */
import { officialRussianYears } from '../../db/data/official-calendar-ru.ts';
import { compileCalendar, type BusinessCalendar, type CalendarDefinition } from '../../domain/business-calendar.ts';
import { markdownTable, median, withSpread, type Line, type Result } from './figures.ts';
import type { BenchOptions } from './options.ts';

const goalMicroseconds = 10;
const blocks = 9;
const hour = 3_600_000;
/** What the three years are worth that the official calendar has 247 working days in each of, nine hours long. */
const farDays = 3 * 247;

const moscow: CalendarDefinition = {
  zone: 'Europe/Moscow',
  weekdays: [1, 2, 3, 4, 5],
  opens: 660,
  closes: 1_200,
  honourShortDays: false,
  years: officialRussianYears,
};
/** A zone with daylight saving, and every year counted by plain weeks. */
const newYork: CalendarDefinition = { ...moscow, zone: 'America/New_York', years: {} };

interface Question {
  readonly what: string;
  readonly ask: (calendar: BusinessCalendar, from: Date) => unknown;
}

/** What a ticket asks: near is a target of a plan, far is three years on. */
const questions: readonly Question[] = [
  { what: 'after, 16 working hours', ask: (calendar, from) => calendar.after(from, 16 * hour) },
  { what: 'after, 3 years', ask: (calendar, from) => calendar.after(from, farDays * 9 * hour) },
  { what: 'endOfWorkingDay, the 5th', ask: (calendar, from) => calendar.endOfWorkingDay(from, 5) },
  { what: 'endOfWorkingDay, 3 years', ask: (calendar, from) => calendar.endOfWorkingDay(from, farDays) },
  { what: 'workingMs, a week', ask: (calendar, from) => calendar.workingMs(from, new Date(from.getTime() + 168 * hour)) },
  { what: 'workingMs, 3 years', ask: (calendar, from) => calendar.workingMs(from, new Date(from.getTime() + 26_280 * hour)) },
];

export async function benchCalendar(options: BenchOptions): Promise<Result> {
  const perBlock = options.quick ? 2_000 : 200_000;
  const asked = [moscow, newYork].map((definition) => {
    const calendar = compileCalendar(definition);
    options.say(`${definition.zone}: ${blocks} blocks of ${perBlock} questions of each kind`);
    return { zone: definition.zone, microseconds: questions.map((question) => askAll(calendar, question, perBlock)) };
  });
  options.say('making calendars ready');
  const made = [moscow, newYork].map((definition) => ({ zone: definition.zone, ...makeAll(definition, options.quick ? 3 : 60) }));
  return resultOf(asked, made, intlMicroseconds(options.quick ? 2_000 : 100_000), perBlock);
}

/** Microseconds a question, a figure a block. Each begins elsewhere in 2026, so that no answer is known from before. */
function askAll(calendar: BusinessCalendar, { ask }: Question, perBlock: number): number[] {
  const starts = Array.from(
    { length: 4_096 },
    (_start, index) => new Date(Date.UTC(2026, 0, 1) + ((index * 2_654_435_761) % (8_760 * hour))),
  );
  const block = () => {
    const began = performance.now();
    let kept: unknown;
    for (let index = 0; index < perBlock; index += 1) kept = ask(calendar, starts[index & 4_095]!);
    const took = performance.now() - began;
    // What is not looked at may not be computed at all.
    if (kept === undefined) throw new Error('a question had no answer');
    return (took * 1000) / perBlock;
  };
  block();
  return Array.from({ length: blocks }, block);
}

interface Made {
  /** Milliseconds until the first answer, which reads a year or two; then until one that reads four. */
  readonly nearMs: number[];
  readonly farMs: number[];
}

function makeAll(definition: CalendarDefinition, times: number): Made {
  const from = new Date('2026-03-02T09:00:00Z');
  const timed = (days: number) => {
    const began = performance.now();
    compileCalendar(definition).endOfWorkingDay(from, days);
    return performance.now() - began;
  };
  timed(farDays);
  return { nearMs: Array.from({ length: times }, () => timed(5)), farMs: Array.from({ length: times }, () => timed(farDays)) };
}

/** What one question to Intl costs, the local time of one instant: a way of counting that asks it has at least this to pay. */
function intlMicroseconds(times: number): number[] {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: moscow.zone, dateStyle: 'short', timeStyle: 'short' });
  return Array.from({ length: blocks }, (_block, index) => {
    const began = performance.now();
    for (let n = 0; n < times; n += 1) format.format((index * times + n) * 60_000);
    return ((performance.now() - began) * 1000) / times;
  });
}

function resultOf(
  asked: readonly { readonly zone: string; readonly microseconds: readonly number[][] }[],
  made: readonly ({ readonly zone: string } & Made)[],
  intl: readonly number[],
  perBlock: number,
): Result {
  const [official] = asked;
  const lines = questions.map(({ what }, index): Line => {
    const samples = official!.microseconds[index]!;
    return {
      goal: 'S3',
      what: `${what}, µs`,
      floor: withSpread(intl, 2),
      ours: withSpread(samples, 2),
      ratio: `${(median(samples) / median(intl)).toFixed(2)} ×`,
      wanted: `< ${goalMicroseconds}`,
      met: median(samples) < goalMicroseconds,
    };
  });
  const others = asked.slice(1).map(({ zone, microseconds }) =>
    markdownTable(
      [`${zone}, plain weeks`, 'µs'],
      questions.map(({ what }, index) => [what, withSpread(microseconds[index]!, 2)]),
    ),
  );
  const making = markdownTable(
    ['making ready', 'until a near answer, ms', 'until one 3 years on, ms'],
    made.map(({ zone, nearMs, farMs }) => [zone, withSpread(nearMs, 1), withSpread(farMs, 1)]),
  );
  return {
    id: 'S3',
    title: 'Questions to the business calendar',
    lines,
    method: [
      `One process, one core: ${blocks} blocks of ${perBlock} questions after one that is thrown away; the median of the blocks, with the least and the greatest. 4,096 starts all over 2026.`,
      'The calendar is the official Russian one, 11:00–20:00 in Moscow; three years are 741 working days or 6,669 working hours. New York has daylight saving and no year of its own.',
      'The floor is one question to Intl, the local time of one instant, with a formatter that is kept. A calendar that asked the zone for each question would pay it several times.',
      'Making ready is compileCalendar and the first answer: a year is worked out when it is first asked of, and kept by the process. A near answer reads one year, one three years on four.',
    ],
    raw: [...others, making],
  };
}
