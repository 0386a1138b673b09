import { Box } from '@mui/material';
import { warningLeftShare } from '../../domain/service-clock.ts';
import { clockColor } from './ClockState.tsx';
import type { ClockReading } from './clock-reading.ts';

// The element that HTML has for a measure cannot be drawn the same way in every browser.
const meter = { role: 'meter' } as const;

/** What is near is striped, what stands still is dotted: it is read without its colour too. */
const stripes = 'repeating-linear-gradient(135deg, transparent 0 5px, rgb(255 255 255 / 0.4) 5px 7px)';
const dots = 'repeating-linear-gradient(90deg, transparent 0 3px, rgb(255 255 255 / 0.4) 3px 6px)';
const patterns: Readonly<Partial<Record<ClockReading['is'], string>>> = { near: stripes, held: dots, paused: dots, fixed: dots };

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
