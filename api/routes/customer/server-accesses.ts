import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { CustomerActor } from '../../../domain/actor.ts';
import { isRefusal, type Refusal } from '../../../domain/errors.ts';
import {
  accessWays,
  defaultLogin,
  defaultSshPort,
  loginPattern,
  maxSecretCharacters,
  readServerAddress,
} from '../../../domain/server-access.ts';
import { endAccessByHand, grantAccess, prolongAccess } from '../../../db/repositories/server-accesses.ts';
import { listAccesses, listViewings, readAccess } from '../../../db/repositories/server-access-row.ts';
import type { Wish } from '../../../db/wish.ts';
import type { ApiEnvironment } from '../../context.ts';
import { nextWindow, readWindow } from '../../cursor.ts';
import { ApiError } from '../../errors.ts';
import { existingId } from '../../existing-id.ts';
import { ownTicket } from '../../own-ticket.ts';
import { accessViewSchema, customerAccessSchema, presentCustomerAccess, presentViewing } from '../../present/server-access.ts';
import { customerRoute, idempotencyHeader, jsonAnswer, jsonBody } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { cursorQuery, idParam, limitQuery, pageOf, ticketNumberParam } from '../../schemas.ts';
import { ticketNumberOf } from '../../ticket-number.ts';
import { answerWish } from '../../wish.ts';

type Context = Parameters<typeof answerWish>[0];

const addressField = z
  .string()
  .max(300)
  .transform((text, context) => {
    const address = readServerAddress(text);
    if (address !== undefined) return address;
    context.addIssue({ code: 'custom', params: { fault: 'not_a_server' } });
    return z.NEVER;
  })
  .openapi({
    type: 'string',
    // No pattern: a name of any alphabet and both kinds of IP address are more than one could say without a lie.
    minLength: 1,
    maxLength: 300,
    description: 'A name or an IP address of the server, without user, password, port or path.',
    example: '203.0.113.7',
  });

/** Whatever a password or the file of a key may hold. It is sealed before it is stored, and shown to staff only. */
const secretField = z
  .string()
  .min(1)
  .max(maxSecretCharacters)
  .superRefine((text, context) => {
    if (!text.isWellFormed()) context.addIssue({ code: 'custom', params: { fault: 'not_unicode' } });
  })
  .openapi({
    type: 'string',
    format: 'password',
    writeOnly: true,
    minLength: 1,
    maxLength: maxSecretCharacters,
    description: 'Password or private key, where the way is `secret`, and only there. No answer ever holds it.',
  });

const grantBody = z
  .strictObject({
    address: addressField,
    sshPort: z.int().min(1).max(65_535).default(defaultSshPort),
    way: z.enum(accessWays),
    login: z.string().regex(new RegExp(loginPattern)).default(defaultLogin),
    secret: secretField.optional(),
  })
  .superRefine(({ way, secret }, context) => {
    if (way === 'secret' && secret === undefined) context.addIssue({ code: 'custom', path: ['secret'], params: { fault: 'missing' } });
    if (way === 'panel' && secret !== undefined)
      context.addIssue({ code: 'custom', path: ['secret'], params: { fault: 'secret_not_needed' } });
  })
  .openapi('NewServerAccess', { example: { address: '203.0.113.7', sshPort: 22, way: 'panel', login: 'root' } });

const grantRoute = customerRoute('server_access.grant', {
  method: 'post',
  path: '/tickets/{number}/server-accesses',
  tags: ['Server access'],
  summary: 'Grant support access to a server',
  description:
    'For 72 hours, or until the ticket closes: then it ends and its secret is destroyed. Staff look at a secret one at a time and with a reason, and you are told each time.',
  request: { params: z.object({ number: ticketNumberParam }), headers: idempotencyHeader, ...jsonBody(grantBody) },
  responses: { 201: jsonAnswer(customerAccessSchema, 'The access, without its secret') },
});

const listRoute = customerRoute('server_access.read', {
  method: 'get',
  path: '/tickets/{number}/server-accesses',
  tags: ['Server access'],
  summary: 'Access to servers that was granted on a ticket, newest first',
  request: { params: z.object({ number: ticketNumberParam }), query: z.strictObject({ limit: limitQuery, cursor: cursorQuery }) },
  responses: { 200: jsonAnswer(pageOf(customerAccessSchema, 'ServerAccesses'), 'A page of accesses') },
});

const viewsRoute = customerRoute('server_access.read', {
  method: 'get',
  path: '/tickets/{number}/server-accesses/{id}/views',
  tags: ['Server access'],
  summary: 'Who looked at the secret, when and why, newest first',
  request: {
    params: z.object({ number: ticketNumberParam, id: idParam }),
    query: z.strictObject({ limit: limitQuery, cursor: cursorQuery }),
  },
  responses: { 200: jsonAnswer(pageOf(accessViewSchema, 'ServerAccessViews'), 'A page of looks') },
});

const ofAccess = { params: z.object({ number: ticketNumberParam, id: idParam }), headers: idempotencyHeader };

const extendRoute = customerRoute('server_access.grant', {
  method: 'post',
  path: '/tickets/{number}/server-accesses/{id}/extension',
  tags: ['Server access'],
  summary: 'Extend an access to 72 hours from now',
  description: 'Any number of times, up to 30 days in all.',
  request: ofAccess,
  responses: { 200: jsonAnswer(customerAccessSchema, 'The access') },
});

const endRoute = customerRoute('server_access.grant', {
  method: 'delete',
  path: '/tickets/{number}/server-accesses/{id}',
  tags: ['Server access'],
  summary: 'End an access now',
  description: 'Its secret is destroyed.',
  request: ofAccess,
  responses: { 200: jsonAnswer(customerAccessSchema, 'The access, ended') },
});

/** Access to servers, the customer's side (SPEC T17). */
export function customerServerAccesses(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  addReads(app);
  app.openapi(grantRoute, async (c) => {
    const number = ticketNumberOf(c.req.valid('param').number);
    const wanted = c.req.valid('json');
    return carryOut(c, 201, (wish) => grantAccess(wish, number, wanted)) as never;
  });
  for (const [route, work] of [
    [extendRoute, prolongAccess],
    [endRoute, endAccessByHand],
  ] as const)
    app.openapi(route, async (c) => {
      const { number, id } = c.req.valid('param');
      const [ticket, access] = [ticketNumberOf(number), existingId('serverAccess', id, 'server_access.not_found')];
      return carryOut(c, 200, (wish) => work(wish, ticket, access)) as never;
    });
  return app;
}

function addReads(app: OpenAPIHono<ApiEnvironment>): void {
  app.openapi(listRoute, async (c) => {
    const { database, clock } = c.var.parts;
    const em = database.fork();
    const { number, accountId } = await ownTicket(c, em, c.req.valid('param').number);
    const { limit, cursor } = c.req.valid('query');
    const found = await listAccesses(em, { ticketNumber: number, accountId }, { limit, after: readWindow(cursor, 'server-accesses') });
    const at = clock.now();
    return c.json(
      {
        items: found.items.map((access) => presentCustomerAccess(access, c.var.caller.actor, at)),
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

function carryOut(
  c: Context,
  status: 200 | 201,
  work: (wish: Wish<CustomerActor>) => Promise<{ id: string } | Refusal>,
): Promise<Response> {
  return answerWish<CustomerActor>(c, async (wish) => {
    const made = await work(wish);
    if (isRefusal(made)) return made;
    return { status, body: presentCustomerAccess((await readAccess(wish.em, made.id))!, wish.actor, wish.clock.now()) };
  });
}
