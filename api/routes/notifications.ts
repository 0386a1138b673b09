import { OpenAPIHono, z } from '@hono/zod-openapi';
import { spellTicketNumber } from '../../domain/ids.ts';
import { notificationCategories, notificationEvents } from '../../domain/notification.ts';
import { countUnread, listNotifications, markRead, type NotificationView } from '../../db/repositories/notifications.ts';
import type { SignedInAs } from '../auth/sessions.ts';
import type { ApiEnvironment } from '../context.ts';
import { nextWindow, readWindow } from '../cursor.ts';
import { idempotencyHeader, jsonAnswer, optionalJsonBody, personRoute } from '../route.ts';
import { newRouter } from '../router.ts';
import { cursorQuery, flagQuery, idOf, instant, limitQuery } from '../schemas.ts';
import { answerWish } from '../wish.ts';

export const notificationSchema = z
  .object({
    id: idOf('notification'),
    category: z.enum(notificationCategories),
    event: z.enum(notificationEvents),
    ticket: z.string().nullable(),
    createdAt: instant,
    readAt: instant.nullable(),
  })
  .openapi('Notification');

export const notificationsSchema = z
  .object({ items: z.array(notificationSchema), nextCursor: z.string().nullable(), unread: z.int() })
  .openapi('Notifications');

const category = z.enum(notificationCategories).optional();

function routes(as: SignedInAs) {
  return {
    list: personRoute(as, 'notification.read', {
      method: 'get',
      path: '/notifications',
      tags: ['Notifications'],
      summary: 'What you were told, newest first',
      request: { query: z.strictObject({ limit: limitQuery, cursor: cursorQuery, unread: flagQuery.optional(), category }) },
      responses: {
        200: jsonAnswer(notificationsSchema, 'A page of notifications, and how many are unread in all (of the category asked for)'),
      },
    }),
    read: personRoute(as, 'notification.read', {
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
    }),
  };
}

/** In-app notifications (SPEC N1), in both trees. */
export function notificationRoutes(as: SignedInAs): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  const { list, read } = routes(as);
  app.openapi(list, async (c) => {
    const { limit, cursor, unread, category } = c.req.valid('query');
    const em = c.var.parts.database.fork();
    const { userId } = c.var.caller.actor;
    const narrowed = { unreadOnly: unread === true, category };
    const found = await listNotifications(em, userId, narrowed, { limit, after: readWindow(cursor, 'notifications') });
    return c.json(
      {
        items: found.items.map(present),
        nextCursor: nextWindow('notifications', found, (item) => item.createdAt),
        unread: await countUnread(em, userId, category),
      },
      200,
    );
  });
  app.openapi(read, async (c) => {
    const { ids } = c.req.valid('json');
    return answerWish(c, async ({ em, actor, clock }) => {
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
