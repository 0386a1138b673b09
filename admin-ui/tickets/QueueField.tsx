import { MenuItem, TextField } from '@mui/material';
import { useQueues } from '../queues/queues.ts';

interface QueueChoice {
  readonly label: string;
  /** A category; empty for none yet. */
  readonly value: string;
  readonly onChange: (category: string) => void;
  /** A queue that is not offered. */
  readonly without?: string;
  readonly fault?: string | undefined;
  readonly autoFocus?: boolean;
}

/** Chooses a queue. */
export function QueueField({ label, value, onChange, without, fault, autoFocus = false }: QueueChoice) {
  const queues = useQueues().filter(({ category }) => category !== without);
  return (
    <TextField
      select
      fullWidth
      size="small"
      sx={{ mt: 2 }}
      autoFocus={autoFocus}
      label={label}
      value={queues.some(({ category }) => category === value) ? value : ''}
      error={fault !== undefined}
      helperText={fault}
      onChange={(event) => onChange(event.target.value)}
    >
      {queues.map(({ category, name }) => (
        <MenuItem key={category} value={category}>
          {name}
        </MenuItem>
      ))}
    </TextField>
  );
}
