import { expect, test } from 'vitest';
import { changeStanding, problemStatuses } from './problem.ts';

const confirmed = { status: 'confirmed', fixedIn: null } as const;
const fixed = { status: 'fixed', fixedIn: '6.13' } as const;

test('T20: what is fixed says in which version', () => {
  expect(changeStanding(confirmed, { status: 'fixed' })).toEqual({ refused: 'problem.version_missing' });
  expect(changeStanding(confirmed, { status: 'fixed', fixedIn: '6.13' })).toEqual(fixed);
  expect(changeStanding(fixed, { fixedIn: null })).toEqual({ refused: 'problem.version_missing' });
  expect(changeStanding(fixed, { fixedIn: '6.13.1' })).toEqual({ status: 'fixed', fixedIn: '6.13.1' });
});

test.each(problemStatuses.filter((status) => status !== 'fixed'))('T20: what is %s has no version', (status) => {
  expect(changeStanding(fixed, { status })).toEqual({ status, fixedIn: null });
  expect(changeStanding(confirmed, { status, fixedIn: '6.13' })).toEqual({ refused: 'problem.version_without_fix' });
});

test('T20: a change of nothing changes nothing', () => {
  expect(changeStanding(fixed, {})).toEqual(fixed);
  expect(changeStanding(confirmed, {})).toEqual(confirmed);
});
