/** Letters of finance in English (SPEC N2, B2–B7). */
import type { FinanceNotificationEvent } from '../../domain/notification.ts';
import type { LetterWords, Told } from './letter-words.ts';

const whys: Readonly<Record<string, string>> = {
  '3d_secure_failed': 'the bank’s confirmation (3-D Secure) did not succeed',
  call_issuer: 'the bank refused and asks you to call it',
  canceled_by_merchant: 'it was called off by us',
  card_expired: 'the card has expired',
  country_forbidden: 'a card of that country cannot be used here',
  expired_on_capture: 'the time to complete it ran out',
  expired_on_confirmation: 'it was not confirmed in time',
  fraud_suspected: 'the payment was stopped as suspicious',
  general_decline: 'the bank refused and gives no reason',
  identification_required: 'the wallet must be identified first',
  insufficient_funds: 'there was not enough money on the card or in the wallet',
  internal_timeout: 'the payment provider did not get it done in time',
  invalid_card_number: 'the card’s number is wrong',
  invalid_csc: 'the card’s code (CVV) is wrong',
  issuer_unavailable: 'the bank could not be reached',
  payment_method_limit_exceeded: 'the limit of the card or wallet was reached',
  payment_method_restricted: 'operations with that card or wallet are not permitted',
  permission_revoked: 'the permission to charge was taken back',
  unsupported_mobile_operator: 'that mobile operator is not supported',
  'order.price_changed': 'its price has changed meanwhile',
  'order.offer_gone': 'it is not on offer any more',
  'order.already_paid': 'it had been paid already',
  'order.settled': 'it is over',
  'promo_code.expired': 'its promo code has expired',
  'quote.expired': 'the quote was valid for a time that is over',
  'quote.settled': 'the quote has been answered or withdrawn',
  'balance.insufficient': 'the money does not suffice for all of it',
  'balance.frozen': 'spending from the balance is stopped for now',
  'balance.credit_overdue': 'credit that was used is overdue',
};

/** Why not, in words; a word that we do not know is not shown to anybody. */
function because({ facts }: Told): string {
  const why = whys[facts.money?.why ?? ''];
  return why ? `: ${why}` : '';
}

const of = (told: Told) => (told.money?.account ? ` of “${told.money.account}”` : '');
const balance = (told: Told) => (told.money?.balance ? ` The balance is now ${told.money.balance}.` : '');
const look = (told: Told, what: string) => (told.money?.lookAt ? `${what}: ${told.money.lookAt}` : '');

export const financeLetters: Pick<LetterWords['letters'], FinanceNotificationEvent> = {
  'payment.credited': (told) => ({
    subject: told.money?.amount ? `${told.money.amount} have arrived` : 'Money has arrived',
    lead: [`${told.money?.amount || 'A payment'} arrived on the balance${of(told)}.${balance(told)}`],
    then: [
      look(told, 'The payment'),
      told.money?.payment ? `If you have a question about it, name payment ${told.money.payment}.` : 'If you did not expect it, ask us.',
    ],
  }),
  'payment.failed': (told) => ({
    subject: told.money?.amount ? `The payment of ${told.money.amount} was not made` : 'A payment was not made',
    lead: [`A payment${told.money?.amount ? ` of ${told.money.amount}` : ''} to the balance${of(told)} was not made${because(told)}.`],
    then: [
      'No money has come to us. If your bank shows a sum as held, the bank releases it by itself. You may pay again at any time, also by other means.',
      look(told, 'The payment'),
    ],
  }),
  'payment.refunded': (told) => ({
    subject: told.money?.amount ? `${told.money.amount} are on their way back` : 'Money is on its way back',
    lead: [`${told.money?.amount || 'A sum'} went from the balance${of(told)} back the way it was paid.${balance(told)}`],
    then: [
      look(told, 'The payment that it was of'),
      'The bank may take several days to show it. If it is not there after that, ask the bank first, then us.',
    ],
  }),
  'order.not_paid': (told) => ({
    subject: 'Your money arrived, the order was not paid',
    lead: [
      `${told.money?.amount || 'Money'} arrived for order ${told.money?.order ?? ''}`.trim() +
        `${of(told)}, which could not be paid with it${because(told)}. The money is yours: it is on the balance.${balance(told)}`,
    ],
    then: [
      look(told, 'The order'),
      'If you still want what you ordered, order it again and pay from the balance; if not, ask our support to send the money back.',
    ],
  }),
  'statement.ready': (told) => ({
    subject: told.money?.month ? `Your statement for ${told.money.month}` : 'Your statement',
    lead: [
      `The statement${of(told)}${told.money?.month ? ` for ${told.money.month}` : ''} is ready.${told.money?.balance ? ` At the end of the month the balance was ${told.money.balance}.` : ''}`,
    ],
    then: [look(told, 'The statement, also as PDF'), 'If anything in it is not as it should be, write to our support.'],
  }),
  'credit.overdue': (told) => ({
    subject: told.money?.amount ? `${told.money.amount} of credit are overdue` : 'Credit is overdue',
    lead: [
      `Credit${told.money?.amount ? ` of ${told.money.amount}` : ''} that “${told.money?.account ?? 'your account'}” used is overdue.`,
    ],
    then: [
      'Until it is repaid, nothing more can be bought on credit. What was bought stays. A payment to the balance repays it at once.',
      look(told, 'The balance'),
      'If you cannot pay now, write to our support.',
    ],
  }),
  'spending.frozen': (told) => ({
    subject: 'Spending from your balance is stopped for now',
    lead: [`Nothing can be bought from the balance${of(told)} until our staff have looked into it.`],
    then: [
      'That happens, for instance, when a payment is claimed back at the bank. What was bought stays for now, and you may pay in.',
      look(told, 'The balance'),
      'If it was you who claimed it back, or if you do not know why, write to our support.',
    ],
  }),
};
