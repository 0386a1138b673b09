import { z } from '@hono/zod-openapi';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { CustomerActor } from '../../../domain/actor.ts';
import { isRefusal } from '../../../domain/errors.ts';
import { customerRoles } from '../../../domain/permissions.ts';
import { readDiscountBp } from '../../../db/repositories/billing.ts';
import { inviteMember, listInvitations, revokeInvitation } from '../../../db/repositories/invitations.ts';
import { changeRole, findAccount, listMembers, removeMember, changeAccount, switchAccount } from '../../../db/repositories/members.ts';
import { requireMayDo } from '../../auth/authenticate.ts';
import { callerSession } from '../../auth/caller.ts';
import type { ApiEnvironment } from '../../context.ts';
import { ApiError } from '../../errors.ts';
import { existingId } from '../../existing-id.ts';
import { accountSchema, invitationSchema, memberSchema, presentAccount, presentInvitation, presentMember } from '../../present/account.ts';
import { customerRoute, idempotencyHeader, jsonAnswer, jsonBody } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { emailField, idParam, lineText } from '../../schemas.ts';
import { answerWish } from '../../wish.ts';
import { throttleLetters } from '../registration.ts';

const tags = ['Account'];
const headers = { headers: idempotencyHeader };
const role = z.enum(customerRoles).openapi({ example: 'technical' });

/** The account a customer acts in, its members and its invitations (SPEC I1). */
export function customerAccount(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  addAccount(app);
  addMembers(app);
  addInvitations(app);
  return app;
}

function addAccount(app: OpenAPIHono<ApiEnvironment>): void {
  const read = customerRoute('account.read', {
    method: 'get',
    path: '/account',
    tags,
    summary: 'The account you act in',
    responses: { 200: jsonAnswer(accountSchema, 'The account') },
  });
  app.openapi(read, async (c) => c.json(await account(c.var.parts.database.fork(), c.var.caller.actor as CustomerActor), 200));

  const change = customerRoute('account.change', {
    method: 'patch',
    path: '/account',
    tags,
    summary: 'Rename the account, or say where it is',
    request: {
      ...headers,
      ...jsonBody(
        z
          .strictObject({
            name: lineText(200, 'Vega Ltd').optional(),
            city: lineText(100, 'Moscow')
              .nullable()
              .optional()
              .openapi({ type: ['string', 'null'] }),
          })
          .openapi('ChangeAccount'),
      ),
    },
    responses: { 200: jsonAnswer(accountSchema, 'The account, afterwards') },
  });
  app.openapi(change, async (c) => {
    const change = c.req.valid('json');
    return answerWish<CustomerActor>(c, async (wish) => {
      await changeAccount(wish, change);
      return { status: 200, body: await account(wish.em, wish.actor) };
    }) as never;
  });

  const activate = customerRoute('account.switch', {
    method: 'put',
    path: '/me/active-account',
    tags,
    summary: 'Act in another of your accounts',
    description: 'In this session. A token acts in the account it was made in.',
    request: { ...headers, ...jsonBody(z.strictObject({ accountId: z.string().min(1).max(60) }).openapi('ActiveAccount')) },
    responses: { 204: { description: 'From the next request on' } },
  });
  app.openapi(activate, async (c) => {
    const id = existingId('account', c.req.valid('json').accountId, 'account.not_found');
    return answerWish<CustomerActor>(
      c,
      async (wish) => (await switchAccount(wish, callerSession(c).id, id)) ?? { status: 204, body: null },
    );
  });
}

function addMembers(app: OpenAPIHono<ApiEnvironment>): void {
  const list = customerRoute('member.read', {
    method: 'get',
    path: '/account/users',
    tags,
    summary: 'Who belongs to the account',
    responses: {
      200: jsonAnswer(z.object({ items: z.array(memberSchema), nextCursor: z.null() }).openapi('Members'), 'Its members, the oldest first'),
    },
  });
  app.openapi(list, async (c) => {
    const { accountId } = c.var.caller.actor as CustomerActor;
    return c.json({ items: (await listMembers(c.var.parts.database.fork(), accountId)).map(presentMember), nextCursor: null }, 200);
  });

  const change = customerRoute('member.manage', {
    method: 'patch',
    path: '/account/users/{id}',
    tags,
    summary: 'Give a member another role',
    request: { ...headers, params: z.object({ id: idParam }), ...jsonBody(z.strictObject({ role }).openapi('ChangeMember')) },
    responses: { 204: { description: 'Changed; the account keeps an owner' } },
  });
  app.openapi(change, async (c) => {
    const id = existingId('user', c.req.valid('param').id, 'member.not_found');
    const wanted = c.req.valid('json').role;
    return answerWish<CustomerActor>(c, async (wish) => (await changeRole(wish, id, wanted)) ?? { status: 204, body: null });
  });

  const remove = customerRoute('account.leave', {
    method: 'delete',
    path: '/account/users/{id}',
    tags,
    summary: 'Let a member go, or leave',
    description: 'Everybody may leave; owners may let others go, which asks for a fresh code. The last owner stays.',
    request: { ...headers, params: z.object({ id: idParam }) },
    responses: { 204: { description: 'He belongs to the account no more' } },
  });
  app.openapi(remove, async (c) => {
    const { actor } = c.var.caller;
    const id = existingId('user', c.req.valid('param').id, 'member.not_found');
    // To let somebody else go is a row of the table of its own.
    if (id !== actor.userId) requireMayDo(c, 'member.manage');
    return answerWish<CustomerActor>(c, async (wish) => (await removeMember(wish, id)) ?? { status: 204, body: null });
  });
}

function addInvitations(app: OpenAPIHono<ApiEnvironment>): void {
  const list = customerRoute('invitation.read', {
    method: 'get',
    path: '/account/invitations',
    tags,
    summary: 'Invitations that wait',
    responses: {
      200: jsonAnswer(z.object({ items: z.array(invitationSchema), nextCursor: z.null() }).openapi('Invitations'), 'The newest first'),
    },
  });
  app.openapi(list, async (c) => {
    const { accountId } = c.var.caller.actor as CustomerActor;
    const { database, clock } = c.var.parts;
    return c.json(
      { items: (await listInvitations(database.fork(), accountId, clock.now())).map(presentInvitation), nextCursor: null },
      200,
    );
  });

  const invite = customerRoute('member.manage', {
    method: 'post',
    path: '/account/invitations',
    tags,
    summary: 'Invite somebody to the account',
    description: 'Mails a link that is good for seven days.',
    request: { ...headers, ...jsonBody(z.strictObject({ email: emailField, role }).openapi('NewInvitation')) },
    responses: { 201: jsonAnswer(invitationSchema, 'The invitation; its letter is on its way') },
  });
  app.openapi(invite, async (c) => {
    const wanted = c.req.valid('json');
    // Its letter names the account as its owner called it: not for writing to whomever, as often as one likes.
    await throttleLetters(c, 'invitation', wanted.email);
    return answerWish<CustomerActor>(c, async (wish) => {
      const invited = await inviteMember(wish, wanted);
      return isRefusal(invited) ? invited : { status: 201, body: presentInvitation(invited) };
    }) as never;
  });

  const revoke = customerRoute('member.manage', {
    method: 'delete',
    path: '/account/invitations/{id}',
    tags,
    summary: 'Take an invitation back',
    request: { ...headers, params: z.object({ id: idParam }) },
    responses: { 204: { description: 'Its link opens nothing any more' } },
  });
  app.openapi(revoke, async (c) => {
    const id = existingId('invitation', c.req.valid('param').id, 'invitation.not_found');
    return answerWish<CustomerActor>(c, async (wish) => {
      const revoked = await revokeInvitation(wish, id, wish.actor.accountId);
      return isRefusal(revoked) ? revoked : { status: 204, body: null };
    });
  });
}

async function account(em: EntityManager, { accountId, role: own }: CustomerActor): Promise<z.infer<typeof accountSchema>> {
  const found = await findAccount(em, accountId);
  if (!found) throw new ApiError('account.not_found');
  return presentAccount(found, await readDiscountBp(em, accountId), own);
}
