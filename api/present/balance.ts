/** How a customer's balance looks in answers (SPEC B3, B5). */
import { z } from '@hono/zod-openapi';
import { freezeReasons, type BillingView } from '../../db/repositories/billing.ts';
import { customerKinds } from '../../domain/tax-rate.ts';
import { instant, moneySchema, orNull } from '../schemas.ts';

const frozen = z
  .object({ at: instant, why: z.enum(freezeReasons).openapi({ description: 'A chargeback, a repayment that was taken back, or staff.' }) })
  .openapi('FrozenSpending');
const due = z.object({ at: instant, amount: moneySchema }).openapi('CreditDue');

const fields = {
  currency: z.string().openapi({ example: 'RUB' }),
  balance: moneySchema.openapi({ description: 'Paid money and bonus together; below zero where credit is used.' }),
  bonus: moneySchema.openapi({ description: 'Money that we gave; spent first, never paid out.' }),
  creditLimit: moneySchema,
  creditTermDays: z.int().nullable().openapi({ description: 'Days from a use of the limit until it is due; null without a term.' }),
  used: moneySchema.openapi({ description: 'Credit that is used.' }),
  available: moneySchema.openapi({ description: 'What can be spent now: balance, then credit.' }),
  overdue: moneySchema.openapi({ description: 'Credit past its day: nothing more is spent on credit until it is repaid.' }),
  nextDue: orNull(due).openapi({ description: 'When credit is due next, and how much of it.' }),
  discountPercent: z.number().openapi({ description: 'Of every purchase and renewal.', example: 10 }),
  frozen: orNull(frozen).openapi({ description: 'Set while nothing may be spent.' }),
};

export const balanceSchema = z.object(fields).openapi('Balance');

export const taxProfileSchema = z
  .object({ kind: z.enum(customerKinds), country: z.string().openapi({ example: 'RU', description: 'ISO 3166-1' }) })
  .openapi('TaxProfile');

export const customerFinanceSchema = z
  .object({
    ...fields,
    account: z.string(),
    taxProfile: taxProfileSchema,
    freezeNote: z
      .string()
      .nullable()
      .openapi({ description: 'Why staff last stopped spending or let it go on, in their own words; customers do not see it.' }),
    revision: z.int(),
  })
  .openapi('CustomerFinance');

export function presentBalance(view: BillingView): z.infer<typeof balanceSchema> {
  const money = (amountMinor: number) => ({ amountMinor, currency: view.currency });
  return {
    currency: view.currency,
    balance: money(view.balanceMinor),
    bonus: money(view.bonusMinor),
    creditLimit: money(view.creditLimitMinor),
    creditTermDays: view.creditTermDays,
    used: money(view.creditUsedMinor),
    available: money(view.availableMinor),
    overdue: money(view.overdueMinor),
    nextDue: view.nextDue && { at: view.nextDue.at.toISOString(), amount: money(view.nextDue.amountMinor) },
    discountPercent: view.discountBp / 100,
    frozen: view.frozen && { at: view.frozen.at.toISOString(), why: view.frozen.why },
  };
}

export function presentCustomerFinance(view: BillingView): z.infer<typeof customerFinanceSchema> {
  const { accountId, customerKind, country, freezeNote, revision } = view;
  return { ...presentBalance(view), account: accountId, taxProfile: { kind: customerKind, country }, freezeNote, revision };
}
