/** How payments look in answers (SPEC B2). */
import { z } from '@hono/zod-openapi';
import { paymentStates, paymentStepKinds } from '../../domain/payment-life.ts';
import type { PaymentView } from '../../db/repositories/payment-row.ts';
import { idOf, instant, moneySchema, orNull, personSchema } from '../schemas.ts';

const stateWords =
  'preparing: the provider has not said yet that he has it · pending: it can be paid · succeeded: the money is on the balance · canceled: it will never be paid · lapsed: the provider never had it · review: it came otherwise than it was asked for, and staff look';

const next = orNull(z.object({ what: z.enum(paymentStepKinds), at: instant }).openapi('PaymentNext')).openapi({
  description: 'What happens next by itself: he is told to make it, it is looked for in his list, or he is asked how it stands.',
});

const core = {
  id: idOf('payment'),
  amount: moneySchema,
  state: z.enum(paymentStates).openapi({ description: stateWords }),
  order: idOf('order').nullable().openapi({ description: 'The order that it pays; null for a top-up.' }),
  confirmationUrl: z.string().nullable().openapi({ description: 'Where to pay; null until the provider has told, and once it is over.' }),
  createdAt: instant,
  settledAt: instant.nullable(),
  cancelledFor: z
    .string()
    .nullable()
    .openapi({ description: 'The provider’s own word for why it was not paid.', example: 'insufficient_funds' }),
  refunded: moneySchema.openapi({ description: 'How much of it went back.' }),
  next,
};

export const customerPaymentSchema = z.object(core).openapi('Payment');

export function presentCustomerPayment(payment: PaymentView): z.infer<typeof customerPaymentSchema> {
  const { id, amountMinor, currency, state } = payment;
  return {
    id,
    amount: { amountMinor, currency },
    state,
    order: payment.orderId,
    confirmationUrl: payment.confirmationUrl,
    createdAt: payment.begunAt.toISOString(),
    settledAt: payment.settledAt?.toISOString() ?? null,
    cancelledFor: payment.cancelledFor,
    refunded: { amountMinor: payment.refundedMinor, currency },
    next: payment.next && { what: payment.next.what, at: payment.next.at.toISOString() },
  };
}

export const staffPaymentSchema = z
  .object({
    ...core,
    account: personSchema,
    begunBy: personSchema,
    provider: z.string(),
    providerId: z.string().nullable().openapi({ description: 'The provider’s own id of it.' }),
    method: z.string().nullable().openapi({ description: 'As the provider names it.', example: 'bank_card' }),
    cancelledBy: z.string().nullable(),
    fee: orNull(moneySchema).openapi({ description: 'What the provider kept; null while he has not said.' }),
    unspent: orNull(moneySchema).openapi({ description: 'How much of its money is still unspent.' }),
    chargedBackAt: instant.nullable(),
    askedAt: instant.nullable().openapi({ description: 'When it was first handed to the provider.' }),
  })
  .openapi('StaffPayment');

export function presentStaffPayment(payment: PaymentView): z.infer<typeof staffPaymentSchema> {
  const { currency } = payment;
  const sum = (amountMinor: number | null) => (amountMinor === null ? null : { amountMinor, currency });
  return {
    ...presentCustomerPayment(payment),
    account: payment.account,
    begunBy: payment.begunBy,
    provider: payment.provider,
    providerId: payment.providerId,
    method: payment.method,
    cancelledBy: payment.cancelledBy,
    fee: sum(payment.feeMinor),
    unspent: sum(payment.unspentMinor),
    chargedBackAt: payment.chargedBackAt?.toISOString() ?? null,
    askedAt: payment.askedAt?.toISOString() ?? null,
  };
}
