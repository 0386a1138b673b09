import { Box, Typography } from '@mui/material';
import type { ReactNode } from 'react';
import { PageTitle } from '../layout/PageTitle.tsx';

interface Settings {
  readonly title: string;
  readonly hint: string;
  /** What may be done to the whole list. */
  readonly deeds?: ReactNode;
  readonly children: ReactNode;
}

/** A page of settings: what it is for, what may be made anew, and what there is. */
export function SettingsPage({ title, hint, deeds, children }: Settings) {
  return (
    <Box sx={{ maxWidth: 960, px: { xs: 2, md: 3 }, py: 2.5 }}>
      <PageTitle>{title}</PageTitle>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'flex-start', mb: 2 }}>
        <Box sx={{ flex: '1 1 320px' }}>
          <Typography variant="h1">{title}</Typography>
          <Typography sx={{ color: 'text.secondary', mt: 0.5 }}>{hint}</Typography>
        </Box>
        {deeds}
      </Box>
      <Box component="ul" sx={{ listStyle: 'none', p: 0, m: 0 }}>
        {children}
      </Box>
    </Box>
  );
}

/** One thing of such a page: what it is called, what it does, and what may be done with it. */
export function Setting({ name, children, deeds }: { name: ReactNode; children: ReactNode; deeds?: ReactNode }) {
  return (
    <Box component="li" sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, py: 2, borderTop: 1, borderColor: 'divider' }}>
      <Box sx={{ flex: '1 1 320px', minWidth: 0, overflowWrap: 'anywhere' }}>
        <Typography component="h2" variant="h2" sx={{ fontSize: 14 }}>
          {name}
        </Typography>
        {children}
      </Box>
      {deeds && <Box sx={{ display: 'flex', gap: 1, alignItems: 'flex-start', flexWrap: 'wrap' }}>{deeds}</Box>}
    </Box>
  );
}
