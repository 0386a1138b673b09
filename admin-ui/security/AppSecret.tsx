import { Box, Button, Typography, useMediaQuery } from '@mui/material';
import { useTheme } from '@mui/material/styles';
import { useTranslate } from 'react-admin';
import type { TotpSetUp } from '../server/answers.ts';
import { fixedLetters } from '../theme/theme.ts';
import { CopyButton } from './CopyButton.tsx';

/** A secret in groups, as people read it out and type it. */
export function inGroups(secret: string): string {
  return (secret.match(/.{1,4}/g) ?? []).join(' ');
}

/** What a new app must know: as a picture, as a link for the phone this is read on, and as text. */
export function AppSecret({ setUp: { qr, uri, secret } }: { setUp: TotpSetUp }) {
  const translate = useTranslate();
  const narrow = useMediaQuery(useTheme().breakpoints.down('sm'), { noSsr: true });
  return (
    <Box sx={{ display: 'grid', gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: '192px minmax(0, 1fr)' }, gap: { xs: 2, sm: 3 } }}>
      <Box
        component="img"
        src={qr}
        alt={translate('kontor.app.picture')}
        // Dark on light in the dark theme as well, with a margin of its own: cameras count on it.
        sx={{ width: 192, height: 192, bgcolor: '#fff', borderRadius: 1.5, border: 1, borderColor: 'divider', justifySelf: 'center' }}
      />
      <Box sx={{ display: 'flex', flexDirection: 'column', gap: 1.25, alignItems: 'flex-start', alignSelf: 'center', minWidth: 0 }}>
        {narrow && (
          <Button variant="outlined" component="a" href={uri} fullWidth sx={{ minHeight: 44 }}>
            {translate('kontor.app.here')}
          </Button>
        )}
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          {translate('kontor.app.secretHint')}
        </Typography>
        <Box
          component="code"
          data-app-secret
          aria-label={translate('kontor.app.secret')}
          sx={{
            fontFamily: fixedLetters,
            fontSize: 14,
            lineHeight: 1.7,
            letterSpacing: '0.04em',
            px: 1.25,
            py: 0.75,
            bgcolor: 'surface.code',
            borderRadius: 1,
          }}
        >
          {inGroups(secret)}
        </Box>
        <CopyButton text={secret} label={translate('kontor.app.copySecret')} />
      </Box>
    </Box>
  );
}
