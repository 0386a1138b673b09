import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { CustomerActor } from '../../../domain/actor.ts';
import { listProblemsOf } from '../../../db/repositories/problems.ts';
import { findTicket } from '../../../db/repositories/ticket-reads.ts';
import type { ApiEnvironment } from '../../context.ts';
import { ApiError } from '../../errors.ts';
import { customerProblemSchema, presentCustomerProblem } from '../../present/problem.ts';
import { customerRoute, jsonAnswer } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { ticketNumberParam } from '../../schemas.ts';
import { ticketNumberOf } from '../../ticket-number.ts';

const ofTicketRoute = customerRoute('problem.read', {
  method: 'get',
  path: '/tickets/{number}/problems',
  tags: ['Tickets'],
  summary: 'Known problems and wishes that the ticket is about',
  request: { params: z.object({ number: ticketNumberParam }) },
  responses: {
    200: jsonAnswer(
      z.object({ items: z.array(customerProblemSchema), nextCursor: z.null() }).openapi('TicketProblems'),
      'In the order they were linked, 20 at the most',
    ),
  },
});

/** What customers read of problems and wishes: those of their own tickets (SPEC T20). */
export function customerProblems(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(ofTicketRoute, async (c) => {
    const number = ticketNumberOf(c.req.valid('param').number);
    const em = c.var.parts.database.fork();
    const { accountId } = c.var.caller.actor as CustomerActor;
    if (!(await findTicket(em, number, c.var.parts.clock.now(), accountId))) throw new ApiError('ticket.not_found');
    const problems = await listProblemsOf(em, number);
    return c.json({ items: problems.map((problem) => presentCustomerProblem(problem, c.var.locale)), nextCursor: null }, 200);
  });
  return app;
}
