import { OpenAPIHono, z } from '@hono/zod-openapi';
import { inLocale, type Locale } from '../../../domain/locale.ts';
import { changeQueue, listQueueSettings, makeQueue, type QueueSettings } from '../../../db/repositories/queues.ts';
import type { ApiEnvironment } from '../../context.ts';
import { answerTagged, ifMatchHeader, knownRevision } from '../../entity-tag.ts';
import { localised, localisedLine } from '../../localised-text.ts';
import { existingId } from '../../existing-id.ts';
import { namedSchema } from '../../present/service-level.ts';
import { idempotencyHeader, jsonAnswer, jsonBody, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { givenId, idParam, orNull, personSchema } from '../../schemas.ts';

export const queueSchema = z
  .object({
    id: z.string(),
    category: z.string().openapi({ description: 'What a ticket’s `category` may be.', example: 'technical' }),
    name: z.string(),
    names: localised,
    autoCloseAfterSeconds: z.int(),
    archiveAfterSeconds: z.int(),
    warnBeforeSeconds: z.int(),
    reopenAfterManualClose: z.boolean().openapi({ description: 'False: a ticket closed by hand is read-only at once.' }),
    timingPolicy: z.object({ id: z.string(), name: z.string() }),
    slaPlan: orNull(namedSchema).openapi({
      description: 'What is promised to its tickets where neither an agreement nor a licence promises anything; null: nothing.',
    }),
    acceptsNew: z.boolean().openapi({ description: 'False: customers cannot choose it for a new ticket.' }),
    position: z.int(),
    staff: z.array(personSchema).openapi({ description: 'Who works in it.' }),
    duty: z.array(personSchema).openapi({ description: 'Who is told of what is urgent.' }),
    revision: z.int(),
  })
  .openapi('StaffQueue');

const people = z.array(givenId('user')).max(200);
const fields = {
  slaPlan: orNull(givenId('slaPlan')).optional().openapi({ description: 'One of GET /sla-plans; null: nothing is promised by default.' }),
  reopenAfterManualClose: z.boolean().optional(),
  acceptsNew: z.boolean().optional(),
  position: z.int().min(0).max(10_000).optional(),
  staff: people.optional().openapi({ description: 'Ids of staff.' }),
  duty: people.optional().openapi({ description: 'Ids of staff.' }),
};
const names = localisedLine(100, { en: 'Technical', ru: 'Техническая' });
const tags = ['Settings'];

const listRoute = staffRoute('queue.read', {
  method: 'get',
  path: '/queues',
  tags,
  summary: 'Queues, their timing and their staff',
  responses: {
    200: jsonAnswer(
      z.object({ items: z.array(queueSchema), nextCursor: z.null() }).openapi('StaffQueues'),
      'All of them, no more than 200',
    ),
  },
});

const makeRoute = staffRoute('queue.manage', {
  method: 'post',
  path: '/queues',
  tags,
  summary: 'Make a queue',
  request: {
    headers: idempotencyHeader,
    ...jsonBody(
      z
        .strictObject({
          category: z
            .string()
            .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/)
            .max(40)
            .openapi({ example: 'hosting', description: 'Lower-case letters, digits and hyphens; it stays for ever.' }),
          names,
          timingPolicy: givenId('timingPolicy'),
          ...fields,
        })
        .openapi('NewQueue'),
    ),
  },
  responses: { 201: jsonAnswer(queueSchema, 'The queue') },
});

const changeRoute = staffRoute('queue.manage', {
  method: 'patch',
  path: '/queues/{id}',
  tags,
  summary: 'Change a queue',
  description: 'What is left out stays as it is. Another timing policy applies to new deadlines only, another plan to new tickets.',
  request: {
    headers: ifMatchHeader,
    params: z.object({ id: idParam }),
    ...jsonBody(
      z
        .strictObject({ names: names.optional(), timingPolicy: givenId('timingPolicy').optional(), ...fields })
        .openapi('QueueChange', { example: { acceptsNew: true } }),
    ),
  },
  responses: { 200: jsonAnswer(queueSchema, 'As it is now') },
});

/** The queues as staff see and edit them (SPEC T1, T8). */
export function staffQueues(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(listRoute, async (c) => {
    const queues = await listQueueSettings(c.var.parts.database.fork());
    return c.json({ items: queues.map((queue) => present(queue, c.var.locale)), nextCursor: null }, 200);
  });
  app.openapi(makeRoute, async (c) => {
    const { names: name, ...wanted } = c.req.valid('json');
    return answerTagged(c, 201, present, (wish) => makeQueue(wish, { ...wanted, name })) as never;
  });
  app.openapi(changeRoute, async (c) => {
    const id = existingId('queue', c.req.valid('param').id, 'queue.not_found');
    const { names: name, ...wanted } = c.req.valid('json');
    const known = knownRevision(c.req.valid('header'));
    return answerTagged(c, 200, present, (wish) => changeQueue(wish, id, known, { ...wanted, name })) as never;
  });
  return app;
}

function present({ name, timingPolicy, slaPlan, staff, duty, ...queue }: QueueSettings, locale: Locale): z.infer<typeof queueSchema> {
  return {
    ...queue,
    name: inLocale(name, locale),
    names: { ...name },
    timingPolicy: { id: timingPolicy.id, name: inLocale(timingPolicy.name, locale) },
    slaPlan: slaPlan && { id: slaPlan.id, name: inLocale(slaPlan.name, locale) },
    staff: [...staff],
    duty: [...duty],
  };
}
