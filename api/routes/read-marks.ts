import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { CustomerActor } from '../../domain/actor.ts';
import { isRefusal } from '../../domain/errors.ts';
import { looksLikeId } from '../../domain/ids.ts';
import { markRead } from '../../db/repositories/unread.ts';
import type { ApiEnvironment } from '../context.ts';
import { ApiError } from '../errors.ts';
import { customerRoute, jsonAnswer, jsonBody, staffRoute } from '../route.ts';
import { newRouter } from '../router.ts';
import { idOf, ticketNumberParam } from '../schemas.ts';
import { ticketNumberOf } from '../ticket-number.ts';

const tags = ['Tickets'];
const declared = {
  method: 'put',
  path: '/tickets/{number}/read-mark',
  summary: 'You have read the ticket up to this message',
  description: 'A mark is yours alone and never goes back. It is no part of the ticket’s history.',
  request: {
    params: z.object({ number: ticketNumberParam }),
    ...jsonBody(
      z
        .strictObject({ message: idOf('message').min(1).max(100).openapi({ description: 'The last message that was shown to you.' }) })
        .openapi('ReadMark'),
    ),
  },
  responses: {
    200: jsonAnswer(
      z
        .object({ unread: z.boolean().openapi({ description: 'True when something was said after that message.' }) })
        .openapi('AfterReadMark'),
      'The ticket as it now is to you',
    ),
  },
} as const;

/** How far a customer has read (SPEC T10). */
export function customerReadMarks(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(customerRoute('ticket.read', { ...declared, tags }), async (c) => {
    const { userId, accountId } = c.var.caller.actor as CustomerActor;
    return c.json(await mark(c, { userId, side: 'customer' }, c.req.valid('param').number, c.req.valid('json').message, accountId), 200);
  });
  return app;
}

/** How far somebody of the staff has read. */
export function staffReadMarks(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(staffRoute('ticket.read', { ...declared, tags }), async (c) => {
    const reader = { userId: c.var.caller.actor.userId, side: 'staff' } as const;
    return c.json(await mark(c, reader, c.req.valid('param').number, c.req.valid('json').message), 200);
  });
  return app;
}

type Parts = { readonly var: Pick<ApiEnvironment['Variables'], 'parts'> };

async function mark(
  c: Parts,
  reader: Parameters<typeof markRead>[1],
  number: string,
  message: string,
  accountId?: string,
): Promise<{ unread: boolean }> {
  // A text that is no id names no message.
  const messageId = looksLikeId('message', message) ? message : '';
  const marked = await markRead(c.var.parts.database.fork(), reader, ticketNumberOf(number), messageId, accountId);
  if (isRefusal(marked)) throw new ApiError(marked.refused, { about: marked.about });
  return marked;
}
