import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { StaffActor } from '../../../domain/actor.ts';
import { isRefusal } from '../../../domain/errors.ts';
import { severityDecisions } from '../../../domain/severity.ts';
import { decideCritical } from '../../../db/repositories/ticket-severity.ts';
import type { ApiEnvironment } from '../../context.ts';
import { presentSeverity, severitySchema } from '../../present/severity.ts';
import { idempotencyHeader, jsonAnswer, jsonBody, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { bodyText, ticketNumberParam } from '../../schemas.ts';
import { ticketNumberOf } from '../../ticket-number.ts';
import { answerWish } from '../../wish.ts';

const decideRoute = staffRoute('ticket.severity', {
  method: 'post',
  path: '/tickets/{number}/severity',
  tags: ['Tickets'],
  summary: 'Confirm or refuse that the ticket is critical',
  description:
    'A confirmation is taken back by a refusal, and a refusal by a confirmation. The customer reads it in the ticket’s history; the clock counts from his claim.',
  request: {
    params: z.object({ number: ticketNumberParam }),
    headers: idempotencyHeader,
    ...jsonBody(
      z
        .strictObject({
          decision: z.enum(severityDecisions),
          reason: bodyText('One user of twenty is affected.', 1_000)
            .nullable()
            .default(null)
            .openapi({ type: ['string', 'null'], description: 'The customer reads it. A refusal needs one.' }),
        })
        .openapi('SeverityDecision'),
    ),
  },
  responses: { 200: jsonAnswer(severitySchema, 'What was decided') },
});

/** What staff decide about claims (SPEC T14). */
export function staffSeverity(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(decideRoute, async (c) => {
    const number = ticketNumberOf(c.req.valid('param').number);
    const { decision, reason } = c.req.valid('json');
    return answerWish<StaffActor>(c, async (wish) => {
      const decided = await decideCritical(wish, number, decision, reason);
      return isRefusal(decided) ? decided : { status: 200, body: presentSeverity(decided) };
    }) as never;
  });
  return app;
}
