import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { CustomerActor } from '../../../domain/actor.ts';
import { spellTicketNumber } from '../../../domain/ids.ts';
import { notificationCategories, notificationEvents } from '../../../domain/notification.ts';
import { countUnread, listNotifications, markRead, type NotificationView } from '../../../db/repositories/notifications.ts';
import type { ApiEnvironment } from '../../context.ts';
import { nextWindow, readWindow } from '../../cursor.ts';
import { customerRoute, idempotencyHeader, jsonAnswer, optionalJsonBody } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { cursorQuery, flagQuery, idOf, instant, limitQuery } from '../../schemas.ts';
import { answerWish } from '../../wish.ts';

const notificationSchema = z
  .object({
    id: idOf('notification'),
    category: z.enum(notificationCategories),
    event: z.enum(notificationEvents),
    ticket: z.string().nullable(),
    createdAt: instant,
    readAt: instant.nullable(),
  })
  .openapi('Notification');

const listRoute = customerRoute('notification.read', {
  method: 'get',
  path: '/notifications',
  tags: ['Notifications'],
  summary: 'What you were told, newest first',
  request: { query: z.strictObject({ limit: limitQuery, cursor: cursorQuery, unread: flagQuery.optional() }) },
  responses: {
    200: jsonAnswer(
      z.object({ items: z.array(notificationSchema), nextCursor: z.string().nullable(), unread: z.int() }).openapi('Notifications'),
      'A page of notifications, and how many are unread in all',
    ),
  },
});

const readRoute = customerRoute('notification.read', {
  method: 'post',
  path: '/notifications/read',
  tags: ['Notifications'],
  summary: 'Mark notifications read',
  request: {
    headers: idempotencyHeader,
    ...optionalJsonBody(
      z
        .strictObject({
          ids: z
            .array(z.string().regex(/^ntf_[0-9a-z]{26}$/))
            .max(100)
            .optional()
            .openapi({ description: 'Left out: all.' }),
        })
        .openapi('MarkRead'),
    ),
  },
  responses: { 200: jsonAnswer(z.object({ unread: z.int() }).openapi('Unread'), 'How many are unread afterwards') },
});

/** In-app notifications (SPEC N1). */
export function customerNotifications(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(listRoute, async (c) => {
    const { limit, cursor, unread } = c.req.valid('query');
    const em = c.var.parts.database.fork();
    const { userId } = c.var.caller.actor;
    const found = await listNotifications(em, userId, unread === true, { limit, after: readWindow(cursor, 'notifications') });
    return c.json(
      {
        items: found.items.map(present),
        nextCursor: nextWindow('notifications', found, (item) => item.createdAt),
        unread: await countUnread(em, userId),
      },
      200,
    );
  });
  app.openapi(readRoute, async (c) => {
    const { ids } = c.req.valid('json');
    return answerWish<CustomerActor>(c, async ({ em, actor, clock }) => {
      await markRead(em, actor.userId, clock.now(), ids);
      return { status: 200, body: { unread: await countUnread(em, actor.userId) } };
    }) as never;
  });
  return app;
}

function present({ id, category, event, ticketNumber, createdAt, readAt }: NotificationView): z.infer<typeof notificationSchema> {
  return {
    id,
    category,
    event,
    ticket: ticketNumber === null ? null : spellTicketNumber(ticketNumber),
    createdAt: createdAt.toISOString(),
    readAt: readAt?.toISOString() ?? null,
  };
}
