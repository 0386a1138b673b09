import { Box, Button, Typography } from '@mui/material';
import type { ReactNode } from 'react';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { FailureText } from './FailureText.tsx';

/** A page that could not be shown: one heading, one sentence, one way on. */
export function FailurePage({ title, children, action }: { title?: string; children: ReactNode; action?: ReactNode }) {
  return (
    <Box
      role="alert"
      sx={{
        maxWidth: 520,
        mx: 'auto',
        mt: { xs: 4, md: 10 },
        px: 3,
        display: 'flex',
        flexDirection: 'column',
        gap: 1.5,
        alignItems: 'flex-start',
      }}
    >
      {title !== undefined && (
        <Typography variant="h1" component="h1">
          {title}
        </Typography>
      )}
      <Typography component="div" sx={{ color: 'text.secondary' }}>
        {children}
      </Typography>
      {action}
    </Box>
  );
}

export function ToTickets() {
  const translate = useTranslate();
  return (
    <Button variant="outlined" component={Link} to="/tickets">
      {translate('kontor.failure.toTickets')}
    </Button>
  );
}

/** An address that the console does not have. */
export function PageNotFound() {
  const translate = useTranslate();
  return (
    <FailurePage title={translate('kontor.failure.pageNotFound')} action={<ToTickets />}>
      {translate('kontor.failure.pageNotFoundHint')}
    </FailurePage>
  );
}

/** Data that a page cannot do without did not come. */
export function ReadFailure({ error, retry }: { error: unknown; retry: () => void }) {
  const translate = useTranslate();
  return (
    <FailurePage
      action={
        <Button variant="outlined" onClick={retry}>
          {translate('kontor.tryAgain')}
        </Button>
      }
    >
      <FailureText error={error} />
    </FailurePage>
  );
}
