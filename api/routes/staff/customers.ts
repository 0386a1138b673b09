import { z } from '@hono/zod-openapi';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { StaffActor } from '../../../domain/actor.ts';
import { isRefusal } from '../../../domain/errors.ts';
import { listCustomers, readCustomer, type CustomerView } from '../../../db/repositories/customers.ts';
import { listInvitations } from '../../../db/repositories/invitations.ts';
import { mailPasswordReset } from '../../../db/repositories/passwords.ts';
import type { ApiEnvironment } from '../../context.ts';
import { nextWindow, readWindow } from '../../cursor.ts';
import { ApiError } from '../../errors.ts';
import { existingId } from '../../existing-id.ts';
import { invitationSchema, memberSchema, presentInvitation, presentMember } from '../../present/account.ts';
import { idempotencyHeader, jsonAnswer, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { cursorQuery, idOf, idParam, instant, limitQuery, lineText, orNull, pageOf } from '../../schemas.ts';
import { answerWish } from '../../wish.ts';

const ownerSchema = z.object({ id: idOf('user'), name: z.string(), email: z.string() }).openapi('AccountOwner');
export const customerSchema = z
  .object({
    id: idOf('account'),
    name: z.string(),
    currency: z.string(),
    city: z.string().nullable(),
    createdAt: instant,
    owner: orNull(ownerSchema),
    users: z.int(),
    openTickets: z.int(),
  })
  .openapi('Customer');
export const customerPageSchema = customerSchema
  .extend({ members: z.array(memberSchema), invitations: z.array(invitationSchema) })
  .openapi('CustomerPage');

const tags = ['Customers'];

/** Accounts and their people, as staff see them (SPEC I1, I5). */
export function staffCustomers(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  const list = staffRoute('customer.read', {
    method: 'get',
    path: '/customers',
    tags,
    summary: 'Accounts, the newest first',
    request: {
      query: z.strictObject({
        search: lineText(200, 'vega')
          .optional()
          .openapi({ description: 'Part of the account’s name, or of a member’s name or address; or an id.' }),
        limit: limitQuery,
        cursor: cursorQuery,
      }),
    },
    responses: { 200: jsonAnswer(pageOf(customerSchema, 'Customers'), 'A page of accounts') },
  });
  app.openapi(list, async (c) => {
    const { search, limit, cursor } = c.req.valid('query');
    const found = await listCustomers(c.var.parts.database.fork(), search?.trim(), { limit, after: readWindow(cursor, 'customers') });
    return c.json({ items: found.items.map(present), nextCursor: nextWindow('customers', found, (customer) => customer.createdAt) }, 200);
  });

  const read = staffRoute('customer.read', {
    method: 'get',
    path: '/customers/{id}',
    tags,
    summary: 'One account with its members',
    request: { params: z.object({ id: idParam }) },
    responses: { 200: jsonAnswer(customerPageSchema, 'The account') },
  });
  app.openapi(read, async (c) => {
    const id = existingId('account', c.req.valid('param').id, 'customer.not_found');
    const { database, clock } = c.var.parts;
    const found = await readCustomer(database.fork(), id);
    if (!found) throw new ApiError('customer.not_found');
    const { members, ...customer } = found;
    const invitations = (await listInvitations(database.fork(), id, clock.now())).map(presentInvitation);
    return c.json({ ...present(customer), members: members.map(presentMember), invitations }, 200);
  });

  const reset = staffRoute('customer.password_reset', {
    method: 'post',
    path: '/users/{id}/password-reset',
    tags,
    summary: 'Mail a customer a link to choose a new password',
    description: 'Staff never type or see a password.',
    request: { headers: idempotencyHeader, params: z.object({ id: idParam }) },
    responses: { 202: jsonAnswer(z.object({ id: z.string() }).openapi('PasswordResetMailed'), 'The letter is on its way') },
  });
  app.openapi(reset, async (c) => {
    const id = existingId('user', c.req.valid('param').id, 'customer.not_found');
    return answerWish<StaffActor>(c, async (wish) => {
      const mailed = await mailPasswordReset(wish, id);
      return isRefusal(mailed) ? mailed : { status: 202, body: mailed };
    }) as never;
  });
  return app;
}

function present({ createdAt, ...customer }: CustomerView): z.infer<typeof customerSchema> {
  return { ...customer, createdAt: createdAt.toISOString() };
}
