import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { StaffActor } from '../../../domain/actor.ts';
import { isRefusal } from '../../../domain/errors.ts';
import { moneyEntity } from '../../../domain/money-entity.ts';
import { paymentStates, type PaymentState } from '../../../domain/payment-life.ts';
import { readMoneyTimeline } from '../../../db/repositories/money-timeline.ts';
import { listPayments, readPayment } from '../../../db/repositories/payment-row.ts';
import { askNow } from '../../../db/repositories/payments.ts';
import type { ApiEnvironment } from '../../context.ts';
import { nextWindow, readWindow } from '../../cursor.ts';
import { ApiError } from '../../errors.ts';
import { existingId } from '../../existing-id.ts';
import { presentStaffPayment, staffPaymentSchema } from '../../present/payment.ts';
import { moneyEventSchema, presentMoneyEvent } from '../../present/refund.ts';
import { idempotencyHeader, jsonAnswer, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { cursorQuery, givenInstant, idParam, idQuery, limitQuery, pageOf, wordsQuery } from '../../schemas.ts';
import { answerWish } from '../../wish.ts';
import { workflowUrl } from '../../workflow-url.ts';

const tags = ['Payments'];
const params = z.object({ id: idParam });

const paymentPageSchema = staffPaymentSchema
  .extend({
    events: z.array(moneyEventSchema).openapi({ description: 'Everything that happened to it, in order.' }),
    workflowUrl: z.string().nullable().openapi({ description: 'Its workflow in Temporal UI, where that is configured.' }),
  })
  .openapi('StaffPaymentPage');

const listRoute = staffRoute('finance.read', {
  method: 'get',
  path: '/payments',
  tags,
  summary: 'Payments of all accounts, newest first',
  request: {
    query: z.strictObject({
      limit: limitQuery,
      cursor: cursorQuery,
      state: wordsQuery(paymentStates).optional().openapi({ description: 'Left out: all. Several with commas.', example: 'review' }),
      account: idQuery('account').optional(),
      order: idQuery('order').optional(),
      from: givenInstant.optional().openapi({ description: 'Begun then or later.' }),
      to: givenInstant.optional().openapi({ description: 'Begun before.' }),
    }),
  },
  responses: { 200: jsonAnswer(pageOf(staffPaymentSchema, 'StaffPayments'), 'A page of payments') },
});

const readRoute = staffRoute('finance.read', {
  method: 'get',
  path: '/payments/{id}',
  tags,
  summary: 'A payment, with everything that happened to it',
  request: { params },
  responses: { 200: jsonAnswer(paymentPageSchema, 'The payment') },
});

const lookRoute = staffRoute('payment.ask', {
  method: 'post',
  path: '/payments/{id}/look',
  tags,
  summary: 'Ask the provider now',
  description: 'Rather than when the schedule says. Where nothing is asked any more, nothing happens.',
  request: { params, headers: idempotencyHeader },
  responses: { 200: jsonAnswer(staffPaymentSchema, 'The payment; what the provider says comes a moment later') },
});

/** Payments, for staff (SPEC B2). */
export function staffPayments(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(listRoute, async (c) => {
    const { limit, cursor, state, account, order, from, to } = c.req.valid('query');
    const found = await listPayments(
      c.var.parts.database.fork(),
      {
        accountId: account,
        orderId: order,
        states: state?.split(',') as PaymentState[] | undefined,
        from,
        to,
      },
      { limit, after: readWindow(cursor, 'payments') },
    );
    return c.json(
      { items: found.items.map(presentStaffPayment), nextCursor: nextWindow('payments', found, (payment) => payment.begunAt) },
      200,
    );
  });
  app.openapi(readRoute, async (c) => {
    const id = existingId('payment', c.req.valid('param').id, 'payment.not_found');
    const em = c.var.parts.database.fork();
    const payment = await readPayment(em, id);
    if (!payment) throw new ApiError('payment.not_found');
    const events = (await readMoneyTimeline(em, 'payment', id)).map(presentMoneyEvent);
    return c.json({ ...presentStaffPayment(payment), events, workflowUrl: workflowUrl(c.var.parts, moneyEntity('payment', id)) }, 200);
  });
  app.openapi(lookRoute, async (c) => {
    const id = existingId('payment', c.req.valid('param').id, 'payment.not_found');
    return answerWish<StaffActor>(c, async (wish) => {
      const asked = await askNow(wish, id);
      return isRefusal(asked) ? asked : { status: 200, body: presentStaffPayment((await readPayment(wish.em, id))!) };
    }) as never;
  });
  return app;
}
