import PhoneIcon from '@mui/icons-material/PhoneInTalkOutlined';
import { IconButton, Menu, MenuItem, Tooltip } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { heardChannels, type HeardChannel } from '../../../domain/ticket.ts';

/** Logs a call (SPEC C6): what is written was said by another way than the console. */
export function ChannelChoice({
  value,
  onChange,
}: {
  value: HeardChannel | undefined;
  onChange: (value: HeardChannel | undefined) => void;
}) {
  const translate = useTranslate();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const choose = (chosen: HeardChannel | undefined) => {
    setAnchor(null);
    onChange(chosen);
  };
  const name = translate('kontor.ticketPage.channel.label');
  return (
    <>
      <Tooltip title={name}>
        <IconButton
          size="small"
          aria-label={name}
          aria-haspopup="menu"
          onClick={(event) => setAnchor(event.currentTarget)}
          sx={{ width: 30, height: 30, color: value ? 'primary.main' : 'text.secondary' }}
        >
          <PhoneIcon fontSize="small" />
        </IconButton>
      </Tooltip>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        <MenuItem selected={value === undefined} onClick={() => choose(undefined)}>
          {translate('kontor.ticketPage.channel.none')}
        </MenuItem>
        {heardChannels.map((channel) => (
          <MenuItem key={channel} selected={value === channel} onClick={() => choose(channel)}>
            {translate(`kontor.ticketPage.channel.${channel}`)}
          </MenuItem>
        ))}
      </Menu>
    </>
  );
}
