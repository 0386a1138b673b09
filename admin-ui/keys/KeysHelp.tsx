import { Box, Dialog, DialogContent, DialogTitle, FormControlLabel, Switch } from '@mui/material';
import { useTranslate } from 'react-admin';
import { fixedLetters } from '../theme/theme.ts';
import { useListedKeys, useSingleKeys, wordOf } from './keys.ts';

/** A key as it looks on the keyboard. */
export function Key({ children }: { children: string }) {
  return (
    <Box
      component="kbd"
      sx={{
        fontFamily: fixedLetters,
        fontSize: 11,
        lineHeight: '18px',
        minWidth: 20,
        px: 0.5,
        display: 'inline-block',
        textAlign: 'center',
        border: 1,
        borderColor: 'divider',
        borderBottomWidth: 2,
        borderRadius: 1,
        color: 'text.secondary',
      }}
    >
      {children}
    </Box>
  );
}

/** What the keys do here and now. */
export function KeysHelp({ open, onClose }: { open: boolean; onClose: () => void }) {
  const translate = useTranslate();
  const bindings = useListedKeys();
  const [on, setOn] = useSingleKeys();
  const named = new Map(bindings.flatMap(({ keys, does }) => (keys === undefined ? [] : [[keys, does] as const])));
  // Both are the browser's own way or never turned off, so they are no bindings; a reader looks for them here all the same.
  if (named.get('j') === 'downRow') named.set('Enter', 'openRow');
  else if (named.has('j') && !named.has('r')) named.set('Enter', 'open');
  named.set('Ctrl+K', 'kontor.ticketPage.commands.label');
  named.set('Ctrl+Enter', 'send');
  return (
    <Dialog open={open} onClose={onClose} fullWidth maxWidth="xs" aria-labelledby="keys-title">
      <DialogTitle id="keys-title">{translate('kontor.keys.title')}</DialogTitle>
      <DialogContent>
        <Box component="dl" sx={{ m: 0, display: 'grid', gridTemplateColumns: 'auto 1fr', columnGap: 2, rowGap: 1, alignItems: 'center' }}>
          {[...named].map(([keys, does]) => (
            <Box key={keys} sx={{ display: 'contents' }}>
              <Box component="dt" sx={{ display: 'flex', gap: 0.5, alignItems: 'center', fontSize: 12, color: 'text.secondary' }}>
                {keys.split(' ').map((key, at) => (
                  <Box component="span" key={key + String(at)} sx={{ display: 'inline-flex', gap: 0.5 }}>
                    {at > 0 && <span>{translate('kontor.keys.then')}</span>}
                    <Key>{key}</Key>
                  </Box>
                ))}
              </Box>
              <Box component="dd" sx={{ m: 0, fontSize: 13 }}>
                {translate(wordOf(does))}
              </Box>
            </Box>
          ))}
        </Box>
        <FormControlLabel
          sx={{ mt: 2 }}
          control={<Switch size="small" checked={on} onChange={(_event, wanted) => setOn(wanted)} />}
          label={translate('kontor.keys.on')}
          slotProps={{ typography: { variant: 'body2' } }}
        />
      </DialogContent>
    </Dialog>
  );
}
