import { z } from '@hono/zod-openapi';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { CustomerActor, StaffActor } from '../../domain/actor.ts';
import { locales } from '../../domain/locale.ts';
import { staffActions, staffMay, type StaffPermission } from '../../domain/permissions.ts';
import type { EntityManager } from '@mikro-orm/postgresql';
import { auditWish } from '../../db/audit.ts';
import { changePerson, findPerson, listMemberships, type Person } from '../../db/repositories/people.ts';
import type { ApiEnvironment } from '../context.ts';
import { ApiError } from '../errors.ts';
import { activeFactors } from '../../db/repositories/factors.ts';
import { customerMeSchema, presentPerson, staffMeSchema } from '../present/person.ts';
import { customerRoute, jsonAnswer, optionalJsonBody, staffRoute } from '../route.ts';
import { newRouter } from '../router.ts';
import { lineText, timeZoneField } from '../schemas.ts';
import { circumstances } from '../wish.ts';

const change = z
  .strictObject({
    name: lineText(200, 'Anna Petrova').optional(),
    locale: z.enum(locales).optional(),
    timeZone: timeZoneField.optional(),
  })
  .openapi('ChangeMe');

const tags = ['Me'];
const shared = { method: 'get', path: '/me', summary: 'Who you are' } as const;
const sharedChange = {
  method: 'patch',
  path: '/me',
  summary: 'Change your name, language or time zone',
  request: optionalJsonBody(change),
} as const;

/** The customer himself, with the accounts he belongs to (SPEC I1). */
export function customerMe(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(customerRoute('me.read', { ...shared, tags, responses: { 200: jsonAnswer(customerMeSchema, 'You') } }), async (c) =>
    c.json(await customer(c), 200),
  );
  app.openapi(
    customerRoute('me.change', { ...sharedChange, tags, responses: { 200: jsonAnswer(customerMeSchema, 'You, afterwards') } }),
    async (c) => {
      await changeMe(c, c.req.valid('json'));
      return c.json(await customer(c), 200);
    },
  );
  return app;
}

/** The member of staff himself, with what his role lets him do. */
export function staffMe(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(staffRoute('me.read', { ...shared, tags, responses: { 200: jsonAnswer(staffMeSchema, 'You') } }), async (c) =>
    c.json(await staff(c), 200),
  );
  app.openapi(
    staffRoute('me.change', { ...sharedChange, tags, responses: { 200: jsonAnswer(staffMeSchema, 'You, afterwards') } }),
    async (c) => {
      await changeMe(c, c.req.valid('json'));
      return c.json(await staff(c), 200);
    },
  );
  return app;
}

async function changeMe(c: Context<ApiEnvironment>, wanted: z.infer<typeof change>): Promise<void> {
  const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
  if (Object.keys(given).length === 0) return;
  const { database, clock } = c.var.parts;
  const { actor } = c.var.caller;
  await database.fork().transactional(async (em) => {
    await changePerson(em, actor.userId, given);
    // Which fields, not what is in them: the audit outlives the person's data (SPEC D3).
    const after = { changed: Object.keys(given).join(' ') };
    await auditWish({ ...circumstances(c), em, actor }, 'me.change', `user:${actor.userId}`, clock.now(), { whom: actor.userId, after });
  });
}

async function customer(c: Context<ApiEnvironment>): Promise<z.infer<typeof customerMeSchema>> {
  const actor = c.var.caller.actor as CustomerActor;
  const em = c.var.parts.database.fork();
  const person = await findPerson(em, actor.userId);
  const accounts = (await listMemberships(em, actor.userId)).map(({ accountId, accountName, role }) => ({
    id: accountId,
    name: accountName,
    role,
  }));
  const account = accounts.find((candidate) => candidate.id === actor.accountId);
  if (!person || !account) throw new ApiError('auth.required');
  return { ...(await presentMe(em, person)), account, accounts };
}

async function staff(c: Context<ApiEnvironment>): Promise<z.infer<typeof staffMeSchema>> {
  const actor = c.var.caller.actor as StaffActor;
  const em = c.var.parts.database.fork();
  const person = await findPerson(em, actor.userId);
  if (!person) throw new ApiError('auth.required');
  return {
    ...(await presentMe(em, person)),
    role: actor.role,
    permissions: (Object.keys(staffActions) as StaffPermission[]).filter((permission) => staffMay(actor.role, permission)),
  };
}

async function presentMe(em: EntityManager, person: Person) {
  const secondFactorSet = (await activeFactors(em, person.id)).length > 0;
  return { ...presentPerson(person), secondFactorSet, passwordChangedAt: person.passwordChangedAt.toISOString() };
}
