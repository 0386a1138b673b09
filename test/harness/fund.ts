import { creditMoney } from '../../db/repositories/money.ts';
import type { Kontor } from './kontor.ts';

let next = 0;

/** Gives an account money to spend, as if it had brought it along. */
export async function fund({ database, clock }: Pick<Kontor, 'database' | 'clock'>, accountId: string, amountMinor: number): Promise<void> {
  const key = `opening:${accountId}:${(next += 1)}`;
  await database
    .fork()
    .transactional((em) =>
      creditMoney(em, { key, accountId, amountMinor, at: clock.now(), by: 'time', about: {}, kind: 'opening', against: 'opening' }),
    );
}
