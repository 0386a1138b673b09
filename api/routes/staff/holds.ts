import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { StaffActor } from '../../../domain/actor.ts';
import { isRefusal } from '../../../domain/errors.ts';
import { holdKinds, holdScopes } from '../../../domain/hold.ts';
import { readTicketNumber, spellTicketNumber } from '../../../domain/ids.ts';
import { ticketEntity } from '../../../domain/ticket.ts';
import { HoldRow } from '../../../db/entities/hold.entity.ts';
import { liftHold, listHolds, placeHold } from '../../../db/repositories/holds.ts';
import type { ApiEnvironment } from '../../context.ts';
import { existingId } from '../../existing-id.ts';
import { idempotencyHeader, jsonAnswer, jsonBody, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { flagQuery, givenInstant, idOf, idParam, instant, lineText } from '../../schemas.ts';
import { answerWish } from '../../wish.ts';

const holdSchema = z
  .object({
    id: idOf('hold'),
    scope: z.enum(holdScopes),
    scopeId: z.string().nullable(),
    kinds: z.array(z.enum(holdKinds)).nullable().openapi({ description: 'Null: every kind.' }),
    reason: z.string(),
    from: instant,
    until: instant.nullable(),
    liftedAt: instant.nullable(),
  })
  .openapi('Hold');

const listRoute = staffRoute('hold.read', {
  method: 'get',
  path: '/holds',
  tags: ['Holds'],
  summary: 'Holds on what would happen by itself',
  request: { query: z.strictObject({ lifted: flagQuery.optional() }) },
  responses: { 200: jsonAnswer(z.object({ items: z.array(holdSchema), nextCursor: z.null() }).openapi('Holds'), 'The newest 200') },
});

const placeRoute = staffRoute('hold.place', {
  method: 'post',
  path: '/holds',
  tags: ['Holds'],
  summary: 'Place a hold from now on',
  request: {
    headers: idempotencyHeader,
    ...jsonBody(
      z
        .strictObject({
          scope: z.enum(holdScopes),
          scopeId: lineText(60, 'ticket:CS-000123')
            .nullable()
            .default(null)
            .openapi({ type: ['string', 'null'], description: 'An account’s id, or `ticket:CS-000123`; null for `all`.' }),
          kinds: z.array(z.enum(holdKinds)).min(1).max(holdKinds.length).nullable().default(null),
          reason: lineText(500, 'Outage of the mail provider'),
          until: givenInstant
            .nullable()
            .default(null)
            .openapi({ type: ['string', 'null'] }),
        })
        .openapi('NewHold'),
    ),
  },
  responses: { 201: jsonAnswer(z.object({ id: z.string() }).openapi('PlacedHold'), 'The hold') },
});

const liftRoute = staffRoute('hold.place', {
  method: 'post',
  path: '/holds/{id}/lifting',
  tags: ['Holds'],
  summary: 'Lift a hold',
  description: 'What fell due under it happens now.',
  request: { headers: idempotencyHeader, params: z.object({ id: idParam }) },
  responses: { 200: jsonAnswer(z.object({ id: z.string() }).openapi('LiftedHold'), 'Lifted') },
});

/** Holds (SPEC M3): the rows and the check; their page comes with the support desk. */
export function staffHolds(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(listRoute, async (c) => {
    const holds = await listHolds({ em: c.var.parts.database.fork() }, c.req.valid('query').lifted === true);
    return c.json({ items: holds.map(present), nextCursor: null }, 200);
  });
  app.openapi(placeRoute, async (c) => {
    const wanted = c.req.valid('json');
    return answerWish<StaffActor>(c, async (wish) => {
      const placed = await placeHold(wish, { ...wanted, scopeId: wanted.scopeId && asSpelled(wanted.scopeId) });
      return isRefusal(placed) ? placed : { status: 201, body: placed };
    }) as never;
  });
  app.openapi(liftRoute, async (c) => {
    const id = existingId('hold', c.req.valid('param').id, 'hold.not_found');
    return answerWish<StaffActor>(c, async (wish) => {
      const lifted = await liftHold(wish, id);
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

function present({ id, scope, scopeId, kinds, reason, fromAt, untilAt, liftedAt }: HoldRow): z.infer<typeof holdSchema> {
  return {
    id,
    scope,
    scopeId,
    kinds,
    reason,
    from: fromAt.toISOString(),
    until: untilAt?.toISOString() ?? null,
    liftedAt: liftedAt?.toISOString() ?? null,
  };
}
