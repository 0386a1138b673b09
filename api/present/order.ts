/** How orders look in answers (SPEC B4, B5, B13). */
import { z } from '@hono/zod-openapi';
import type { Actor } from '../../domain/actor.ts';
import { allowedOrderActions, discountSources, fulfilmentKinds, orderActions, orderStates, payingWays } from '../../domain/order.ts';
import { paymentStates } from '../../domain/payment-life.ts';
import { customerMay } from '../../domain/permissions.ts';
import type { OrderLineView, OrderView } from '../../db/repositories/order-row.ts';
import { idOf, instant, moneySchema, orNull, personSchema } from '../schemas.ts';

/** What something costs: what it is offered at, what comes off, what is paid, and the tax in that. */
export const priceSchema = z
  .object({
    list: moneySchema,
    discount: moneySchema,
    discountFrom: z.enum(discountSources).nullable().openapi({ description: 'The larger of the two; they are never summed.' }),
    toPay: moneySchema,
    tax: moneySchema.openapi({ description: 'In `toPay`, whether prices have it inside or not.' }),
  })
  .openapi('Price');

export function presentPrice(
  price: {
    readonly listMinor: number;
    readonly discountMinor: number;
    readonly discountFrom: (typeof discountSources)[number] | null;
    readonly totalMinor: number;
    readonly taxMinor: number;
  },
  currency: string,
): z.infer<typeof priceSchema> {
  const sum = (amountMinor: number) => ({ amountMinor, currency });
  return {
    list: sum(price.listMinor),
    discount: sum(price.discountMinor),
    discountFrom: price.discountFrom,
    toPay: sum(price.totalMinor),
    tax: sum(price.taxMinor),
  };
}

const lineSchema = z
  .object({
    kind: z.enum(fulfilmentKinds),
    about: z.string().openapi({ description: 'Id of what is delivered.', example: 'quo_01jd3y8k2m5n7p9q1r3s5t7v9w' }),
    description: z.string().openapi({ description: 'What was ordered, as it was offered; Markdown.' }),
    list: moneySchema,
    discount: moneySchema,
    price: moneySchema,
    taxCategory: z.string(),
    taxRateBp: z.int().nullable().openapi({ description: 'Hundredths of a percent, as it was then; null: without tax.', example: 2000 }),
    taxInside: z.boolean().openapi({ description: 'Whether the price has the tax in it.' }),
    tax: moneySchema,
  })
  .openapi('OrderLine');

const core = {
  id: idOf('order'),
  state: z.enum(orderStates).openapi({
    description: 'open: waits to be paid · cancelled: given up, or what it was for is gone · abandoned: not paid in time',
  }),
  price: priceSchema,
  promoCode: z.string().nullable().openapi({ description: 'The code that gave the discount; null where none did.' }),
  lines: z.array(lineSchema),
  placedBy: orNull(personSchema),
  placedAt: instant,
  expiresAt: instant
    .nullable()
    .openapi({ description: 'Until then an open order keeps its price and its code; null where it was paid at once.' }),
  paidBy: z.enum(payingWays).nullable(),
  settledAt: instant.nullable().openapi({ description: 'When it was paid or came to nothing.' }),
  payment: orNull(
    z
      .object({
        id: idOf('payment'),
        state: z.enum(paymentStates),
        confirmationUrl: z.string().nullable().openapi({ description: 'Where to pay; null until the provider has told.' }),
      })
      .openapi('OrderPayment'),
  ).openapi({ description: 'The last payment that was begun for it.' }),
  reversal: orNull(z.object({ at: instant, amount: moneySchema }).openapi('OrderReversal')).openapi({
    description: 'What of it was given back to the balance.',
  }),
};

export const customerOrderSchema = z.object({ ...core, allowedActions: z.array(z.enum(orderActions)) }).openapi('Order');
export const staffOrderSchema = z
  .object({
    ...core,
    account: personSchema,
    transfer: idOf('transfer').nullable().openapi({ description: 'What paid for it, in the books.' }),
    reversalReason: z.string().nullable().openapi({ description: 'Why staff gave its money back.' }),
  })
  .openapi('StaffOrder');

function fieldsOf(order: OrderView) {
  const { currency, reversal } = order;
  const taxMinor = order.lines.reduce((sum, line) => sum + line.taxMinor, 0);
  return {
    id: order.id,
    state: order.state,
    price: presentPrice({ ...order, taxMinor }, currency),
    promoCode: order.promoCode,
    lines: order.lines.map((line) => presentLine(line, currency)),
    placedBy: order.placedBy,
    placedAt: order.placedAt.toISOString(),
    expiresAt: order.expiresAt?.toISOString() ?? null,
    paidBy: order.paidBy,
    settledAt: order.settledAt?.toISOString() ?? null,
    payment: order.payment && { ...order.payment, state: order.payment.state as (typeof paymentStates)[number] },
    reversal: reversal && { at: reversal.at.toISOString(), amount: { amountMinor: reversal.amountMinor, currency } },
  };
}

function presentLine(line: OrderLineView, currency: string): z.infer<typeof lineSchema> {
  const sum = (amountMinor: number) => ({ amountMinor, currency });
  return {
    kind: line.fulfilment,
    about: line.about,
    description: line.description,
    list: sum(line.listMinor),
    discount: sum(line.discountMinor),
    price: sum(line.priceMinor),
    taxCategory: line.taxCategory,
    taxRateBp: line.taxRateBp,
    taxInside: line.taxInside,
    tax: sum(line.taxMinor),
  };
}

export function presentCustomerOrder(order: OrderView, reader: Actor): z.infer<typeof customerOrderSchema> {
  const may = reader.kind === 'customer' && customerMay(reader.role, 'order.place');
  return { ...fieldsOf(order), allowedActions: may ? allowedOrderActions(order.state) : [] };
}

export function presentStaffOrder(order: OrderView): z.infer<typeof staffOrderSchema> {
  return { ...fieldsOf(order), account: order.account, transfer: order.transferId, reversalReason: order.reversal?.reason ?? null };
}
