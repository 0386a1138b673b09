import { Button } from '@mui/material';
import { useState } from 'react';
import { useNotify } from 'react-admin';
import { useFailureWords } from '../failures/FailureText.tsx';
import { isCancelled } from '../server/request-failure.ts';
import { request } from '../server/request.ts';

interface Saved {
  readonly label: string;
  readonly path: string;
  /** Under which name it is saved. */
  readonly file: string;
}

/** Saves a text of the books as a file; a fresh code is asked for in place. */
export function SaveButton({ label, path, file }: Saved) {
  const notify = useNotify();
  const failureWords = useFailureWords();
  const [busy, setBusy] = useState(false);
  const take = async () => {
    setBusy(true);
    try {
      const text = await request<string>('GET', path, { accept: 'text/plain, application/x-ndjson' });
      const address = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
      const link = document.createElement('a');
      Object.assign(link, { href: address, download: file }).click();
      // The browser takes the file's content a moment after the click.
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
    } catch (error) {
      if (!isCancelled(error)) notify(failureWords(error), { type: 'error' });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button variant="outlined" disabled={busy} onClick={() => void take()}>
      {label}
    </Button>
  );
}
