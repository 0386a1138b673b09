import MoreIcon from '@mui/icons-material/MoreHoriz';
import { Box, Button, IconButton, Menu, MenuItem, Tooltip } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { useKeys, type KeyBinding } from '../keys/keys.ts';
import type { StaffTicketPage } from '../server/answers.ts';
import { CloseDialog } from './CloseDialog.tsx';
import { SnoozeDialog } from './SnoozeDialog.tsx';
import { useTicketAction } from './ticket-actions.tsx';

const inOrder = ['take', 'return', 'reopen', 'dismiss', 'snooze', 'wake', 'close'] as const;
type ButtonAction = (typeof inOrder)[number];
const keysOf: Partial<Record<ButtonAction, string>> = { take: 't', return: 't', snooze: 'z', close: 'e' };

/** What may be done with the ticket now: exactly what the API offers. On a narrow screen all but the first is in a menu. */
export function TicketActions({ ticket, narrow }: { ticket: StaffTicketPage; narrow: boolean }) {
  const translate = useTranslate();
  const { act, busy } = useTicketAction(ticket);
  const [asking, setAsking] = useState<'snooze' | 'close'>();
  const offered = inOrder.filter((action) => ticket.allowedActions.includes(action));
  const start = (action: ButtonAction) => {
    if (action === 'snooze' || action === 'close') setAsking(action);
    else void act({ kind: action });
  };
  const bindings: KeyBinding[] = offered.flatMap((action) =>
    keysOf[action] === undefined ? [] : [{ keys: keysOf[action], does: action === 'return' ? 'take' : action, run: () => start(action) }],
  );
  useKeys(bindings);
  const shown = narrow ? offered.slice(0, 1) : offered;
  return (
    <Box sx={{ display: 'flex', gap: 0.75, flexShrink: 0 }}>
      {shown.map((action) => (
        <Tooltip key={action} title={action === 'dismiss' ? translate('kontor.action.dismissHint') : (keysOf[action]?.toUpperCase() ?? '')}>
          <span>
            <Button
              variant={action === 'take' ? 'contained' : 'outlined'}
              color={action === 'take' ? 'primary' : 'inherit'}
              disabled={busy}
              onClick={() => start(action)}
              sx={action === 'take' ? {} : { borderColor: 'divider' }}
            >
              {translate(`kontor.action.${action}`)}
            </Button>
          </span>
        </Tooltip>
      ))}
      {narrow && offered.length > 1 && <MoreActions actions={offered.slice(1)} onChosen={start} />}
      <SnoozeDialog
        open={asking === 'snooze'}
        onClose={() => setAsking(undefined)}
        onChosen={(until) => {
          setAsking(undefined);
          void act({ kind: 'snooze', until: until.toISOString() });
        }}
      />
      <CloseDialog
        ticket={ticket}
        open={asking === 'close'}
        onClose={() => setAsking(undefined)}
        onConfirmed={(reason) => {
          setAsking(undefined);
          void act({ kind: 'close', reason });
        }}
      />
    </Box>
  );
}

function MoreActions({ actions, onChosen }: { actions: readonly ButtonAction[]; onChosen: (action: ButtonAction) => void }) {
  const translate = useTranslate();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  return (
    <>
      <IconButton
        size="small"
        aria-label={translate('kontor.action.menu')}
        aria-haspopup="menu"
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        <MoreIcon />
      </IconButton>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        {actions.map((action) => (
          <MenuItem
            key={action}
            sx={{ minHeight: 44 }}
            onClick={() => {
              setAnchor(null);
              onChosen(action);
            }}
          >
            {translate(`kontor.action.${action}`)}
          </MenuItem>
        ))}
      </Menu>
    </>
  );
}
