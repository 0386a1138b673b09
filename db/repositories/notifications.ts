import type { EntityManager } from '@mikro-orm/postgresql';
import type { NotificationCategory, NotificationEvent } from '../../domain/notification.ts';
import { tellPages } from '../change-feed.ts';
import type { Window } from '../window.ts';

export interface NotificationView {
  readonly id: string;
  readonly category: NotificationCategory;
  readonly event: NotificationEvent;
  readonly ticketNumber: number | null;
  readonly createdAt: Date;
  readonly readAt: Date | null;
}

/** What a person was told, newest first (SPEC N1). */
export async function listNotifications(
  em: EntityManager,
  recipientId: string,
  { unreadOnly = false, category }: { unreadOnly?: boolean; category?: NotificationCategory | undefined },
  window: Window,
): Promise<{ items: NotificationView[]; more: boolean }> {
  const rows = await em.execute<(Omit<NotificationView, 'createdAt' | 'readAt'> & { createdAt: string; readAt: string | null })[]>(
    `select id, category, event, ticket_number as "ticketNumber", created_at as "createdAt", read_at as "readAt" from notification
      where recipient_id = ? ${unreadOnly ? 'and read_at is null' : ''} ${category ? 'and category = ?' : ''} ${window.after ? 'and (created_at, id) < (?::timestamptz, ?)' : ''}
      order by created_at desc, id desc limit ?`,
    [recipientId, ...(category ? [category] : []), ...(window.after ? [window.after.at, window.after.id] : []), window.limit + 1],
  );
  const items = rows.map((row) => ({ ...row, createdAt: new Date(row.createdAt), readAt: row.readAt ? new Date(row.readAt) : null }));
  return { items: items.slice(0, window.limit), more: items.length > window.limit };
}

export async function countUnread(em: EntityManager, recipientId: string, category?: NotificationCategory): Promise<number> {
  const [row] = await em.execute<{ unread: string }[]>(
    `select count(*) as unread from notification where recipient_id = ? and read_at is null ${category ? 'and category = ?' : ''}`,
    [recipientId, ...(category ? [category] : [])],
  );
  return Number(row?.unread ?? 0);
}

/** Marks the recipient's own notifications read, on all his open pages: the named ones, or all that came before this instant. */
export async function markRead(em: EntityManager, recipientId: string, at: Date, ids: readonly string[] | undefined): Promise<void> {
  const read = await em.execute<unknown[]>(
    `update notification set read_at = ? where recipient_id = ? and read_at is null ${ids ? 'and id = any(?::text[])' : ''} returning 1`,
    [at, recipientId, ...(ids ? [`{${ids.join(',')}}`] : [])],
  );
  if (read.length > 0) await tellPages(em, at, { userId: recipientId }, { what: 'notification' });
}
