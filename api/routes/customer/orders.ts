import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { CustomerActor } from '../../../domain/actor.ts';
import { isRefusal, type Refusal } from '../../../domain/errors.ts';
import { orderStates, payingWays, type OrderState, type PayingWay } from '../../../domain/order.ts';
import { maxReturnUrlCharacters } from '../../../domain/payment-life.ts';
import type { Paying } from '../../../db/repositories/order-placing.ts';
import { listOrders, readOrder } from '../../../db/repositories/order-row.ts';
import { cancelOrder, payOrder, placeOrder } from '../../../db/repositories/orders.ts';
import type { Wish } from '../../../db/wish.ts';
import { requirePlace } from '../../auth/throttle.ts';
import type { ApiEnvironment } from '../../context.ts';
import { nextWindow, readWindow } from '../../cursor.ts';
import { ApiError } from '../../errors.ts';
import { existingId } from '../../existing-id.ts';
import { moneyKeyHeader, requireMoneyKey, requireProvider } from '../../money-key.ts';
import { customerOrderSchema, presentCustomerOrder } from '../../present/order.ts';
import { typedCode } from '../../present/promo-code.ts';
import { customerRoute, idempotencyHeader, jsonAnswer, jsonBody } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { cursorQuery, givenId, idParam, limitQuery, pageOf, wordsQuery } from '../../schemas.ts';
import { answerWish } from '../../wish.ts';
import { paymentReturnPage } from './payments.ts';

const tags = ['Orders'];

const paying = {
  payBy: z.enum(payingWays).openapi({
    description: 'balance: from the balance, then credit, at once or not at all · provider: by a payment of exactly what is due',
  }),
  returnUrl: z.string().min(1).max(maxReturnUrlCharacters).optional().openapi({
    description: 'With provider: where the payer comes back to; a page of ours, if left out. https alone.',
    example: 'https://shop.example/paid',
  }),
};

const listRoute = customerRoute('order.read', {
  method: 'get',
  path: '/orders',
  tags,
  summary: 'Orders of the account, newest first',
  request: {
    query: z.strictObject({
      limit: limitQuery,
      cursor: cursorQuery,
      state: wordsQuery(orderStates)
        .optional()
        .openapi({ description: 'Left out: all. One state, or several with commas.', example: 'open,paid' }),
    }),
  },
  responses: { 200: jsonAnswer(pageOf(customerOrderSchema, 'Orders'), 'A page of orders') },
});

const readRoute = customerRoute('order.read', {
  method: 'get',
  path: '/orders/{id}',
  tags,
  summary: 'An order',
  request: { params: z.object({ id: idParam }) },
  responses: { 200: jsonAnswer(customerOrderSchema, 'The order') },
});

const placeRoute = customerRoute('order.place', {
  method: 'post',
  path: '/orders',
  tags,
  summary: 'Order what a quote offers',
  description:
    'Paid from the balance it is delivered in the same moment. Paid through the provider it waits: where to pay is in `payment.confirmationUrl` a moment later. Earlier orders of the same that nobody paid are cancelled. What costs nothing is paid at once.',
  request: {
    headers: moneyKeyHeader,
    ...jsonBody(z.strictObject({ quote: givenId('quote'), promoCode: typedCode.optional(), ...paying }).openapi('NewOrder')),
  },
  responses: { 201: jsonAnswer(customerOrderSchema, 'The order') },
});

const payRoute = customerRoute('order.place', {
  method: 'post',
  path: '/orders/{id}/payment',
  tags,
  summary: 'Pay an order that waits',
  description: 'At the price at which it was placed. When that price or the offer is gone it is refused, and nothing is taken.',
  request: { params: z.object({ id: idParam }), headers: moneyKeyHeader, ...jsonBody(z.strictObject(paying).openapi('PayingOrder')) },
  responses: { 200: jsonAnswer(customerOrderSchema, 'The order, paid or being paid') },
});

const cancelRoute = customerRoute('order.place', {
  method: 'post',
  path: '/orders/{id}/cancellation',
  tags,
  summary: 'Give up an order that waits',
  description: 'Its promo code is given back. A payment that is under way for it comes to the balance.',
  request: { params: z.object({ id: idParam }), headers: idempotencyHeader },
  responses: { 200: jsonAnswer(customerOrderSchema, 'The order, cancelled') },
});

/** Orders, the customer's side (SPEC B4, B5). */
export function customerOrders(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(listRoute, async (c) => {
    const { limit, cursor, state } = c.req.valid('query');
    const actor = c.var.caller.actor as CustomerActor;
    const filter = { accountId: actor.accountId, states: state?.split(',') as OrderState[] | undefined };
    const found = await listOrders(c.var.parts.database.fork(), filter, { limit, after: readWindow(cursor, 'orders') });
    return c.json(
      {
        items: found.items.map((order) => presentCustomerOrder(order, actor)),
        nextCursor: nextWindow('orders', found, (order) => order.placedAt),
      },
      200,
    );
  });
  app.openapi(readRoute, async (c) => {
    const actor = c.var.caller.actor as CustomerActor;
    const order = await readOrder(c.var.parts.database.fork(), orderOf(c.req.valid('param')), actor.accountId);
    if (!order) throw new ApiError('order.not_found');
    return c.json(presentCustomerOrder(order, actor), 200);
  });
  addDeeds(app);
  return app;
}

function addDeeds(app: OpenAPIHono<ApiEnvironment>): void {
  app.openapi(placeRoute, async (c) => {
    requireMoneyKey(c);
    const { quote, promoCode, ...way } = c.req.valid('json');
    const { accountId } = c.var.caller.actor as CustomerActor;
    const place = promoCode === undefined ? undefined : await requirePlace(c.var.parts.throttle.promoCode(accountId));
    let guessed = false;
    const answer = await answerOrder(c, 201, async (wish) => {
      const placed = await placeOrder(wish, { quote, promoCode, paying: payingOf(c, way) });
      guessed = isRefusal(placed) && placed.refused === 'promo_code.not_found';
      return placed;
    });
    if (!guessed) await place?.succeeded();
    return answer as never;
  });
  app.openapi(payRoute, async (c) => {
    const [id, way] = [orderOf(c.req.valid('param')), c.req.valid('json')];
    const { accountId } = c.var.caller.actor as CustomerActor;
    if (!(await readOrder(c.var.parts.database.fork(), id, accountId))) throw new ApiError('order.not_found');
    requireMoneyKey(c);
    return answerOrder(c, 200, (wish) => payOrder(wish, id, payingOf(c, way))) as never;
  });
  app.openapi(cancelRoute, async (c) => {
    const id = orderOf(c.req.valid('param'));
    return answerOrder(c, 200, (wish) => cancelOrder(wish, id)) as never;
  });
}

async function answerOrder(
  c: Context<ApiEnvironment>,
  status: 200 | 201,
  work: (wish: Wish<CustomerActor>) => Promise<{ id: string } | Refusal>,
): Promise<Response> {
  return answerWish<CustomerActor>(c, async (wish) => {
    const done = await work(wish);
    return isRefusal(done) ? done : { status, body: presentCustomerOrder((await readOrder(wish.em, done.id))!, wish.actor) };
  });
}

function orderOf({ id }: { id: string }): string {
  return existingId('order', id, 'order.not_found');
}

function payingOf(
  c: Context<ApiEnvironment>,
  { payBy, returnUrl }: { readonly payBy: PayingWay; readonly returnUrl?: string | undefined },
): Paying {
  if (payBy === 'balance') return { by: 'balance' };
  requireProvider(c);
  return { by: 'provider', returnUrl: returnUrl ?? paymentReturnPage(c.var.parts.publicUrl) };
}
