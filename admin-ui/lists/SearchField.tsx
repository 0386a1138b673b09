import ClearIcon from '@mui/icons-material/Close';
import SearchIcon from '@mui/icons-material/Search';
import { IconButton, InputAdornment, TextField } from '@mui/material';
import { useEffect, useRef, useState } from 'react';
import { useTranslate } from 'react-admin';
import { useKeys } from '../keys/keys.ts';

const settleMilliseconds = 300;

interface Search {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A text that narrows a list while it is typed, once the fingers rest. `f` leads to it. */
export function SearchField({ label, value, onChange }: Search) {
  const translate = useTranslate();
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value);
  const [asked, setAsked] = useState(value);
  // Another value from outside, by the browser's way back say, is what the field shows then.
  if (value !== asked) {
    setAsked(value);
    setText(value);
  }
  useKeys([{ keys: 'f', does: 'narrow', run: () => field.current?.select() }]);
  useEffect(() => {
    const wanted = text.trim();
    if (wanted === asked) return undefined;
    const timer = setTimeout(() => {
      setAsked(wanted);
      onChange(wanted);
    }, settleMilliseconds);
    return () => clearTimeout(timer);
  }, [text, asked, onChange]);
  return (
    <TextField
      size="small"
      value={text}
      onChange={(event) => setText(event.target.value)}
      placeholder={label}
      inputRef={field}
      slotProps={{
        htmlInput: { 'aria-label': label, maxLength: 200, autoComplete: 'off', enterKeyHint: 'search', spellCheck: false },
        input: {
          startAdornment: (
            <InputAdornment position="start">
              <SearchIcon fontSize="small" />
            </InputAdornment>
          ),
          endAdornment: text !== '' && (
            <InputAdornment position="end">
              <IconButton size="small" aria-label={translate('kontor.list.clear')} onClick={() => setText('')}>
                <ClearIcon sx={{ fontSize: 16 }} />
              </IconButton>
            </InputAdornment>
          ),
        },
      }}
      sx={{
        width: { xs: '100%', md: 320 },
        '& .MuiOutlinedInput-root': { height: 34, fontSize: 13 },
        '& input::placeholder': { color: 'text.secondary', opacity: 1 },
      }}
    />
  );
}
