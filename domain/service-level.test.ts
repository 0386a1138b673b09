import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRefusal } from './errors.ts';
import {
  agreementState,
  agreePeriod,
  areHours,
  changePeriod,
  chooseTerms,
  endPeriod,
  isTarget,
  maxTargetAmount,
  ownTermNames,
  periodsOverlap,
  readTarget,
  sameTerms,
  spellTarget,
  targetUnits,
  termsOfAgreement,
  termsSources,
  type AgreementPeriod,
  type OwnTerms,
  type Target,
  type TermsCandidate,
  type TermsContent,
} from './service-level.ts';

const target = fc
  .constantFrom(...targetUnits)
  .chain((unit) => fc.record({ unit: fc.constant(unit), amount: fc.integer({ min: 1, max: maxTargetAmount[unit] }) }));
const hours = fc
  .tuple(fc.nat(1_439), fc.nat(1_439))
  .map(([one, other]) => ({ opens: Math.min(one, other), closes: Math.max(one, other) + 1 }));
const content: fc.Arbitrary<TermsContent> = fc.record({
  response: fc.option(target),
  criticalFix: fc.option(target),
  calendarId: fc.constantFrom('cal_a', 'cal_b'),
  hours: fc.option(hours),
});

describe('what is promised', () => {
  test('S1: a target lies within the bounds of its unit', () => {
    for (const unit of targetUnits) {
      expect(isTarget({ amount: 1, unit })).toBe(true);
      expect(isTarget({ amount: maxTargetAmount[unit], unit })).toBe(true);
      for (const amount of [0, -1, 1.5, maxTargetAmount[unit] + 1, Number.NaN, Infinity]) expect(isTarget({ amount, unit })).toBe(false);
    }
  });

  test('S6: hours of its own begin before they end, within one day', () => {
    expect(areHours({ opens: 0, closes: 1_440 })).toBe(true);
    for (const [opens, closes] of [
      [600, 600],
      [600, 659],
      [601, 600],
      [-1, 600],
      [0, 1_441],
      [0.5, 600],
    ] as const)
      expect(areHours({ opens, closes })).toBe(false);
  });

  test('S1: a target is read from a record as it was written there', () => {
    fc.assert(
      fc.property(target, (each: Target) => {
        expect(readTarget(spellTarget(each)!)).toEqual(each);
      }),
    );
    expect(spellTarget(null)).toBeNull();
    for (const none of ['', '16', 'hours', '16 weeks', '0 days', '501 days', '16 hours more', '1e2 days', '-1 hours'])
      expect(readTarget(none)).toBeUndefined();
  });

  test('S1: terms are the same only when nothing of them differs', () => {
    fc.assert(
      fc.property(content, (one) => {
        expect(sameTerms(one, structuredClone(one))).toBe(true);
      }),
    );
    const terms: TermsContent = {
      response: { amount: 16, unit: 'hours' },
      criticalFix: null,
      calendarId: 'cal_a',
      hours: { opens: 660, closes: 1_200 },
    };
    for (const other of [
      { response: { amount: 17, unit: 'hours' } },
      { response: { amount: 16, unit: 'days' } },
      { response: null },
      { criticalFix: { amount: 1, unit: 'days' } },
      { calendarId: 'cal_b' },
      { hours: null },
      { hours: { opens: 661, closes: 1_200 } },
      { hours: { opens: 660, closes: 1_201 } },
    ] satisfies Partial<TermsContent>[])
      expect(sameTerms(terms, { ...terms, ...other })).toBe(false);
  });
});

describe('which terms apply', () => {
  const candidate = fc.record({
    source: fc.constantFrom(...termsSources),
    termsId: fc.uuid(),
    rank: fc.integer({ min: 0, max: 3 }),
  });
  const candidates = fc.uniqueArray(candidate, { maxLength: 12, selector: ({ termsId }) => termsId });

  test('S1: the first that exists of agreement, cited licence, best of the licences, queue; none without any', () => {
    const of = (source: TermsCandidate['source'], rank = 10): TermsCandidate => ({ source, rank, termsId: `trm_${source}_${rank}` });
    const all = [of('queue', 99), of('account_licence'), of('account_licence', 20), of('cited_licence'), of('agreement')];
    expect(chooseTerms(all)).toEqual(of('agreement'));
    expect(chooseTerms(all.slice(0, 4))).toEqual(of('cited_licence'));
    expect(chooseTerms(all.slice(0, 3))).toEqual(of('account_licence', 20));
    expect(chooseTerms(all.slice(0, 1))).toEqual(of('queue', 99));
    expect(chooseTerms([])).toBeUndefined();
  });

  test('S1: the choice is one of the candidates, does not depend on how they were found, and nothing before it exists', () => {
    fc.assert(
      fc.property(candidates, fc.nat(), (found, seed) => {
        const chosen = chooseTerms(found);
        const turned = found.toSorted(
          (one, other) => ((one.termsId.charCodeAt(0) * seed) % 7) - ((other.termsId.charCodeAt(0) * seed) % 7),
        );
        expect(chooseTerms(turned)).toEqual(chosen);
        expect(chosen === undefined).toBe(found.length === 0);
        if (!chosen) return;
        expect(found).toContain(chosen);
        const before = new Set(termsSources.slice(0, termsSources.indexOf(chosen.source)));
        expect(found.some(({ source }) => before.has(source))).toBe(false);
        expect(found.every(({ source, rank }) => source !== chosen.source || rank <= chosen.rank)).toBe(true);
      }),
    );
  });

  test('S1: one more candidate of less worth changes nothing', () => {
    fc.assert(
      fc.property(candidates, candidate, (found, more) => {
        const chosen = chooseTerms(found);
        if (!chosen) return;
        const isLess =
          termsSources.indexOf(more.source) > termsSources.indexOf(chosen.source) ||
          (more.source === chosen.source && more.rank < chosen.rank);
        if (isLess) expect(chooseTerms([...found, more])).toEqual(chosen);
      }),
    );
  });
});

describe('what an agreement promises', () => {
  const own = fc
    .tuple(content, fc.subarray([...ownTermNames]))
    .map(([terms, names]): OwnTerms => Object.fromEntries(names.map((name) => [name, terms[name]])));

  test('S6: its own terms, and for the rest those of its plan', () => {
    fc.assert(
      fc.property(content, own, (plan, given) => {
        const agreed = termsOfAgreement(plan, given);
        for (const name of ownTermNames) expect(agreed[name]).toEqual(name in given ? given[name] : plan[name]);
      }),
    );
  });

  test('S6: no promise of its own is another thing than the plan’s promise', () => {
    const plan: TermsContent = {
      response: { amount: 5, unit: 'days' },
      criticalFix: { amount: 30, unit: 'days' },
      calendarId: 'cal_a',
      hours: { opens: 0, closes: 1_440 },
    };
    expect(termsOfAgreement(plan, { criticalFix: null, hours: null })).toEqual({ ...plan, criticalFix: null, hours: null });
    expect(termsOfAgreement(plan, {})).toEqual(plan);
  });
});

describe('the period of an agreement', () => {
  const at = (minutes: number) => new Date(Date.UTC(2026, 10, 23, 12) + minutes * 60_000);
  const now = at(0);
  const instant = fc.integer({ min: -50, max: 50 });
  const period: fc.Arbitrary<AgreementPeriod> = fc
    .tuple(instant, fc.option(instant))
    .map(([from, until]) => ({ startsAt: at(from), endsAt: until === null ? null : at(Math.max(from, until)) }));

  /** Naively: whether it applies in a minute. */
  const applies = ({ startsAt, endsAt }: AgreementPeriod, minute: number) =>
    startsAt <= at(minute) && (endsAt === null || at(minute) < endsAt);
  const everyMinute = Array.from({ length: 102 }, (_none, index) => index - 50);

  test('S6: two overlap exactly when both apply at some instant, whichever is asked first', () => {
    fc.assert(
      fc.property(period, period, (one, other) => {
        expect(periodsOverlap(one, other)).toBe(everyMinute.some((minute) => applies(one, minute) && applies(other, minute)));
        expect(periodsOverlap(other, one)).toBe(periodsOverlap(one, other));
      }),
      { numRuns: 1_000 },
    );
  });

  test('S6: one stands exactly while it applies', () => {
    fc.assert(
      fc.property(period, fc.constantFrom(...everyMinute), (each, minute) => {
        const state = agreementState(each, at(minute));
        expect(state === 'standing').toBe(applies(each, minute));
        if (state === 'ended') expect(everyMinute.filter((later) => later >= minute).some((later) => applies(each, later))).toBe(false);
      }),
    );
  });

  test('S6: a new one ends after it begins, and not in the past; it may have begun already', () => {
    const agreed = (from: number, until: number | null) => {
      const answer = agreePeriod({ startsAt: at(from), endsAt: until === null ? null : at(until) }, now);
      return isRefusal(answer) ? answer.refused : 'agreed';
    };
    expect(agreed(-10, null)).toBe('agreed');
    expect(agreed(-10, 1)).toBe('agreed');
    expect(agreed(10, 20)).toBe('agreed');
    expect(agreed(10, 10)).toBe('agreement.ends_before_start');
    expect(agreed(10, 9)).toBe('agreement.ends_before_start');
    expect(agreed(-10, 0)).toBe('agreement.ends_in_past');
    expect(agreed(-10, -5)).toBe('agreement.ends_in_past');
  });

  test('S6: a date of another age is a slip of the pen', () => {
    const refusal = (from: string, until: string | null) =>
      agreePeriod({ startsAt: new Date(from), endsAt: until === null ? null : new Date(until) }, now);
    for (const [from, until] of [
      ['1999-12-31T23:59:59Z', null],
      ['0026-01-01T00:00:00Z', null],
      ['2200-01-01T00:00:01Z', null],
      ['2026-12-01T00:00:00Z', '9999-12-31T23:59:59Z'],
    ] as const)
      expect(refusal(from, until)).toEqual({ refused: 'agreement.date_out_of_range' });
    expect(isRefusal(refusal('2000-01-01T00:00:00Z', '2200-01-01T00:00:00Z'))).toBe(false);
  });

  test('S6: since when one stands is not changed once it has begun, and one that has ended is not changed at all', () => {
    const refusal = (before: AgreementPeriod, wanted: AgreementPeriod) => {
      const answer = changePeriod(before, wanted, now);
      return isRefusal(answer) ? answer.refused : 'changed';
    };
    const [coming, standing, ended] = [
      { startsAt: at(10), endsAt: null },
      { startsAt: at(0), endsAt: null },
      { startsAt: at(-10), endsAt: at(0) },
    ];
    expect(refusal(coming, { startsAt: at(-5), endsAt: at(30) })).toBe('changed');
    expect(refusal(standing, { startsAt: at(0), endsAt: at(30) })).toBe('changed');
    expect(refusal(standing, { startsAt: at(1), endsAt: null })).toBe('agreement.begun');
    expect(refusal(standing, { startsAt: at(0), endsAt: at(0) })).toBe('agreement.ends_before_start');
    expect(refusal(ended, { startsAt: at(-10), endsAt: null })).toBe('agreement.ended');
    expect(refusal({ startsAt: at(10), endsAt: at(10) }, { startsAt: at(10), endsAt: null })).toBe('agreement.ended');
  });

  test('S6: from the instant of its end on it applies no more; ended before it began, it never does', () => {
    fc.assert(
      fc.property(period, (before) => {
        const ended = endPeriod(before, now);
        const wasOver = agreementState(before, now) === 'ended';
        expect(isRefusal(ended)).toBe(wasOver);
        if (isRefusal(ended)) return;
        expect(agreementState(ended, now)).toBe('ended');
        expect(everyMinute.filter((minute) => minute >= 0).some((minute) => applies(ended, minute))).toBe(false);
        // What it promised before stays told.
        for (const minute of everyMinute.filter((each) => each < 0)) expect(applies(ended, minute)).toBe(applies(before, minute));
      }),
    );
  });
});
