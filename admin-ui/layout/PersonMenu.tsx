import { Avatar, Box, Divider, IconButton, Menu, MenuItem, Tooltip, Typography } from '@mui/material';
import { useState } from 'react';
import { useLogout, useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { useReader } from '../time/reader.ts';

/** The first letters of a name's first two words. */
export function initialsOf(name: string): string {
  return name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0]?.toUpperCase() ?? '')
    .join('');
}

export function PersonMenu() {
  const translate = useTranslate();
  const logout = useLogout();
  const reader = useReader();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  return (
    <>
      <Tooltip title={reader.fullName}>
        <IconButton
          size="small"
          aria-label={`${initialsOf(reader.fullName)}, ${translate('kontor.person.menu')}: ${reader.fullName}`}
          aria-haspopup="menu"
          onClick={(event) => setAnchor(event.currentTarget)}
          sx={{ p: 0.5 }}
        >
          <Avatar sx={{ width: 28, height: 28, fontSize: 12, fontWeight: 650, bgcolor: 'primary.main', color: 'primary.contrastText' }}>
            {initialsOf(reader.fullName)}
          </Avatar>
        </IconButton>
      </Tooltip>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        <Box component="li" role="presentation" sx={{ px: 2, py: 1, maxWidth: 280 }}>
          <Typography sx={{ fontWeight: 600 }}>{reader.fullName}</Typography>
          <Typography variant="body2" sx={{ color: 'text.secondary', overflowWrap: 'anywhere' }}>
            {reader.email}
          </Typography>
          <Typography variant="body2" sx={{ color: 'text.secondary' }}>
            {translate(`kontor.person.roles.${reader.role}`)} · {translate('kontor.person.zone', { zone: reader.timeZone })}
          </Typography>
        </Box>
        <Divider component="li" />
        <MenuItem component={Link} to="/security" onClick={() => setAnchor(null)}>
          {translate('kontor.person.security')}
        </MenuItem>
        <MenuItem onClick={() => void logout()}>{translate('kontor.person.signOut')}</MenuItem>
      </Menu>
    </>
  );
}
