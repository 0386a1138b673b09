import { beforeAll, describe, expect, test } from 'vitest';
import { compileCalendar, type BusinessCalendar, type CalendarDefinition, type WorkingHours } from './business-calendar.ts';

const minute = 60_000;

/** What the clocks of a place show through one year and some days around it, found by looking at them every minute. */
interface WatchedYear {
  /** The first minute that was looked at, in minutes since 1970 of UTC. */
  readonly first: number;
  /** Number of the local day at each minute, and minutes since its midnight. Clocks that are set back show nothing new until they have caught up. */
  readonly dayAt: Int32Array;
  readonly minuteOfDayAt: Int32Array;
  readonly dates: readonly string[];
}

function watch(zone: string, year: number): WatchedYear {
  const first = Date.UTC(year, 0, 1) / minute - 3 * 1440;
  const count = Date.UTC(year + 1, 0, 1) / minute + 20 * 1440 - first;
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  const [dayAt, minuteOfDayAt] = [new Int32Array(count), new Int32Array(count)];
  const dates: string[] = [];
  let latest = '';
  for (let index = 0; index < count; index += 1) {
    const shown = clock.format((first + index) * minute);
    if (shown > latest) latest = shown;
    const date = latest.slice(0, 10);
    if (dates.at(-1) !== date) dates.push(date);
    dayAt[index] = dates.length - 1;
    minuteOfDayAt[index] = Number(latest.slice(11, 13)) * 60 + Number(latest.slice(14, 16));
  }
  return { first, dayAt, minuteOfDayAt, dates };
}

/** The rule of SPEC S2 once more, for one minute by its date and time. */
function isWorkedMinute(definition: CalendarDefinition, date: string, minuteOfDay: number): boolean {
  const said = definition.years[date.slice(0, 4)];
  if (said?.daysOff.includes(date)) return false;
  const weekday = ((Math.floor(Date.parse(date) / 86_400_000) + 3) % 7) + 1;
  if (!definition.weekdays.includes(weekday) && !said?.workingWeekends.includes(date)) return false;
  const closes = definition.honourShortDays && said?.shortDays.includes(date) ? definition.closes - 60 : definition.closes;
  return definition.opens <= minuteOfDay && minuteOfDay < closes;
}

interface Naive {
  /** Whether each minute is worked. */
  readonly worked: boolean[];
  /** The minute in which each working day closes, and which day it is, in order. */
  readonly closings: number[];
  readonly closingDays: number[];
}

function countNaively(definition: CalendarDefinition, watched: WatchedYear): Naive {
  const worked: boolean[] = [];
  const closings: number[] = [];
  const closingDays: number[] = [];
  for (const [index, day] of watched.dayAt.entries()) {
    const isWorked = isWorkedMinute(definition, watched.dates[day]!, watched.minuteOfDayAt[index]!);
    worked.push(isWorked);
    if (!isWorked) continue;
    if (closingDays.at(-1) !== day) {
      closingDays.push(day);
      closings.push(0);
    }
    closings[closings.length - 1] = index + 1;
  }
  // The last day may be cut off where the watch ends.
  return { worked, closings: closings.slice(0, -1), closingDays };
}

/** Says in one line where two ways of counting first disagree; a million expectations would take minutes. */
function firstDifference(count: number, differs: (index: number) => string | undefined): string | undefined {
  for (let index = 0; index < count; index += 1) {
    const difference = differs(index);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function compare(calendar: BusinessCalendar, watched: WatchedYear, { worked, closings, closingDays }: Naive): void {
  const instant = (index: number) => (watched.first + index) * minute;
  const start = new Date(instant(0));
  const told = (what: string, index: number, found: number, naive: number) =>
    found === naive ? undefined : `${what}, ${new Date(instant(index)).toISOString()}: ${found}, minute by minute ${naive}`;

  // Working time until each minute, and back again: the instant after so many working minutes.
  let passed = 0;
  const counted = firstDifference(worked.length, (index) => {
    const until = told('worked until', index, calendar.workingMs(start, new Date(instant(index))), passed * minute);
    if (until !== undefined || !worked[index]) return until;
    passed += 1;
    return told('after as much as until the end of', index, calendar.after(start, passed * minute).getTime(), instant(index + 1));
  });
  expect(counted).toBeUndefined();
  expect(passed).toBeGreaterThan(0);

  // From each minute on: one working minute, and the first and the fifth working day.
  let [next, nextDay] = [0, 0];
  const ended = firstDifference(closings.at(-6)!, (index) => {
    const from = new Date(instant(index));
    if (next <= index) next = worked.indexOf(true, index) + 1;
    while (closingDays[nextDay]! <= watched.dayAt[index]!) nextDay += 1;
    return (
      told('a minute from', index, calendar.after(from, minute).getTime(), instant(next)) ??
      told('a day from', index, calendar.endOfWorkingDay(from, 1).getTime(), instant(closings[nextDay]!)) ??
      told('five days from', index, calendar.endOfWorkingDay(from, 5).getTime(), instant(closings[nextDay + 4]!))
    );
  });
  expect(ended).toBeUndefined();
}

const usual: WorkingHours = { opens: 660, closes: 1200 };
const wholeDay: WorkingHours = { opens: 0, closes: 1440 };

/** Places, a year in which their clocks were changed in a way of its own, and a window whose edges fall into the change. */
const places: readonly (readonly [zone: string, year: number, edges: WorkingHours])[] = [
  ['Europe/Moscow', 2026, { opens: 1, closes: 1439 }],
  ['Europe/Moscow', 2014, { opens: 90, closes: 1380 }],
  ['Europe/Berlin', 2026, { opens: 150, closes: 1380 }],
  ['Europe/Berlin', 2024, { opens: 0, closes: 150 }],
  ['America/New_York', 2026, { opens: 90, closes: 150 }],
  ['Asia/Kolkata', 2026, { opens: 29, closes: 331 }],
  ['Australia/Lord_Howe', 2026, { opens: 105, closes: 1380 }],
  ['America/Sao_Paulo', 2018, { opens: 30, closes: 1410 }],
  ['America/St_Johns', 2010, { opens: 0, closes: 1410 }],
  ['Pacific/Apia', 2011, { opens: 60, closes: 1439 }],
  ['Africa/Casablanca', 2026, { opens: 120, closes: 180 }],
];

describe.each(places)('%s in %i, minute by minute', (zone, year, edges) => {
  let watched: WatchedYear;
  beforeAll(() => {
    watched = watch(zone, year);
  });
  const weekdays = [1, 2, 3, 4, 5, 7];
  const date = (month: number, day: number) => new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
  const said = {
    decree: null,
    daysOff: [1, 2, 3, 4, 5, 6, 7, 8].map((day) => date(1, day)).concat(date(5, 1), date(12, 31)),
    workingWeekends: [2, 3, 4, 10, 11, 12].flatMap((month) => Array.from({ length: 28 }, (_, index) => date(month, index + 1))),
    shortDays: [date(3, 7), date(4, 30), date(10, 25), date(11, 3), date(12, 30)],
  };
  /** The days around the year belong to years that it does not know. */
  const definition: CalendarDefinition = { zone, weekdays, ...usual, honourShortDays: true, years: { [year]: said } };

  test.each([
    ['S2, S3: the usual hours', usual],
    ['S2, S3: the whole day', wholeDay],
    ['S2, S3: hours that begin or end where the clocks are changed', edges],
  ])('%s', (_title, hours) => {
    compare(compileCalendar(definition, hours), watched, countNaively({ ...definition, ...hours }, watched));
  });
});
