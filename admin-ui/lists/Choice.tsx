import { TextField } from '@mui/material';
import type { ReactNode } from 'react';

interface OneOf {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** `<option>`s. */
  readonly children: ReactNode;
}

/** One of a few, above a list. The browser's own menu: it works with any keyboard and any reader. */
export function Choice({ label, value, onChange, children }: OneOf) {
  return (
    <TextField
      select
      size="small"
      label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      slotProps={{ select: { native: true }, inputLabel: { shrink: true }, htmlInput: { 'aria-label': label } }}
      sx={{ minWidth: 118, '& .MuiNativeSelect-select': { py: 0.75, fontSize: 13 }, '& .MuiInputLabel-root': { fontSize: 13 } }}
    >
      {children}
    </TextField>
  );
}
