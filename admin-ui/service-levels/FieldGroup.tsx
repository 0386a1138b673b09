import { Box, FormHelperText } from '@mui/material';
import type { ReactNode } from 'react';
import { visuallyHidden } from '../layout/visually-hidden.ts';

interface Group {
  readonly label: string;
  /** Where the label stands above already, it is told to those who hear the page. */
  readonly isLabelled?: boolean;
  readonly hint?: string | undefined;
  /** How wide the two fields are, of each other. */
  readonly widths: string;
  readonly children: ReactNode;
}

/** Two fields that say one thing together, with what it is above them. */
export function FieldGroup({ label, isLabelled = false, hint, widths, children }: Group) {
  return (
    <Box component="fieldset" sx={{ border: 0, p: 0, m: 0, minWidth: 0 }}>
      <Box component="legend" sx={isLabelled ? visuallyHidden : { p: 0, mb: 1, fontSize: 12, color: 'text.secondary' }}>
        {label}
      </Box>
      <Box sx={{ display: 'grid', gap: 1, gridTemplateColumns: widths }}>{children}</Box>
      {hint !== undefined && <FormHelperText sx={{ mx: 1.75 }}>{hint}</FormHelperText>}
    </Box>
  );
}
