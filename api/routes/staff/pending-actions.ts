import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { StaffActor } from '../../../domain/actor.ts';
import { isRefusal } from '../../../domain/errors.ts';
import { readTicketNumber } from '../../../domain/ids.ts';
import { pendingActionStates, type PendingActionState } from '../../../domain/pending-action.ts';
import { approve, beginEmailChangeByStaff, beginFactorReset, withdraw } from '../../../db/repositories/pending-actions.ts';
import { listPendingActions } from '../../../db/repositories/pending-action-row.ts';
import type { ApiEnvironment } from '../../context.ts';
import { nextWindow, readWindow } from '../../cursor.ts';
import { existingId } from '../../existing-id.ts';
import { pendingActionSchema, presentPendingAction } from '../../present/pending-action.ts';
import { idempotencyHeader, jsonAnswer, jsonBody, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { cursorQuery, emailField, idParam, idQuery, limitQuery, lineText, pageOf, relatedNumber, wordsQuery } from '../../schemas.ts';
import { answerWish } from '../../wish.ts';

const because = {
  reason: lineText(500, 'He lost the mailbox; known by his passport'),
  ticket: relatedNumber
    .optional()
    .openapi({ description: 'The ticket in which the customer asked for it; one of an account that he belongs to.' }),
};

const beginEmailChangeRoute = staffRoute('customer.email', {
  method: 'post',
  path: '/users/{id}/email-change',
  tags: ['Pending actions'],
  summary: 'Begin to change a customer’s address',
  description:
    'Mails the new address a link to confirm it, and the old one a link to stop it for 72 hours. Takes effect after both: confirmed, and not stopped.',
  request: {
    headers: idempotencyHeader,
    params: z.object({ id: idParam }),
    ...jsonBody(z.strictObject({ email: emailField, ...because }).openapi('BeginEmailChange')),
  },
  responses: { 202: jsonAnswer(pendingActionSchema, 'The change waits') },
});

const beginFactorResetRoute = staffRoute('customer.factor_reset', {
  method: 'post',
  path: '/users/{id}/factor-reset',
  tags: ['Pending actions'],
  summary: 'Begin to remove a customer’s second factors',
  description: 'Mails him a link to stop it. Takes effect after 72 hours.',
  request: {
    headers: idempotencyHeader,
    params: z.object({ id: idParam }),
    ...jsonBody(z.strictObject(because).openapi('BeginFactorReset')),
  },
  responses: { 202: jsonAnswer(pendingActionSchema, 'The reset waits') },
});

const listRoute = staffRoute('pending_action.read', {
  method: 'get',
  path: '/pending-actions',
  tags: ['Pending actions'],
  summary: 'Changes of customers’ doors that wait, and those that did, newest first',
  request: {
    query: z.strictObject({
      limit: limitQuery,
      cursor: cursorQuery,
      state: wordsQuery(pendingActionStates).optional().openapi({ description: 'Left out: all.', example: 'pending' }),
      user: idQuery('user').optional().openapi({ description: 'Whom they concern.' }),
    }),
  },
  responses: { 200: jsonAnswer(pageOf(pendingActionSchema, 'StaffPendingActions'), 'A page of changes') },
});

const approveRoute = staffRoute('pending_action.approve', {
  method: 'post',
  path: '/pending-actions/{id}/approval',
  tags: ['Pending actions'],
  summary: 'End the cooling-off time of a change that somebody else began',
  request: { headers: idempotencyHeader, params: z.object({ id: idParam }) },
  responses: { 200: jsonAnswer(pendingActionSchema, 'The change; it has taken effect if nothing else was missing') },
});

const withdrawRoute = staffRoute('pending_action.withdraw', {
  method: 'post',
  path: '/pending-actions/{id}/withdrawal',
  tags: ['Pending actions'],
  summary: 'Take a change back',
  request: { headers: idempotencyHeader, params: z.object({ id: idParam }) },
  responses: { 200: jsonAnswer(pendingActionSchema, 'The change, which comes to nothing') },
});

/** Changes that need time or a second person, for staff (SPEC I10). */
export function staffPendingActions(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(listRoute, async (c) => {
    const { limit, cursor, state, user } = c.req.valid('query');
    const { database, clock } = c.var.parts;
    const filter = {
      ...(state === undefined ? {} : { states: state.split(',') as PendingActionState[] }),
      ...(user === undefined ? {} : { userId: user }),
    };
    const found = await listPendingActions(database.fork(), clock.now(), filter, { limit, after: readWindow(cursor, 'pending-actions') });
    const nextCursor = nextWindow(
      'pending-actions',
      { items: found.items.map(({ action }) => action), more: found.more },
      (each) => each.begunAt,
    );
    return c.json({ items: found.items.map((view) => presentPendingAction(view, c.var.caller.actor)), nextCursor }, 200);
  });
  app.openapi(beginEmailChangeRoute, async (c) => {
    const id = existingId('user', c.req.valid('param').id, 'customer.not_found');
    const { email, reason, ticket } = c.req.valid('json');
    return answerWish<StaffActor>(c, async (wish) => {
      const begun = await beginEmailChangeByStaff(wish, id, { email, reason, ticketNumber: ticketOf(ticket) });
      return isRefusal(begun) ? begun : { status: 202, body: presentPendingAction(begun, wish.actor) };
    }) as never;
  });
  app.openapi(beginFactorResetRoute, async (c) => {
    const id = existingId('user', c.req.valid('param').id, 'customer.not_found');
    const { reason, ticket } = c.req.valid('json');
    return answerWish<StaffActor>(c, async (wish) => {
      const begun = await beginFactorReset(wish, id, { reason, ticketNumber: ticketOf(ticket) });
      return isRefusal(begun) ? begun : { status: 202, body: presentPendingAction(begun, wish.actor) };
    }) as never;
  });
  app.openapi(approveRoute, async (c) => {
    const id = existingId('pendingAction', c.req.valid('param').id, 'pending_action.not_found');
    return answerWish<StaffActor>(c, async (wish) => {
      const approved = await approve(wish, id);
      return isRefusal(approved) ? approved : { status: 200, body: presentPendingAction(approved, wish.actor) };
    }) as never;
  });
  app.openapi(withdrawRoute, async (c) => {
    const id = existingId('pendingAction', c.req.valid('param').id, 'pending_action.not_found');
    return answerWish<StaffActor>(c, async (wish) => {
      const withdrawn = await withdraw(wish, id);
      return isRefusal(withdrawn) ? withdrawn : { status: 200, body: presentPendingAction(withdrawn, wish.actor) };
    }) as never;
  });
  return app;
}

/** A number beyond every ticket's names none, and is answered as one that nobody has. */
function ticketOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : (readTicketNumber(text) ?? 0);
}
