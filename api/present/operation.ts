/** How an operation of a balance reads (SPEC B6): what it was, in words, and what it was about. Staff's own reasons are not in it. */
import { z } from '@hono/zod-openapi';
import { spellTicketNumber } from '../../domain/ids.ts';
import type { Locale } from '../../domain/locale.ts';
import { operationKinds, type OperationKind, type OperationView } from '../../db/repositories/operations.ts';
import { idOf, instant, moneySchema } from '../schemas.ts';

export const operationSchema = z
  .object({
    id: idOf('transfer'),
    at: instant,
    kind: z.enum(operationKinds),
    name: z.string().openapi({ description: 'The kind in words.', example: 'Top-up' }),
    amount: moneySchema.openapi({ description: 'Below zero where the balance became less.' }),
    bonus: moneySchema.openapi({ description: 'How much of it was bonus.' }),
    description: z.string().openapi({ example: 'CS-000123: Moving the panel to a new server' }),
    balanceAfter: moneySchema.openapi({ description: 'Paid money and bonus together.' }),
    payment: idOf('payment').nullable(),
    order: idOf('order').nullable(),
    refund: idOf('refund').nullable(),
    adjustment: idOf('adjustment').nullable(),
    tickets: z.array(z.string()).openapi({ example: ['CS-000123'] }),
  })
  .openapi('Operation');

export const operationNames: Readonly<Record<Locale, Readonly<Record<OperationKind, string>>>> = {
  en: {
    top_up: 'Top-up',
    purchase: 'Purchase',
    reversal: 'Purchase taken back',
    adjustment: 'Correction',
    bonus: 'Bonus',
    refund: 'Refund',
    refund_returned: 'Refund that came back',
    cabinet_refund: 'Refund by the payment provider',
    chargeback: 'Payment claimed back',
    opening: 'Balance brought along',
  },
  ru: {
    top_up: 'Пополнение',
    purchase: 'Покупка',
    reversal: 'Отмена покупки',
    adjustment: 'Корректировка',
    bonus: 'Бонус',
    refund: 'Возврат',
    refund_returned: 'Возврат не состоялся',
    cabinet_refund: 'Возврат через платёжную систему',
    chargeback: 'Платёж оспорен',
    opening: 'Перенос баланса',
  },
};

const words = {
  en: { payment: (id: string) => `Payment ${id}`, order: (id: string) => `Order ${id}`, adjustment: (id: string) => `Correction ${id}` },
  ru: { payment: (id: string) => `Платёж ${id}`, order: (id: string) => `Заказ ${id}`, adjustment: (id: string) => `Корректировка ${id}` },
} as const;

/** Longest part of what was bought that is told in one operation; the order has all of it. */
const longestDescription = 200;

/** One line without Markdown’s signs of weight and of code: a quote is written in Markdown. */
const plain = (description: string) =>
  description
    .replaceAll(/\*\*|`/gu, '')
    .replaceAll(/\s+/gu, ' ')
    .trim();

/** What the operation was about, in one line: what was bought, else the payment, order or correction by its id. */
export function describeOperation({ about, lines }: OperationView, locale: Locale): string {
  const spoken = words[locale];
  const bought = lines.map(({ description, ticketNumber }) =>
    [ticketNumber === null ? '' : spellTicketNumber(ticketNumber), plain(description)].filter(Boolean).join(': '),
  );
  const told = bought.join('; ');
  if (told !== '') return told.length > longestDescription ? `${told.slice(0, longestDescription).trimEnd()}…` : told;
  if (about.order) return spoken.order(about.order);
  if (about.payment) return spoken.payment(about.payment);
  return about.adjustment ? spoken.adjustment(about.adjustment) : '';
}

export function presentOperation(view: OperationView, currency: string, locale: Locale): z.infer<typeof operationSchema> {
  const money = (amountMinor: number) => ({ amountMinor, currency });
  const tickets = view.lines.flatMap(({ ticketNumber }) => (ticketNumber === null ? [] : [spellTicketNumber(ticketNumber)]));
  return {
    id: view.id,
    at: view.at.toISOString(),
    kind: view.kind,
    name: operationNames[locale][view.kind],
    amount: money(view.amountMinor),
    bonus: money(view.bonusMinor),
    description: describeOperation(view, locale),
    balanceAfter: money(view.balanceAfterMinor),
    payment: view.about.payment ?? null,
    order: view.about.order ?? null,
    refund: view.about.refund ?? null,
    adjustment: view.about.adjustment ?? null,
    tickets: [...new Set(tickets)],
  };
}
