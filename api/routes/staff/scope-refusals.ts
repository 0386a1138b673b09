import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { StaffActor } from '../../../domain/actor.ts';
import { isRefusal } from '../../../domain/errors.ts';
import { previewScopeRefusal, refuseByScope } from '../../../db/repositories/scope-refusals.ts';
import type { ApiEnvironment } from '../../context.ts';
import { existingId } from '../../existing-id.ts';
import { idempotencyHeader, jsonAnswer, jsonBody, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { bodyText, idOf, ticketNumberParam } from '../../schemas.ts';
import { ticketNumberOf } from '../../ticket-number.ts';
import { answerWish } from '../../wish.ts';

const tags = ['Support scope'];
const params = z.object({ number: ticketNumberParam });
const wanted = z
  .strictObject({
    item: z
      .string()
      .min(1)
      .max(60)
      .openapi({ example: 'sci_01jd3y8k2m5n7p9q1r3s5t7v9w', description: 'One of GET /support-scope that is `not_covered`.' }),
    withPartners: z
      .boolean()
      .default(true)
      .openapi({ description: 'Names partners, those of the customer’s city first, ten at the most.' }),
    comment: bodyText('We have looked at it: the panel itself works.', 4_000)
      .nullable()
      .default(null)
      .openapi({ type: ['string', 'null'], description: 'Stands before the catalogue’s text.' }),
  })
  .openapi('ScopeRefusal');

const previewRoute = staffRoute('ticket.answer', {
  method: 'post',
  path: '/tickets/{number}/scope-refusal/preview',
  tags,
  summary: 'What a refusal by the catalogue would say',
  description: 'Changes nothing.',
  request: { params, headers: idempotencyHeader, ...jsonBody(wanted) },
  responses: {
    200: jsonAnswer(
      z.object({ body: z.string().openapi({ description: 'Markdown' }), locale: z.string() }).openapi('ScopeRefusalPreview'),
      'The message, in the language of whoever opened the ticket',
    ),
  },
});

const refuseRoute = staffRoute('ticket.answer', {
  method: 'post',
  path: '/tickets/{number}/scope-refusal',
  tags,
  summary: 'Refuse by the catalogue',
  description:
    'Writes one public message made of the comment, the item’s text and the partners; the ticket waits for the customer. What is done for money is 422 `scope_item.offer_quote`: offer a quote.',
  request: { params, headers: idempotencyHeader, ...jsonBody(wanted) },
  responses: { 201: jsonAnswer(z.object({ messageId: idOf('message') }).openapi('RefusedByScope'), 'The message that was written') },
});

/** Saying no by the catalogue (SPEC T15). */
export function staffScopeRefusals(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(previewRoute, async (c) => {
    const number = ticketNumberOf(c.req.valid('param').number);
    const { item, withPartners, comment } = c.req.valid('json');
    const itemId = existingId('scopeItem', item, 'scope_item.not_found');
    return answerWish<StaffActor>(c, async ({ em }) => {
      const preview = await previewScopeRefusal(em, number, { itemId, withPartners, comment });
      return isRefusal(preview) ? preview : { status: 200, body: preview };
    }) as never;
  });
  app.openapi(refuseRoute, async (c) => {
    const number = ticketNumberOf(c.req.valid('param').number);
    const { item, withPartners, comment } = c.req.valid('json');
    const itemId = existingId('scopeItem', item, 'scope_item.not_found');
    return answerWish<StaffActor>(c, async (wish) => {
      const refused = await refuseByScope(wish, number, { itemId, withPartners, comment });
      return isRefusal(refused) ? refused : { status: 201, body: refused };
    }) as never;
  });
  return app;
}
