import { Box, Typography } from '@mui/material';
import type { ReactNode } from 'react';

/** A part of a page of settings: what it is about at the side, what there is and can be done beside it. */
export function Section({ id, title, hint, children }: { id: string; title: string; hint: string; children: ReactNode }) {
  return (
    <Box
      component="section"
      aria-labelledby={id}
      sx={{
        display: 'grid',
        gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: '240px minmax(0, 1fr)' },
        columnGap: 5,
        rowGap: 1.5,
        py: 3,
        borderTop: 1,
        borderColor: 'divider',
      }}
    >
      <Box>
        <Typography id={id} variant="h2" sx={{ fontSize: 14 }}>
          {title}
        </Typography>
        <Typography variant="body2" sx={{ color: 'text.secondary', mt: 0.5, maxWidth: 480 }}>
          {hint}
        </Typography>
      </Box>
      <Box sx={{ minWidth: 0 }}>{children}</Box>
    </Box>
  );
}

/** One thing of a section and what can be done with it; on a narrow screen the button stands below. */
export function SectionRow({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'flex-start', justifyContent: 'space-between' }}>
      <Box sx={{ flex: '1 1 260px', minWidth: 0 }}>{children}</Box>
      <Box sx={{ mt: { sm: -0.5 } }}>{action}</Box>
    </Box>
  );
}
