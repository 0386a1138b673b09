import BellIcon from '@mui/icons-material/NotificationsOutlined';
import { Badge, Box, Button, IconButton, List, ListItemButton, Popover, Tooltip, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router';
import type { z } from 'zod';
import type { notificationsSchema } from '../../api/routes/notifications.ts';
import { ReadFailure } from '../failures/FailurePage.tsx';
import { SlowWait } from '../layout/SlowWait.tsx';
import { lookAgain } from '../live/live-stream.ts';
import { request } from '../server/request.ts';
import { useCarryOut } from '../server/wish.ts';
import { ticketAddress } from '../tickets/TicketTable.tsx';
import { Moment } from '../time/Moment.tsx';
import { useDeadlineNotices } from './DeadlineNotice.tsx';

type Notifications = z.infer<typeof notificationsSchema>;
export type Notification = Notifications['items'][number];

const shown = 20;
const lookAgainMilliseconds = 30_000;

function useNotifications() {
  return useQuery({
    queryKey: ['notifications'],
    queryFn: () => request<Notifications>('GET', '/notifications', { query: { limit: shown } }),
    refetchInterval: () => lookAgain(lookAgainMilliseconds),
  });
}

/** What the reader was told (SPEC N1): how much of it is new, and the list behind it. */
export function NotificationBell() {
  const translate = useTranslate();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const { data, error, refetch } = useNotifications();
  useDeadlineNotices(data?.items);
  const carryOut = useCarryOut();
  const unread = data?.unread ?? 0;
  const label = unread === 0 ? translate('kontor.live.bell.none') : translate('kontor.live.bell.some', { smart_count: unread });
  const read = (ids?: string[]) => void carryOut({ method: 'POST', path: '/notifications/read', body: ids ? { ids } : {} }).catch(() => {});
  return (
    <>
      <Tooltip title={label}>
        <IconButton
          size="small"
          color="inherit"
          aria-label={label}
          aria-haspopup="dialog"
          data-bell={unread}
          onClick={(event) => setAnchor(event.currentTarget)}
        >
          <Badge badgeContent={unread === 0 ? null : unread} max={99} color="primary">
            <BellIcon fontSize="small" />
          </Badge>
        </IconButton>
      </Tooltip>
      <Popover
        open={anchor !== null}
        anchorEl={anchor}
        onClose={() => setAnchor(null)}
        anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }}
        transformOrigin={{ vertical: 'top', horizontal: 'right' }}
        slotProps={{
          paper: {
            role: 'dialog',
            'aria-label': translate('kontor.live.bell.title'),
            sx: { width: 380, maxWidth: 'calc(100vw - 16px)' },
          } as object,
        }}
      >
        <Box sx={{ display: 'flex', alignItems: 'center', px: 2, pt: 1.25, pb: 0.5 }}>
          <Typography variant="h2" sx={{ fontSize: 15, fontWeight: 650, mr: 'auto' }}>
            {translate('kontor.live.bell.title')}
          </Typography>
          {unread > 0 && (
            <Button size="small" onClick={() => read()}>
              {translate('kontor.live.bell.readAll')}
            </Button>
          )}
        </Box>
        {data ? (
          <Entries
            items={data.items}
            onChosen={(notification) => {
              setAnchor(null);
              if (notification.readAt === null) read([notification.id]);
            }}
          />
        ) : error ? (
          <ReadFailure error={error} retry={() => void refetch()} />
        ) : (
          <SlowWait />
        )}
      </Popover>
    </>
  );
}

function Entries({ items, onChosen }: { items: readonly Notification[]; onChosen: (notification: Notification) => void }) {
  const translate = useTranslate();
  if (items.length === 0)
    return (
      <Box sx={{ px: 2, py: 3, textAlign: 'center', color: 'text.secondary', fontSize: 13 }}>{translate('kontor.live.bell.empty')}</Box>
    );
  return (
    <List component="div" dense sx={{ maxHeight: '60dvh', overflowY: 'auto' }}>
      {items.map((notification) => (
        <ListItemButton
          key={notification.id}
          component={Link}
          to={addressOf(notification)}
          onClick={() => onChosen(notification)}
          data-unread={notification.readAt === null}
          sx={{ display: 'grid', gridTemplateColumns: '10px minmax(0, 1fr) auto', columnGap: 1, alignItems: 'baseline' }}
        >
          <Box
            aria-hidden
            sx={{ width: 8, height: 8, borderRadius: '50%', bgcolor: notification.readAt === null ? 'primary.main' : 'transparent' }}
          />
          <Box sx={{ fontSize: 13, fontWeight: notification.readAt === null ? 600 : 400 }}>
            {notification.ticket !== null && `${notification.ticket} · `}
            {translate(`kontor.live.event.${notification.event.replace('.', '_')}`)}
          </Box>
          <Box sx={{ fontSize: 12, color: 'text.secondary', whiteSpace: 'nowrap' }}>
            <Moment at={notification.createdAt} />
          </Box>
        </ListItemButton>
      ))}
    </List>
  );
}

/** Where one looks for what it tells of. */
function addressOf({ ticket, event }: Notification): string {
  if (ticket !== null) return ticketAddress(ticket);
  return event === 'calendar.year_missing' ? '/calendars' : '/security';
}
