import { Box } from '@mui/material';
import type { Tone } from './Columns.tsx';

const looks: Readonly<Record<Tone, object>> = {
  calm: { bgcolor: 'primary.main' },
  soft: { bgcolor: 'primary.main', opacity: 0.5 },
  grave: { bgcolor: 'error.main', backgroundImage: 'repeating-linear-gradient(135deg, transparent 0 3px, rgb(255 255 255 / 0.4) 3px 4px)' },
  quiet: { bgcolor: 'text.disabled' },
};

/** Which part of a column is which. */
export function Legend({ parts }: { parts: readonly { readonly tone: Tone; readonly name: string }[] }) {
  return (
    <Box component="span" sx={{ display: 'inline-flex', flexWrap: 'wrap', columnGap: 1.5 }}>
      {parts.map(({ tone, name }) => (
        <Box component="span" key={tone} sx={{ display: 'inline-flex', alignItems: 'center', gap: 0.75 }}>
          <Box component="span" aria-hidden sx={{ width: 10, height: 10, borderRadius: '2px', ...looks[tone] }} />
          {name}
        </Box>
      ))}
    </Box>
  );
}
