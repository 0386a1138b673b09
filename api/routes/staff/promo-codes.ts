import { OpenAPIHono, z } from '@hono/zod-openapi';
import {
  addPromoCode,
  changePromoCode,
  findPromoCode,
  listPromoCodes,
  listPromoUses,
  type PromoChange,
  type PromoWords,
} from '../../../db/repositories/promo-codes.ts';
import { readPromoCode } from '../../../domain/promo-code.ts';
import type { ApiEnvironment } from '../../context.ts';
import { nextWindow, readWindow } from '../../cursor.ts';
import { answerTagged, entityTag, ifMatchHeader, knownRevision } from '../../entity-tag.ts';
import { ApiError } from '../../errors.ts';
import { existingId } from '../../existing-id.ts';
import {
  gainField,
  newCode,
  presentPromoCode,
  presentPromoUse,
  promoCodeSchema,
  promoUseSchema,
  termsFields,
  typedCode,
} from '../../present/promo-code.ts';
import { idempotencyHeader, jsonAnswer, jsonBody, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { cursorQuery, flagQuery, idParam, limitQuery, pageOf } from '../../schemas.ts';

const tags = ['Promo codes'];
const params = z.object({ id: idParam });

const newPromoCode = {
  code: 'SPRING-10',
  gain: { kind: 'percentage', percentageBp: 1000 },
  validFrom: '2027-03-01T00:00:00Z',
  validUntil: '2027-06-01T00:00:00Z',
  totalCap: 100,
  accountCap: 1,
  fits: null,
  note: 'For the spring fair',
};

const listRoute = staffRoute('promo_code.read', {
  method: 'get',
  path: '/promo-codes',
  tags,
  summary: 'Promo codes, newest first',
  request: {
    query: z.strictObject({
      limit: limitQuery,
      cursor: cursorQuery,
      withdrawn: flagQuery.optional().openapi({ description: 'Left out: all.' }),
      code: typedCode.optional().openapi({ description: 'One code, as somebody types it.' }),
    }),
  },
  responses: { 200: jsonAnswer(pageOf(promoCodeSchema, 'PromoCodes'), 'A page of codes') },
});

const readRoute = staffRoute('promo_code.read', {
  method: 'get',
  path: '/promo-codes/{id}',
  tags,
  summary: 'A promo code',
  request: { params },
  responses: { 200: jsonAnswer(promoCodeSchema, 'The code') },
});

const usesRoute = staffRoute('promo_code.read', {
  method: 'get',
  path: '/promo-codes/{id}/uses',
  tags,
  summary: 'Who used a promo code, or holds a use of it; the latest first',
  request: { params, query: z.strictObject({ limit: limitQuery, cursor: cursorQuery }) },
  responses: { 200: jsonAnswer(pageOf(promoUseSchema, 'PromoUses'), 'A page of uses') },
});

const addRoute = staffRoute('promo_code.manage', {
  method: 'post',
  path: '/promo-codes',
  tags,
  summary: 'Make a promo code',
  description: 'Its spelling is its own for ever, also when it is withdrawn.',
  request: {
    headers: idempotencyHeader,
    ...jsonBody(z.strictObject({ code: newCode, gain: gainField, ...termsFields }).openapi('NewPromoCode', { example: newPromoCode })),
  },
  responses: { 201: jsonAnswer(promoCodeSchema, 'The code') },
});

const changeRoute = staffRoute('promo_code.manage', {
  method: 'patch',
  path: '/promo-codes/{id}',
  tags,
  summary: 'Change until when, how often and for what a promo code is good, or withdraw it',
  description: 'What it takes off stays, and orders that hold a use of it keep it. A cap cannot be lowered below what is used.',
  request: {
    params,
    headers: ifMatchHeader,
    ...jsonBody(
      z
        .strictObject({ ...termsFields, withdrawn: z.boolean() })
        .partial()
        .openapi('PromoCodeChange'),
    ),
  },
  responses: { 200: jsonAnswer(promoCodeSchema, 'As it is now') },
});

/** Promo codes, the staff's side (SPEC B5). */
export function staffPromoCodes(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(listRoute, async (c) => {
    const { limit, cursor, withdrawn, code } = c.req.valid('query');
    // What cannot be a code is none that there is.
    const filter = { withdrawn, code: code === undefined ? undefined : (readPromoCode(code) ?? '-') };
    const found = await listPromoCodes(c.var.parts.database.fork(), filter, { limit, after: readWindow(cursor, 'promo-codes') });
    return c.json(
      { items: found.items.map(presentPromoCode), nextCursor: nextWindow('promo-codes', found, (promo) => promo.createdAt) },
      200,
    );
  });
  app.openapi(readRoute, async (c) => {
    const promo = await findPromoCode(c.var.parts.database.fork(), codeOf(c.req.valid('param')));
    if (!promo) throw new ApiError('promo_code.not_found');
    c.header('ETag', entityTag(promo));
    return c.json(presentPromoCode(promo), 200);
  });
  app.openapi(usesRoute, async (c) => {
    const em = c.var.parts.database.fork();
    const id = codeOf(c.req.valid('param'));
    if (!(await findPromoCode(em, id))) throw new ApiError('promo_code.not_found');
    const { limit, cursor } = c.req.valid('query');
    const found = await listPromoUses(em, id, { limit, after: readWindow(cursor, 'promo-uses') });
    return c.json({ items: found.items.map(presentPromoUse), nextCursor: nextWindow('promo-uses', found, (use) => use.reservedAt) }, 200);
  });
  app.openapi(addRoute, async (c) => {
    const wanted: PromoWords = c.req.valid('json');
    return answerTagged(c, 201, presentPromoCode, (wish) => addPromoCode(wish, wanted)) as never;
  });
  app.openapi(changeRoute, async (c) => {
    const id = codeOf(c.req.valid('param'));
    const [known, wanted] = [knownRevision(c.req.valid('header')), c.req.valid('json') as PromoChange];
    return answerTagged(c, 200, presentPromoCode, (wish) => changePromoCode(wish, id, known, wanted)) as never;
  });
  return app;
}

function codeOf({ id }: { id: string }): string {
  return existingId('promoCode', id, 'promo_code.not_found');
}
