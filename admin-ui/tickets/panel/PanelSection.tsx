import { Box, Typography } from '@mui/material';
import { useId, type ReactNode } from 'react';

/** One part of the side panel, under its heading. What it offers to do stands beside the heading. */
export function PanelSection({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <Box sx={headStyle}>
        <Typography id={id} variant="h2" sx={{ color: 'text.secondary', fontSize: 12, fontWeight: 600, mr: 'auto' }}>
          {title}
        </Typography>
        {action}
      </Box>
      {children}
    </section>
  );
}

/** What is offered stands small at the edge, whatever the section offers: the eye finds it in one column. */
const headStyle = {
  display: 'flex',
  alignItems: 'center',
  minHeight: 24,
  mb: 0.5,
  '& .MuiButton-root': { minHeight: 24, minWidth: 0, px: 0.75, py: 0, mr: -0.75, fontSize: 12 },
} as const;

/** Names and what they are, one under another. */
export function Facts({ children }: { children: ReactNode }) {
  return (
    <Box component="dl" sx={{ m: 0, display: 'grid', gridTemplateColumns: 'minmax(84px, auto) 1fr', columnGap: 1.5, rowGap: 0.75 }}>
      {children}
    </Box>
  );
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <Box component="dt" sx={{ color: 'text.secondary' }}>
        {name}
      </Box>
      <Box component="dd" sx={{ m: 0, minWidth: 0, overflowWrap: 'anywhere' }}>
        {children}
      </Box>
    </>
  );
}

export const linkStyle = { color: 'primary.main' } as const;
