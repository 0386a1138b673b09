import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { StaffActor } from '../../../domain/actor.ts';
import { isRefusal, type Refusal } from '../../../domain/errors.ts';
import { maxQuoteDescriptionCharacters, quoteAmountMinor, quoteStates, type QuoteState } from '../../../domain/quote.ts';
import { listQuotes, readQuote } from '../../../db/repositories/quote-row.ts';
import { completeQuote, currencyOf, offerQuote, withdrawQuote } from '../../../db/repositories/quotes.ts';
import type { Wish } from '../../../db/wish.ts';
import type { ApiEnvironment } from '../../context.ts';
import { nextWindow, readWindow } from '../../cursor.ts';
import { existingId } from '../../existing-id.ts';
import { ownTicket } from '../../own-ticket.ts';
import { presentStaffQuotes, staffQuoteSchema } from '../../present/quote.ts';
import { idempotencyHeader, jsonAnswer, jsonBody, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import {
  bodyText,
  currencyField,
  cursorQuery,
  givenInstant,
  idParam,
  idQuery,
  limitQuery,
  pageOf,
  ticketNumberParam,
  wordsQuery,
} from '../../schemas.ts';
import { ticketNumberOf } from '../../ticket-number.ts';
import { answerWish } from '../../wish.ts';

type Context = Parameters<typeof answerWish>[0];

const listRoute = staffRoute('quote.read', {
  method: 'get',
  path: '/quotes',
  tags: ['Quotes'],
  summary: 'Paid work of all accounts, newest first',
  request: {
    query: z.strictObject({
      limit: limitQuery,
      cursor: cursorQuery,
      state: wordsQuery(quoteStates)
        .optional()
        .openapi({ description: 'Left out: all. One state, or several with commas.', example: 'accepted' }),
      account: idQuery('account').optional().openapi({ description: 'An account’s id.' }),
    }),
  },
  responses: { 200: jsonAnswer(pageOf(staffQuoteSchema, 'StaffQuotes'), 'A page of quotes') },
});

const ofTicketRoute = staffRoute('quote.read', {
  method: 'get',
  path: '/tickets/{number}/quotes',
  tags: ['Quotes'],
  summary: 'Paid work that was offered on a ticket, newest first',
  request: { params: z.object({ number: ticketNumberParam }), query: z.strictObject({ limit: limitQuery, cursor: cursorQuery }) },
  responses: {
    200: jsonAnswer(
      pageOf(staffQuoteSchema, 'StaffTicketQuotesPage')
        .extend({ currency: z.string().openapi({ description: 'The account’s, in which a quote is made.', example: 'RUB' }) })
        .openapi('StaffTicketQuotes'),
      'A page of quotes',
    ),
  },
});

const offerRoute = staffRoute('quote.offer', {
  method: 'post',
  path: '/tickets/{number}/quotes',
  tags: ['Quotes'],
  summary: 'Offer paid work',
  description: 'The customer is told, by mail too. It stands until the instant given, an hour at least and 90 days at most.',
  request: {
    params: z.object({ number: ticketNumberParam }),
    headers: idempotencyHeader,
    ...jsonBody(
      z
        .strictObject({
          description: bodyText('Moving the panel to a new server: **4 hours**.', maxQuoteDescriptionCharacters),
          amount: z
            .strictObject({
              amountMinor: z.int().min(quoteAmountMinor.min).max(quoteAmountMinor.max).openapi({ example: 1_250_000 }),
              currency: currencyField,
            })
            .openapi({ description: 'In the account’s currency.', example: { amountMinor: 1_250_000, currency: 'RUB' } }),
          validUntil: givenInstant,
        })
        .openapi('NewQuote'),
    ),
  },
  responses: { 201: jsonAnswer(staffQuoteSchema, 'The quote, offered') },
});

const ofQuote = { params: z.object({ number: ticketNumberParam, id: idParam }), headers: idempotencyHeader };

const withdrawRoute = staffRoute('quote.offer', {
  method: 'post',
  path: '/tickets/{number}/quotes/{id}/withdrawal',
  tags: ['Quotes'],
  summary: 'Take an open quote back',
  request: ofQuote,
  responses: { 200: jsonAnswer(staffQuoteSchema, 'The quote, withdrawn') },
});

const completeRoute = staffRoute('quote.offer', {
  method: 'post',
  path: '/tickets/{number}/quotes/{id}/completion',
  tags: ['Quotes'],
  summary: 'Say that accepted work is done',
  description: 'Possible on an archived ticket too.',
  request: ofQuote,
  responses: { 200: jsonAnswer(staffQuoteSchema, 'The quote, done') },
});

/** Paid work, the staff's side (SPEC T16). */
export function staffQuotes(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(listRoute, async (c) => {
    const { limit, cursor, state, account } = c.req.valid('query');
    const at = c.var.parts.clock.now();
    const filter = { states: state?.split(',') as QuoteState[] | undefined, accountId: account };
    const found = await listQuotes(c.var.parts.database.fork(), filter, { limit, after: readWindow(cursor, 'quotes') }, at);
    return c.json(await pageFor(c, found, at), 200);
  });
  app.openapi(ofTicketRoute, async (c) => {
    const em = c.var.parts.database.fork();
    const { number, accountId } = await ownTicket(c, em, c.req.valid('param').number);
    const { limit, cursor } = c.req.valid('query');
    const at = c.var.parts.clock.now();
    const found = await listQuotes(em, { ticketNumber: number }, { limit, after: readWindow(cursor, 'quotes') }, at);
    return c.json({ ...(await pageFor(c, found, at)), currency: await currencyOf(em, accountId) }, 200);
  });
  app.openapi(offerRoute, async (c) => {
    const number = ticketNumberOf(c.req.valid('param').number);
    const { description, amount, validUntil } = c.req.valid('json');
    return carryOut(c, 201, (wish) => offerQuote(wish, number, { description, ...amount, validUntil })) as never;
  });
  for (const [route, settle] of [
    [withdrawRoute, withdrawQuote],
    [completeRoute, completeQuote],
  ] as const)
    app.openapi(route, async (c) => {
      const { number, id } = c.req.valid('param');
      const [ticket, quote] = [ticketNumberOf(number), existingId('quote', id, 'quote.not_found')];
      return carryOut(c, 200, (wish) => settle(wish, ticket, quote)) as never;
    });
  return app;
}

async function pageFor(c: Context, found: Awaited<ReturnType<typeof listQuotes>>, at: Date) {
  return {
    items: await presentStaffQuotes(c.var.parts.database.fork(), found.items, c.var.caller.actor, at),
    nextCursor: nextWindow('quotes', found, (quote) => quote.offeredAt),
  };
}

function carryOut(c: Context, status: 200 | 201, work: (wish: Wish<StaffActor>) => Promise<{ id: string } | Refusal>): Promise<Response> {
  return answerWish<StaffActor>(c, async (wish) => {
    const made = await work(wish);
    if (isRefusal(made)) return made;
    const at = wish.clock.now();
    const [body] = await presentStaffQuotes(wish.em, [(await readQuote(wish.em, made.id, at))!], wish.actor, at);
    return { status, body };
  });
}
