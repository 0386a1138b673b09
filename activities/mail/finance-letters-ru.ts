/** Letters of finance in Russian (SPEC N2, B2–B7). */
import type { FinanceNotificationEvent } from '../../domain/notification.ts';
import type { LetterWords, Told } from './letter-words.ts';

const whys: Readonly<Record<string, string>> = {
  '3d_secure_failed': 'не пройдено подтверждение банка (3-D Secure)',
  call_issuer: 'банк отказал и просит позвонить ему',
  canceled_by_merchant: 'его отменили мы',
  card_expired: 'истёк срок действия карты',
  country_forbidden: 'картой этой страны здесь нельзя заплатить',
  expired_on_capture: 'истекло время на его завершение',
  expired_on_confirmation: 'он не был подтверждён вовремя',
  fraud_suspected: 'платёж остановлен как подозрительный',
  general_decline: 'банк отказал, не назвав причину',
  identification_required: 'кошелёк сначала нужно идентифицировать',
  insufficient_funds: 'на карте или в кошельке не хватило денег',
  internal_timeout: 'платёжная система не успела его провести',
  invalid_card_number: 'неверный номер карты',
  invalid_csc: 'неверный код карты (CVV)',
  issuer_unavailable: 'банк был недоступен',
  payment_method_limit_exceeded: 'исчерпан лимит карты или кошелька',
  payment_method_restricted: 'операции с этой картой или кошельком запрещены',
  permission_revoked: 'отозвано разрешение на списание',
  unsupported_mobile_operator: 'этот мобильный оператор не поддерживается',
  'order.price_changed': 'за это время изменилась цена',
  'order.offer_gone': 'этого больше нет в продаже',
  'order.already_paid': 'он уже был оплачен',
  'order.settled': 'он уже закрыт',
  'promo_code.expired': 'истёк срок промокода',
  'quote.expired': 'истёк срок предложения',
  'quote.settled': 'на предложение уже ответили, или оно отозвано',
  'balance.insufficient': 'на всё не хватает денег',
  'balance.frozen': 'покупки с баланса временно остановлены',
  'balance.credit_overdue': 'просрочен использованный кредит',
};

/** Why not, in words; a word that we do not know is not shown to anybody. */
function because({ facts }: Told): string {
  const why = whys[facts.money?.why ?? ''];
  return why ? `: ${why}` : '';
}

const of = (told: Told) => (told.money?.account ? ` аккаунта «${told.money.account}»` : '');
const balance = (told: Told) => (told.money?.balance ? ` Баланс теперь: ${told.money.balance}.` : '');
const look = (told: Told, what: string) => (told.money?.lookAt ? `${what}: ${told.money.lookAt}` : '');

export const financeLetters: Pick<LetterWords['letters'], FinanceNotificationEvent> = {
  'payment.credited': (told) => ({
    subject: told.money?.amount ? `Поступило ${told.money.amount}` : 'Поступили деньги',
    lead: [`На баланс${of(told)} ${told.money?.amount ? `зачислено ${told.money.amount}` : 'зачислен платёж'}.${balance(told)}`],
    then: [
      look(told, 'Платёж'),
      told.money?.payment ? `Если возник вопрос, назовите платёж ${told.money.payment}.` : 'Если вы его не ждали, спросите нас.',
    ],
  }),
  'payment.failed': (told) => ({
    subject: told.money?.amount ? `Платёж на ${told.money.amount} не прошёл` : 'Платёж не прошёл',
    lead: [`Платёж${told.money?.amount ? ` на ${told.money.amount}` : ''} на баланс${of(told)} не прошёл${because(told)}.`],
    then: [
      'Деньги к нам не поступили. Если банк показывает сумму как удержанную, он вернёт её сам. Заплатить можно снова в любое время, в том числе другим способом.',
      look(told, 'Платёж'),
    ],
  }),
  'payment.refunded': (told) => ({
    subject: told.money?.amount ? `Возвращаем ${told.money.amount}` : 'Возвращаем деньги',
    lead: [
      `${told.money?.amount ? `Сумма ${told.money.amount}` : 'Сумма'} отправлена с баланса${of(told)} обратно тем же способом, каким была оплачена.${balance(told)}`,
    ],
    then: [
      look(told, 'Платёж, к которому относится возврат'),
      'Банк может показать её через несколько дней. Если её нет и после этого, спросите сначала банк, затем нас.',
    ],
  }),
  'order.not_paid': (told) => ({
    subject: 'Деньги поступили, заказ не оплачен',
    lead: [
      `${told.money?.amount ? `Поступила сумма ${told.money.amount}` : 'Поступили деньги'} за заказ ${told.money?.order ?? ''}`.trim() +
        `${of(told)}, но оплатить его не удалось${because(told)}. Деньги ваши: они на балансе.${balance(told)}`,
    ],
    then: [
      look(told, 'Заказ'),
      'Если заказанное всё ещё нужно, закажите снова и оплатите с баланса; если нет, попросите поддержку вернуть деньги.',
    ],
  }),
  'statement.ready': (told) => ({
    subject: told.money?.month ? `Выписка за ${told.money.month}` : 'Выписка готова',
    lead: [
      `Готова выписка${of(told)}${told.money?.month ? ` за ${told.money.month}` : ''}.${told.money?.balance ? ` Баланс на конец месяца: ${told.money.balance}.` : ''}`,
    ],
    then: [look(told, 'Выписка, в том числе в PDF'), 'Если в ней что-то не так, напишите в поддержку.'],
  }),
  'credit.overdue': (told) => ({
    subject: told.money?.amount ? `Просрочен кредит ${told.money.amount}` : 'Кредит просрочен',
    lead: [`Просрочен использованный кредит${told.money?.amount ? ` ${told.money.amount}` : ''}${of(told)}.`],
    then: [
      'Пока он не погашен, покупать в кредит нельзя. Купленное остаётся за вами. Пополнение баланса погасит кредит сразу.',
      look(told, 'Баланс'),
      'Если сейчас заплатить не получается, напишите в поддержку.',
    ],
  }),
  'spending.frozen': (told) => ({
    subject: 'Покупки с вашего баланса временно остановлены',
    lead: [`С баланса${of(told)} ничего нельзя купить, пока наши сотрудники не разберутся.`],
    then: [
      'Так бывает, например, когда платёж оспаривают в банке. Купленное пока остаётся за вами, и баланс можно пополнять.',
      look(told, 'Баланс'),
      'Если платёж оспорили вы или причина вам неизвестна, напишите в поддержку.',
    ],
  }),
};
