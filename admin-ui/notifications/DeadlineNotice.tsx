import { Button, SnackbarContent, type SnackbarContentProps } from '@mui/material';
import { useEffect, useRef } from 'react';
import { useCloseNotification, useNotify, useTranslate } from 'react-admin';
import { Link, useLocation } from 'react-router';
import { breachingAddress } from '../clocks/breach-groups.ts';
import { ticketAddress } from '../tickets/TicketTable.tsx';
import type { Notification } from './NotificationBell.tsx';

const shownMilliseconds = 8_000;
const deadlineEvents: ReadonlySet<Notification['event']> = new Set(['staff.deadline_near', 'staff.deadline_missed']);

/** Says once, and quietly, that a deadline is near or was missed, to whoever looks at another page meanwhile. */
export function useDeadlineNotices(items: readonly Notification[] | undefined): void {
  const notify = useNotify();
  const { pathname } = useLocation();
  const known = useRef<ReadonlySet<string>>(undefined);
  useEffect(() => {
    if (!items) return;
    const before = known.current;
    known.current = new Set(items.map(({ id }) => id));
    // What was there when the page was opened is told by the bell.
    if (!before || document.visibilityState === 'hidden') return;
    const fresh = items.filter(({ id, event, ticket, readAt }) => {
      const seen = ticket !== null && pathname.startsWith(`/tickets/${ticket}`);
      return !before.has(id) && deadlineEvents.has(event) && readAt === null && !seen;
    });
    if (fresh.length > 0) notify(<DeadlineNotice notifications={fresh} />, { autoHideDuration: shownMilliseconds });
  }, [items, notify, pathname]);
}

/** The frame that shows it hands down the rest. */
function DeadlineNotice({ notifications, ...frame }: { notifications: readonly Notification[] } & SnackbarContentProps) {
  const translate = useTranslate();
  const close = useCloseNotification();
  const [{ event, ticket } = { event: undefined, ticket: null }, ...more] = notifications;
  const one = more.length === 0 && ticket !== null && event !== undefined;
  const words = one
    ? translate(`kontor.clocks.notice.${event.replace('.', '_')}`, { ticket })
    : translate('kontor.clocks.notice.several', { smart_count: notifications.length });
  return (
    <SnackbarContent
      {...frame}
      message={words}
      action={
        <Button
          component={Link}
          to={one ? ticketAddress(ticket) : breachingAddress}
          color="inherit"
          onClick={close}
          sx={{ fontWeight: 650, textDecoration: 'underline' }}
        >
          {translate('kontor.clocks.notice.look')}
        </Button>
      }
    />
  );
}
