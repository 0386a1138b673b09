import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { CustomerActor } from '../../../domain/actor.ts';
import { isRefusal } from '../../../domain/errors.ts';
import { claimCritical } from '../../../db/repositories/ticket-severity.ts';
import type { ApiEnvironment } from '../../context.ts';
import { presentSeverity, severitySchema } from '../../present/severity.ts';
import { customerRoute, idempotencyHeader, jsonAnswer, optionalJsonBody } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { bodyText, ticketNumberParam } from '../../schemas.ts';
import { ticketNumberOf } from '../../ticket-number.ts';
import { answerWish } from '../../wish.ts';

/** What a customer may say about a claim: a sentence or two. */
export const claimSentence = bodyText('Since the update nobody can sign in.', 1_000);

const claimRoute = customerRoute('ticket.severity', {
  method: 'post',
  path: '/tickets/{number}/severity',
  tags: ['Tickets'],
  summary: 'Claim that nobody can use the product',
  description:
    'Staff confirm or refuse it; the ticket’s history says which, and why. The clock counts from now, either way. After a refusal write in the ticket what has changed, then claim again.',
  request: {
    params: z.object({ number: ticketNumberParam }),
    headers: idempotencyHeader,
    ...optionalJsonBody(
      z
        .strictObject({
          sentence: claimSentence
            .nullable()
            .default(null)
            .openapi({ type: ['string', 'null'] }),
        })
        .openapi('CriticalClaim'),
    ),
  },
  responses: { 200: jsonAnswer(severitySchema, 'The claim') },
});

/** A customer's claim that a ticket is critical (SPEC T14). */
export function customerSeverity(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(claimRoute, async (c) => {
    const number = ticketNumberOf(c.req.valid('param').number);
    const { sentence } = c.req.valid('json');
    return answerWish<CustomerActor>(c, async (wish) => {
      const claimed = await claimCritical(wish, number, sentence ?? null);
      return isRefusal(claimed) ? claimed : { status: 200, body: presentSeverity(claimed) };
    }) as never;
  });
  return app;
}
