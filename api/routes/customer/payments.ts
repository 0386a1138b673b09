import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { CustomerActor } from '../../../domain/actor.ts';
import { isRefusal } from '../../../domain/errors.ts';
import { maxReturnUrlCharacters, paymentStates, type PaymentState } from '../../../domain/payment-life.ts';
import { listPayments, readPayment } from '../../../db/repositories/payment-row.ts';
import { beginPayment } from '../../../db/repositories/payments.ts';
import type { ApiEnvironment } from '../../context.ts';
import { nextWindow, readWindow } from '../../cursor.ts';
import { ApiError } from '../../errors.ts';
import { existingId } from '../../existing-id.ts';
import { moneyKeyHeader, requireMoneyKey, requireProvider } from '../../money-key.ts';
import { customerPaymentSchema, presentCustomerPayment } from '../../present/payment.ts';
import { sumField } from '../../present/refund.ts';
import { customerRoute, jsonAnswer, jsonBody } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { cursorQuery, idParam, limitQuery, pageOf, wordsQuery } from '../../schemas.ts';
import { answerWish } from '../../wish.ts';

const tags = ['Payments'];

const listRoute = customerRoute('payment.read', {
  method: 'get',
  path: '/payments',
  tags,
  summary: 'Payments of the account, newest first',
  request: {
    query: z.strictObject({
      limit: limitQuery,
      cursor: cursorQuery,
      state: wordsQuery(paymentStates).optional().openapi({ description: 'Left out: all.', example: 'preparing,pending' }),
    }),
  },
  responses: { 200: jsonAnswer(pageOf(customerPaymentSchema, 'Payments'), 'A page of payments') },
});

const makeRoute = customerRoute('payment.make', {
  method: 'post',
  path: '/payments',
  tags,
  summary: 'Top up the balance',
  description:
    'Answered at once: the payment is being prepared. Where to pay is in `confirmationUrl` a moment later; read it again, or hear of it on /events. That the payer came back proves nothing; the state does. 1.00 at the least.',
  request: {
    headers: moneyKeyHeader,
    ...jsonBody(
      z
        .strictObject({
          amount: sumField,
          returnUrl: z.string().min(1).max(maxReturnUrlCharacters).optional().openapi({
            description: 'Where the payer comes back to; a page of ours, if left out. https alone.',
            example: 'https://shop.example/paid',
          }),
        })
        .openapi('NewPayment'),
    ),
  },
  responses: { 201: jsonAnswer(customerPaymentSchema, 'The payment, being prepared') },
});

const readRoute = customerRoute('payment.read', {
  method: 'get',
  path: '/payments/{id}',
  tags,
  summary: 'A payment',
  request: { params: z.object({ id: idParam }) },
  responses: { 200: jsonAnswer(customerPaymentSchema, 'The payment') },
});

/** Payments of an account (SPEC B2). */
export function customerPayments(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(listRoute, async (c) => {
    const { limit, cursor, state } = c.req.valid('query');
    const { accountId } = c.var.caller.actor as CustomerActor;
    const filter = { accountId, states: state?.split(',') as PaymentState[] | undefined };
    const found = await listPayments(c.var.parts.database.fork(), filter, { limit, after: readWindow(cursor, 'payments') });
    return c.json(
      { items: found.items.map(presentCustomerPayment), nextCursor: nextWindow('payments', found, (payment) => payment.begunAt) },
      200,
    );
  });
  app.openapi(makeRoute, async (c) => {
    requireMoneyKey(c);
    requireProvider(c);
    const { amount, returnUrl } = c.req.valid('json');
    return answerWish<CustomerActor>(c, async (wish) => {
      const begun = await beginPayment(wish, {
        accountId: wish.actor.accountId,
        ...amount,
        returnUrl: returnUrl ?? paymentReturnPage(c.var.parts.publicUrl),
      });
      if (isRefusal(begun)) return begun;
      return { status: 201, body: presentCustomerPayment((await readPayment(wish.em, begun.id))!) };
    }) as never;
  });
  app.openapi(readRoute, async (c) => {
    const id = existingId('payment', c.req.valid('param').id, 'payment.not_found');
    const { accountId } = c.var.caller.actor as CustomerActor;
    const payment = await readPayment(c.var.parts.database.fork(), id, accountId);
    if (!payment) throw new ApiError('payment.not_found');
    return c.json(presentCustomerPayment(payment), 200);
  });
  return app;
}

/** The page of ours that a payer comes back to. */
export function paymentReturnPage(publicUrl: URL): string {
  return new URL('/links/payment-return', publicUrl).href;
}
