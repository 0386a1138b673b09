import { TextField, Tooltip } from '@mui/material';
import { useState, type KeyboardEvent } from 'react';

interface Field {
  readonly label: string;
  readonly hint: string;
  readonly fault: string;
  readonly value: string;
  /** What the text names, or undefined when it names nothing. */
  readonly read: (text: string) => string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

/** A text that narrows the list once it is finished: by Enter, or by leaving the field. One that names nothing is told so. */
export function FilterText({ label, hint, fault, value, read, onChange }: Field) {
  const [text, setText] = useState(value);
  const [shown, setShown] = useState(value);
  const [wrong, setWrong] = useState(false);
  if (value !== shown) {
    setShown(value);
    setText(value);
    setWrong(false);
  }
  const finish = () => {
    if (text.trim() === shown) return;
    const named = text.trim() === '' ? '' : read(text);
    setWrong(named === undefined);
    if (named !== undefined) onChange(named === '' ? undefined : named);
  };
  return (
    <Tooltip title={wrong ? '' : hint}>
      <TextField
        size="small"
        label={label}
        value={text}
        error={wrong}
        helperText={wrong ? fault : undefined}
        onChange={(event) => setText(event.target.value)}
        onBlur={finish}
        onKeyDown={(event: KeyboardEvent) => event.key === 'Enter' && finish()}
        slotProps={{
          inputLabel: { shrink: true },
          htmlInput: { maxLength: 100, autoComplete: 'off', spellCheck: false },
          formHelperText: { role: 'alert', sx: { mx: 0, maxWidth: 220 } },
        }}
        sx={{ width: 150, '& input': { py: 0.75, fontSize: 13 }, '& .MuiInputLabel-root': { fontSize: 13 } }}
      />
    </Tooltip>
  );
}
