import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { StaffActor } from '../../../domain/actor.ts';
import { isRefusal } from '../../../domain/errors.ts';
import { inLocale, type Locale } from '../../../domain/locale.ts';
import { timingBounds, timingPresets } from '../../../domain/timing-policy.ts';
import { previewRetiming, retimeOpenTickets } from '../../../db/repositories/retiming.ts';
import { changePolicy, listPolicies, makePolicy, removePolicy, type PolicyView } from '../../../db/repositories/timing-policies.ts';
import type { ApiEnvironment } from '../../context.ts';
import { answerTagged, ifMatchHeader, knownRevision } from '../../entity-tag.ts';
import { ApiError } from '../../errors.ts';
import { existingId } from '../../existing-id.ts';
import { localised, localisedLine } from '../../localised-text.ts';
import { movedAfter, movedTicketsQuery, movedTicketsSchema, presentMoved } from '../../present/moved-ticket.ts';
import { idempotencyHeader, jsonAnswer, jsonBody, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { givenId, idOf, idParam } from '../../schemas.ts';
import { answerWish } from '../../wish.ts';

const { minSeconds, maxSeconds } = timingBounds;
const duration = (example: number, description: string, least: number = minSeconds) =>
  z.int().min(least).max(maxSeconds).openapi({ example, description });
const durations = {
  autoCloseAfterSeconds: duration(timingPresets['7+7'].autoCloseAfterSeconds, 'From the last public staff message to the closing.'),
  archiveAfterSeconds: duration(timingPresets['7+7'].archiveAfterSeconds, 'From the closing to the archive.'),
  warnBeforeSeconds: duration(
    timingPresets['7+7'].warnBeforeSeconds,
    'How long before the closing the customer is warned; 0 for never, and nobody is warned where it is not shorter.',
    0,
  ),
};

export const policySchema = z
  .object({
    id: idOf('timingPolicy'),
    name: z.string().openapi({ description: 'In the caller’s language.' }),
    names: localised,
    autoCloseAfterSeconds: z.int(),
    archiveAfterSeconds: z.int(),
    warnBeforeSeconds: z.int(),
    queues: z.array(z.string()).openapi({ description: 'Queues that go by it.' }),
    revision: z.int(),
  })
  .openapi('TimingPolicy');

const contentSchema = z
  .strictObject({ names: localisedLine(100, { en: 'A week, then a week', ru: 'Неделя и ещё неделя' }), ...durations })
  .openapi('NewTimingPolicy');

const queuesField = z
  .array(givenId('queue'))
  .min(1)
  .max(200)
  .nullable()
  .default(null)
  .openapi({
    type: ['array', 'null'],
    items: { type: 'string', pattern: '^que_[0-9a-z]{1,40}$' },
    minItems: 1,
    maxItems: 200,
    description: 'Queues that are meant; null for those that go by the policy.',
  });

const tags = ['Settings'];
const params = z.object({ id: idParam });

const listRoute = staffRoute('timing_policy.read', {
  method: 'get',
  path: '/timing-policies',
  tags,
  summary: 'Timing policies',
  responses: {
    200: jsonAnswer(
      z.object({ items: z.array(policySchema), nextCursor: z.null() }).openapi('TimingPolicies'),
      'All of them, no more than 200',
    ),
  },
});

const makeRoute = staffRoute('timing_policy.manage', {
  method: 'post',
  path: '/timing-policies',
  tags,
  summary: 'Make a timing policy',
  request: { headers: idempotencyHeader, ...jsonBody(contentSchema) },
  responses: { 201: jsonAnswer(policySchema, 'The policy') },
});

const changeRoute = staffRoute('timing_policy.manage', {
  method: 'put',
  path: '/timing-policies/{id}',
  tags,
  summary: 'Change a timing policy',
  description: 'It applies to new deadlines only; `…/retiming` applies it to open tickets.',
  request: { headers: ifMatchHeader, params, ...jsonBody(contentSchema) },
  responses: { 200: jsonAnswer(policySchema, 'As it is now') },
});

const removeRoute = staffRoute('timing_policy.manage', {
  method: 'delete',
  path: '/timing-policies/{id}',
  tags,
  summary: 'Remove a timing policy that no queue goes by',
  request: { headers: ifMatchHeader, params },
  responses: { 200: jsonAnswer(z.object({ id: z.string() }).openapi('RemovedTimingPolicy'), 'Removed') },
});

const previewRoute = staffRoute('timing_policy.manage', {
  method: 'post',
  path: '/timing-policies/{id}/retiming-preview',
  tags,
  summary: 'What applying the policy to open tickets would do',
  description:
    'Changes nothing. With `durations` it tells of the policy as it would be; with `queues` of queues that may go by another one.',
  request: {
    params,
    query: z.strictObject(movedTicketsQuery),
    ...jsonBody(
      z
        .strictObject({
          queues: queuesField,
          durations: z.strictObject(durations).openapi('TimingDurations').optional(),
        })
        .openapi('RetimingToPreview', { example: {} }),
    ),
  },
  responses: { 200: jsonAnswer(movedTicketsSchema, 'Old beside new') },
});

const retimeRoute = staffRoute('timing_policy.manage', {
  method: 'post',
  path: '/timing-policies/{id}/retiming',
  tags,
  summary: 'Apply the policy to open tickets',
  description: 'Long work: its progress is under `/jobs/{id}`. Each ticket is moved by what it is when its turn comes.',
  request: {
    headers: idempotencyHeader,
    params,
    ...jsonBody(z.strictObject({ queues: queuesField }).openapi('Retiming', { example: {} })),
  },
  responses: { 202: jsonAnswer(z.object({ job: idOf('job'), total: z.int() }).openapi('BegunRetiming'), 'The work has begun') },
});

/** Timing policies (SPEC T8). */
export function staffTimingPolicies(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(listRoute, async (c) => {
    const policies = await listPolicies(c.var.parts.database.fork());
    return c.json({ items: policies.map((policy) => present(policy, c.var.locale)), nextCursor: null }, 200);
  });
  app.openapi(makeRoute, async (c) => {
    const { names: name, ...rest } = c.req.valid('json');
    return answerTagged(c, 201, present, (wish) => makePolicy(wish, { name, ...rest })) as never;
  });
  app.openapi(changeRoute, async (c) => {
    const id = existingId('timingPolicy', c.req.valid('param').id, 'timing_policy.not_found');
    const { names: name, ...rest } = c.req.valid('json');
    const known = knownRevision(c.req.valid('header'));
    return answerTagged(c, 200, present, (wish) => changePolicy(wish, id, known, { name, ...rest })) as never;
  });
  app.openapi(removeRoute, async (c) => {
    const id = existingId('timingPolicy', c.req.valid('param').id, 'timing_policy.not_found');
    const known = knownRevision(c.req.valid('header'));
    return answerWish<StaffActor>(c, async (wish) => {
      const removed = await removePolicy(wish, id, known);
      return isRefusal(removed) ? removed : { status: 200, body: removed };
    }) as never;
  });
  addRetiming(app);
  return app;
}

function addRetiming(app: OpenAPIHono<ApiEnvironment>): void {
  app.openapi(previewRoute, async (c) => {
    const policyId = existingId('timingPolicy', c.req.valid('param').id, 'timing_policy.not_found');
    const { queues: queueIds, durations: wanted } = c.req.valid('json');
    const { cursor, limit } = c.req.valid('query');
    const { database, clock } = c.var.parts;
    const retiming = { policyId, queueIds, durations: wanted };
    const page = await previewRetiming(database.fork(), retiming, clock.now(), { after: movedAfter(cursor), limit });
    if (isRefusal(page)) throw new ApiError(page.refused);
    return c.json(presentMoved(page), 200);
  });
  app.openapi(retimeRoute, async (c) => {
    const policyId = existingId('timingPolicy', c.req.valid('param').id, 'timing_policy.not_found');
    const { queues: queueIds } = c.req.valid('json');
    return answerWish<StaffActor>(c, async (wish) => {
      const begun = await retimeOpenTickets(wish, { policyId, queueIds }, c.var.parts.maxJobItems);
      return isRefusal(begun) ? begun : { status: 202, body: { job: begun.id, total: begun.total } };
    }) as never;
  });
}

function present({ name, queues, ...policy }: PolicyView, locale: Locale): z.infer<typeof policySchema> {
  return { ...policy, name: inLocale(name, locale), names: { ...name }, queues: [...queues] };
}
