import MoreIcon from '@mui/icons-material/MoreHoriz';
import { Box, Button, IconButton, Menu, MenuItem, Tooltip } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { useKeys } from '../keys/keys.ts';
import type { StaffTicketPage } from '../server/answers.ts';
import { useMay, useReader } from '../time/reader.ts';
import { deskActions, type DeskAction } from './actions/desk-actions.ts';
import { useTicketAction } from './ticket-actions.tsx';

/** What may be done with the ticket now: exactly what the API would allow. On a narrow screen all but the first is in a menu. */
export function TicketActions({ ticket, narrow }: { ticket: StaffTicketPage; narrow: boolean }) {
  const translate = useTranslate();
  const { act, busy } = useTicketAction(ticket);
  const { id } = useReader();
  const may = useMay();
  const [asking, setAsking] = useState<string>();
  const offered = deskActions.filter((action) => action.offered(ticket, { id, may }));
  const start = (action: DeskAction) => {
    if ('wish' in action.does) void act(action.does.wish);
    else setAsking(action.name);
  };
  useKeys(offered.map((action) => ({ keys: action.keys, does: wordsOf(action), run: () => start(action) })));
  const beside = offered.filter(({ place }) => place === 'beside');
  const shown = narrow ? beside.slice(0, 1) : beside;
  const rest = offered.filter((action) => !shown.includes(action));
  const asked = deskActions.find(({ name }) => name === asking)?.does;
  return (
    <Box sx={{ display: 'flex', gap: 0.75, flexShrink: 0 }}>
      {shown.map((action) => (
        <Tooltip key={action.name} title={action.hint === undefined ? (action.keys?.toUpperCase() ?? '') : translate(action.hint)}>
          <span>
            <Button
              variant={action.name === 'take' ? 'contained' : 'outlined'}
              color={action.name === 'take' ? 'primary' : 'inherit'}
              disabled={busy}
              onClick={() => start(action)}
              sx={action.name === 'take' ? {} : { borderColor: 'divider' }}
            >
              {translate(wordsOf(action))}
            </Button>
          </span>
        </Tooltip>
      ))}
      {rest.length > 0 && <MoreActions actions={rest} onChosen={start} />}
      {asked && 'Ask' in asked && <asked.Ask ticket={ticket} onClose={() => setAsking(undefined)} />}
    </Box>
  );
}

function wordsOf({ name, words }: DeskAction): string {
  return words ?? `kontor.action.${name}`;
}

function MoreActions({ actions, onChosen }: { actions: readonly DeskAction[]; onChosen: (action: DeskAction) => void }) {
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
            key={action.name}
            sx={{ minHeight: { xs: 44, md: 34 } }}
            onClick={() => {
              setAnchor(null);
              onChosen(action);
            }}
          >
            {translate(wordsOf(action))}
          </MenuItem>
        ))}
      </Menu>
    </>
  );
}
