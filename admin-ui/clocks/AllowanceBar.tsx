import { Box } from '@mui/material';
import { warningLeftShare } from '../../domain/service-clock.ts';
import { clockColor } from './ClockState.tsx';
import type { ClockReading } from './clock-reading.ts';

// The element that HTML has for a measure cannot be drawn the same way in every browser.
const meter = { role: 'meter' } as const;

/** Stripes for what is near, a lattice for what is over: it is read without its colour too. */
const patterns: Readonly<Partial<Record<ClockReading['is'], string>>> = {
  near: 'repeating-linear-gradient(135deg, transparent 0 4px, rgb(255 255 255 / 0.45) 4px 6px)',
  overdue:
    'repeating-linear-gradient(135deg, transparent 0 4px, rgb(255 255 255 / 0.45) 4px 6px), repeating-linear-gradient(45deg, transparent 0 4px, rgb(255 255 255 / 0.45) 4px 6px)',
};

/** How much of its time a clock has used, with a stroke where staff are warned. What it says stands in words beside it. */
export function AllowanceBar({ label, is, used }: { label: string; is: ClockReading['is']; used: number }) {
  const percent = Math.round(Math.min(1, Math.max(0, used)) * 100);
  return (
    <Box
      {...meter}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      sx={{ position: 'relative', height: 8, my: 0.5, border: 1, borderColor: 'divider', borderRadius: 1, bgcolor: 'background.default' }}
    >
      <Box
        sx={{
          width: `${percent}%`,
          height: '100%',
          borderRadius: 'inherit',
          bgcolor: is === 'running' ? 'primary.main' : clockColor(is),
          backgroundImage: patterns[is],
        }}
      />
      <Box
        sx={{
          position: 'absolute',
          insetBlock: -3,
          left: `${(1 - warningLeftShare) * 100}%`,
          borderLeft: 1,
          borderColor: 'text.secondary',
        }}
      />
    </Box>
  );
}
