import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { officialRussianYears } from '../db/data/official-calendar-ru.ts';
import { compileCalendar, plannedDays, type BusinessCalendar, type CalendarDefinition, type CalendarYear } from './business-calendar.ts';

const minutes = 60_000;
const hours = 60 * minutes;
const days = 24 * hours;

const moscow: CalendarDefinition = {
  zone: 'Europe/Moscow',
  weekdays: [1, 2, 3, 4, 5],
  opens: 660,
  closes: 1200,
  honourShortDays: false,
  years: officialRussianYears,
};
const official = compileCalendar(moscow);
/** By the clocks of Moscow, which are three hours ahead since 2014. */
const msk = (local: string) => new Date(`${local}+03:00`);
const yearSaying = (said: Partial<CalendarYear>): CalendarYear => ({
  decree: null,
  daysOff: [],
  workingWeekends: [],
  shortDays: [],
  ...said,
});

describe('the checked cases', () => {
  test.each([
    ['2025-10-30T16:00', '2025-11-01T14:00'],
    ['2025-12-30T17:00', '2026-01-13T15:00'],
  ])('S3: 16 working hours from %s end at %s', (from, end) => {
    expect(official.after(msk(from), 16 * hours)).toEqual(msk(end));
    expect(official.workingMs(msk(from), msk(end))).toBe(16 * hours);
  });

  test('S3: 15 working days from 2025-12-30 end as 2026-01-30 closes, whatever the hour of receipt', () => {
    for (const time of ['00:00', '11:00', '17:00', '20:00', '23:59:59.999'])
      expect(official.endOfWorkingDay(msk(`2025-12-30T${time}`), 15)).toEqual(msk('2026-01-30T20:00'));
    expect(official.endOfWorkingDay(msk('2025-12-29T23:59:59.999'), 15)).toEqual(msk('2026-01-29T20:00'));
    expect(official.endOfWorkingDay(msk('2025-12-31T00:00'), 15)).toEqual(msk('2026-01-30T20:00'));
  });

  test.each([2025, 2026, 2027])('S2: %i has the 247 working days of the official calendar', (year) => {
    expect(plannedDays(moscow, year).filter(({ isWorked }) => isWorked)).toHaveLength(247);
    expect(official.workingMs(msk(`${year}-01-01T00:00`), msk(`${year + 1}-01-01T00:00`))).toBe(247 * 9 * hours);
  });
});

describe('which time is working time', () => {
  test('S3: what fills a day ends as it closes, not as the next one opens', () => {
    expect(official.after(msk('2026-02-02T11:00'), 9 * hours)).toEqual(msk('2026-02-02T20:00'));
    expect(official.after(msk('2026-02-02T11:00'), 9 * hours + 1)).toEqual(msk('2026-02-03T11:00:00.001'));
    expect(official.after(msk('2026-02-02T20:00'), 1)).toEqual(msk('2026-02-03T11:00:00.001'));
  });

  test('S3: a part of a millisecond is not over before the millisecond is', () => {
    expect(official.after(msk('2026-02-02T12:00'), 0.5)).toEqual(msk('2026-02-02T12:00:00.001'));
  });

  test('S3: nothing left to count is over at once, also at night', () => {
    for (const from of [msk('2026-02-02T03:00'), msk('2026-02-02T12:00')]) {
      expect(official.after(from, 0)).toEqual(from);
      expect(official.after(from, -1)).toEqual(from);
    }
  });

  test('S3: between two instants of which the second is not later there is no working time', () => {
    expect(official.workingMs(msk('2026-02-02T12:00'), msk('2026-02-02T12:00'))).toBe(0);
    expect(official.workingMs(msk('2026-02-03T12:00'), msk('2026-02-02T12:00'))).toBe(0);
  });

  test('S2: a transferred day off is not worked, and the Saturday it was transferred to is', () => {
    expect(official.workingMs(msk('2025-11-01T00:00'), msk('2025-11-02T00:00'))).toBe(9 * hours);
    expect(official.workingMs(msk('2025-11-02T00:00'), msk('2025-11-05T00:00'))).toBe(0);
  });

  test('S2: a day that is both off and worked is off', () => {
    const years = { '2026': yearSaying({ daysOff: ['2026-02-07'], workingWeekends: ['2026-02-07'], shortDays: ['2026-02-07'] }) };
    expect(compileCalendar({ ...moscow, years }).workingMs(msk('2026-02-07T00:00'), msk('2026-02-08T00:00'))).toBe(0);
  });

  test('S2: a short day ends an hour early only where that is honoured', () => {
    const honouring = compileCalendar({ ...moscow, honourShortDays: true });
    expect(official.endOfWorkingDay(msk('2026-04-29T12:00'), 1)).toEqual(msk('2026-04-30T20:00'));
    expect(honouring.endOfWorkingDay(msk('2026-04-29T12:00'), 1)).toEqual(msk('2026-04-30T19:00'));
    expect(honouring.after(msk('2026-04-30T18:30'), 60 * minutes)).toEqual(msk('2026-05-04T11:30'));
  });

  test('S2: a short day that an hour less leaves nothing of is no working day', () => {
    const hour = compileCalendar({ ...moscow, honourShortDays: true }, { opens: 660, closes: 720 });
    expect(hour.workingMs(msk('2026-04-30T00:00'), msk('2026-05-01T00:00'))).toBe(0);
    expect(hour.endOfWorkingDay(msk('2026-04-29T12:00'), 1)).toEqual(msk('2026-05-04T12:00'));
    const half = compileCalendar({ ...moscow, honourShortDays: true }, { opens: 660, closes: 690 });
    expect(half.workingMs(msk('2026-04-30T00:00'), msk('2026-05-01T00:00'))).toBe(0);
  });

  test('S6: hours that are given replace the calendar’s own', () => {
    const early = compileCalendar(moscow, { opens: 540, closes: 1080 });
    expect(early.endOfWorkingDay(msk('2026-02-02T12:00'), 1)).toEqual(msk('2026-02-03T18:00'));
    expect(early.workingMs(msk('2026-02-02T00:00'), msk('2026-02-02T10:00'))).toBe(hours);
    expect(compileCalendar(moscow, null).endOfWorkingDay(msk('2026-02-02T12:00'), 1)).toEqual(msk('2026-02-03T20:00'));
  });

  test('S2: a year that the calendar does not know is counted by plain weeks, and said', () => {
    const { '2025': before, '2027': after } = officialRussianYears;
    const gap = compileCalendar({ ...moscow, years: { '2025': before!, '2027': after! } });
    // 2026-01-01 is a Thursday: with its year unknown it and the Friday are worked, as every one of the 261 days from Monday to Friday.
    expect(gap.after(msk('2025-12-30T17:00'), 16 * hours)).toEqual(msk('2026-01-02T15:00'));
    expect(gap.workingMs(msk('2026-01-01T00:00'), msk('2027-01-01T00:00'))).toBe(261 * 9 * hours);
    const end = gap.endOfWorkingDay(msk('2025-12-30T12:00'), 261 + 1);
    expect(end).toEqual(msk('2027-01-11T20:00'));
    expect(gap.unknownYears(msk('2025-12-30T12:00'), end)).toEqual([2026]);
    expect(official.unknownYears(msk('2025-12-30T12:00'), end)).toEqual([]);
  });

  test('S2: the years that a stretch touches are those of the calendar’s zone', () => {
    const none = compileCalendar({ ...moscow, years: {} });
    expect(none.unknownYears(msk('2025-12-31T23:59'), msk('2028-01-01T00:01'))).toEqual([2025, 2026, 2027, 2028]);
    expect(none.unknownYears(msk('2026-01-01T00:00'), msk('2027-01-01T00:00'))).toEqual([2026]);
    expect(none.unknownYears(msk('2026-01-01T00:00'), msk('2026-01-01T00:00'))).toEqual([2026]);
    expect(none.unknownYears(msk('2026-01-02T00:00'), msk('2026-01-01T00:00'))).toEqual([]);
    // In Moscow it is 2027 already.
    expect(none.unknownYears(new Date('2026-12-31T21:00Z'), new Date('2026-12-31T22:00Z'))).toEqual([2027]);
  });
});

describe('what cannot be counted', () => {
  test('S3: a calendar without working time says so instead of counting for ever', () => {
    const plain = { ...moscow, years: {} };
    for (const never of [compileCalendar({ ...plain, weekdays: [] }), compileCalendar(plain, { opens: 660, closes: 660 })]) {
      expect(() => never.after(msk('2026-02-02T12:00'), 1)).toThrow(RangeError);
      expect(() => never.endOfWorkingDay(msk('2026-02-02T12:00'), 1)).toThrow(RangeError);
      expect(never.workingMs(msk('2026-02-02T12:00'), msk('2027-02-02T12:00'))).toBe(0);
    }
  });

  test('S3: the longest promise on the scarcest week still has an end', () => {
    const scarce = compileCalendar({ ...moscow, weekdays: [5], years: {} }, { opens: 660, closes: 720 });
    expect(scarce.after(msk('2026-02-02T12:00'), 4_000 * hours)).toEqual(msk('2102-09-29T12:00'));
  });

  test('S3: what is no instant, no time and no number of days is a mistake', () => {
    const [good, bad] = [msk('2026-02-02T12:00'), new Date(Number.NaN)];
    for (const wrong of [
      () => official.workingMs(bad, good),
      () => official.workingMs(good, bad),
      () => official.after(bad, 1),
      () => official.endOfWorkingDay(bad, 1),
      () => official.unknownYears(good, bad),
      () => official.after(good, Number.NaN),
      () => official.after(good, Number.POSITIVE_INFINITY),
      () => official.endOfWorkingDay(good, 0),
      () => official.endOfWorkingDay(good, 1.5),
      () => official.workingMs(good, new Date('9999-01-01T00:00Z')),
      () => compileCalendar({ ...moscow, zone: 'Europe/Atlantis' }),
    ])
      expect(wrong).toThrow(RangeError);
  });
});

describe('clocks that are changed', () => {
  const everyDay = (zone: string, opens: number, closes: number) =>
    compileCalendar({ zone, weekdays: [1, 2, 3, 4, 5, 6, 7], opens, closes, honourShortDays: false, years: {} });
  const endOf = (calendar: BusinessCalendar, from: string) => calendar.endOfWorkingDay(new Date(from), 1).toISOString();
  const of = (calendar: BusinessCalendar, from: string, to: string) => calendar.workingMs(new Date(from), new Date(to));

  test('S3: a whole day has 23, 24 or 25 hours', () => {
    const berlin = everyDay('Europe/Berlin', 0, 1440);
    expect(of(berlin, '2026-03-28T23:00Z', '2026-03-29T22:00Z')).toBe(23 * hours);
    expect(endOf(berlin, '2026-03-28T12:00Z')).toBe('2026-03-29T22:00:00.000Z');
    expect(endOf(berlin, '2026-10-24T12:00Z')).toBe('2026-10-25T23:00:00.000Z');
    expect(berlin.after(new Date('2026-10-24T22:00Z'), 25 * hours).toISOString()).toBe('2026-10-25T23:00:00.000Z');
  });

  test('S3: a time that does not exist moves forward to the first that does; of one that exists twice the first is meant', () => {
    // In Berlin 02:00–03:00 is skipped on 29 March and happens twice on 25 October 2026.
    expect(of(everyDay('Europe/Berlin', 150, 240), '2026-03-28T23:00Z', '2026-03-29T22:00Z')).toBe(1 * hours);
    expect(endOf(everyDay('Europe/Berlin', 0, 150), '2026-03-28T12:00Z')).toBe('2026-03-29T01:00:00.000Z');
    expect(endOf(everyDay('Europe/Berlin', 0, 150), '2026-10-24T12:00Z')).toBe('2026-10-25T00:30:00.000Z');
    expect(of(everyDay('Europe/Berlin', 150, 240), '2026-10-24T22:00Z', '2026-10-25T23:00Z')).toBe(2.5 * hours);
  });

  test('S3: hours that are skipped altogether are no working day', () => {
    const night = everyDay('Europe/Berlin', 120, 180);
    expect(of(night, '2026-03-28T23:00Z', '2026-03-29T22:00Z')).toBe(0);
    expect(endOf(night, '2026-03-28T12:00Z')).toBe('2026-03-30T01:00:00.000Z');
  });

  test('S3: a midnight that does not exist begins its day an hour late (São Paulo, 2018-11-04)', () => {
    const paulista = everyDay('America/Sao_Paulo', 0, 1440);
    expect(of(paulista, '2018-11-04T03:00Z', '2018-11-05T02:00Z')).toBe(23 * hours);
    expect(endOf(paulista, '2018-11-04T02:59:59.999Z')).toBe('2018-11-05T02:00:00.000Z');
    expect(endOf(paulista, '2018-11-04T03:00Z')).toBe('2018-11-06T02:00:00.000Z');
  });

  test('S3: a day that was skipped is not worked, and not worked twice on the next (Apia, 2011-12-30)', () => {
    const apia = everyDay('Pacific/Apia', 660, 1200);
    // Ten hours behind UTC until the end of the 29th, fourteen ahead from the beginning of the 31st.
    expect(of(apia, '2011-12-29T10:00Z', '2011-12-31T10:00Z')).toBe(2 * 9 * hours);
    expect(endOf(apia, '2011-12-29T21:00Z')).toBe('2011-12-31T06:00:00.000Z');
    expect(apia.after(new Date('2011-12-30T05:00Z'), hours + 1).toISOString()).toBe('2011-12-30T21:00:00.001Z');
  });

  test('S3: half an hour of daylight saving is half an hour (Lord Howe Island)', () => {
    const lordHowe = everyDay('Australia/Lord_Howe', 0, 1440);
    expect(of(lordHowe, '2026-04-04T13:00Z', '2026-04-05T13:30Z')).toBe(24.5 * hours);
    expect(of(lordHowe, '2026-10-03T13:30Z', '2026-10-04T13:00Z')).toBe(23.5 * hours);
  });
});

describe('whatever the calendar', () => {
  const zones = [
    'Europe/Moscow',
    'Europe/Berlin',
    'America/New_York',
    'Asia/Kolkata',
    'Australia/Lord_Howe',
    'America/Sao_Paulo',
    'America/St_Johns',
    'Africa/Casablanca',
    'Pacific/Apia',
    'UTC',
  ];
  /** From here on São Paulo changed its clocks at midnight, Moscow for good, and Apia skipped a day. */
  const firstYear = 2010;
  const start = Date.UTC(firstYear, 11, 20);
  const spanMs = 3 * 365 * days;

  const drawnInstant = fc.integer({ min: 0, max: spanMs }).map((ms) => new Date(start + ms));
  const drawnDates = (year: number) =>
    fc.uniqueArray(
      fc.integer({ min: 0, max: 364 }).map((index) => new Date(Date.UTC(year, 0, 1) + index * days).toISOString().slice(0, 10)),
      { maxLength: 40 },
    );
  const drawnYear = (year: number) =>
    fc.record({ decree: fc.constant(null), daysOff: drawnDates(year), workingWeekends: drawnDates(year), shortDays: drawnDates(year) });
  const drawnWindow = fc.oneof(
    fc.constantFrom({ opens: 0, closes: 1440 }, { opens: 660, closes: 1200 }, { opens: 120, closes: 180 }, { opens: 0, closes: 150 }),
    fc.tuple(fc.integer({ min: 0, max: 1380 }), fc.integer({ min: 60, max: 1440 })).map(([opens, length]) => ({
      opens,
      closes: Math.min(1440, opens + length),
    })),
  );
  /** The year in the middle is not known. */
  const drawnDefinition: fc.Arbitrary<CalendarDefinition> = fc
    .record({
      zone: fc.constantFrom(...zones),
      weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      window: drawnWindow,
      honourShortDays: fc.boolean(),
      years: fc.record({ [firstYear + 1]: drawnYear(firstYear + 1), [firstYear + 3]: drawnYear(firstYear + 3) }),
    })
    .map(({ window, ...rest }) => ({ ...rest, ...window }));
  const drawnMs = fc.oneof(fc.integer({ min: 1, max: 40 * hours }), fc.integer({ min: 1, max: 500 * hours }));
  const drawnDays = fc.integer({ min: 1, max: 60 });
  const runs = { numRuns: 300 };
  const isWorked = (calendar: BusinessCalendar, from: number) => calendar.workingMs(new Date(from), new Date(from + 1)) === 1;

  test('S3: who comes later is not due earlier', () => {
    fc.assert(
      fc.property(drawnDefinition, drawnInstant, drawnInstant, drawnMs, drawnDays, (definition, a, b, ms, count) => {
        const calendar = compileCalendar(definition);
        const [earlier, later] = a < b ? [a, b] : [b, a];
        expect(calendar.after(earlier, ms).getTime()).toBeLessThanOrEqual(calendar.after(later, ms).getTime());
        expect(calendar.endOfWorkingDay(earlier, count).getTime()).toBeLessThanOrEqual(calendar.endOfWorkingDay(later, count).getTime());
      }),
      runs,
    );
  });

  test('S3: more time ends later, and a further day after the day before it', () => {
    fc.assert(
      fc.property(drawnDefinition, drawnInstant, drawnMs, drawnDays, (definition, from, ms, count) => {
        const calendar = compileCalendar(definition);
        expect(calendar.after(from, ms).getTime()).toBeLessThan(calendar.after(from, ms + 1).getTime());
        const [day, next] = [calendar.endOfWorkingDay(from, count), calendar.endOfWorkingDay(from, count + 1)];
        expect(day.getTime()).toBeLessThan(next.getTime());
        expect(calendar.endOfWorkingDay(day, 1).getTime()).toBeGreaterThan(day.getTime());
      }),
      runs,
    );
  });

  test('S3: no deadline ends outside working time', () => {
    fc.assert(
      fc.property(drawnDefinition, drawnInstant, drawnMs, drawnDays, (definition, from, ms, count) => {
        const calendar = compileCalendar(definition);
        const end = calendar.after(from, ms).getTime();
        expect(isWorked(calendar, end - 1)).toBe(true);
        const closing = calendar.endOfWorkingDay(from, count).getTime();
        expect(isWorked(calendar, closing - 1)).toBe(true);
        if (definition.closes - definition.opens < 1440) expect(isWorked(calendar, closing)).toBe(false);
      }),
      runs,
    );
  });

  test('S3: a further day off makes no deadline earlier', () => {
    fc.assert(
      fc.property(
        drawnDefinition,
        fc.integer({ min: 0, max: 2 }),
        fc.integer({ min: 0, max: 364 }),
        drawnInstant,
        drawnMs,
        drawnDays,
        (definition, which, index, from, ms, count) => {
          const year = firstYear + 1 + which;
          const date = new Date(Date.UTC(year, 0, 1) + index * days).toISOString().slice(0, 10);
          const said = definition.years[year] ?? yearSaying({});
          const decreed = { ...definition, years: { ...definition.years, [year]: { ...said, daysOff: [...said.daysOff, date] } } };
          const [before, after] = [compileCalendar(definition), compileCalendar(decreed)];
          expect(after.after(from, ms).getTime()).toBeGreaterThanOrEqual(before.after(from, ms).getTime());
          expect(after.endOfWorkingDay(from, count).getTime()).toBeGreaterThanOrEqual(before.endOfWorkingDay(from, count).getTime());
        },
      ),
      runs,
    );
  });

  test('S3: splitting a stretch changes nothing of its working time, nor stopping and going on of a deadline', () => {
    fc.assert(
      fc.property(drawnDefinition, drawnInstant, drawnInstant, drawnInstant, drawnMs, drawnMs, (definition, x, y, z, one, other) => {
        const calendar = compileCalendar(definition);
        const [a, b, c] = [x, y, z].toSorted((first, second) => first.getTime() - second.getTime()) as [Date, Date, Date];
        expect(calendar.workingMs(a, b) + calendar.workingMs(b, c)).toBe(calendar.workingMs(a, c));
        expect(calendar.after(calendar.after(a, one), other)).toEqual(calendar.after(a, one + other));
      }),
      runs,
    );
  });

  test('S3: counting there and back agrees, and there is no earlier instant', () => {
    fc.assert(
      fc.property(drawnDefinition, drawnInstant, drawnInstant, drawnMs, (definition, x, y, ms) => {
        const calendar = compileCalendar(definition);
        const end = calendar.after(x, ms);
        expect(calendar.workingMs(x, end)).toBe(ms);
        expect(calendar.workingMs(x, new Date(end.getTime() - 1))).toBe(ms - 1);
        const [from, to] = x < y ? [x, y] : [y, x];
        const back = calendar.after(from, calendar.workingMs(from, to));
        expect(back.getTime()).toBeLessThanOrEqual(to.getTime());
        expect(calendar.workingMs(back, to)).toBe(0);
      }),
      runs,
    );
  });

  test('S3: the order in which years are first asked of changes nothing', () => {
    fc.assert(
      fc.property(drawnDefinition, drawnInstant, drawnMs, (definition, from, ms) => {
        const used = compileCalendar(definition);
        used.after(new Date(start + spanMs), ms);
        used.workingMs(new Date(start), new Date(start + spanMs));
        expect(used.after(from, ms)).toEqual(compileCalendar(definition).after(from, ms));
      }),
      { numRuns: 50 },
    );
  });
});

test('S3: the zone of the server changes nothing', () => {
  const answers = (TZ: string) =>
    execFileSync(process.execPath, ['--input-type=module', '--eval', askedElsewhere], {
      cwd: import.meta.dirname,
      env: { ...process.env, TZ, NODE_OPTIONS: '' },
      encoding: 'utf8',
    });
  const [first, ...others] = ['UTC', 'Pacific/Apia', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata'].map(answers);
  expect(JSON.parse(first!)).toMatchObject({ zone: 'UTC', answers: { Pacific: expect.any(Array) } });
  const { answers: expected } = JSON.parse(first!) as Record<string, unknown>;
  for (const other of others) {
    const { zone, answers: found } = JSON.parse(other) as Record<string, unknown>;
    expect(zone).not.toBe('UTC');
    expect(found).toEqual(expected);
  }
});

/** A script for a process of its own: questions around every change of the clocks, asked in four zones. */
const askedElsewhere = `
import { compileCalendar } from './business-calendar.ts';
const hour = 3_600_000;
const ask = (zone, year) => {
  const calendar = compileCalendar({ zone, weekdays: [1, 2, 3, 4, 5, 7], opens: 0, closes: 1440, honourShortDays: false, years: {} });
  return Array.from({ length: 365 * 2 }, (_, index) => {
    const from = new Date(Date.UTC(year, 0, 1) + index * 12 * hour + index * 61_001);
    return [calendar.after(from, 40 * hour), calendar.endOfWorkingDay(from, 2), calendar.workingMs(from, new Date(+from + 99 * hour)), calendar.unknownYears(from, from)];
  });
};
const answers = { Berlin: ask('Europe/Berlin', 2026), Pacific: ask('Pacific/Apia', 2011), York: ask('America/New_York', 2026), Paulo: ask('America/Sao_Paulo', 2018) };
console.log(JSON.stringify({ zone: Intl.DateTimeFormat().resolvedOptions().timeZone, answers }));
`;
