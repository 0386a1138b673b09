import { z, type OpenAPIHono } from '@hono/zod-openapi';
import type { StaffActor } from '../../../domain/actor.ts';
import { isRefusal } from '../../../domain/errors.ts';
import { reverseOrder } from '../../../db/repositories/order-reversal.ts';
import type { ApiEnvironment } from '../../context.ts';
import { existingId } from '../../existing-id.ts';
import { moneyKeyHeader, requireMoneyKey } from '../../money-key.ts';
import { reasonField, sumField } from '../../present/refund.ts';
import { jsonAnswer, jsonBody, staffRoute } from '../../route.ts';
import { idOf, idParam, moneySchema } from '../../schemas.ts';
import { answerWish } from '../../wish.ts';

const reverseRoute = staffRoute('refund.make', {
  method: 'post',
  path: '/orders/{id}/reversal',
  tags: ['Orders'],
  summary: 'Give back to the balance what an order cost',
  description:
    'Once for each order. Whole, what was bought ends with it, unless it is done already; in part, it stays. To the payer the money goes by a refund of his payment.',
  request: {
    params: z.object({ id: idParam }),
    headers: moneyKeyHeader,
    ...jsonBody(
      z
        .strictObject({ amount: sumField.optional().openapi({ description: 'Left out: the whole price.' }), reason: reasonField })
        .openapi('NewReversal'),
    ),
  },
  responses: {
    200: jsonAnswer(
      z
        .object({ id: idOf('order'), amount: moneySchema, whole: z.boolean().openapi({ description: 'Then what was bought has ended.' }) })
        .openapi('ReversedOrder'),
      'The money is on the balance again',
    ),
  },
});

/** Purchases that are taken back (SPEC B7). */
export function addOrderReversal(app: OpenAPIHono<ApiEnvironment>): void {
  app.openapi(reverseRoute, async (c) => {
    const id = existingId('order', c.req.valid('param').id, 'order.not_found');
    requireMoneyKey(c);
    const { amount, reason } = c.req.valid('json');
    return answerWish<StaffActor>(c, async (wish) => {
      const reversed = await reverseOrder(wish, id, { ...amount, reason });
      if (isRefusal(reversed)) return reversed;
      const { amountMinor, currency, isWhole } = reversed;
      return { status: 200, body: { id, amount: { amountMinor, currency }, whole: isWhole } };
    }) as never;
  });
}
