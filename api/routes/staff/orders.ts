import { OpenAPIHono, z } from '@hono/zod-openapi';
import { orderStates, type OrderState } from '../../../domain/order.ts';
import { listOrders, readOrder } from '../../../db/repositories/order-row.ts';
import type { ApiEnvironment } from '../../context.ts';
import { nextWindow, readWindow } from '../../cursor.ts';
import { ApiError } from '../../errors.ts';
import { existingId } from '../../existing-id.ts';
import { presentStaffOrder, staffOrderSchema } from '../../present/order.ts';
import { jsonAnswer, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { cursorQuery, givenInstant, idParam, idQuery, limitQuery, pageOf, wordsQuery } from '../../schemas.ts';

const listRoute = staffRoute('finance.read', {
  method: 'get',
  path: '/orders',
  tags: ['Orders'],
  summary: 'Orders of all accounts, newest first',
  request: {
    query: z.strictObject({
      limit: limitQuery,
      cursor: cursorQuery,
      state: wordsQuery(orderStates)
        .optional()
        .openapi({ description: 'Left out: all. One state, or several with commas.', example: 'open,paid' }),
      account: idQuery('account').optional(),
      promoCode: idQuery('promoCode').optional().openapi({ description: 'Those that a code gave the discount of; its id.' }),
      settledFrom: givenInstant.optional().openapi({ description: 'Paid, or come to another end, then or later.' }),
      settledTo: givenInstant.optional().openapi({ description: 'Paid, or come to another end, before.' }),
    }),
  },
  responses: { 200: jsonAnswer(pageOf(staffOrderSchema, 'StaffOrders'), 'A page of orders') },
});

const readRoute = staffRoute('finance.read', {
  method: 'get',
  path: '/orders/{id}',
  tags: ['Orders'],
  summary: 'An order',
  request: { params: z.object({ id: idParam }) },
  responses: { 200: jsonAnswer(staffOrderSchema, 'The order') },
});

/** Orders, the staff's side (SPEC B4). */
export function staffOrders(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(listRoute, async (c) => {
    const { limit, cursor, state, account, promoCode, ...settled } = c.req.valid('query');
    const filter = { states: state?.split(',') as OrderState[] | undefined, accountId: account, promoCodeId: promoCode, ...settled };
    const found = await listOrders(c.var.parts.database.fork(), filter, { limit, after: readWindow(cursor, 'orders') });
    return c.json({ items: found.items.map(presentStaffOrder), nextCursor: nextWindow('orders', found, (order) => order.placedAt) }, 200);
  });
  app.openapi(readRoute, async (c) => {
    const id = existingId('order', c.req.valid('param').id, 'order.not_found');
    const order = await readOrder(c.var.parts.database.fork(), id);
    if (!order) throw new ApiError('order.not_found');
    return c.json(presentStaffOrder(order), 200);
  });
  return app;
}
