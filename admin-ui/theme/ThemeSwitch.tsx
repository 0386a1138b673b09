import DarkIcon from '@mui/icons-material/DarkModeOutlined';
import LightIcon from '@mui/icons-material/LightModeOutlined';
import SystemIcon from '@mui/icons-material/ContrastOutlined';
import { IconButton, ListItemIcon, ListItemText, Menu, MenuItem, Tooltip } from '@mui/material';
import { useState } from 'react';
import { useRemoveFromStore, useStore, useTranslate } from 'react-admin';

const choices = { system: SystemIcon, light: LightIcon, dark: DarkIcon } as const;

/** Light, dark, or as the system says: then nothing is stored, and the system's wish is followed as it changes. */
export function ThemeSwitch() {
  const translate = useTranslate();
  const [stored, setStored] = useStore<'light' | 'dark' | undefined>('theme');
  const forget = useRemoveFromStore();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const current = stored ?? 'system';
  const Icon = choices[current];
  const choose = (choice: keyof typeof choices) => {
    setAnchor(null);
    if (choice === 'system') forget('theme');
    else setStored(choice);
  };
  return (
    <>
      <Tooltip title={translate('kontor.theme.label')}>
        <IconButton
          color="inherit"
          size="small"
          aria-label={translate('kontor.theme.label')}
          aria-haspopup="menu"
          onClick={(event) => setAnchor(event.currentTarget)}
        >
          <Icon fontSize="small" />
        </IconButton>
      </Tooltip>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        {(Object.keys(choices) as (keyof typeof choices)[]).map((choice) => {
          const ChoiceIcon = choices[choice];
          return (
            <MenuItem key={choice} selected={choice === current} onClick={() => choose(choice)}>
              <ListItemIcon>
                <ChoiceIcon fontSize="small" />
              </ListItemIcon>
              <ListItemText>{translate(`kontor.theme.${choice}`)}</ListItemText>
            </MenuItem>
          );
        })}
      </Menu>
    </>
  );
}
