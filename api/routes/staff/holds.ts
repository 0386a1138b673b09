import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { StaffActor } from '../../../domain/actor.ts';
import { isRefusal } from '../../../domain/errors.ts';
import { holdKinds, holdScopes } from '../../../domain/hold.ts';
import { readTicketNumber, spellTicketNumber } from '../../../domain/ids.ts';
import { inLocale, type Locale, type LocalisedText } from '../../../domain/locale.ts';
import { ticketEntity } from '../../../domain/ticket.ts';
import { liftHold, listHolds, placeHold, previewHold, previewLifting, type HoldView } from '../../../db/repositories/holds.ts';
import type { ApiEnvironment } from '../../context.ts';
import { ApiError } from '../../errors.ts';
import { existingId } from '../../existing-id.ts';
import { heldTicketsSchema, movedAfter, movedTicketsQuery, presentHeld } from '../../present/moved-ticket.ts';
import { idempotencyHeader, jsonAnswer, jsonBody, optionalJsonBody, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { flagQuery, givenInstant, idOf, idParam, instant, lineText, orNull, personSchema } from '../../schemas.ts';
import { answerWish } from '../../wish.ts';

export const holdSchema = z
  .object({
    id: idOf('hold'),
    scope: z.enum(holdScopes),
    scopeId: z.string().nullable(),
    scopeName: z.string().nullable().openapi({ description: 'What the queue or the account is called.' }),
    kinds: z.array(z.enum(holdKinds)).nullable().openapi({ description: 'Null: every kind.' }),
    reason: z.string(),
    from: instant,
    until: instant.nullable(),
    shifts: z.boolean().openapi({ description: 'True: the clocks of what it stops stand still, and lifting moves deadlines by as long.' }),
    placedBy: personSchema,
    liftingAt: instant.nullable().openapi({ description: 'Since when it is being lifted; it holds until that is done.' }),
    liftingJob: z.string().nullable(),
    liftedAt: instant.nullable(),
    liftedBy: orNull(personSchema).openapi({ description: 'Null: nobody has, or it ended by itself.' }),
  })
  .openapi('Hold');

const tags = ['Holds'];
const params = z.object({ id: idParam });

const listRoute = staffRoute('hold.read', {
  method: 'get',
  path: '/holds',
  tags,
  summary: 'Holds on what would happen by itself',
  request: { query: z.strictObject({ lifted: flagQuery.optional() }) },
  responses: { 200: jsonAnswer(z.object({ items: z.array(holdSchema), nextCursor: z.null() }).openapi('Holds'), 'The newest 200') },
});

const what = {
  scope: z.enum(holdScopes),
  scopeId: lineText(60, 'ticket:CS-000123')
    .nullable()
    .default(null)
    .openapi({ type: ['string', 'null'], description: 'Id of a queue or an account, or `ticket:CS-000123`; null for `all`.' }),
  kinds: z.array(z.enum(holdKinds)).min(1).max(holdKinds.length).nullable().default(null),
  until: givenInstant
    .nullable()
    .default(null)
    .openapi({ type: ['string', 'null'] }),
  shifts: z.boolean().default(true).openapi({ description: 'False: what fell due under it happens at once when it is lifted.' }),
};

const placeRoute = staffRoute('hold.place', {
  method: 'post',
  path: '/holds',
  tags,
  summary: 'Place a hold from now on',
  request: {
    headers: idempotencyHeader,
    ...jsonBody(z.strictObject({ ...what, reason: lineText(500, 'Outage of the mail provider') }).openapi('NewHold')),
  },
  responses: { 201: jsonAnswer(z.object({ id: z.string() }).openapi('PlacedHold'), 'The hold') },
});

const previewRoute = staffRoute('hold.place', {
  method: 'post',
  path: '/holds/preview',
  tags,
  summary: 'What a hold would keep waiting and shift',
  description: 'Places nothing.',
  request: { query: z.strictObject(movedTicketsQuery), ...jsonBody(z.strictObject(what).openapi('HoldToPreview')) },
  responses: { 200: jsonAnswer(heldTicketsSchema, 'Old beside new') },
});

const liftingPreviewRoute = staffRoute('hold.read', {
  method: 'get',
  path: '/holds/{id}/lifting-preview',
  tags,
  summary: 'What lifting a hold now would do',
  request: { params, query: z.strictObject({ shift: flagQuery.optional(), ...movedTicketsQuery }) },
  responses: { 200: jsonAnswer(heldTicketsSchema, 'Old beside new') },
});

const liftRoute = staffRoute('hold.place', {
  method: 'post',
  path: '/holds/{id}/lifting',
  tags,
  summary: 'Lift a hold',
  description:
    'Deadlines whose clocks stood still are moved first, by long work whose progress is under `/jobs/{id}`; until that is done it goes on holding. What only waited happens then.',
  request: {
    headers: idempotencyHeader,
    params,
    ...optionalJsonBody(
      z
        .strictObject({ shift: z.boolean().optional().openapi({ description: 'Left out: as it was placed.' }) })
        .openapi('HoldLifting', { example: {} }),
    ),
  },
  responses: {
    200: jsonAnswer(
      z
        .object({ id: z.string(), job: z.string().nullable().openapi({ description: 'Null: nothing had to be moved, it is lifted.' }) })
        .openapi('LiftedHold'),
      'Lifted, or being lifted',
    ),
  },
});

/** Holds (SPEC M3). */
export function staffHolds(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(listRoute, async (c) => {
    const holds = await listHolds(c.var.parts.database.fork(), c.req.valid('query').lifted === true);
    return c.json({ items: holds.map((hold) => present(hold, c.var.locale)), nextCursor: null }, 200);
  });
  app.openapi(placeRoute, async (c) => {
    const wanted = c.req.valid('json');
    return answerWish<StaffActor>(c, async (wish) => {
      const placed = await placeHold(wish, { ...wanted, scopeId: wanted.scopeId && asSpelled(wanted.scopeId) });
      return isRefusal(placed) ? placed : { status: 201, body: placed };
    }) as never;
  });
  app.openapi(previewRoute, async (c) => {
    const wanted = c.req.valid('json');
    const { cursor, limit } = c.req.valid('query');
    const { database, clock } = c.var.parts;
    const hold = { ...wanted, scopeId: wanted.scopeId && asSpelled(wanted.scopeId) };
    const page = await previewHold(database.fork(), hold, clock.now(), { after: movedAfter(cursor), limit });
    if (isRefusal(page)) throw new ApiError(page.refused);
    return c.json(presentHeld(page), 200);
  });
  app.openapi(liftingPreviewRoute, async (c) => {
    const id = existingId('hold', c.req.valid('param').id, 'hold.not_found');
    const { shift, cursor, limit } = c.req.valid('query');
    const { database, clock } = c.var.parts;
    const page = await previewLifting(database.fork(), id, shift, clock.now(), { after: movedAfter(cursor), limit });
    if (isRefusal(page)) throw new ApiError(page.refused);
    return c.json(presentHeld(page), 200);
  });
  app.openapi(liftRoute, async (c) => {
    const id = existingId('hold', c.req.valid('param').id, 'hold.not_found');
    const { shift } = (c.req.valid('json') ?? {}) as { shift?: boolean };
    return answerWish<StaffActor>(c, async (wish) => {
      const lifted = await liftHold(wish, id, shift);
      return isRefusal(lifted) ? lifted : { status: 200, body: lifted };
    }) as never;
  });
  return app;
}

/** A ticket's name as its steps spell it: a hold on `ticket:cs-123` would stop nothing. */
function asSpelled(scopeId: string): string {
  const number = scopeId.startsWith('ticket:') ? readTicketNumber(scopeId.slice('ticket:'.length)) : undefined;
  return number === undefined ? scopeId : ticketEntity(spellTicketNumber(number));
}

function present({ row, placedBy, liftedBy, scopeName }: HoldView, locale: Locale): z.infer<typeof holdSchema> {
  const { id, scope, scopeId, kinds, reason, shifts, fromAt, untilAt, liftingAt, liftingJobId, liftedAt } = row;
  return {
    id,
    scope,
    scopeId,
    scopeName: typeof scopeName === 'string' ? scopeName : scopeName ? inLocale(scopeName as LocalisedText, locale) : null,
    kinds,
    reason,
    from: fromAt.toISOString(),
    until: untilAt?.toISOString() ?? null,
    shifts,
    placedBy,
    liftingAt: liftingAt?.toISOString() ?? null,
    liftingJob: liftingJobId,
    liftedAt: liftedAt?.toISOString() ?? null,
    liftedBy,
  };
}
