import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { CustomerActor } from '../../../domain/actor.ts';
import { isRefusal } from '../../../domain/errors.ts';
import { previewPromoCode } from '../../../db/repositories/quote-prices.ts';
import { requirePlace } from '../../auth/throttle.ts';
import type { ApiEnvironment } from '../../context.ts';
import { ApiError } from '../../errors.ts';
import { presentPromoPreview, promoPreviewSchema } from '../../present/promo-code.ts';
import { customerRoute, jsonAnswer } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { idQuery } from '../../schemas.ts';

const previewRoute = customerRoute('promo_code.preview', {
  method: 'get',
  path: '/promo-codes/{code}/preview',
  tags: ['Orders'],
  summary: 'Whether a promo code may be used, and what it would do to the price of a quote',
  description: 'Nothing is reserved: the code is taken with the order. Guessing is throttled.',
  request: {
    params: z.object({ code: z.string().openapi({ param: { name: 'code', in: 'path' }, example: 'SPRING-10' }) }),
    query: z.strictObject({ quote: idQuery('quote').optional().openapi({ description: 'Left out: whether it may be used at all.' }) }),
  },
  responses: { 200: jsonAnswer(promoPreviewSchema, 'The price with the code') },
});

/** Promo codes, the customer's side (SPEC B5). */
export function customerPromoCodes(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(previewRoute, async (c) => {
    const { database, clock, throttle } = c.var.parts;
    const { accountId } = c.var.caller.actor as CustomerActor;
    const place = await requirePlace(throttle.promoCode(accountId));
    const { code } = c.req.valid('param');
    const preview = await previewPromoCode(database.fork(), clock.now(), accountId, code, c.req.valid('query').quote);
    if (!isRefusal(preview) || preview.refused !== 'promo_code.not_found') await place.succeeded();
    if (isRefusal(preview)) throw new ApiError(preview.refused, { about: preview.about });
    return c.json(presentPromoPreview(preview), 200);
  });
  return app;
}
