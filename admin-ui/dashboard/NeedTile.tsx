import { Box } from '@mui/material';
import { Link } from 'react-router';

/** How much of something waits for a person. */
export interface Need {
  readonly name: string;
  /** Empty for nothing to do; undefined until it is known. */
  readonly count: string | undefined;
  readonly to: string;
  readonly tone?: 'error.main' | 'warning.main';
}

/** A number that leads to what it counts. Nothing to do is said as calmly as everything else. */
export function NeedTile({ need: { name, count, to, tone } }: { need: Need }) {
  const color = count ? (tone ?? 'text.primary') : 'text.secondary';
  return (
    <Box component={Link} to={to} data-need sx={{ ...tileStyle, '& > strong': { color } }}>
      <Box component="strong" sx={{ fontSize: 24, fontWeight: 650, lineHeight: 1.2 }}>
        {count === undefined ? '…' : count || '0'}
      </Box>
      <Box component="span" sx={{ fontSize: 13, color: 'text.secondary' }}>
        {name}
      </Box>
    </Box>
  );
}

export const tilesStyle = {
  listStyle: 'none',
  m: 0,
  p: 0,
  display: 'grid',
  gap: 1,
  gridTemplateColumns: { xs: 'repeat(2, minmax(0, 1fr))', sm: 'repeat(3, minmax(0, 1fr))', lg: 'repeat(6, minmax(0, 1fr))' },
} as const;

const tileStyle = {
  display: 'flex',
  flexDirection: 'column',
  height: '100%',
  boxSizing: 'border-box',
  px: 1.5,
  py: 1.25,
  border: 1,
  borderColor: 'divider',
  borderRadius: 1,
  textDecoration: 'none',
  '&:hover': { bgcolor: 'surface.hover' },
} as const;
