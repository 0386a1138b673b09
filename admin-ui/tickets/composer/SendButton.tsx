import DownIcon from '@mui/icons-material/ArrowDropDown';
import { Box, Button, ButtonGroup, Menu, MenuItem } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import type { ComposerTab } from '../drafts.ts';
import type { Then } from '../sending.ts';

/** Sends, or sends and does what mostly follows. */
export function SendButton({
  tab,
  busy,
  offered,
  onSend,
}: {
  tab: ComposerTab;
  busy: boolean;
  /** What may follow the sending now. */
  offered: readonly Then[];
  onSend: (then?: Then) => void;
}) {
  const translate = useTranslate();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const words = tab === 'reply' ? 'kontor.composer.send' : 'kontor.composer.saveNote';
  const colours = tab === 'note' ? { bgcolor: 'note.text', color: 'note.paper', '&:hover': { bgcolor: 'note.text', opacity: 0.9 } } : {};
  return (
    <>
      <ButtonGroup variant="contained" disableElevation disabled={busy}>
        <Button onClick={() => onSend()} sx={colours}>
          {translate(busy ? 'kontor.composer.sending' : words)}
          <Box component="span" aria-hidden="true" sx={{ ml: 1, fontSize: 12, display: { xs: 'none', md: 'inline' } }}>
            Ctrl+Enter
          </Box>
        </Button>
        {offered.length > 0 && (
          <Button
            aria-label={translate('kontor.ticketPage.sendAnd.label')}
            aria-haspopup="menu"
            aria-expanded={anchor !== null}
            onClick={(event) => setAnchor(event.currentTarget)}
            sx={{ px: 0, minWidth: '32px !important' }}
          >
            <DownIcon fontSize="small" />
          </Button>
        )}
      </ButtonGroup>
      <Menu
        anchorEl={anchor}
        open={anchor !== null}
        onClose={() => setAnchor(null)}
        anchorOrigin={{ vertical: 'top', horizontal: 'right' }}
        transformOrigin={{ vertical: 'bottom', horizontal: 'right' }}
      >
        {offered.map((then) => (
          <MenuItem
            key={then}
            sx={{ minHeight: { xs: 44, md: 34 } }}
            onClick={() => {
              setAnchor(null);
              onSend(then);
            }}
          >
            {translate(`kontor.ticketPage.sendAnd.${then}`)}
          </MenuItem>
        ))}
      </Menu>
    </>
  );
}
