import FixedIcon from '@mui/icons-material/CheckCircleOutlined';
import HeldIcon from '@mui/icons-material/PauseCircleOutlined';
import NearIcon from '@mui/icons-material/AlarmOutlined';
import OverdueIcon from '@mui/icons-material/ErrorOutlined';
import PausedIcon from '@mui/icons-material/HourglassEmptyOutlined';
import RunningIcon from '@mui/icons-material/TimerOutlined';
import { Box } from '@mui/material';
import type { ComponentType, ReactNode } from 'react';
import type { ClockReading } from './clock-reading.ts';

type Sign = ComponentType<{ sx: object }>;

/** A shape for each state, so that colour is never alone; red only for what is broken, amber for what is about to be. */
const signs: Readonly<Record<ClockReading['is'], { readonly Icon: Sign; readonly color: string }>> = {
  running: { Icon: RunningIcon, color: 'text.primary' },
  near: { Icon: NearIcon, color: 'warning.main' },
  overdue: { Icon: OverdueIcon, color: 'error.main' },
  held: { Icon: HeldIcon, color: 'text.secondary' },
  paused: { Icon: PausedIcon, color: 'text.secondary' },
  fixed: { Icon: FixedIcon, color: 'text.secondary' },
  not_counted: { Icon: PausedIcon, color: 'text.secondary' },
};

/** How a clock stands: words behind the sign of its state. */
export function ClockState({ is, children }: { is: ClockReading['is']; children: ReactNode }) {
  const { Icon, color } = signs[is];
  return (
    <Box
      component="span"
      data-clock={is}
      sx={{ color, fontWeight: is === 'overdue' || is === 'near' ? 600 : 400, '& > svg': { fontSize: 15, mr: 0.5, verticalAlign: '-2px' } }}
    >
      <Icon sx={{}} />
      {children}
    </Box>
  );
}

export function clockColor(is: ClockReading['is']): string {
  return signs[is].color;
}
