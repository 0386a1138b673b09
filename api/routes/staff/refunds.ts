import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { StaffActor } from '../../../domain/actor.ts';
import { isRefusal } from '../../../domain/errors.ts';
import { moneyEntity } from '../../../domain/money-entity.ts';
import { refundableMinor, refundStates, type RefundState } from '../../../domain/refund-life.ts';
import { recordChargeback } from '../../../db/repositories/chargebacks.ts';
import { readMoneyTimeline } from '../../../db/repositories/money-timeline.ts';
import { listRefunds, readRefund, readRefundable } from '../../../db/repositories/refund-row.ts';
import { makeRefund } from '../../../db/repositories/refunds.ts';
import type { ApiEnvironment } from '../../context.ts';
import { nextWindow, readWindow } from '../../cursor.ts';
import { ApiError } from '../../errors.ts';
import { existingId } from '../../existing-id.ts';
import { moneyKeyHeader, requireMoneyKey } from '../../money-key.ts';
import { moneyEventSchema, presentMoneyEvent, presentRefund, reasonField, refundSchema, sumField } from '../../present/refund.ts';
import { jsonAnswer, jsonBody, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { cursorQuery, givenInstant, idOf, idParam, idQuery, limitQuery, moneySchema, pageOf, wordsQuery } from '../../schemas.ts';
import { answerWish } from '../../wish.ts';
import { workflowUrl } from '../../workflow-url.ts';
import { addOrderReversal } from './order-reversal.ts';

const tags = ['Refunds'];
const params = z.object({ id: idParam });

const refundPageSchema = refundSchema
  .extend({
    events: z.array(moneyEventSchema),
    workflowUrl: z.string().nullable().openapi({ description: 'Its workflow in Temporal UI; null for one that was made in the cabinet.' }),
  })
  .openapi('RefundWithEvents');

const listRoute = staffRoute('finance.read', {
  method: 'get',
  path: '/refunds',
  tags,
  summary: 'Refunds of all accounts, newest first',
  request: {
    query: z.strictObject({
      limit: limitQuery,
      cursor: cursorQuery,
      state: wordsQuery(refundStates)
        .optional()
        .openapi({ description: 'Left out: all. One state, or several with commas.', example: 'requested,pending' }),
      account: idQuery('account').optional(),
      payment: idQuery('payment').optional(),
      from: givenInstant.optional().openapi({ description: 'Asked for then or later.' }),
      to: givenInstant.optional().openapi({ description: 'Asked for before.' }),
    }),
  },
  responses: { 200: jsonAnswer(pageOf(refundSchema, 'Refunds'), 'A page of refunds') },
});

const readRoute = staffRoute('finance.read', {
  method: 'get',
  path: '/refunds/{id}',
  tags,
  summary: 'A refund, with everything that happened to it',
  request: { params },
  responses: { 200: jsonAnswer(refundPageSchema, 'The refund') },
});

const ofPaymentRoute = staffRoute('finance.read', {
  method: 'get',
  path: '/payments/{id}/refunds',
  tags,
  summary: 'Refunds of a payment, newest first, and how much of it can go back',
  request: { params, query: z.strictObject({ limit: limitQuery, cursor: cursorQuery }) },
  responses: {
    200: jsonAnswer(
      pageOf(refundSchema, 'RefundsOfPaymentPage')
        .extend({
          refundable: moneySchema.openapi({ description: 'What of it is unspent and has not gone back; 0 where it cannot be refunded.' }),
        })
        .openapi('RefundsOfPayment'),
      'A page of refunds',
    ),
  },
});

const makeRoute = staffRoute('refund.make', {
  method: 'post',
  path: '/payments/{id}/refunds',
  tags,
  summary: 'Pay a payment back, whole or in part',
  description:
    'Never more than is unspent of it. The money leaves the balance at once, and comes back to it when the provider does not pay it out. Above the policy’s sum, counting what went back to this customer so within a day, it waits for a second person.',
  request: {
    params,
    headers: moneyKeyHeader,
    ...jsonBody(
      z
        .strictObject({ amount: sumField.optional().openapi({ description: 'Left out: all that can go back.' }), reason: reasonField })
        .openapi('NewRefund'),
    ),
  },
  responses: { 201: jsonAnswer(refundSchema, 'The refund') },
});

const chargebackRoute = staffRoute('payment.chargeback', {
  method: 'post',
  path: '/payments/{id}/chargeback',
  tags,
  summary: 'Record that the payer took a payment back through his bank',
  description:
    'The balance goes down, below the limit too; spending is frozen and the customer told. Once for each payment; the provider is asked nothing.',
  request: {
    params,
    headers: moneyKeyHeader,
    ...jsonBody(
      z
        .strictObject({ amount: sumField.optional().openapi({ description: 'Left out: all that was not refunded.' }), reason: reasonField })
        .openapi('NewChargeback'),
    ),
  },
  responses: {
    200: jsonAnswer(z.object({ id: idOf('payment') }).openapi('ChargedBackPayment'), 'Recorded'),
  },
});

/** Refunds, chargebacks and purchases that are taken back (SPEC B7). */
export function staffRefunds(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(listRoute, async (c) => {
    const { limit, cursor, state, account, payment, from, to } = c.req.valid('query');
    const filter = { states: state?.split(',') as RefundState[] | undefined, accountId: account, paymentId: payment, from, to };
    return c.json(pageFor(await listRefunds(c.var.parts.database.fork(), filter, { limit, after: readWindow(cursor, 'refunds') })), 200);
  });
  app.openapi(readRoute, async (c) => {
    const id = existingId('refund', c.req.valid('param').id, 'refund.not_found');
    const em = c.var.parts.database.fork();
    const refund = await readRefund(em, id);
    if (!refund) throw new ApiError('refund.not_found');
    const events = (await readMoneyTimeline(em, 'refund', id)).map(presentMoneyEvent);
    const workflow = refund.origin === 'cabinet' ? null : workflowUrl(c.var.parts, moneyEntity('refund', id));
    return c.json({ ...presentRefund(refund), events, workflowUrl: workflow }, 200);
  });
  app.openapi(ofPaymentRoute, async (c) => {
    const id = existingId('payment', c.req.valid('param').id, 'payment.not_found');
    const em = c.var.parts.database.fork();
    const payment = await readRefundable(em, id);
    if (!payment) throw new ApiError('payment.not_found');
    const { limit, cursor } = c.req.valid('query');
    const found = await listRefunds(em, { paymentId: id }, { limit, after: readWindow(cursor, 'refunds') });
    const refundable = { amountMinor: refundableMinor(payment, c.var.parts.clock.now()), currency: payment.currency };
    return c.json({ ...pageFor(found), refundable }, 200);
  });
  addDeeds(app);
  addOrderReversal(app);
  return app;
}

function addDeeds(app: OpenAPIHono<ApiEnvironment>): void {
  app.openapi(makeRoute, async (c) => {
    const id = existingId('payment', c.req.valid('param').id, 'payment.not_found');
    requireMoneyKey(c);
    const { amount, reason } = c.req.valid('json');
    return answerWish<StaffActor>(c, async (wish) => {
      const made = await makeRefund(wish, id, { ...amount, reason });
      return isRefusal(made) ? made : { status: 201, body: presentRefund((await readRefund(wish.em, made.id))!) };
    }) as never;
  });
  app.openapi(chargebackRoute, async (c) => {
    const id = existingId('payment', c.req.valid('param').id, 'payment.not_found');
    requireMoneyKey(c);
    const { amount, reason } = c.req.valid('json');
    return answerWish<StaffActor>(c, async (wish) => {
      const recorded = await recordChargeback(wish, id, { ...amount, reason });
      return isRefusal(recorded) ? recorded : { status: 200, body: recorded };
    }) as never;
  });
}

function pageFor(found: Awaited<ReturnType<typeof listRefunds>>) {
  return { items: found.items.map(presentRefund), nextCursor: nextWindow('refunds', found, (refund) => refund.askedForAt) };
}
