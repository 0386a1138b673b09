/**
 * How the days of a year look. Each kind differs in shape, not in colour alone: a day off is a filled disc, a worked weekend has
 * a frame, a short day a bar below; what is not as officially has a folded corner, what is not saved a dot, today a dashed ring.
 */
import type { Theme } from '@mui/material/styles';
import { visuallyHidden } from '../layout/visually-hidden.ts';

/** Large enough for a finger where one is used, small enough for a year on one screen where none is. */
const side = { xs: 38, md: 26 };

export const gridStyle = {
  '& .day': {
    position: 'relative',
    display: 'inline-flex',
    alignItems: 'center',
    justifyContent: 'center',
    width: side,
    height: side,
    p: 0,
    border: '1.5px solid transparent',
    borderRadius: 1,
    bgcolor: 'transparent',
    color: 'text.primary',
    font: 'inherit',
    fontSize: 13,
    fontVariantNumeric: 'tabular-nums',
    flexShrink: 0,
  },
  '& button.day': { cursor: 'pointer', '&:hover': { bgcolor: 'surface.hover' } },
  '& .day[data-kind="free"]': { color: 'text.secondary', bgcolor: 'surface.page' },
  '& .day[data-kind="day_off"]': { borderRadius: '50%', bgcolor: 'primary.main', color: 'primary.contrastText', fontWeight: 650 },
  '& .day[data-kind="worked"], & .day[data-kind="worked_short"]': { borderColor: 'primary.main', fontWeight: 650 },
  '& .day[data-kind="short"]::after, & .day[data-kind="worked_short"]::after': {
    content: '""',
    position: 'absolute',
    left: 6,
    right: 6,
    bottom: 2,
    height: 3,
    bgcolor: 'primary.main',
    borderRadius: 1,
  },
  '& .day[data-today]': { outline: '1.5px dashed', outlineColor: 'text.secondary', outlineOffset: 1 },
  '& .day[data-different]': {
    backgroundImage: (theme: Theme) => `linear-gradient(225deg, ${theme.palette.text.primary} 0 6px, transparent 6.5px)`,
    backgroundOrigin: 'border-box',
    backgroundRepeat: 'no-repeat',
    borderTopRightRadius: 0,
  },
  '& .heard': visuallyHidden,
  '& .day[data-edited]::before': {
    content: '""',
    position: 'absolute',
    left: 1,
    top: 1,
    width: 8,
    height: 8,
    borderRadius: '50%',
    bgcolor: 'warning.main',
    border: '1.5px solid',
    borderColor: 'background.default',
  },
  '& .day:focus-visible': { outline: '2px solid', outlineColor: 'primary.main', outlineOffset: 1, zIndex: 1 },
} as const;
