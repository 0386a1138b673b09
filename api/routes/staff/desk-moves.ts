import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { StaffActor } from '../../../domain/actor.ts';
import { isRefusal } from '../../../domain/errors.ts';
import { readTicketNumber } from '../../../domain/ids.ts';
import { faultInTag, maxTags, readTag, readTags } from '../../../domain/tag.ts';
import { heardChannels, priorities } from '../../../domain/ticket.ts';
import { maxSubjectCharacters, unwritable } from '../../../domain/written-text.ts';
import { assignTicket, markTicket, suggestTags, transferTicket } from '../../../db/repositories/desk-moves.ts';
import { mergeTicket, undoMerge } from '../../../db/repositories/merges.ts';
import { splitTicket } from '../../../db/repositories/splits.ts';
import { openTicketOnBehalf } from '../../../db/repositories/ticket-wishes.ts';
import type { ApiEnvironment } from '../../context.ts';
import { filesField } from '../../enclosures.ts';
import { answerTagged, ifMatchHeader, knownRevision } from '../../entity-tag.ts';
import { staffTicketPageSchema } from '../../present/ticket.ts';
import { idempotencyHeader, jsonAnswer, jsonBody, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { bodyText, idQuery, lineText, relatedNumber, ticketNumberParam } from '../../schemas.ts';
import { ticketNumberOf } from '../../ticket-number.ts';
import { answerWish } from '../../wish.ts';
import { carryOut, page, seenAssignee } from './tickets.ts';

/** Stands in for a number too high or too low to be a ticket's: one that does not exist. */
const nobodysNumber = 0;
const maxSplitMessages = 500;
const tags = ['Tickets'];
const numberParams = z.object({ number: ticketNumberParam });
const wishRequest = { params: numberParams, headers: idempotencyHeader };
const after = { 200: jsonAnswer(staffTicketPageSchema, 'The ticket afterwards') };
const category = lineText(50, 'technical').openapi({ description: 'One of GET /queues.' });
const user = idQuery('user').openapi({ example: 'usr_01jd3y8k2m5n7p9q1r3s5t7v9w' });

const tagLetter = `[^,\\s${unwritable.inLine}${unwritable.invisible}]`;
const tag = z
  .string()
  .superRefine((text, context) => {
    const fault = faultInTag(text);
    if (fault) context.addIssue({ code: 'custom', params: { fault } });
  })
  .openapi({ type: 'string', minLength: 1, maxLength: 40, pattern: `^${tagLetter}+(?: ${tagLetter}+)*$`, example: 'update 6.12' });

const openRoute = staffRoute('ticket.open', {
  method: 'post',
  path: '/tickets',
  tags,
  summary: 'Open a ticket for a customer',
  description: 'For who called, wrote or came. Its first message is the customer’s, written down by you; he is mailed its number.',
  request: {
    headers: idempotencyHeader,
    ...jsonBody(
      z
        .strictObject({
          account: idQuery('account').openapi({ example: 'acc_01jd3y8k2m5n7p9q1r3s5t7v9w' }),
          customer: user.openapi({ description: 'A member of the account.' }),
          subject: lineText(maxSubjectCharacters, 'Panel does not start after update'),
          body: bodyText('He called: after the update to 6.12 the panel shows a blank page.'),
          category,
          files: filesField,
          priority: z.enum(priorities).default('medium'),
          channel: z.enum(heardChannels).default('phone'),
          relatedTicket: relatedNumber.optional().openapi({ description: 'An earlier ticket of the account that this one cites.' }),
        })
        .openapi('NewTicketOnBehalf'),
    ),
  },
  responses: { 201: jsonAnswer(staffTicketPageSchema, 'The ticket') },
});

const assignRoute = staffRoute('ticket.assign', {
  method: 'put',
  path: '/tickets/{number}/assignment',
  tags,
  summary: 'Give it to a colleague',
  description: 'While staff owe an answer he works on it from then on; else he is only named responsible.',
  request: { ...wishRequest, ...jsonBody(z.strictObject({ assignee: user, seenAssignee }).openapi('Assignment')) },
  responses: after,
});

const transferRoute = staffRoute('ticket.assign', {
  method: 'post',
  path: '/tickets/{number}/transfer',
  tags,
  summary: 'Move it to another queue',
  description: 'What runs keeps running; the new queue’s timing starts with the next deadline.',
  request: {
    ...wishRequest,
    ...jsonBody(
      z
        .strictObject({
          category,
          seenCategory: lineText(50, 'general')
            .optional()
            .openapi({ description: 'The queue you saw it in. When it is another now: 409 `ticket.transferred`.' }),
        })
        .openapi('Transfer'),
    ),
  },
  responses: after,
});

const markRoute = staffRoute('ticket.work', {
  method: 'patch',
  path: '/tickets/{number}',
  tags,
  summary: 'Set its priority and tags',
  request: {
    params: numberParams,
    headers: ifMatchHeader,
    ...jsonBody(
      z
        .strictObject({
          priority: z.enum(priorities).optional(),
          tags: z.array(tag).max(maxTags).optional().openapi({ description: 'All of them: those left out are taken away.' }),
        })
        .openapi('TicketMarks'),
    ),
  },
  responses: after,
});

const mergeRoute = staffRoute('ticket.merge', {
  method: 'post',
  path: '/tickets/{number}/merge',
  tags,
  summary: 'Merge it into another ticket of the same customer',
  description: 'The conversation goes on there; this one is archived and names it. It can be undone until the next public message there.',
  request: { ...wishRequest, ...jsonBody(z.strictObject({ into: relatedNumber }).openapi('Merge')) },
  responses: after,
});

const undoRoute = staffRoute('ticket.merge', {
  method: 'delete',
  path: '/tickets/{number}/merge',
  tags,
  summary: 'Undo its merge',
  description: 'Everything that moved goes back; the ticket has its former state and deadlines. One that passed meanwhile acts at once.',
  request: wishRequest,
  responses: after,
});

const splitRoute = staffRoute('ticket.merge', {
  method: 'post',
  path: '/tickets/{number}/split',
  tags,
  summary: 'Split messages off into a new ticket',
  request: {
    ...wishRequest,
    ...jsonBody(
      z
        .strictObject({
          messages: z
            .array(idQuery('message'))
            .min(1)
            .max(maxSplitMessages)
            .openapi({
              description: 'Messages and notes; not the first message, and not notes alone.',
              example: ['msg_01jd3y8k2m5n7p9q1r3s5t7v9w'],
            }),
          subject: lineText(maxSubjectCharacters, 'The invoice names the wrong company'),
          category,
        })
        .openapi('Split'),
    ),
  },
  responses: { 201: jsonAnswer(staffTicketPageSchema, 'The new ticket, which cites the old one') },
});

const tagsRoute = staffRoute('ticket.read', {
  method: 'get',
  path: '/ticket-tags',
  tags,
  summary: 'Tags in use, the most used first',
  request: { query: z.strictObject({ beginning: lineText(40, 'upd').optional().openapi({ description: 'Tags that begin with this.' }) }) },
  responses: {
    200: jsonAnswer(
      z.object({ items: z.array(z.object({ tag: z.string(), uses: z.int() })), nextCursor: z.null() }).openapi('TicketTags'),
      'Fifty at the most',
    ),
  },
});

/** What staff arrange with tickets beside answering (SPEC T13, C6). */
export function staffDeskMoves(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  addArranging(app);
  addMerging(app);
  app.openapi(tagsRoute, async (c) => {
    const beginning = readTag(c.req.valid('query').beginning ?? '');
    return c.json({ items: await suggestTags(c.var.parts.database.fork(), beginning, 50), nextCursor: null }, 200);
  });
  return app;
}

function addArranging(app: OpenAPIHono<ApiEnvironment>): void {
  app.openapi(openRoute, async (c) => {
    const { account, customer, channel, relatedTicket, ...wanted } = c.req.valid('json');
    const related = relatedTicket === undefined ? {} : { relatedTo: readTicketNumber(relatedTicket) ?? nobodysNumber };
    return answerWish<StaffActor>(c, async (wish) => {
      const opened = await openTicketOnBehalf(wish, { id: customer, accountId: account }, channel, { ...wanted, ...related });
      return isRefusal(opened) ? opened : { status: 201, body: await page(c, opened.number, wish.em) };
    }) as never;
  });
  app.openapi(assignRoute, async (c) => {
    const wanted = c.req.valid('json');
    return carryOut(c, c.req.valid('param').number, 200, (wish, number) =>
      assignTicket(wish, number, wanted.assignee, wanted.seenAssignee),
    ) as never;
  });
  app.openapi(transferRoute, async (c) => {
    const wanted = c.req.valid('json');
    return carryOut(c, c.req.valid('param').number, 200, (wish, number) =>
      transferTicket(wish, number, wanted.category, wanted.seenCategory),
    ) as never;
  });
  app.openapi(markRoute, async (c) => {
    const number = ticketNumberOf(c.req.valid('param').number);
    const { priority, tags: wanted } = c.req.valid('json');
    const known = knownRevision(c.req.valid('header'));
    return answerTagged(
      c,
      200,
      (ticket) => ticket,
      async (wish) => {
        const marked = await markTicket(wish, number, { priority, tags: wanted && readTags(wanted) }, known);
        return isRefusal(marked) ? marked : page(c, number, wish.em);
      },
    ) as never;
  });
}

function addMerging(app: OpenAPIHono<ApiEnvironment>): void {
  app.openapi(mergeRoute, async (c) => {
    const into = readTicketNumber(c.req.valid('json').into) ?? nobodysNumber;
    return carryOut(c, c.req.valid('param').number, 200, (wish, number) => mergeTicket(wish, number, into)) as never;
  });
  app.openapi(undoRoute, async (c) => carryOut(c, c.req.valid('param').number, 200, undoMerge) as never);
  app.openapi(splitRoute, async (c) => {
    const number = ticketNumberOf(c.req.valid('param').number);
    const wanted = c.req.valid('json');
    return answerWish<StaffActor>(c, async (wish) => {
      const split = await splitTicket(wish, number, wanted);
      return isRefusal(split) ? split : { status: 201, body: await page(c, split.number, wish.em) };
    }) as never;
  });
}
