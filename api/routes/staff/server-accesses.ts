import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { StaffActor } from '../../../domain/actor.ts';
import { isRefusal } from '../../../domain/errors.ts';
import { accessReasonCharacters } from '../../../domain/server-access.ts';
import { endAccessByHand, viewSecret } from '../../../db/repositories/server-accesses.ts';
import { unwritable } from '../../../domain/written-text.ts';
import { listAccesses, listViewings, readAccess } from '../../../db/repositories/server-access-row.ts';
import type { ApiEnvironment } from '../../context.ts';
import { nextWindow, readWindow } from '../../cursor.ts';
import { ApiError } from '../../errors.ts';
import { existingId } from '../../existing-id.ts';
import { ownTicket } from '../../own-ticket.ts';
import { accessViewSchema, presentStaffAccess, presentViewing, staffAccessSchema } from '../../present/server-access.ts';
import { idempotencyHeader, jsonAnswer, jsonBody, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { cursorQuery, idOf, idParam, instant, limitQuery, lineText, pageOf, ticketNumberParam } from '../../schemas.ts';
import { ticketNumberOf } from '../../ticket-number.ts';
import { answerWish } from '../../wish.ts';

const listRoute = staffRoute('server_access.read', {
  method: 'get',
  path: '/tickets/{number}/server-accesses',
  tags: ['Server access'],
  summary: 'Access to servers that the customer granted on a ticket, newest first, without secrets',
  request: { params: z.object({ number: ticketNumberParam }), query: z.strictObject({ limit: limitQuery, cursor: cursorQuery }) },
  responses: { 200: jsonAnswer(pageOf(staffAccessSchema, 'StaffServerAccesses'), 'A page of accesses') },
});

const viewsRoute = staffRoute('server_access.read', {
  method: 'get',
  path: '/tickets/{number}/server-accesses/{id}/views',
  tags: ['Server access'],
  summary: 'Who looked at the secret, when and why, newest first',
  request: {
    params: z.object({ number: ticketNumberParam, id: idParam }),
    query: z.strictObject({ limit: limitQuery, cursor: cursorQuery }),
  },
  responses: { 200: jsonAnswer(pageOf(accessViewSchema, 'StaffServerAccessViews'), 'A page of looks') },
});

/** A reason that says something: three characters at least. */
const reasonField = lineText(accessReasonCharacters.max, 'To read the log of the failed update')
  .refine((text) => text.trim().length >= accessReasonCharacters.min, { params: { fault: 'too_short' } })
  .openapi({
    type: 'string',
    minLength: accessReasonCharacters.min,
    maxLength: accessReasonCharacters.max,
    pattern: `^(?: *[^\\s${unwritable.invisible}${unwritable.inLine}]){${accessReasonCharacters.min}}[^${unwritable.inLine}]*$`,
    description: 'The customer reads it.',
    example: 'To read the log of the failed update',
  });

const viewRoute = staffRoute('server_access.reveal', {
  method: 'post',
  path: '/tickets/{number}/server-accesses/{id}/views',
  tags: ['Server access'],
  summary: 'Look at a secret',
  description:
    'Each look is recorded, audited, and told to the customer with its reason. The answer is not kept: looking again is another look.',
  request: {
    params: z.object({ number: ticketNumberParam, id: idParam }),
    headers: idempotencyHeader,
    ...jsonBody(z.strictObject({ reason: reasonField }).openapi('ServerAccessLook')),
  },
  responses: {
    201: jsonAnswer(
      z
        .object({
          id: idOf('serverAccessView'),
          address: z.string(),
          sshPort: z.int(),
          login: z.string(),
          secret: z.string(),
          at: instant,
        })
        .openapi('SeenSecret'),
      'The secret',
    ),
  },
});

const endRoute = staffRoute('ticket.work', {
  method: 'delete',
  path: '/tickets/{number}/server-accesses/{id}',
  tags: ['Server access'],
  summary: 'End an access that is needed no longer',
  description: 'Its secret is destroyed, and the customer is told.',
  request: { params: z.object({ number: ticketNumberParam, id: idParam }), headers: idempotencyHeader },
  responses: { 200: jsonAnswer(staffAccessSchema, 'The access, ended') },
});

/** Access to servers, the staff's side (SPEC T17). */
export function staffServerAccesses(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  addReads(app);
  app.openapi(viewRoute, async (c) => {
    const { number, id } = c.req.valid('param');
    const [ticket, access] = [ticketNumberOf(number), existingId('serverAccess', id, 'server_access.not_found')];
    const { reason } = c.req.valid('json');
    const look = async (wish: Parameters<typeof viewSecret>[0]) => {
      const seen = await viewSecret(wish, ticket, access, reason);
      if (isRefusal(seen)) return seen;
      const { address, sshPort, login } = seen.access;
      return { status: 201, body: { id: seen.viewId, address, sshPort, login, secret: seen.secret, at: seen.at.toISOString() } };
    };
    return answerWish<StaffActor>(c, look, { keepAnswer: false }) as never;
  });
  app.openapi(endRoute, async (c) => {
    const { number, id } = c.req.valid('param');
    const [ticket, access] = [ticketNumberOf(number), existingId('serverAccess', id, 'server_access.not_found')];
    return answerWish<StaffActor>(c, async (wish) => {
      const ended = await endAccessByHand(wish, ticket, access);
      if (isRefusal(ended)) return ended;
      return { status: 200, body: presentStaffAccess((await readAccess(wish.em, access))!, wish.actor, wish.clock.now()) };
    }) as never;
  });
  return app;
}

function addReads(app: OpenAPIHono<ApiEnvironment>): void {
  app.openapi(listRoute, async (c) => {
    const { database, clock } = c.var.parts;
    const em = database.fork();
    const { number } = await ownTicket(c, em, c.req.valid('param').number);
    const { limit, cursor } = c.req.valid('query');
    const found = await listAccesses(em, { ticketNumber: number }, { limit, after: readWindow(cursor, 'server-accesses') });
    const at = clock.now();
    return c.json(
      {
        items: found.items.map((access) => presentStaffAccess(access, c.var.caller.actor, at)),
        nextCursor: nextWindow('server-accesses', found, (access) => access.life.grantedAt),
      },
      200,
    );
  });
  app.openapi(viewsRoute, async (c) => {
    const em = c.var.parts.database.fork();
    const { number: text, id } = c.req.valid('param');
    const { number } = await ownTicket(c, em, text);
    const access = await readAccess(em, existingId('serverAccess', id, 'server_access.not_found'));
    if (access?.ticketNumber !== number) throw new ApiError('server_access.not_found');
    const { limit, cursor } = c.req.valid('query');
    const found = await listViewings(em, access.id, { limit, after: readWindow(cursor, 'server-access-views') });
    return c.json(
      { items: found.items.map(presentViewing), nextCursor: nextWindow('server-access-views', found, (viewing) => viewing.at) },
      200,
    );
  });
}
