import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decideRestart, restartBound } from './restart-bound.ts';

test('O1: a process that dies is started again after a pause that doubles', () => {
  const pauses = [0, 1, 2, 3, 4].map((restarts) =>
    decideRestart(
      Array.from({ length: restarts }, (_, index) => index * 1000),
      10_000,
    ),
  );
  expect(pauses).toEqual([250, 500, 1000, 2000, 4000].map((restartAfterMs) => ({ restartAfterMs })));
});

test('O1: after five restarts within a minute it is given up; after a quiet minute it begins anew', () => {
  const restarts = [0, 1_000, 2_000, 3_000, 4_000];
  expect(decideRestart(restarts, 59_999)).toBe('give up');
  expect(decideRestart(restarts, 60_000)).toEqual({ restartAfterMs: 4_000 });
  expect(decideRestart(restarts, 64_000)).toEqual({ restartAfterMs: 250 });
});

test('O1: no order of deaths brings more than five restarts into any minute', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 30_000 }), { maxLength: 100 }), (gaps) => {
      const restarts: number[] = [];
      let now = 0;
      for (const gap of gaps) {
        now += gap;
        const decision = decideRestart(restarts, now);
        if (decision === 'give up') break;
        now += decision.restartAfterMs;
        restarts.push(now);
      }
      for (const instant of restarts)
        expect(restarts.filter((other) => other >= instant && other - instant < restartBound.withinMs).length).toBeLessThanOrEqual(
          restartBound.restarts,
        );
    }),
  );
});
