import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { StaffActor } from '../../../domain/actor.ts';
import { adjustedMoneys, adjustmentStates, type AdjustmentState } from '../../../domain/adjustment.ts';
import { isRefusal } from '../../../domain/errors.ts';
import { maxAmountMinor } from '../../../domain/ledger.ts';
import { adjustBalance, listAdjustments, readAdjustment } from '../../../db/repositories/adjustments.ts';
import type { ApiEnvironment } from '../../context.ts';
import { nextWindow, readWindow } from '../../cursor.ts';
import { ApiError } from '../../errors.ts';
import { existingId } from '../../existing-id.ts';
import { moneyKeyHeader, requireMoneyKey } from '../../money-key.ts';
import { adjustmentSchema, presentAdjustment, reasonField } from '../../present/refund.ts';
import { jsonAnswer, jsonBody, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { currencyField, cursorQuery, idParam, idQuery, limitQuery, pageOf, wordsQuery } from '../../schemas.ts';
import { answerWish } from '../../wish.ts';

const tags = ['Adjustments'];
const params = z.object({ id: idParam });

const listRoute = staffRoute('finance.read', {
  method: 'get',
  path: '/adjustments',
  tags,
  summary: 'Corrections of balances, newest first',
  request: {
    query: z.strictObject({
      limit: limitQuery,
      cursor: cursorQuery,
      state: wordsQuery(adjustmentStates)
        .optional()
        .openapi({ description: 'Left out: all. One state, or several with commas.', example: 'posted' }),
      account: idQuery('account').optional(),
    }),
  },
  responses: { 200: jsonAnswer(pageOf(adjustmentSchema, 'Adjustments'), 'A page of adjustments') },
});

const readRoute = staffRoute('finance.read', {
  method: 'get',
  path: '/adjustments/{id}',
  tags,
  summary: 'A correction of a balance',
  request: { params },
  responses: { 200: jsonAnswer(adjustmentSchema, 'The adjustment') },
});

const amountField = z
  .strictObject({
    amountMinor: z
      .int()
      .min(-maxAmountMinor)
      .max(maxAmountMinor)
      .refine((amountMinor) => amountMinor !== 0)
      .openapi({ not: { const: 0 }, example: -50_000, description: 'Below zero takes away. Not 0.' }),
    currency: currencyField,
  })
  .openapi({ example: { amountMinor: 50_000, currency: 'RUB' } });

const makeRoute = staffRoute('adjustment.make', {
  method: 'post',
  path: '/customers/{id}/adjustments',
  tags,
  summary: 'Correct a customer’s balance',
  description:
    'Paid money goes no lower than the credit limit, bonus no lower than nothing. Above the policy’s sum, up or down, counting what moved so within a day, it waits for a second person and moves nothing meanwhile.',
  request: {
    params,
    headers: moneyKeyHeader,
    ...jsonBody(
      z
        .strictObject({
          amount: amountField,
          money: z.enum(adjustedMoneys).openapi({ description: 'What the customer paid, or what we gave him.', example: 'paid' }),
          reason: reasonField,
        })
        .openapi('NewAdjustment'),
    ),
  },
  responses: { 201: jsonAnswer(adjustmentSchema, 'The adjustment') },
});

/** Adjustments (SPEC B7). */
export function staffAdjustments(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(listRoute, async (c) => {
    const { limit, cursor, state, account } = c.req.valid('query');
    const filter = { states: state?.split(',') as AdjustmentState[] | undefined, accountId: account };
    const found = await listAdjustments(c.var.parts.database.fork(), filter, { limit, after: readWindow(cursor, 'adjustments') });
    const nextCursor = nextWindow('adjustments', found, (adjustment) => adjustment.askedForAt);
    return c.json({ items: found.items.map(presentAdjustment), nextCursor }, 200);
  });
  app.openapi(readRoute, async (c) => {
    const id = existingId('adjustment', c.req.valid('param').id, 'adjustment.not_found');
    const adjustment = await readAdjustment(c.var.parts.database.fork(), id);
    if (!adjustment) throw new ApiError('adjustment.not_found');
    return c.json(presentAdjustment(adjustment), 200);
  });
  app.openapi(makeRoute, async (c) => {
    const accountId = existingId('account', c.req.valid('param').id, 'customer.not_found');
    requireMoneyKey(c);
    const { amount, money, reason } = c.req.valid('json');
    return answerWish<StaffActor>(c, async (wish) => {
      const made = await adjustBalance(wish, accountId, { ...amount, money, reason });
      return isRefusal(made) ? made : { status: 201, body: presentAdjustment((await readAdjustment(wish.em, made.id))!) };
    }) as never;
  });
  return app;
}
