import CheckIcon from '@mui/icons-material/Check';
import { ListItemIcon, ListItemText, ListSubheader, Menu, MenuItem } from '@mui/material';
import { useTranslate } from 'react-admin';
import type { SaidOfDay } from '../../domain/calendar-change.ts';
import type { GlancedDay } from '../../domain/year-at-a-glance.ts';
import { kindOf, useCalendarWords } from './calendar-words.ts';

interface Chosen {
  readonly day: GlancedDay;
  readonly isWorkedByWeek: boolean;
  readonly anchor: HTMLElement;
  readonly onSay: (said: SaidOfDay) => void;
  readonly onClose: () => void;
}

/** What a day may be: what it is by its day of the week, and what a year may say of it. */
export function DayMenu({ day, isWorkedByWeek, anchor, onSay, onClose }: Chosen) {
  const translate = useTranslate();
  const words = useCalendarWords();
  const title = translate('kontor.calendars.year.choose', { date: words.day(day.date) });
  const choices: readonly SaidOfDay[] = isWorkedByWeek ? ['nothing', 'day_off', 'short'] : ['nothing', 'day_off', 'worked', 'worked_short'];
  const offered = choices.includes(day.said) ? choices : [...choices, day.said];
  return (
    <Menu anchorEl={anchor} open onClose={onClose} slotProps={{ list: { 'aria-label': title, dense: true } }}>
      <ListSubheader aria-hidden sx={{ lineHeight: 2.4, fontSize: 12, bgcolor: 'transparent' }}>
        {words.day(day.date)}
      </ListSubheader>
      {offered.map((said) => (
        <MenuItem
          key={said}
          role="menuitemradio"
          aria-checked={said === day.said}
          selected={said === day.said}
          onClick={() => {
            onSay(said);
            onClose();
          }}
        >
          <ListItemIcon>{said === day.said && <CheckIcon fontSize="small" />}</ListItemIcon>
          <ListItemText>
            {said === 'nothing'
              ? translate('kontor.calendars.year.asWeek', { kind: words.kind(kindOf({ said, isWorked: isWorkedByWeek })) })
              : words.kind(said)}
          </ListItemText>
        </MenuItem>
      ))}
    </Menu>
  );
}
