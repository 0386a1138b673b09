import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { CustomerActor } from '../../../domain/actor.ts';
import { isRefusal } from '../../../domain/errors.ts';
import { listQuotes, readQuote } from '../../../db/repositories/quote-row.ts';
import { answerQuote } from '../../../db/repositories/quotes.ts';
import type { ApiEnvironment } from '../../context.ts';
import { nextWindow, readWindow } from '../../cursor.ts';
import { existingId } from '../../existing-id.ts';
import { ownTicket } from '../../own-ticket.ts';
import { customerQuoteSchema, presentCustomerQuotes } from '../../present/quote.ts';
import { customerRoute, idempotencyHeader, jsonAnswer } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { cursorQuery, idParam, limitQuery, pageOf, ticketNumberParam } from '../../schemas.ts';
import { ticketNumberOf } from '../../ticket-number.ts';
import { answerWish } from '../../wish.ts';

const listRoute = customerRoute('quote.read', {
  method: 'get',
  path: '/tickets/{number}/quotes',
  tags: ['Quotes'],
  summary: 'Paid work that was offered on a ticket, newest first',
  request: {
    params: z.object({ number: ticketNumberParam }),
    query: z.strictObject({ limit: limitQuery, cursor: cursorQuery }),
  },
  responses: { 200: jsonAnswer(pageOf(customerQuoteSchema, 'Quotes'), 'A page of quotes') },
});

const answerRequest = { params: z.object({ number: ticketNumberParam, id: idParam }), headers: idempotencyHeader };

const acceptRoute = customerRoute('quote.answer', {
  method: 'post',
  path: '/tickets/{number}/quotes/{id}/acceptance',
  tags: ['Quotes'],
  summary: 'Accept a quote',
  description:
    'Once, and before it expires. It is paid from the balance, then credit, in the same moment; where that does not suffice it is refused. With a promo code, or through the provider: POST /orders. The ticket waits for staff afterwards.',
  request: answerRequest,
  responses: { 200: jsonAnswer(customerQuoteSchema, 'The quote, accepted') },
});

const declineRoute = customerRoute('quote.answer', {
  method: 'post',
  path: '/tickets/{number}/quotes/{id}/refusal',
  tags: ['Quotes'],
  summary: 'Decline a quote',
  request: answerRequest,
  responses: { 200: jsonAnswer(customerQuoteSchema, 'The quote, declined') },
});

/** Paid work, the customer's side (SPEC T16). */
export function customerQuotes(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(listRoute, async (c) => {
    const { database, clock } = c.var.parts;
    const em = database.fork();
    const { number, accountId } = await ownTicket(c, em, c.req.valid('param').number);
    const { limit, cursor } = c.req.valid('query');
    const at = clock.now();
    const found = await listQuotes(em, { ticketNumber: number, accountId }, { limit, after: readWindow(cursor, 'quotes') }, at);
    return c.json(
      {
        items: await presentCustomerQuotes(em, found.items, c.var.caller.actor, at),
        nextCursor: nextWindow('quotes', found, (quote) => quote.offeredAt),
      },
      200,
    );
  });
  for (const [route, answer] of [
    [acceptRoute, 'accept'],
    [declineRoute, 'decline'],
  ] as const)
    app.openapi(route, async (c) => {
      const { number, id } = c.req.valid('param');
      const [ticket, quote] = [ticketNumberOf(number), existingId('quote', id, 'quote.not_found')];
      return answerWish<CustomerActor>(c, async (wish) => {
        const answered = await answerQuote(wish, ticket, quote, answer);
        if (isRefusal(answered)) return answered;
        const at = wish.clock.now();
        const [body] = await presentCustomerQuotes(wish.em, [(await readQuote(wish.em, quote, at))!], wish.actor, at);
        return { status: 200, body };
      }) as never;
    });
  return app;
}
