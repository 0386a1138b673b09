import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { NotificationCategory, NotificationEvent } from '../../domain/notification.ts';

/** What one person is told about one event, once: in the product at once, and by the deliveries that hang on it (SPEC N1, N3). */
export const NotificationRow = defineEntity({
  name: 'NotificationRow',
  tableName: 'notification',
  properties: {
    id: p.text().primary(),
    recipientId: p.text(),
    category: p.text().$type<NotificationCategory>(),
    event: p.text().$type<NotificationEvent>(),
    eventKey: p.text(),
    ticketNumber: p.integer().strictNullable(),
    messageId: p.text().strictNullable(),
    /** What it tells of when that is no message: the id of a quote, an access, or a look at a secret. */
    about: p.text().strictNullable(),
    /** The account whose money it tells of. */
    accountId: p.text().strictNullable(),
    createdAt: p.datetime(3),
    readAt: p.datetime(3).strictNullable(),
  },
});
export type NotificationRow = InferEntity<typeof NotificationRow>;
