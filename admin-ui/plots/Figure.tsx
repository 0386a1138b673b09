import { Box, Button, ButtonBase, Typography } from '@mui/material';
import { useState, type ReactNode } from 'react';
import { useTranslate } from 'react-admin';

interface Section {
  readonly title: string;
  readonly hint?: ReactNode;
  /** What is done with it, beside its title. */
  readonly deeds?: ReactNode;
  readonly children: ReactNode;
}

/** A part of a page of numbers: its title, what may be done with it, and what it shows. */
export function NumbersSection({ title, hint, deeds, children }: Section) {
  return (
    <Box component="section" aria-label={title} sx={{ minWidth: 0, borderTop: 1, borderColor: 'divider', pt: 2, pb: 2.5 }}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center', minHeight: 32, mb: 1 }}>
        <Typography variant="h2" sx={{ fontSize: 14, mr: 'auto' }}>
          {title}
        </Typography>
        {deeds}
      </Box>
      {hint && <Box sx={{ color: 'text.secondary', fontSize: 13, mt: -0.5, mb: 1.5, maxWidth: '72ch' }}>{hint}</Box>}
      {children}
    </Box>
  );
}

interface Twins {
  /** What both show. */
  readonly name: string;
  readonly plot: ReactNode;
  readonly table: ReactNode;
  /** Stands before the button, where there is something to say. */
  readonly caption?: ReactNode;
}

/** A plot and its twin, a table, of which the reader chooses one: whatever the one shows, the other does. */
export function PlotOrTable({ name, plot, table, caption }: Twins) {
  const translate = useTranslate();
  const [asTable, setAsTable] = useState(false);
  return (
    <Box component="figure" sx={{ m: 0, minWidth: 0 }}>
      <Box component="figcaption" sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center', mb: 1, fontSize: 13 }}>
        <Box sx={{ mr: 'auto', color: 'text.secondary' }}>{caption}</Box>
        <Button
          size="small"
          color="inherit"
          aria-label={translate(`kontor.reports.${asTable ? 'plotOf' : 'tableOf'}`, { name })}
          onClick={() => setAsTable(!asTable)}
          sx={{ color: 'text.secondary', minHeight: { xs: 44, md: 28 } }}
        >
          {translate(`kontor.reports.${asTable ? 'plot' : 'table'}`)}
        </Button>
      </Box>
      {asTable ? table : plot}
    </Box>
  );
}

/** A quiet button among a section's deeds. */
export function Deed({ label, onClick, children }: { label: string; onClick: () => void; children: ReactNode }) {
  return (
    <ButtonBase
      aria-label={label}
      onClick={onClick}
      sx={{ px: 1, minHeight: { xs: 44, md: 28 }, borderRadius: 1, fontSize: 13, color: 'text.secondary', gap: 0.5 }}
    >
      {children}
    </ButtonBase>
  );
}
