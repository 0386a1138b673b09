import { Button } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';

/** Copies a text and says whether it did: without https a browser may refuse, and then it must be copied by hand. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const translate = useTranslate();
  const [outcome, setOutcome] = useState<'copied' | 'notCopied'>();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setOutcome('copied');
    } catch {
      setOutcome('notCopied');
    }
  };
  return (
    <Button variant="outlined" color="inherit" sx={{ borderColor: 'divider' }} onClick={() => void copy()}>
      <span aria-live="polite">{outcome === undefined ? label : translate(`kontor.${outcome}`)}</span>
    </Button>
  );
}
