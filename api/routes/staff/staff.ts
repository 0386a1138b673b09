import { z } from '@hono/zod-openapi';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { StaffActor } from '../../../domain/actor.ts';
import { isRefusal, type Refusal } from '../../../domain/errors.ts';
import { customerActions, customerRoles, customerRule, staffActions, staffRoles, staffRule } from '../../../domain/permissions.ts';
import { inviteStaff, listInvitations, revokeInvitation } from '../../../db/repositories/invitations.ts';
import {
  changeStaffRole,
  deactivateStaff,
  listStaff,
  reactivateStaff,
  resetStaffFactor,
  type StaffView,
} from '../../../db/repositories/staff.ts';
import type { Wish } from '../../../db/wish.ts';
import type { ApiEnvironment } from '../../context.ts';
import { existingId } from '../../existing-id.ts';
import { invitationSchema, presentInvitation } from '../../present/account.ts';
import { idempotencyHeader, jsonAnswer, jsonBody, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { emailField, idOf, idParam, instant } from '../../schemas.ts';
import { answerWish } from '../../wish.ts';

export const colleagueSchema = z
  .object({
    id: idOf('user'),
    name: z.string(),
    email: z.string(),
    role: z.enum(staffRoles),
    secondFactorSet: z.boolean(),
    disabledAt: instant.nullable(),
    lastSeenAt: instant.nullable(),
  })
  .openapi('Colleague');

const tags = ['Staff'];
const headers = { headers: idempotencyHeader };
const role = z.enum(staffRoles).openapi({ example: 'support' });

/** The company's own people, their roles, and the table that says what each role may do (SPEC I8). */
export function staffPeople(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  addReading(app);
  addChanges(app);
  addInvitations(app);
  return app;
}

function addReading(app: OpenAPIHono<ApiEnvironment>): void {
  const list = staffRoute('staff.read', {
    method: 'get',
    path: '/staff',
    tags,
    summary: 'Who is on the staff',
    responses: {
      200: jsonAnswer(
        z.object({ items: z.array(colleagueSchema), nextCursor: z.null() }).openapi('Colleagues'),
        'By name; those who left come last',
      ),
    },
  });
  app.openapi(list, async (c) => c.json({ items: (await listStaff(c.var.parts.database.fork())).map(present), nextCursor: null }, 200));

  const ruleSchema = z
    .object({ action: z.string(), roles: z.array(z.string()), signedIn: z.boolean(), stepUp: z.boolean() })
    .openapi('RoleRule');
  const roles = staffRoute('staff.read', {
    method: 'get',
    path: '/roles',
    tags,
    summary: 'What each role may do',
    responses: {
      200: jsonAnswer(
        z
          .object({
            staffRoles: z.array(z.enum(staffRoles)),
            staff: z.array(ruleSchema),
            customerRoles: z.array(z.enum(customerRoles)),
            customers: z.array(ruleSchema),
          })
          .openapi('Roles'),
        'The one table that every route asks',
      ),
    },
  });
  const rule = (action: string, { roles: who, signedIn, stepUp }: ReturnType<typeof customerRule> | ReturnType<typeof staffRule>) => ({
    action,
    roles: [...who],
    signedIn: signedIn === true,
    stepUp: stepUp === true,
  });
  const table = {
    staffRoles: [...staffRoles],
    staff: Object.keys(staffActions).map((action) => rule(action, staffRule(action as keyof typeof staffActions))),
    customerRoles: [...customerRoles],
    customers: Object.keys(customerActions).map((action) => rule(action, customerRule(action as keyof typeof customerActions))),
  };
  app.openapi(roles, (c) => c.json(table, 200));
}

function addChanges(app: OpenAPIHono<ApiEnvironment>): void {
  const params = z.object({ id: idParam });
  const changed = { 204: { description: 'Done' } };
  const change = staffRoute('staff.manage', {
    method: 'patch',
    path: '/staff/{id}',
    tags,
    summary: 'Give a member of staff another role',
    request: { ...headers, params, ...jsonBody(z.strictObject({ role }).openapi('ChangeColleague')) },
    responses: changed,
  });
  app.openapi(change, async (c) => {
    const id = existingId('user', c.req.valid('param').id, 'staff.not_found');
    const wanted = c.req.valid('json').role;
    return answerWish<StaffActor>(c, async (wish) => (await changeStaffRole(wish, id, wanted)) ?? { status: 204, body: null });
  });
  const verbs: readonly {
    method: 'post' | 'delete';
    path: string;
    summary: string;
    carryOut: (wish: Wish<StaffActor>, id: string) => Promise<Refusal | undefined>;
  }[] = [
    { method: 'post', path: '/staff/{id}/deactivation', summary: 'Somebody leaves: sign him out for good', carryOut: deactivateStaff },
    { method: 'delete', path: '/staff/{id}/deactivation', summary: 'Somebody is back', carryOut: reactivateStaff },
    { method: 'post', path: '/staff/{id}/factor-reset', summary: 'Take a lost authenticator app away', carryOut: resetStaffFactor },
  ];
  for (const { method, path, summary, carryOut } of verbs)
    app.openapi(
      staffRoute('staff.manage', { method, path, tags, summary, request: { ...headers, params }, responses: changed }),
      async (c) => {
        const id = existingId('user', c.req.valid('param').id, 'staff.not_found');
        return answerWish<StaffActor>(c, async (wish) => (await carryOut(wish, id)) ?? { status: 204, body: null });
      },
    );
}

function addInvitations(app: OpenAPIHono<ApiEnvironment>): void {
  const list = staffRoute('staff.read', {
    method: 'get',
    path: '/staff-invitations',
    tags,
    summary: 'Invitations to the staff that wait',
    responses: {
      200: jsonAnswer(z.object({ items: z.array(invitationSchema), nextCursor: z.null() }).openapi('StaffInvitations'), 'The newest first'),
    },
  });
  app.openapi(list, async (c) => {
    const { database, clock } = c.var.parts;
    return c.json({ items: (await listInvitations(database.fork(), null, clock.now())).map(presentInvitation), nextCursor: null }, 200);
  });
  const invite = staffRoute('staff.manage', {
    method: 'post',
    path: '/staff-invitations',
    tags,
    summary: 'Invite somebody to the staff',
    description: 'Mails a link that is good for seven days. At the first sign-in an authenticator app is set up.',
    request: { ...headers, ...jsonBody(z.strictObject({ email: emailField, role }).openapi('NewStaffInvitation')) },
    responses: { 201: jsonAnswer(invitationSchema, 'The invitation; its letter is on its way') },
  });
  app.openapi(invite, async (c) => {
    const wanted = c.req.valid('json');
    return answerWish<StaffActor>(c, async (wish) => {
      const invited = await inviteStaff(wish, wanted);
      return isRefusal(invited) ? invited : { status: 201, body: presentInvitation(invited) };
    }) as never;
  });
  const revoke = staffRoute('staff.manage', {
    method: 'delete',
    path: '/staff-invitations/{id}',
    tags,
    summary: 'Take an invitation to the staff back',
    request: { ...headers, params: z.object({ id: idParam }) },
    responses: { 204: { description: 'Its link opens nothing any more' } },
  });
  app.openapi(revoke, async (c) => {
    const id = existingId('invitation', c.req.valid('param').id, 'invitation.not_found');
    return answerWish<StaffActor>(c, async (wish) => {
      const revoked = await revokeInvitation(wish, id, null);
      return isRefusal(revoked) ? revoked : { status: 204, body: null };
    });
  });
}

function present({ disabledAt, lastSeenAt, ...colleague }: StaffView): z.infer<typeof colleagueSchema> {
  return { ...colleague, disabledAt: disabledAt?.toISOString() ?? null, lastSeenAt: lastSeenAt?.toISOString() ?? null };
}
