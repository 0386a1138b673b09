import { OpenAPIHono, z } from '@hono/zod-openapi';
import { moveTicketByStaff } from '../../../db/repositories/ticket-wishes.ts';
import type { ApiEnvironment } from '../../context.ts';
import { staffTicketPageSchema } from '../../present/ticket.ts';
import { idempotencyHeader, jsonAnswer, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { ticketNumberParam } from '../../schemas.ts';
import { carryOut } from './tickets.ts';

const request = { params: z.object({ number: ticketNumberParam }), headers: idempotencyHeader };
const responses = { 200: jsonAnswer(staffTicketPageSchema, 'The ticket afterwards') };

const fixRoute = staffRoute('ticket.severity', {
  method: 'post',
  path: '/tickets/{number}/fix',
  tags: ['Tickets'],
  summary: 'Say that its critical fault is fixed',
  description: 'The clock of the fix stops. The customer reads it in the history, and may say that it is not so.',
  request,
  responses,
});
const contradictionRoute = staffRoute('ticket.severity', {
  method: 'post',
  path: '/tickets/{number}/fix-contradiction',
  tags: ['Tickets'],
  summary: 'Say that it is not fixed after all',
  description: 'The clock of the fix runs on with what was left of its time.',
  request,
  responses,
});

/** Whether a critical fault is fixed, as staff say (SPEC S4). */
export function staffTicketFix(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(
    fixRoute,
    async (c) =>
      carryOut(c, c.req.valid('param').number, 200, (wish, number) => moveTicketByStaff(wish, number, { kind: 'mark_fixed' })) as never,
  );
  app.openapi(
    contradictionRoute,
    async (c) =>
      carryOut(c, c.req.valid('param').number, 200, (wish, number) => moveTicketByStaff(wish, number, { kind: 'resume_fix' })) as never,
  );
  return app;
}
