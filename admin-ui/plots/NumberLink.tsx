import { Box } from '@mui/material';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useNumberWords } from './number-words.ts';

interface LinkedNumber {
  readonly value: number;
  /** The list that makes it. */
  readonly to: string;
  /** What it counts, for who hears it without its heading. */
  readonly label?: string;
  readonly tone?: 'grave' | 'near' | undefined;
  /** In place of the number's own spelling. */
  readonly children?: ReactNode;
}

/** A number that leads to what it is made of. Nothing leads nowhere. */
export function NumberLink({ value, to, label, tone, children }: LinkedNumber) {
  const { count } = useNumberWords();
  const spelled = children ?? count(value);
  if (value === 0)
    return (
      <Box component="span" sx={{ color: 'text.secondary' }}>
        {spelled}
      </Box>
    );
  return (
    <Box
      component={Link}
      to={to}
      aria-label={label === undefined ? undefined : `${label}: ${count(value)}`}
      sx={{
        color: tone === 'grave' ? 'error.main' : tone === 'near' ? 'warning.main' : 'primary.main',
        fontWeight: tone ? 600 : undefined,
        textDecorationColor: 'transparent',
        '&:hover, &:focus-visible': { textDecorationColor: 'inherit' },
      }}
    >
      {spelled}
    </Box>
  );
}
