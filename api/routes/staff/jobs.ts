import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { StaffActor } from '../../../domain/actor.ts';
import { isRefusal } from '../../../domain/errors.ts';
import { jobItemStates, jobKinds, jobStates, skipReasons } from '../../../domain/job.ts';
import { cancelJob, findJob, listJobItems, listJobs, type JobItemView, type JobView } from '../../../db/repositories/jobs.ts';
import type { ApiEnvironment } from '../../context.ts';
import { nextWindow, readCursor, readWindow, spellCursor } from '../../cursor.ts';
import { ApiError } from '../../errors.ts';
import { existingId } from '../../existing-id.ts';
import { idempotencyHeader, jsonAnswer, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { cursorQuery, flagQuery, idOf, idParam, instant, limitQuery, orNull, pageOf, personSchema } from '../../schemas.ts';
import { answerWish } from '../../wish.ts';

export const jobSchema = z
  .object({
    id: idOf('job'),
    kind: z.enum(jobKinds),
    about: z.record(z.string(), z.string().nullable()).openapi({ description: 'Ids and instants of what it is about.' }),
    state: z.enum(jobStates).openapi({ description: 'failed: the end was reached, and some items could not be done by any try.' }),
    total: z.int(),
    done: z.int(),
    skipped: z.int(),
    startedBy: orNull(personSchema).openapi({ description: 'Null: it began by itself.' }),
    startedAt: instant,
    endedAt: instant.nullable(),
  })
  .openapi('Job');

const instants = z.record(z.string(), z.string().nullable()).nullable();
export const itemSchema = z
  .object({
    position: z.int(),
    about: z.string().openapi({ example: 'ticket:CS-000123' }),
    state: z.enum(jobItemStates),
    why: z.enum(skipReasons).nullable(),
    before: instants,
    after: instants,
  })
  .openapi('JobItem');

const tags = ['Long work'];

const listRoute = staffRoute('job.read', {
  method: 'get',
  path: '/jobs',
  tags,
  summary: 'Long work, the newest first',
  request: { query: z.strictObject({ running: flagQuery.optional(), cursor: cursorQuery, limit: limitQuery }) },
  responses: { 200: jsonAnswer(pageOf(jobSchema, 'Jobs'), 'A page of it') },
});

const readRoute = staffRoute('job.read', {
  method: 'get',
  path: '/jobs/{id}',
  tags,
  summary: 'A piece of long work with its items',
  description: 'The items are its record: what was before and after.',
  request: {
    params: z.object({ id: idParam }),
    query: z.strictObject({ state: z.enum(jobItemStates).optional(), cursor: cursorQuery, limit: limitQuery }),
  },
  responses: { 200: jsonAnswer(jobSchema.extend({ items: pageOf(itemSchema, 'JobItems') }).openapi('JobPage'), 'It') },
});

const cancelRoute = staffRoute('job.stop', {
  method: 'post',
  path: '/jobs/{id}/cancellation',
  tags,
  summary: 'Stop a piece of long work',
  description: 'What is done stays done; the rest stays as it is. Who began it may, and administrators.',
  request: { headers: idempotencyHeader, params: z.object({ id: idParam }) },
  responses: { 200: jsonAnswer(jobSchema, 'Stopped') },
});

/** Long work and how far it is (SPEC A5). */
export function staffJobs(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(listRoute, async (c) => {
    const { running, cursor, limit } = c.req.valid('query');
    const page = await listJobs(c.var.parts.database.fork(), running, { limit, after: readWindow(cursor, 'jobs') });
    return c.json({ items: page.items.map(presentJob), nextCursor: nextWindow('jobs', page, (job) => job.startedAt) }, 200);
  });
  app.openapi(readRoute, async (c) => {
    const id = existingId('job', c.req.valid('param').id, 'job.not_found');
    const { state, cursor, limit } = c.req.valid('query');
    const em = c.var.parts.database.fork();
    const job = await findJob(em, id);
    if (!job) throw new ApiError('job.not_found');
    const after = readCursor(cursor, 'items', { value: 'instantOrNull', key: 'integer' })?.key ?? 0;
    const { items, more } = await listJobItems(em, id, { state, after, limit });
    const last = items.at(-1);
    const nextCursor = more && last ? spellCursor('items', null, last.position) : null;
    return c.json({ ...presentJob(job), items: { items: items.map(presentItem), nextCursor } }, 200);
  });
  app.openapi(cancelRoute, async (c) => {
    const id = existingId('job', c.req.valid('param').id, 'job.not_found');
    return answerWish<StaffActor>(c, async (wish) => {
      const stopped = await cancelJob(wish, id);
      return isRefusal(stopped) ? stopped : { status: 200, body: presentJob((await findJob(wish.em, id))!) };
    }) as never;
  });
  return app;
}

function presentJob({ params, startedAt, endedAt, ...job }: JobView): z.infer<typeof jobSchema> {
  return { ...job, about: { ...params }, startedAt: startedAt.toISOString(), endedAt: endedAt?.toISOString() ?? null };
}

function presentItem({ entity, before, after, ...item }: JobItemView): z.infer<typeof itemSchema> {
  return { ...item, about: entity, before: before && { ...before }, after: after && { ...after } };
}
