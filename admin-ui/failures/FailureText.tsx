import { Box, Button } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { isRequestFailure } from '../server/request-failure.ts';
import { fixedLetters } from '../theme/theme.ts';
import { useSpellDurationInWords } from '../time/reader.ts';

/** The words for a failure: the server's own when it gave some, in the reader's language. */
export function useFailureWords(): (error: unknown) => string {
  const translate = useTranslate();
  const spellDuration = useSpellDurationInWords();
  return (error) => {
    if (!isRequestFailure(error)) return translate('kontor.failure.broken');
    if (error.code === 'auth.too_many_tries' && error.retryAfterSeconds !== undefined)
      return translate('kontor.failure.tooManyTries', { duration: spellDuration(waitSaid(error.retryAfterSeconds)) });
    return translate(error.message, { _: error.message });
  };
}

/** Minutes are rounded up: whoever comes back when he was told to must not be sent away again. */
function waitSaid(seconds: number): number {
  return seconds > 60 ? Math.ceil(seconds / 60) * 60 : seconds;
}

/** What happened, what did not, what to do, and the request's id to copy (unless the reader himself mistyped something). */
export function FailureText({ error, consequence, withId = true }: { error: unknown; consequence?: string | undefined; withId?: boolean }) {
  const words = useFailureWords();
  return (
    <Box>
      <Box component="span" sx={{ fontWeight: 600 }}>
        {words(error)}
      </Box>{' '}
      {consequence}
      {withId && isRequestFailure(error) && error.requestId !== '' && <RequestId id={error.requestId} />}
    </Box>
  );
}

function RequestId({ id }: { id: string }) {
  const translate = useTranslate();
  const [copied, setCopied] = useState(false);
  const copy = () =>
    void navigator.clipboard.writeText(id).then(
      () => setCopied(true),
      () => {},
    );
  return (
    <Box sx={{ fontSize: 12, mt: 0.25, display: 'flex', alignItems: 'center', gap: 0.5, flexWrap: 'wrap' }}>
      <Box component="span" sx={{ fontFamily: fixedLetters, overflowWrap: 'anywhere' }}>
        {translate('kontor.failure.requestId', { id })}
      </Box>
      <Button
        size="small"
        color="inherit"
        sx={{ minHeight: 24, py: 0, px: 0.75, fontSize: 12, textDecoration: 'underline' }}
        aria-label={translate('kontor.failure.copyId')}
        onClick={copy}
      >
        {translate(copied ? 'kontor.copied' : 'kontor.copy')}
      </Button>
    </Box>
  );
}
