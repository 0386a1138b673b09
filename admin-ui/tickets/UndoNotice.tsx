import { Button, SnackbarContent, type SnackbarContentProps } from '@mui/material';
import { useState } from 'react';
import { useCloseNotification } from 'react-admin';
import { useKeys } from '../keys/keys.ts';

/** Says what was done and offers to undo it while it stands there. The frame that shows it hands down the rest. */
export function UndoNotice({
  words,
  label,
  onUndo,
  ...frame
}: { words: string; /** What undoing is called here. */ label: string; onUndo: () => Promise<void> } & SnackbarContentProps) {
  const close = useCloseNotification();
  const [busy, setBusy] = useState(false);
  const undo = () => {
    if (busy) return;
    setBusy(true);
    void onUndo().finally(close);
  };
  useKeys([{ keys: 'u', does: 'undo', run: undo }]);
  return (
    <SnackbarContent
      {...frame}
      message={words}
      action={
        <Button color="inherit" disabled={busy} onClick={undo} sx={{ fontWeight: 650, textDecoration: 'underline' }}>
          {label} (U)
        </Button>
      }
    />
  );
}
