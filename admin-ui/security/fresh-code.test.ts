import { expect, test } from 'vitest';
import { RequestFailure } from '../server/request-failure.ts';
import { freshCode, freshCodesGiven, settleFreshCode } from './fresh-code.ts';

const turnedAway = new RequestFailure({ kind: 'cancelled', status: 0, code: 'request.cancelled', requestId: '', message: 'turned away' });

test('I10: however many wait for a fresh code, one answer lets all of them go', async () => {
  const before = freshCodesGiven();
  const waiting = [freshCode(), freshCode(), freshCode()];
  settleFreshCode('given');
  await expect(Promise.all(waiting)).resolves.toHaveLength(3);
  expect(freshCodesGiven()).toBe(before + 1);
});

test('I10: when the reader turns away they fail together, and the next one asks anew', async () => {
  const waiting = [freshCode(), freshCode()];
  settleFreshCode(turnedAway);
  expect(await Promise.allSettled(waiting)).toEqual([
    { status: 'rejected', reason: turnedAway },
    { status: 'rejected', reason: turnedAway },
  ]);
  const next = freshCode();
  settleFreshCode('given');
  await expect(next).resolves.toBeUndefined();
});

test('I10: an answer that nobody waits for counts for nothing', () => {
  const before = freshCodesGiven();
  settleFreshCode('given');
  settleFreshCode(turnedAway);
  expect(freshCodesGiven()).toBe(before);
});
