/** Cases about money: which there are, what they lead to, and the sums on both sides. Pure. */
import { looksLikeId } from '../../domain/ids.ts';
import { ledgerAccountAddress, transferAddress } from '../ledger/ledger-addresses.ts';
import type { moneyWatchEn } from '../words/money-watch-en.ts';

type MoneyCaseKind = Exclude<keyof (typeof moneyWatchEn)['cases'], 'sumHere' | 'sumThere' | 'links'>;

const known: Readonly<Record<MoneyCaseKind, true>> = {
  'books.audit_failed': true,
  'books.payment_unknown': true,
  'books.payment_doubled': true,
  'books.payment_not_credited': true,
  'books.payment_not_succeeded': true,
  'books.payment_amount_differs': true,
  'books.payment_missing': true,
  'books.refund_not_settled': true,
  'books.refund_not_succeeded': true,
  'books.refund_amount_differs': true,
  'books.refund_missing': true,
  'ledger.entry_wrong': true,
  'ledger.account_wrong': true,
  'ledger.transfer_wrong': true,
  'ledger.use_wrong': true,
  'ledger.currency_wrong': true,
  'payment.review': true,
  'payment.refused': true,
  'payment.unknown_notification': true,
  'payment.charged_back': true,
  'refund.canceled': true,
  'refund.differs': true,
  'refund.from_cabinet': true,
  'refund.payment_unknown': true,
  'refund.slow': true,
};

/** The words of a case about money; undefined for any other. */
export function moneyCaseWords(kind: string): string | undefined {
  return Object.hasOwn(known, kind) ? `kontor.moneyWatch.cases.${kind}` : undefined;
}

interface Matter {
  readonly about: string;
  readonly detail: Readonly<Record<string, string>>;
}

export type MoneyLink = keyof (typeof moneyWatchEn)['cases']['links'];

/** Where an entity of money is shown, such as `payment:pay_…`; undefined where it has no page. */
export function moneyAddress(entity: string): { readonly name: MoneyLink; readonly to: string } | undefined {
  const at = entity.indexOf(':');
  const [kind, id] = [entity.slice(0, at), entity.slice(at + 1)];
  switch (kind) {
    case 'payment':
      return looksLikeId('payment', id) ? { name: 'payment', to: `/payments/${id}` } : undefined;
    case 'refund':
      return looksLikeId('refund', id) ? { name: 'refund', to: `/refunds/${id}` } : undefined;
    case 'order':
      return looksLikeId('order', id) ? { name: 'order', to: `/orders/${id}` } : undefined;
    case 'books-audit':
      return { name: 'audit', to: `/books-audits?audit=${id}` };
    case 'account':
    case 'credit':
      return looksLikeId('account', id) ? { name: 'account', to: `/customers/${id}/show` } : undefined;
    case 'ledger-account':
      return { name: 'ledger', to: ledgerAccountAddress(id) };
    case 'transfer':
      return looksLikeId('transfer', id) ? { name: 'ledger', to: transferAddress(id) } : undefined;
    default:
      return undefined;
  }
}

/** What a case about money leads to, each once. */
export function linksOfCase({ about, detail }: Matter): { readonly name: MoneyLink; readonly to: string }[] {
  const entities = [
    about,
    ...(['payment', 'refund', 'account', 'order'] as const).flatMap((name) => (detail[name] ? [`${name}:${detail[name]}`] : [])),
    ...(detail['audit'] ? [`books-audit:${detail['audit']}`] : []),
  ];
  const links = entities.flatMap((entity) => moneyAddress(entity) ?? []);
  return links.filter(({ to }, at) => links.findIndex((other) => other.to === to) === at);
}

/** A sum as a case's detail has it. */
export function sumIn({ detail }: Matter, side: 'here' | 'there'): { amountMinor: number; currency: string } | undefined {
  const [amount, currency] = [detail[`${side}Minor`], detail[`${side}Currency`]];
  return amount !== undefined && /^\d{1,15}$/.test(amount) && currency !== undefined && /^[A-Z]{3}$/.test(currency)
    ? { amountMinor: Number(amount), currency }
    : undefined;
}
