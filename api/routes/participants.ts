import { OpenAPIHono, z } from '@hono/zod-openapi';
import { isRefusal, type Refusal } from '../../domain/errors.ts';
import { looksLikeId } from '../../domain/ids.ts';
import { addOutsideAddress, addParticipant, removeParticipant } from '../../db/repositories/participants.ts';
import type { Wish } from '../../db/wish.ts';
import type { ApiEnvironment } from '../context.ts';
import { ApiError } from '../errors.ts';
import { customerTicketPageSchema, staffTicketPageSchema } from '../present/ticket.ts';
import { customerRoute, idempotencyHeader, jsonAnswer, jsonBody, staffRoute } from '../route.ts';
import { newRouter } from '../router.ts';
import { emailField, idParam, idQuery, lineText, ticketNumberParam } from '../schemas.ts';
import { ticketNumberOf } from '../ticket-number.ts';
import { answerWish } from '../wish.ts';
import { page as customerPage } from './customer/tickets.ts';
import { page as staffPage } from './staff/tickets.ts';

type Context = Parameters<typeof answerWish>[0];

const newParticipant = z
  .strictObject({
    user: idQuery('user').optional().openapi({ description: 'A member of the ticket’s account.' }),
    address: emailField
      .optional()
      .openapi({ description: 'Of somebody outside the account, instead of a user: he gets a copy of each answer from now on.' }),
    name: lineText(200, 'Pavel Orlov').optional().openapi({ description: 'Of who reads at the outside address.' }),
  })
  .superRefine(({ user, address, name }, context) => {
    if ((user === undefined) === (address === undefined))
      context.addIssue({ code: 'custom', path: ['user'], params: { fault: 'user_or_address' } });
    if (user !== undefined && name !== undefined)
      context.addIssue({ code: 'custom', path: ['name'], params: { fault: 'user_or_address' } });
  })
  .openapi('NewParticipant', { example: { user: 'usr_01jd3y8k2m5n7p9q1r3s5t7v9w' } });

const tags = ['Tickets'];
const added = { path: '/tickets/{number}/participants', method: 'post', summary: 'Add somebody to the conversation' } as const;
const removed = {
  path: '/tickets/{number}/participants/{id}',
  method: 'delete',
  summary: 'Take somebody out of the conversation',
} as const;
const addRequest = { params: z.object({ number: ticketNumberParam }), headers: idempotencyHeader, ...jsonBody(newParticipant) };
const removeRequest = { params: z.object({ number: ticketNumberParam, id: idParam }), headers: idempotencyHeader };
const customersAnswer = { 200: jsonAnswer(customerTicketPageSchema, 'The ticket afterwards') };
const staffAnswer = { 200: jsonAnswer(staffTicketPageSchema, 'The ticket afterwards') };

/** Who takes part in a customer's own ticket (SPEC T1). */
export function customerParticipants(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(
    customerRoute('ticket.participant', { ...added, tags, request: addRequest, responses: customersAnswer }),
    async (c) => add(c, c.req.valid('param').number, c.req.valid('json'), customerPage) as never,
  );
  app.openapi(
    customerRoute('ticket.participant', { ...removed, tags, request: removeRequest, responses: customersAnswer }),
    async (c) => remove(c, c.req.valid('param'), customerPage) as never,
  );
  return app;
}

/** The same for staff, in any ticket. */
export function staffParticipants(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(
    staffRoute('ticket.participant', { ...added, tags, request: addRequest, responses: staffAnswer }),
    async (c) => add(c, c.req.valid('param').number, c.req.valid('json'), staffPage) as never,
  );
  app.openapi(
    staffRoute('ticket.participant', { ...removed, tags, request: removeRequest, responses: staffAnswer }),
    async (c) => remove(c, c.req.valid('param'), staffPage) as never,
  );
  return app;
}

/** Answers with the ticket as its tree shows it. */
type Page = (c: Context, number: number, em: Wish['em']) => Promise<unknown>;

async function add(c: Context, text: string, wanted: z.output<typeof newParticipant>, page: Page): Promise<Response> {
  return carryOut(c, text, page, (wish, number) =>
    wanted.address === undefined
      ? addParticipant(wish, number, wanted.user ?? '')
      : addOutsideAddress(wish, number, wanted.address, wanted.name ?? null),
  );
}

async function remove(c: Context, { number, id }: { number: string; id: string }, page: Page): Promise<Response> {
  if (!looksLikeId('user', id) && !looksLikeId('outsideAddress', id)) throw new ApiError('participant.not_found');
  return carryOut(c, number, page, (wish, found) => removeParticipant(wish, found, id));
}

async function carryOut(
  c: Context,
  text: string,
  page: Page,
  work: (wish: Wish, number: number) => Promise<{ number: number } | Refusal>,
): Promise<Response> {
  const number = ticketNumberOf(text);
  return answerWish(c, async (wish) => {
    const done = await work(wish, number);
    return isRefusal(done) ? done : { status: 200, body: await page(c, number, wish.em) };
  });
}
