import { Alert, Box, Button, Checkbox, FormControlLabel } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { fixedLetters } from '../theme/theme.ts';
import { CopyButton } from './CopyButton.tsx';

/** Recovery codes, the one time that they are shown. It goes on only for somebody who says that he has stored them. */
export function RecoveryCodes({ codes, goOn, onStored }: { codes: readonly string[]; goOn: string; onStored: () => void }) {
  const translate = useTranslate();
  const [stored, setStored] = useState(false);
  return (
    <Box sx={{ display: 'flex', flexDirection: 'column', gap: 2 }}>
      <Alert severity="warning" variant="outlined">
        {translate('kontor.recoveryCodes.once')}
      </Alert>
      <Box
        component="ol"
        aria-label={translate('kontor.recoveryCodes.list')}
        data-recovery-codes
        sx={{
          m: 0,
          p: 2,
          listStyle: 'none',
          display: 'grid',
          gridAutoFlow: { sm: 'column' },
          justifyContent: { xs: 'center', sm: 'space-evenly' },
          gridTemplateRows: { sm: `repeat(${Math.ceil(codes.length / 2)}, auto)` },
          rowGap: 0.75,
          fontFamily: fixedLetters,
          fontSize: 14,
          bgcolor: 'surface.code',
          borderRadius: 1.5,
        }}
      >
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </Box>
      <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap' }}>
        <CopyButton text={codes.join('\n')} label={translate('kontor.recoveryCodes.copy')} />
        <Download codes={codes} />
      </Box>
      <FormControlLabel
        control={<Checkbox size="small" checked={stored} onChange={(_event, ticked) => setStored(ticked)} />}
        label={translate('kontor.recoveryCodes.stored')}
      />
      <Button variant="contained" disabled={!stored} onClick={onStored} sx={{ minHeight: 38 }}>
        {goOn}
      </Button>
    </Box>
  );
}

function Download({ codes }: { codes: readonly string[] }) {
  const translate = useTranslate();
  const download = () => {
    const text = `${translate('kontor.recoveryCodes.file', { host: window.location.host, day: new Date().toLocaleDateString('sv') })}\n\n${codes.join('\n')}\n`;
    const address = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
    const link = Object.assign(document.createElement('a'), { href: address, download: 'kontor-recovery-codes.txt' });
    link.click();
    URL.revokeObjectURL(address);
  };
  return (
    <Button variant="outlined" color="inherit" sx={{ borderColor: 'divider' }} onClick={download}>
      {translate('kontor.recoveryCodes.download')}
    </Button>
  );
}
