import { OpenAPIHono, z } from '@hono/zod-openapi';
import { isRefusal } from '../../../domain/errors.ts';
import type { CustomerActor } from '../../../domain/actor.ts';
import { readTicketNumber } from '../../../domain/ids.ts';
import { priorities } from '../../../domain/ticket.ts';
import { severityStates } from '../../../domain/severity.ts';
import { ticketStatuses } from '../../../domain/ticket-life.ts';
import { maxSubjectCharacters } from '../../../domain/written-text.ts';
import { findTicket, findTicketPage, listEvents, listMessages, type TicketView } from '../../../db/repositories/ticket-reads.ts';
import type { TicketReader } from '../../../db/repositories/unread.ts';
import { openTicket, replyAsCustomer, resolveTicket } from '../../../db/repositories/ticket-wishes.ts';
import type { ApiEnvironment } from '../../context.ts';
import { nextWindow, readWindow } from '../../cursor.ts';
import { diagnosticsField, filesField } from '../../enclosures.ts';
import { ApiError } from '../../errors.ts';
import {
  customerMessageSchema,
  customerTicketPageSchema,
  customerTicketSchema,
  presentCustomerMessage,
  presentCustomerTicket,
  presentLinks,
} from '../../present/ticket.ts';
import { presentCustomerEvent, ticketEventSchema } from '../../present/ticket-event.ts';
import { claimSentence } from './ticket-severity.ts';
import { customerRoute, idempotencyHeader, jsonAnswer, jsonBody } from '../../route.ts';
import { bodyText, cursorQuery, flagQuery, lineText, limitQuery, pageOf, relatedNumber, ticketNumberParam } from '../../schemas.ts';
import { ticketNumberOf } from '../../ticket-number.ts';
import { presentHit, readListPage, rowFields, searchQuery } from '../../ticket-list.ts';
import { newRouter } from '../../router.ts';
import { answerWish } from '../../wish.ts';

/** Stands in for a number too high or too low to be a ticket's: a related ticket that does not exist. */
const nobodysNumber = 0;
const numberParams = z.object({ number: ticketNumberParam });
const windowQuery = z.strictObject({ limit: limitQuery, cursor: cursorQuery });

const customerTicketRowSchema = customerTicketSchema.extend(rowFields).openapi('TicketRow');

const listRoute = customerRoute('ticket.read', {
  method: 'get',
  path: '/tickets',
  tags: ['Tickets'],
  summary: 'Your account’s tickets',
  description: 'The active list by default, closed tickets included until they leave it; `archived=true` is the archive.',
  request: {
    query: z.strictObject({
      limit: limitQuery,
      cursor: cursorQuery,
      q: searchQuery.optional(),
      sort: z
        .enum(['-updatedAt', 'updatedAt', '-createdAt', 'createdAt', '-lastMessageAt', 'lastMessageAt', '-number', 'number'])
        .optional()
        .openapi({ default: '-updatedAt', description: 'With `q` it is `-lastMessageAt`, and no other.' }),
      unread: flagQuery.optional(),
      archived: flagQuery.optional(),
      closed: flagQuery.optional().openapi({ description: '`false` hides closed tickets.' }),
      status: z.enum(ticketStatuses).optional(),
      category: lineText(50, 'technical').optional(),
      priority: z.enum(priorities).optional(),
      severity: z.enum(severityStates).optional().openapi({ description: 'What became of your claim that it is critical.' }),
    }),
  },
  responses: { 200: jsonAnswer(pageOf(customerTicketRowSchema, 'Tickets'), 'A page of tickets') },
});

const openRoute = customerRoute('ticket.open', {
  method: 'post',
  path: '/tickets',
  tags: ['Tickets'],
  summary: 'Open a ticket',
  request: {
    headers: idempotencyHeader,
    ...jsonBody(
      z
        .strictObject({
          subject: lineText(maxSubjectCharacters, 'Panel does not start after update'),
          body: bodyText('After the update to 6.12 the panel shows a blank page.'),
          category: lineText(50, 'technical').openapi({ description: 'One of GET /queues.' }),
          priority: z.enum(priorities).default('medium'),
          relatedTicket: relatedNumber.optional().openapi({ description: 'An earlier ticket of yours that this one cites.' }),
          files: filesField,
          diagnostics: diagnosticsField,
          severity: z
            .enum(['critical'])
            .optional()
            .openapi({ description: 'Claims that nobody can use the product; staff confirm or refuse it.' }),
          severitySentence: claimSentence.optional().openapi({ description: 'What you say about the claim.' }),
        })
        .openapi('NewTicket'),
    ),
  },
  responses: { 201: jsonAnswer(customerTicketPageSchema, 'The ticket') },
});

const readRoute = customerRoute('ticket.read', {
  method: 'get',
  path: '/tickets/{number}',
  tags: ['Tickets'],
  summary: 'One ticket',
  request: { params: numberParams },
  responses: { 200: jsonAnswer(customerTicketPageSchema, 'The ticket') },
});

const messagesRoute = customerRoute('ticket.read', {
  method: 'get',
  path: '/tickets/{number}/messages',
  tags: ['Tickets'],
  summary: 'The conversation, oldest first',
  request: { params: numberParams, query: windowQuery },
  responses: { 200: jsonAnswer(pageOf(customerMessageSchema, 'Messages'), 'A page of messages') },
});

const replyRoute = customerRoute('ticket.reply', {
  method: 'post',
  path: '/tickets/{number}/messages',
  tags: ['Tickets'],
  summary: 'Write in a ticket',
  description: 'A closed ticket opens again; an archived one answers 409 `ticket.archived` and names the number to cite.',
  request: {
    params: numberParams,
    headers: idempotencyHeader,
    ...jsonBody(
      z
        .strictObject({
          body: bodyText('It works again, thank you.'),
          files: filesField,
          diagnostics: diagnosticsField,
          notFixed: z.literal(true).optional().openapi({
            description:
              'Says that the fault is not fixed, though staff marked it so: the clock of the fix runs on. See `allowedActions`: `contradict_fix`.',
          }),
        })
        .openapi('NewMessage'),
    ),
  },
  responses: {
    201: jsonAnswer(customerTicketSchema.extend({ messageId: z.string() }).openapi('TicketAfterMessage'), 'The ticket after the message'),
  },
});

const resolveRoute = customerRoute('ticket.resolve', {
  method: 'post',
  path: '/tickets/{number}/resolution',
  tags: ['Tickets'],
  summary: 'Press “Resolved”',
  request: { params: numberParams, headers: idempotencyHeader },
  responses: { 200: jsonAnswer(customerTicketPageSchema, 'The closed ticket') },
});

const historyRoute = customerRoute('ticket.read', {
  method: 'get',
  path: '/tickets/{number}/history',
  tags: ['Tickets'],
  summary: 'The ticket’s whole life, oldest first',
  request: { params: numberParams, query: windowQuery },
  responses: { 200: jsonAnswer(pageOf(ticketEventSchema, 'TicketHistory'), 'A page of history') },
});

type Context = Parameters<typeof answerWish>[0];

/** Everything a customer does with tickets (SPEC T1–T7, T10, T19). */
export function customerTickets(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  addReads(app);
  addWishes(app);
  return app;
}

function addReads(app: OpenAPIHono<ApiEnvironment>): void {
  app.openapi(listRoute, async (c) => {
    const { limit, cursor, sort, q, archived, status, severity, ...others } = c.req.valid('query');
    const filter = {
      ...others,
      accountId: accountOf(c),
      // A search looks through both lists.
      archived: archived ?? (q === undefined ? status === 'archived' : undefined),
      statuses: status && [status],
      severities: severity && [severity],
    };
    const { database, clock } = c.var.parts;
    const asked = { limit, cursor, sort, q: q?.trim() };
    const { views, nextCursor } = await readListPage(database.fork(), asked, filter, readerOf(c), clock.now());
    return c.json(
      { items: views.map((view) => ({ ...presentCustomerTicket(view, c.var.locale), hit: presentHit(view) })), nextCursor },
      200,
    );
  });

  app.openapi(readRoute, async (c) => c.json(await page(c, ticketNumberOf(c.req.valid('param').number)), 200));

  app.openapi(messagesRoute, async (c) => {
    const em = c.var.parts.database.fork();
    const view = await mustFind(c, em, ticketNumberOf(c.req.valid('param').number));
    const { limit, cursor } = c.req.valid('query');
    const found = await listMessages(em, view.ticket.number, false, { limit, after: readWindow(cursor, 'messages') });
    return c.json(
      { items: found.items.map(presentCustomerMessage), nextCursor: nextWindow('messages', found, (message) => message.createdAt) },
      200,
    );
  });

  app.openapi(historyRoute, async (c) => {
    const em = c.var.parts.database.fork();
    const view = await mustFind(c, em, ticketNumberOf(c.req.valid('param').number));
    const { limit, cursor } = c.req.valid('query');
    const found = await listEvents(em, view.ticket.number, false, { limit, after: readWindow(cursor, 'history') });
    return c.json(
      {
        items: found.items.map((event) => presentCustomerEvent(event, c.var.locale)),
        nextCursor: nextWindow('history', found, (event) => event.at),
      },
      200,
    );
  });
}

function addWishes(app: OpenAPIHono<ApiEnvironment>): void {
  app.openapi(openRoute, async (c) => {
    const { relatedTicket, severity, severitySentence, ...wanted } = c.req.valid('json');
    return answerWish<CustomerActor>(c, async (wish) => {
      const opened = await openTicket(wish, {
        ...wanted,
        ...(severity === undefined ? {} : { critical: { sentence: severitySentence ?? null } }),
        ...(relatedTicket === undefined ? {} : { relatedTo: readTicketNumber(relatedTicket) ?? nobodysNumber }),
      });
      return isRefusal(opened) ? opened : { status: 201, body: await page(c, opened.number, wish.em) };
    }) as never;
  });

  app.openapi(replyRoute, async (c) => {
    const number = ticketNumberOf(c.req.valid('param').number);
    const { body, notFixed, ...enclosures } = c.req.valid('json');
    return answerWish<CustomerActor>(c, async (wish) => {
      const written = await replyAsCustomer(wish, number, body, enclosures, notFixed);
      if (isRefusal(written)) return written;
      return { status: 201, body: { ...presentCustomerTicket(written.ticket, c.var.locale), messageId: written.messageId } };
    }) as never;
  });

  app.openapi(resolveRoute, async (c) => {
    const number = ticketNumberOf(c.req.valid('param').number);
    return answerWish<CustomerActor>(c, async (wish) => {
      const resolved = await resolveTicket(wish, number);
      return isRefusal(resolved) ? resolved : { status: 200, body: await page(c, number, wish.em) };
    }) as never;
  });
}

function accountOf(c: Context): string {
  return (c.var.caller.actor as CustomerActor).accountId;
}

function readerOf(c: Context): TicketReader {
  return { userId: c.var.caller.actor.userId, side: 'customer' };
}

async function mustFind(c: Context, em: Parameters<typeof findTicket>[0], number: number): Promise<TicketView> {
  const view = await findTicket(em, number, c.var.parts.clock.now(), accountOf(c));
  if (!view) throw new ApiError('ticket.not_found');
  return view;
}

/** A ticket's page, as it is now or as a wish leaves it. */
export async function page(
  c: Context,
  number: number,
  em = c.var.parts.database.fork(),
): Promise<z.infer<typeof customerTicketPageSchema>> {
  const view = await findTicketPage(em, number, c.var.parts.clock.now(), accountOf(c), readerOf(c));
  if (!view) throw new ApiError('ticket.not_found');
  return {
    ...presentCustomerTicket(view, c.var.locale),
    ...presentLinks(view),
  };
}
