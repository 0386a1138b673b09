/** What those who pay for an account are told of its money (SPEC N2): in the product and by mail, one cause, one mail. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { MoneyFacts } from '../../domain/letter.ts';
import type { FinanceNotificationEvent } from '../../domain/notification.ts';
import { customerRule } from '../../domain/permissions.ts';
import { sendFinanceLetter, type LetterRecipient } from './letters.ts';

/**
 * Tells every owner and billing contact of the account, in the transaction of the fact.
 * @param eventKey makes one cause one letter for each reader, however often it is told, such as `payment.credited:pay_…`
 */
export async function tellFinance(
  em: EntityManager,
  at: Date,
  event: FinanceNotificationEvent,
  eventKey: string,
  accountId: string,
  facts: Omit<MoneyFacts, 'account'>,
): Promise<void> {
  const readers = await em.execute<LetterRecipient[]>(
    `select u.id, u.email as address, u.name, u.locale, u.time_zone as "timeZone" from membership m join app_user u on u.id = m.user_id
      where m.account_id = ? and m.role = any(?::text[]) and u.disabled_at is null order by u.id`,
    [accountId, `{${customerRule('balance.read').roles.join(',')}}`],
  );
  const [account] = await em.execute<{ name: string }[]>('select name from account where id = ?', [accountId]);
  for (const reader of readers)
    await sendFinanceLetter(em, at, event, eventKey, accountId, reader, {
      at: at.toISOString(),
      money: { account: account!.name, ...facts },
    });
}
