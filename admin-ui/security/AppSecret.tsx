import { Box, Button, Typography, useMediaQuery } from '@mui/material';
import { useTheme } from '@mui/material/styles';
import { useTranslate } from 'react-admin';
import type { TotpSetUp } from '../server/answers.ts';
import { fixedLetters } from '../theme/theme.ts';
import { CopyButton } from './CopyButton.tsx';

/** With a margin of its own beside the picture's: cameras count on four modules, and on dark upon light in any theme. */
const pictureStyle = { width: 230, height: 230, p: 1, bgcolor: '#fff', borderRadius: 1.5, border: 1, borderColor: 'divider' } as const;

/** What a new app must know: as a picture, as a link for the phone this is read on, and as text. */
export function AppSecret({ setUp: { qr, uri, secret } }: { setUp: TotpSetUp }) {
  const translate = useTranslate();
  const narrow = useMediaQuery(useTheme().breakpoints.down('sm'), { noSsr: true });
  return (
    <Box sx={{ display: 'grid', gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'auto minmax(0, 1fr)' }, gap: { xs: 2, sm: 3 } }}>
      <Box component="img" src={qr} alt={translate('kontor.app.picture')} sx={{ ...pictureStyle, justifySelf: 'center' }} />
      <Box sx={{ display: 'flex', flexDirection: 'column', gap: 1.25, alignItems: 'flex-start', alignSelf: 'center', minWidth: 0 }}>
        {narrow && (
          <Button variant="outlined" component="a" href={uri} fullWidth sx={{ minHeight: 44, whiteSpace: 'normal' }}>
            {translate('kontor.app.here')}
          </Button>
        )}
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          {translate('kontor.app.secretHint')}
        </Typography>
        <Groups secret={secret} />
        <CopyButton text={secret} label={translate('kontor.app.copySecret')} />
      </Box>
    </Box>
  );
}

/** In groups, as people read it out and type it. */
function Groups({ secret }: { secret: string }) {
  return (
    <Box
      component="code"
      data-app-secret
      sx={{
        display: 'grid',
        gridTemplateColumns: 'repeat(4, auto)',
        columnGap: 1.25,
        rowGap: 0.5,
        px: 1.5,
        py: 1,
        fontFamily: fixedLetters,
        fontSize: 14,
        letterSpacing: '0.04em',
        bgcolor: 'surface.code',
        borderRadius: 1,
      }}
    >
      {secret.match(/.{1,4}/g)?.map((group, at) => (
        // Groups may repeat, and never change their place.
        <span key={`${String(at)} ${group}`}>{group}</span>
      ))}
    </Box>
  );
}
