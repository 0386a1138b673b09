import { OpenAPIHono, z } from '@hono/zod-openapi';
import { maxPlanRank } from '../../../domain/service-level.ts';
import {
  changePlan,
  findPlan,
  listPlans,
  listPlanVersions,
  makePlan,
  maxPlans,
  restorePlan,
  withdrawPlan,
} from '../../../db/repositories/sla-plans.ts';
import type { ApiEnvironment } from '../../context.ts';
import { answerTagged, entityTag, ifMatchHeader, knownRevision } from '../../entity-tag.ts';
import { ApiError } from '../../errors.ts';
import { existingId } from '../../existing-id.ts';
import { localisedLine } from '../../localised-text.ts';
import { givenTerms, planSchema, presentPlan, presentTerms, termsSchema } from '../../present/service-level.ts';
import { idempotencyHeader, jsonAnswer, jsonBody, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { flagQuery, idParam } from '../../schemas.ts';

const fields = {
  names: localisedLine(100, { en: 'Enterprise', ru: 'Enterprise' }),
  rank: z.int().min(0).max(maxPlanRank).openapi({ example: 20, description: 'Of several plans the one that ranks highest is the best.' }),
  ...givenTerms,
};

const tags = ['Service levels'];
const params = z.object({ id: idParam });
const tagged = { headers: ifMatchHeader, params };

const listRoute = staffRoute('sla_plan.read', {
  method: 'get',
  path: '/sla-plans',
  tags,
  summary: 'Service plans, those that promise most first',
  request: { query: z.strictObject({ withdrawn: flagQuery.optional().openapi({ description: '`true`: what was withdrawn.' }) }) },
  responses: {
    200: jsonAnswer(
      z.object({ items: z.array(planSchema), nextCursor: z.null() }).openapi('SlaPlans'),
      `All of them, no more than ${maxPlans}`,
    ),
  },
});

const makeRoute = staffRoute('sla_plan.manage', {
  method: 'post',
  path: '/sla-plans',
  tags,
  summary: 'Make a service plan',
  request: {
    headers: idempotencyHeader,
    ...jsonBody(z.strictObject({ ...fields, hours: fields.hours.default(null) }).openapi('NewSlaPlan')),
  },
  responses: { 201: jsonAnswer(planSchema, 'The plan') },
});

const readRoute = staffRoute('sla_plan.read', {
  method: 'get',
  path: '/sla-plans/{id}',
  tags,
  summary: 'One service plan',
  request: { params },
  responses: { 200: jsonAnswer(planSchema, 'The plan') },
});

const changeRoute = staffRoute('sla_plan.manage', {
  method: 'patch',
  path: '/sla-plans/{id}',
  tags,
  summary: 'Change a service plan',
  description:
    'What is left out stays as it is. Other targets, another calendar or other hours are a new version: it applies to new tickets. Open tickets, and agreements made on the plan, keep what they were promised.',
  request: {
    ...tagged,
    ...jsonBody(
      z
        .strictObject(fields)
        .partial()
        .openapi('SlaPlanChange', { example: { rank: 20 } }),
    ),
  },
  responses: { 200: jsonAnswer(planSchema, 'As it is now') },
});

const versionsRoute = staffRoute('sla_plan.read', {
  method: 'get',
  path: '/sla-plans/{id}/versions',
  tags,
  summary: 'What the plan has promised so far, the newest first',
  request: { params },
  responses: {
    200: jsonAnswer(z.object({ items: z.array(termsSchema), nextCursor: z.null() }).openapi('TermsVersions'), 'The newest 500'),
  },
});

const withdrawRoute = staffRoute('sla_plan.manage', {
  method: 'post',
  path: '/sla-plans/{id}/withdrawal',
  tags,
  summary: 'Offer the plan to nobody any more',
  description: 'What it has promised stays promised. A plan that a queue goes by, or an agreement that is not over, stays.',
  request: tagged,
  responses: { 200: jsonAnswer(planSchema, 'Withdrawn') },
});

const restoreRoute = staffRoute('sla_plan.manage', {
  method: 'delete',
  path: '/sla-plans/{id}/withdrawal',
  tags,
  summary: 'Bring a withdrawn plan back',
  request: tagged,
  responses: { 200: jsonAnswer(planSchema, 'Offered again') },
});

/** Service plans (SPEC S1). */
export function staffSlaPlans(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(listRoute, async (c) => {
    const { database, clock } = c.var.parts;
    const plans = await listPlans(database.fork(), clock.now(), c.req.valid('query').withdrawn === true);
    return c.json({ items: plans.map((plan) => presentPlan(plan, c.var.locale)), nextCursor: null }, 200);
  });
  app.openapi(readRoute, async (c) => {
    const { database, clock } = c.var.parts;
    const plan = await findPlan(database.fork(), existingPlan(c.req.valid('param').id), clock.now());
    if (!plan) throw new ApiError('sla_plan.not_found');
    c.header('ETag', entityTag(plan));
    return c.json(presentPlan(plan, c.var.locale), 200);
  });
  app.openapi(versionsRoute, async (c) => {
    const versions = await listPlanVersions(c.var.parts.database.fork(), existingPlan(c.req.valid('param').id));
    if (!versions) throw new ApiError('sla_plan.not_found');
    return c.json({ items: versions.map((terms) => presentTerms(terms, c.var.locale)), nextCursor: null }, 200);
  });
  addChanges(app);
  return app;
}

function addChanges(app: OpenAPIHono<ApiEnvironment>): void {
  app.openapi(makeRoute, async (c) => {
    const { names: name, calendar: calendarId, ...rest } = c.req.valid('json');
    return answerTagged(c, 201, presentPlan, (wish) => makePlan(wish, { name, calendarId, ...rest })) as never;
  });
  app.openapi(changeRoute, async (c) => {
    const id = existingPlan(c.req.valid('param').id);
    const { names: name, calendar: calendarId, ...rest } = c.req.valid('json');
    const known = knownRevision(c.req.valid('header'));
    return answerTagged(c, 200, presentPlan, (wish) => changePlan(wish, id, known, { name, calendarId, ...rest })) as never;
  });
  app.openapi(withdrawRoute, async (c) => {
    const id = existingPlan(c.req.valid('param').id);
    const known = knownRevision(c.req.valid('header'));
    return answerTagged(c, 200, presentPlan, (wish) => withdrawPlan(wish, id, known)) as never;
  });
  app.openapi(restoreRoute, async (c) => {
    const id = existingPlan(c.req.valid('param').id);
    const known = knownRevision(c.req.valid('header'));
    return answerTagged(c, 200, presentPlan, (wish) => restorePlan(wish, id, known)) as never;
  });
}

function existingPlan(id: string): string {
  return existingId('slaPlan', id, 'sla_plan.not_found');
}
