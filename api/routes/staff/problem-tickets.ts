import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { StaffActor } from '../../../domain/actor.ts';
import { isRefusal, refuse } from '../../../domain/errors.ts';
import { readTicketNumber, spellTicketNumber } from '../../../domain/ids.ts';
import { ticketStatuses } from '../../../domain/ticket-life.ts';
import { findProblem, linkProblem, listLinkedTickets, unlinkProblem } from '../../../db/repositories/problems.ts';
import type { ApiEnvironment } from '../../context.ts';
import { readCursor, spellCursor } from '../../cursor.ts';
import { ApiError } from '../../errors.ts';
import { existingId } from '../../existing-id.ts';
import { idempotencyHeader, jsonAnswer, jsonBody, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { cursorQuery, idParam, instant, limitQuery, pageOf, personSchema, relatedNumber, ticketNumberParam } from '../../schemas.ts';
import { ticketNumberOf } from '../../ticket-number.ts';
import { answerWish } from '../../wish.ts';

const tags = ['Problems and wishes'];
const order = 'problem-tickets';

export const linkedSchema = z
  .object({
    number: z.string().openapi({ example: 'CS-000123' }),
    subject: z.string(),
    status: z.enum(ticketStatuses),
    account: personSchema,
    linkedAt: instant,
  })
  .openapi('LinkedTicket');

const listRoute = staffRoute('problem.read', {
  method: 'get',
  path: '/problems/{id}/tickets',
  tags,
  summary: 'The tickets linked to it, the one linked last first',
  request: { params: z.object({ id: idParam }), query: z.strictObject({ limit: limitQuery, cursor: cursorQuery }) },
  responses: { 200: jsonAnswer(pageOf(linkedSchema, 'LinkedTickets'), 'A page of tickets') },
});

const linkRoute = staffRoute('problem.manage', {
  method: 'post',
  path: '/problems/{id}/tickets',
  tags,
  summary: 'Link a ticket',
  description: 'An archived one too. An answer that is on its way goes to the tickets that were linked when it was given.',
  request: {
    params: z.object({ id: idParam }),
    headers: idempotencyHeader,
    ...jsonBody(z.strictObject({ number: relatedNumber }).openapi('ProblemLink')),
  },
  responses: { 204: { description: 'Linked; the customer sees the problem on his ticket' } },
});

const unlinkRoute = staffRoute('problem.manage', {
  method: 'delete',
  path: '/problems/{id}/tickets/{number}',
  tags,
  summary: 'Take a link away',
  description: 'An answer that is on its way and has not come to this ticket yet does not come to it.',
  request: { params: z.object({ id: idParam, number: ticketNumberParam }), headers: idempotencyHeader },
  responses: { 204: { description: 'Linked no longer' } },
});

/** Which tickets a problem or a wish is about (SPEC T20). */
export function staffProblemTickets(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(listRoute, async (c) => {
    const id = existingId('problem', c.req.valid('param').id, 'problem.not_found');
    const { limit, cursor } = c.req.valid('query');
    const em = c.var.parts.database.fork();
    if (!(await findProblem(em, id))) throw new ApiError('problem.not_found');
    const after = readCursor(cursor, order, { value: 'instant', key: 'integer' });
    const { items, more } = await listLinkedTickets(em, id, { limit, after: after && { at: after.value, number: after.key } });
    const last = items.at(-1);
    return c.json(
      {
        items: items.map(({ linkedAt, number, ...ticket }) => ({
          ...ticket,
          number: spellTicketNumber(number),
          linkedAt: linkedAt.toISOString(),
        })),
        nextCursor: more && last ? spellCursor(order, last.linkedAt.toISOString(), last.number) : null,
      },
      200,
    );
  });
  app.openapi(linkRoute, async (c) => {
    const id = existingId('problem', c.req.valid('param').id, 'problem.not_found');
    const number = readTicketNumber(c.req.valid('json').number);
    return answerWish<StaffActor>(c, async (wish) => {
      const linked = number === undefined ? refuse('ticket.not_found') : await linkProblem(wish, id, number);
      return isRefusal(linked) ? linked : { status: 204, body: null };
    });
  });
  app.openapi(unlinkRoute, async (c) => {
    const id = existingId('problem', c.req.valid('param').id, 'problem.not_found');
    const number = ticketNumberOf(c.req.valid('param').number);
    return answerWish<StaffActor>(c, async (wish) => {
      const unlinked = await unlinkProblem(wish, id, number);
      return isRefusal(unlinked) ? unlinked : { status: 204, body: null };
    });
  });
  return app;
}
