import { OpenAPIHono, z } from '@hono/zod-openapi';
import { isRefusal, type Refusal } from '../../../domain/errors.ts';
import { readTicketNumber } from '../../../domain/ids.ts';
import type { StaffActor } from '../../../domain/actor.ts';
import { heardChannels, priorities } from '../../../domain/ticket.ts';
import { severityStates } from '../../../domain/severity.ts';
import { ticketStatuses } from '../../../domain/ticket-life.ts';
import type { Wish } from '../../../db/wish.ts';
import type { TicketReader } from '../../../db/repositories/unread.ts';
import {
  findTicket,
  findTicketPage,
  listEvents,
  listMessages,
  type TicketFilter,
  type TicketView,
} from '../../../db/repositories/ticket-reads.ts';
import { takeTicket } from '../../../db/repositories/desk-moves.ts';
import { closeTicket, moveTicketByStaff, replyAsStaff, writeNote } from '../../../db/repositories/ticket-wishes.ts';
import type { ApiEnvironment } from '../../context.ts';
import { nextWindow, readWindow } from '../../cursor.ts';
import { filesField } from '../../enclosures.ts';
import { ApiError } from '../../errors.ts';
import {
  presentStaffMessage,
  presentStaffTicket,
  presentStaffTicketPage,
  staffMessageSchema,
  staffTicketPageSchema,
  staffTicketSchema,
} from '../../present/ticket.ts';
import { presentEvent, ticketEventSchema } from '../../present/ticket-event.ts';
import { idempotencyHeader, jsonAnswer, jsonBody, optionalJsonBody, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import {
  bodyText,
  cursorQuery,
  flagQuery,
  givenInstant,
  idQuery,
  limitQuery,
  lineText,
  numbersQuery,
  orNull,
  pageOf,
  ticketNumberParam,
  wordsQuery,
} from '../../schemas.ts';
import { ticketNumberOf } from '../../ticket-number.ts';
import { presentHit, readCountedPage, rowFields, searchQuery } from '../../ticket-list.ts';
import { answerWish } from '../../wish.ts';

type Context = Parameters<typeof answerWish>[0];

const numberParams = z.object({ number: ticketNumberParam });
const windowQuery = z.strictObject({
  limit: limitQuery,
  cursor: cursorQuery,
  order: z
    .enum(['oldest', 'newest'])
    .default('oldest')
    .openapi({ description: '`newest`: the newest first, so that a page shows the end of a long life without reading all of it.' }),
});
export const staffTicketRowSchema = staffTicketSchema.extend(rowFields).openapi('StaffTicketRow');

const listRoute = staffRoute('ticket.read', {
  method: 'get',
  path: '/tickets',
  tags: ['Tickets'],
  summary: 'Tickets of all accounts',
  description:
    'Tickets with a broken promise come first, the one that has been broken the longest before the others; all others follow in the order of `sort`. What a search finds is in one order.',
  request: {
    query: z.strictObject({
      limit: limitQuery,
      cursor: cursorQuery,
      q: searchQuery.optional(),
      sort: z
        .enum([
          '-updatedAt',
          'updatedAt',
          '-createdAt',
          'createdAt',
          '-lastMessageAt',
          'lastMessageAt',
          '-waitingSince',
          'waitingSince',
          '-breachesAt',
          'breachesAt',
          '-number',
          'number',
        ])
        .optional()
        .openapi({ default: '-updatedAt', description: 'With `q` it is `-lastMessageAt`, and no other.' }),
      unread: flagQuery.optional(),
      archived: flagQuery.optional(),
      closed: flagQuery.optional(),
      snoozed: flagQuery.optional(),
      status: wordsQuery(ticketStatuses)
        .optional()
        .openapi({ description: 'One state, or several with commas.', example: 'awaiting_staff,in_progress' }),
      category: lineText(50, 'technical').optional(),
      priority: z.enum(priorities).optional(),
      assignee: idQuery('user', 'me', 'none').optional().openapi({ description: '`me`, `none`, or a user’s id.' }),
      account: idQuery('account').optional().openapi({ description: 'An account’s id.' }),
      numbers: numbersQuery.optional(),
      severity: wordsQuery(severityStates).optional().openapi({
        description: 'What became of a claim that it is critical; one state, or several with commas.',
        example: 'claimed,confirmed',
      }),
      breached: flagQuery.optional().openapi({ description: 'Whether a promise of theirs is broken and still stands.' }),
      breachesBefore: givenInstant
        .optional()
        .openapi({ description: 'With a promise that is broken already, or will be before this instant if nothing happens.' }),
      createdFrom: givenInstant.optional().openapi({ description: 'Opened at this instant or later.' }),
      createdBefore: givenInstant.optional().openapi({ description: 'Opened before this instant.' }),
    }),
  },
  responses: {
    200: jsonAnswer(
      pageOf(staffTicketRowSchema, 'StaffTicketsPage')
        .extend({
          pageInfo: z.object({ total: z.int(), exact: z.boolean().openapi({ description: 'False: there are more than `total`.' }) }),
        })
        .openapi('StaffTickets'),
      'A page of tickets',
    ),
  },
});

const readRoute = staffRoute('ticket.read', {
  method: 'get',
  path: '/tickets/{number}',
  tags: ['Tickets'],
  summary: 'One ticket',
  request: { params: numberParams },
  responses: { 200: jsonAnswer(staffTicketPageSchema, 'The ticket') },
});

const messagesRoute = staffRoute('ticket.read', {
  method: 'get',
  path: '/tickets/{number}/messages',
  tags: ['Tickets'],
  summary: 'The conversation with its notes',
  request: { params: numberParams, query: windowQuery },
  responses: { 200: jsonAnswer(pageOf(staffMessageSchema, 'StaffMessages'), 'A page of messages') },
});

const historyRoute = staffRoute('ticket.read', {
  method: 'get',
  path: '/tickets/{number}/history',
  tags: ['Tickets'],
  summary: 'The ticket’s whole life',
  request: { params: numberParams, query: windowQuery },
  responses: { 200: jsonAnswer(pageOf(ticketEventSchema, 'StaffTicketHistory'), 'A page of history') },
});

const after = { 200: jsonAnswer(staffTicketPageSchema, 'The ticket afterwards') };
const afterMessage = {
  201: jsonAnswer(
    staffTicketPageSchema.extend({ messageId: z.string() }).openapi('StaffTicketAfterMessage'),
    'The ticket after the message',
  ),
};
/** What staff may say about anything they write. */
const writing = {
  channel: z.enum(heardChannels).optional().openapi({ description: 'By which way you spoke, when you log a call.', example: 'phone' }),
  cannedReplies: z
    .array(idQuery('cannedReply'))
    .max(20)
    .optional()
    .openapi({ description: 'The canned replies you inserted, so that they are counted.' }),
};
const messageId = idQuery('message').openapi({ example: 'msg_01jd3y8k2m5n7p9q1r3s5t7v9w' });
/** Whom the caller saw the ticket assigned to, so that two who take it at once are told of each other. */
export const seenAssignee = orNull(idQuery('user'))
  .optional()
  .openapi({ description: 'Whom you saw it assigned to, null for nobody. When it is somebody else now: 409 `ticket.taken`.' });

const wishRequest = { params: numberParams, headers: idempotencyHeader };

const replyRoute = staffRoute('ticket.answer', {
  method: 'post',
  path: '/tickets/{number}/messages',
  tags: ['Tickets'],
  summary: 'Answer the customer',
  request: {
    ...wishRequest,
    ...jsonBody(
      z
        .strictObject({
          body: bodyText('Please clear the cache and try again.'),
          files: filesField,
          nextStepBy: z.enum(['customer', 'staff']).default('customer').openapi({
            description:
              '`customer`: the ticket waits for him and closes by itself after silence. `staff`: “we are looking into it”, nothing closes by itself.',
          }),
          ...writing,
          seenMessage: messageId.optional().openapi({
            description:
              'The newest public message you saw. When a newer one is there: 409 `ticket.moved_on`; sent without it, it goes through.',
          }),
        })
        .openapi('NewStaffMessage'),
    ),
  },
  responses: afterMessage,
});

const noteRoute = staffRoute('ticket.note', {
  method: 'post',
  path: '/tickets/{number}/notes',
  tags: ['Tickets'],
  summary: 'Leave a note that customers never see',
  request: {
    ...wishRequest,
    ...jsonBody(z.strictObject({ body: bodyText('Same as CS-000098.'), files: filesField, ...writing }).openapi('NewNote')),
  },
  responses: afterMessage,
});

const takeRoute = staffRoute('ticket.work', {
  method: 'post',
  path: '/tickets/{number}/assignment',
  tags: ['Tickets'],
  summary: 'Take the ticket',
  request: { ...wishRequest, ...optionalJsonBody(z.strictObject({ seenAssignee }).openapi('Taking')) },
  responses: after,
});
const returnRoute = staffRoute('ticket.work', {
  method: 'delete',
  path: '/tickets/{number}/assignment',
  tags: ['Tickets'],
  summary: 'Return it to the queue',
  request: wishRequest,
  responses: after,
});
const snoozeRoute = staffRoute('ticket.work', {
  method: 'post',
  path: '/tickets/{number}/snooze',
  tags: ['Tickets'],
  summary: 'Snooze it to a moment',
  request: { ...wishRequest, ...jsonBody(z.strictObject({ until: givenInstant }).openapi('Snooze')) },
  responses: after,
});
const wakeRoute = staffRoute('ticket.work', {
  method: 'delete',
  path: '/tickets/{number}/snooze',
  tags: ['Tickets'],
  summary: 'End the snooze now',
  request: wishRequest,
  responses: after,
});
const dismissRoute = staffRoute('ticket.work', {
  method: 'post',
  path: '/tickets/{number}/dismissal',
  tags: ['Tickets'],
  summary: 'The customer’s message needs no answer',
  description: 'For a “thank you”: the former state and its deadline return, nobody is told.',
  request: wishRequest,
  responses: after,
});
const closeRoute = staffRoute('ticket.work', {
  method: 'post',
  path: '/tickets/{number}/closing',
  tags: ['Tickets'],
  summary: 'Close it',
  request: {
    ...wishRequest,
    ...optionalJsonBody(
      z
        .strictObject({
          reason: lineText(500, 'Duplicate of CS-000098')
            .nullable()
            .default(null)
            .openapi({ type: ['string', 'null'] }),
        })
        .openapi('Closing'),
    ),
  },
  responses: after,
});
const reopenRoute = staffRoute('ticket.work', {
  method: 'post',
  path: '/tickets/{number}/reopening',
  tags: ['Tickets'],
  summary: 'Open a closed ticket again',
  request: wishRequest,
  responses: after,
});

/** The desk (SPEC T3–T6, T10, T13, T19). */
export function staffTickets(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  addReads(app);
  addWishes(app);
  return app;
}

function addReads(app: OpenAPIHono<ApiEnvironment>): void {
  app.openapi(listRoute, async (c) => {
    const { limit, cursor, sort, q, ...query } = c.req.valid('query');
    const asked = { limit, cursor, sort, q: q?.trim() };
    const filter = filterOf({ ...query, q }, c.var.caller.actor.userId);
    const { database, clock } = c.var.parts;
    const em = database.fork();
    const { views, nextCursor, pageInfo } = await readCountedPage(em, asked, filter, readerOf(c), clock.now());
    return c.json({ items: views.map((view) => ({ ...present(c, view), hit: presentHit(view) })), nextCursor, pageInfo }, 200);
  });

  app.openapi(readRoute, async (c) => c.json(await page(c, ticketNumberOf(c.req.valid('param').number)), 200));

  app.openapi(messagesRoute, async (c) => {
    const em = c.var.parts.database.fork();
    const { ticket } = await mustFind(c, em, ticketNumberOf(c.req.valid('param').number));
    const { limit, cursor, order } = c.req.valid('query');
    const list = `messages ${order}`;
    const found = await listMessages(em, ticket.number, true, {
      limit,
      newestFirst: order === 'newest',
      after: readWindow(cursor, list),
    });
    return c.json(
      { items: found.items.map(presentStaffMessage), nextCursor: nextWindow(list, found, (message) => message.createdAt) },
      200,
    );
  });

  app.openapi(historyRoute, async (c) => {
    const em = c.var.parts.database.fork();
    const { ticket } = await mustFind(c, em, ticketNumberOf(c.req.valid('param').number));
    const { limit, cursor, order } = c.req.valid('query');
    const list = `history ${order}`;
    const found = await listEvents(em, ticket.number, true, { limit, newestFirst: order === 'newest', after: readWindow(cursor, list) });
    return c.json(
      {
        items: found.items.map((event) => presentEvent(event, c.var.locale)),
        nextCursor: nextWindow(list, found, (event) => event.at),
      },
      200,
    );
  });
}

function addWishes(app: OpenAPIHono<ApiEnvironment>): void {
  app.openapi(replyRoute, async (c) => {
    const { body, nextStepBy, ...writing } = c.req.valid('json');
    return carryOut(c, c.req.valid('param').number, 201, (wish, number) => replyAsStaff(wish, number, body, nextStepBy, writing)) as never;
  });
  app.openapi(noteRoute, async (c) => {
    const { body, ...writing } = c.req.valid('json');
    return carryOut(c, c.req.valid('param').number, 201, (wish, number) => writeNote(wish, number, body, writing)) as never;
  });
  app.openapi(
    takeRoute,
    async (c) =>
      carryOut(c, c.req.valid('param').number, 200, (wish, number) => takeTicket(wish, number, c.req.valid('json')?.seenAssignee)) as never,
  );
  app.openapi(
    returnRoute,
    async (c) =>
      carryOut(c, c.req.valid('param').number, 200, (wish, number) => moveTicketByStaff(wish, number, { kind: 'return' })) as never,
  );
  app.openapi(snoozeRoute, async (c) => {
    const { until } = c.req.valid('json');
    return carryOut(c, c.req.valid('param').number, 200, (wish, number) =>
      moveTicketByStaff(wish, number, { kind: 'snooze', until }),
    ) as never;
  });
  app.openapi(
    wakeRoute,
    async (c) =>
      carryOut(c, c.req.valid('param').number, 200, (wish, number) => moveTicketByStaff(wish, number, { kind: 'wake' })) as never,
  );
  app.openapi(
    dismissRoute,
    async (c) =>
      carryOut(c, c.req.valid('param').number, 200, (wish, number) => moveTicketByStaff(wish, number, { kind: 'dismiss' })) as never,
  );
  app.openapi(closeRoute, async (c) => {
    const { reason } = c.req.valid('json');
    return carryOut(c, c.req.valid('param').number, 200, (wish, number) => closeTicket(wish, number, reason ?? null)) as never;
  });
  app.openapi(
    reopenRoute,
    async (c) =>
      carryOut(c, c.req.valid('param').number, 200, (wish, number) => moveTicketByStaff(wish, number, { kind: 'reopen' })) as never,
  );
}

/** Carries a wish out and answers with the ticket as it is afterwards. */
export async function carryOut(
  c: Context,
  text: string,
  status: 200 | 201,
  work: (wish: Wish<StaffActor>, number: number) => Promise<object | Refusal>,
): Promise<Response> {
  const number = ticketNumberOf(text);
  return answerWish<StaffActor>(c, async (wish) => {
    const done = await work(wish, number);
    if (isRefusal(done)) return done;
    const messageId = 'messageId' in done ? { messageId: done.messageId } : {};
    return { status, body: { ...(await page(c, number, wish.em)), ...messageId } };
  });
}

interface ListQuery {
  q?: string | undefined;
  unread?: boolean | undefined;
  archived?: boolean | undefined;
  closed?: boolean | undefined;
  snoozed?: boolean | undefined;
  status?: string | undefined;
  category?: string | undefined;
  priority?: (typeof priorities)[number] | undefined;
  assignee?: string | undefined;
  account?: string | undefined;
  numbers?: string | undefined;
  severity?: string | undefined;
  breached?: boolean | undefined;
  breachesBefore?: Date | undefined;
  createdFrom?: Date | undefined;
  createdBefore?: Date | undefined;
}

function filterOf(query: ListQuery, me: string): TicketFilter {
  const statuses = query.status?.split(',').flatMap((text) => ticketStatuses.find((status) => status === text) ?? []);
  // A number too high to be a ticket's is one that nobody has.
  const numbers = query.numbers?.split(',').flatMap((text) => readTicketNumber(text) ?? []);
  return {
    // A search, by number too, finds archived tickets as well; so does asking for the archived state.
    archived: query.archived ?? (query.q !== undefined || numbers || statuses ? undefined : false),
    unread: query.unread,
    closed: query.closed,
    snoozed: query.snoozed,
    statuses,
    category: query.category,
    priority: query.priority,
    assigneeId: query.assignee === 'none' ? null : query.assignee === 'me' ? me : query.assignee,
    accountId: query.account,
    numbers,
    severities: query.severity?.split(',').flatMap((text) => severityStates.find((state) => state === text) ?? []),
    breached: query.breached,
    breachesBefore: query.breachesBefore,
    createdFrom: query.createdFrom,
    createdBefore: query.createdBefore,
  };
}

function readerOf(c: Context): TicketReader {
  return { userId: c.var.caller.actor.userId, side: 'staff' };
}

function present(c: Context, view: TicketView) {
  return presentStaffTicket(view, c.var.locale, c.var.caller.actor as StaffActor, c.var.parts);
}

async function mustFind(c: Context, em: Parameters<typeof findTicket>[0], number: number): Promise<TicketView> {
  const view = await findTicket(em, number, c.var.parts.clock.now());
  if (!view) throw new ApiError('ticket.not_found');
  return view;
}

/** A ticket's page, as it is now or as a wish leaves it. */
export async function page(c: Context, number: number, em = c.var.parts.database.fork()): Promise<z.infer<typeof staffTicketPageSchema>> {
  const view = await findTicketPage(em, number, c.var.parts.clock.now(), undefined, readerOf(c));
  if (!view) throw new ApiError('ticket.not_found');
  return presentStaffTicketPage(view, c.var.locale, c.var.caller.actor as StaffActor, c.var.parts);
}
