import { ApplicationFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import { withoutForeignWords } from './failures.ts';

test('no words of a driver’s error reach a history', async () => {
  const activities = withoutForeignWords({
    act: async () => {
      throw Object.assign(new Error("insert into message … values ('my password is hunter2')"), { name: 'DriverException', code: '08006' });
    },
  });
  const failure = await activities.act().then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(ApplicationFailure);
  expect(JSON.stringify([failure, String(failure), (failure as Error).cause ?? null])).not.toContain('hunter2');
  expect(failure).toMatchObject({ type: 'DriverException', nonRetryable: false });
  expect(String(failure)).toContain('08006');
});

test('a failure that an activity words itself passes as it is, and so does an answer', async () => {
  const ours = ApplicationFailure.nonRetryable('no such delivery', 'delivery.not_found');
  const activities = withoutForeignWords({
    fail: async () => {
      throw ours;
    },
    answer: async (value: number) => value,
  });
  await expect(activities.fail()).rejects.toBe(ours);
  await expect(activities.answer(7)).resolves.toBe(7);
});
