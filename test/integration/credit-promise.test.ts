/** The promise that credit is due, kept by its workflow (SPEC B3): nobody asks for it, and those who pay are told. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { spendMoney } from '../../db/repositories/money.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { until } from '../harness/until.ts';

let kontor: Kontor;
beforeAll(async () => {
  kontor = await startKontor();
});
afterAll(() => kontor?.stop());

test('B3, N2: a use of credit whose day has come is told by itself', async () => {
  const anna = await kontor.people.customer();
  await kontor.db.query('update billing set credit_limit_minor = 10000, credit_term_days = 1 where account_id = $1', [anna.accountId]);
  const at = new Date(kontor.clock.now().getTime() - 2 * 86_400_000);
  await kontor.database
    .fork()
    .transactional((em) =>
      spendMoney(em, { accountId: anna.accountId, amountMinor: 2_500, key: 'credit-promise:1', at, by: 'time', about: {} }),
    );
  // A wish over the API wakes the dispatcher, which a transaction of the test's own does not.
  await anna.post('/notifications/read');
  await until('the letter is written', async () => {
    const { items } = (await anna.get('/notifications')).body;
    return items.some((one: { event: string }) => one.event === 'credit.overdue');
  });
  expect((await anna.get('/balance')).body).toMatchObject({ overdue: { amountMinor: 2_500 }, available: { amountMinor: 0 } });
});
