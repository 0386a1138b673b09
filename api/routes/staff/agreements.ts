import { OpenAPIHono, z } from '@hono/zod-openapi';
import { agreementKinds, agreementStates, type OwnTerms } from '../../../domain/service-level.ts';
import { listServiceLevels } from '../../../db/repositories/account-service-level.ts';
import {
  changeAgreement,
  endAgreement,
  findAgreement,
  listAgreements,
  listAgreementVersions,
  makeAgreement,
  type AgreementView,
} from '../../../db/repositories/agreements.ts';
import { readCustomer } from '../../../db/repositories/customers.ts';
import type { ApiEnvironment } from '../../context.ts';
import { nextWindow, readWindow } from '../../cursor.ts';
import { answerTagged, entityTag, ifMatchHeader, knownRevision } from '../../entity-tag.ts';
import { ApiError } from '../../errors.ts';
import { existingId } from '../../existing-id.ts';
import {
  agreementSchema,
  givenTerms,
  presentAgreement,
  presentServiceLevel,
  presentTerms,
  queueServiceLevelSchema,
  termsSchema,
} from '../../present/service-level.ts';
import { idempotencyHeader, jsonAnswer, jsonBody, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { bodyText, cursorQuery, givenId, givenInstant, idParam, idQuery, limitQuery, pageOf } from '../../schemas.ts';

const own = z
  .strictObject(givenTerms)
  .partial()
  .openapi('OwnTerms', {
    description: 'What is left out is the plan’s; null is no promise, or the calendar’s hours.',
    example: { response: { amount: 4, unit: 'hours' } },
  });

const fields = {
  kind: z
    .enum(agreementKinds)
    .openapi({ description: 'enterprise: an Enterprise account · cloud_team: a cloud team of more than 50 users' }),
  plan: givenId('slaPlan').openapi({ description: 'The plan it is made on, as the plan is now.' }),
  own,
  startsAt: givenInstant,
  endsAt: givenInstant.nullable().openapi({ type: ['string', 'null'], description: 'Null: until further notice.' }),
  note: bodyText('Signed on paper, No. 17', 2_000)
    .nullable()
    .openapi({ type: ['string', 'null'], description: 'Staff’s own words; customers do not see them.' }),
};

const tags = ['Service levels'];
const params = z.object({ id: idParam });
const tagged = { headers: ifMatchHeader, params };

const listRoute = staffRoute('agreement.read', {
  method: 'get',
  path: '/agreements',
  tags,
  summary: 'Agreements with customers, the one made last first',
  request: {
    query: z.strictObject({
      account: idQuery('account').optional(),
      plan: idQuery('slaPlan').optional(),
      state: z.enum(agreementStates).optional(),
      limit: limitQuery,
      cursor: cursorQuery,
    }),
  },
  responses: { 200: jsonAnswer(pageOf(agreementSchema, 'Agreements'), 'A page of agreements') },
});

const makeRoute = staffRoute('agreement.manage', {
  method: 'post',
  path: '/agreements',
  tags,
  summary: 'Make an agreement with an account',
  description:
    'It applies to tickets opened while it stands; those that are open keep what they were promised. An account has one at a time.',
  request: {
    headers: idempotencyHeader,
    ...jsonBody(
      z
        .strictObject({
          account: givenId('account'),
          ...fields,
          own: own.default({}),
          endsAt: fields.endsAt.default(null),
          note: fields.note.default(null),
        })
        .openapi('NewAgreement'),
    ),
  },
  responses: { 201: jsonAnswer(agreementSchema, 'The agreement') },
});

const readRoute = staffRoute('agreement.read', {
  method: 'get',
  path: '/agreements/{id}',
  tags,
  summary: 'One agreement',
  request: { params },
  responses: { 200: jsonAnswer(agreementSchema, 'The agreement') },
});

const changeRoute = staffRoute('agreement.manage', {
  method: 'patch',
  path: '/agreements/{id}',
  tags,
  summary: 'Change an agreement that has not ended',
  description:
    'What is left out stays as it is; `own` is given whole. With `plan` it is made on that plan as it is now; without it stays on what was agreed on, however the plan has changed since. Open tickets keep what they were promised.',
  request: {
    ...tagged,
    ...jsonBody(
      z
        .strictObject(fields)
        .partial()
        .openapi('AgreementChange', { example: { note: null } }),
    ),
  },
  responses: { 200: jsonAnswer(agreementSchema, 'As it is now') },
});

const versionsRoute = staffRoute('agreement.read', {
  method: 'get',
  path: '/agreements/{id}/versions',
  tags,
  summary: 'What the agreement has promised so far, the newest first',
  request: { params },
  responses: {
    200: jsonAnswer(z.object({ items: z.array(termsSchema), nextCursor: z.null() }).openapi('AgreementVersions'), 'The newest 500'),
  },
});

const endRoute = staffRoute('agreement.manage', {
  method: 'post',
  path: '/agreements/{id}/end',
  tags,
  summary: 'End an agreement now',
  description: 'One that has not begun never applies. Tickets opened under it keep what they were promised.',
  request: tagged,
  responses: { 200: jsonAnswer(agreementSchema, 'Ended') },
});

const serviceLevelRoute = staffRoute('agreement.read', {
  method: 'get',
  path: '/customers/{id}/service-level',
  tags,
  summary: 'What a new ticket of this account would be promised in each queue, and why',
  request: { params },
  responses: {
    200: jsonAnswer(
      z.object({ items: z.array(queueServiceLevelSchema), nextCursor: z.null() }).openapi('ServiceLevelsOfAccount'),
      'The queues in their order',
    ),
  },
});

/** Agreements with customers (SPEC S6). */
export function staffAgreements(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(listRoute, async (c) => {
    const { limit, cursor, ...filter } = c.req.valid('query');
    const { database, clock } = c.var.parts;
    const at = clock.now();
    const found = await listAgreements(database.fork(), filter, { limit, after: readWindow(cursor, 'agreements') }, at);
    const items = found.items.map((agreement) => presentAgreement(agreement, at, c.var.locale));
    return c.json({ items, nextCursor: nextWindow('agreements', found, ({ createdAt }) => createdAt) }, 200);
  });
  app.openapi(readRoute, async (c) => {
    const { database, clock } = c.var.parts;
    const agreement = await findAgreement(database.fork(), existingAgreement(c.req.valid('param').id));
    if (!agreement) throw new ApiError('agreement.not_found');
    c.header('ETag', entityTag(agreement));
    return c.json(presentAgreement(agreement, clock.now(), c.var.locale), 200);
  });
  app.openapi(versionsRoute, async (c) => {
    const versions = await listAgreementVersions(c.var.parts.database.fork(), existingAgreement(c.req.valid('param').id));
    if (!versions) throw new ApiError('agreement.not_found');
    return c.json({ items: versions.map((terms) => presentTerms(terms, c.var.locale)), nextCursor: null }, 200);
  });
  app.openapi(serviceLevelRoute, async (c) => {
    const id = existingId('account', c.req.valid('param').id, 'customer.not_found');
    const { database, clock } = c.var.parts;
    if (!(await readCustomer(database.fork(), id))) throw new ApiError('customer.not_found');
    const levels = await listServiceLevels(database.fork(), id, clock.now());
    return c.json({ items: levels.map((level) => presentServiceLevel(level, c.var.locale)), nextCursor: null }, 200);
  });
  addChanges(app);
  return app;
}

function addChanges(app: OpenAPIHono<ApiEnvironment>): void {
  app.openapi(makeRoute, async (c) => {
    const { account, plan: planId, own: given, ...rest } = c.req.valid('json');
    const present = (made: AgreementView) => presentAgreement(made, c.var.parts.clock.now(), c.var.locale);
    return answerTagged(c, 201, present, (wish) => makeAgreement(wish, account, { ...rest, planId, own: ownOf(given) })) as never;
  });
  app.openapi(changeRoute, async (c) => {
    const id = existingAgreement(c.req.valid('param').id);
    const { plan: planId, own: given, ...rest } = c.req.valid('json');
    const known = knownRevision(c.req.valid('header'));
    const present = (changed: AgreementView) => presentAgreement(changed, c.var.parts.clock.now(), c.var.locale);
    return answerTagged(c, 200, present, (wish) =>
      changeAgreement(wish, id, known, { ...rest, planId, own: given && ownOf(given) }),
    ) as never;
  });
  app.openapi(endRoute, async (c) => {
    const id = existingAgreement(c.req.valid('param').id);
    const known = knownRevision(c.req.valid('header'));
    const present = (ended: AgreementView) => presentAgreement(ended, c.var.parts.clock.now(), c.var.locale);
    return answerTagged(c, 200, present, (wish) => endAgreement(wish, id, known)) as never;
  });
}

function ownOf({ calendar: calendarId, ...terms }: z.infer<typeof own>): OwnTerms {
  return Object.fromEntries(Object.entries({ ...terms, calendarId }).filter(([, value]) => value !== undefined));
}

function existingAgreement(id: string): string {
  return existingId('agreement', id, 'agreement.not_found');
}
