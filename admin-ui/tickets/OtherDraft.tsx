import { Alert, Box, Button } from '@mui/material';
import { useTranslate } from 'react-admin';
import type { DraftInHand } from './drafts.ts';

/** Another window of the same reader wrote something else: both texts are shown, and he says which one stays. */
export function OtherDraft({ inHand: { other, choose } }: { inHand: DraftInHand }) {
  const translate = useTranslate();
  if (!other) return null;
  const gone = other.body.trim() === '';
  return (
    <Alert severity="info" variant="outlined" data-other-draft sx={{ py: 0.25, bgcolor: 'background.paper' }}>
      {translate(gone ? 'kontor.live.draft.gone' : 'kontor.live.draft.other')}
      {!gone && (
        <Box component="section" tabIndex={0} aria-label={translate('kontor.live.draft.otherText')} sx={textStyle}>
          {other.body}
        </Box>
      )}
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, my: 0.5 }}>
        <Button size="small" variant="outlined" onClick={() => choose('mine')}>
          {translate('kontor.live.draft.mine')}
        </Button>
        <Button size="small" variant="outlined" onClick={() => choose('other')}>
          {translate(gone ? 'kontor.live.draft.discard' : 'kontor.live.draft.takeOther')}
        </Button>
        {!gone && (
          <Button size="small" variant="outlined" onClick={() => choose('both')}>
            {translate('kontor.live.draft.both')}
          </Button>
        )}
      </Box>
    </Alert>
  );
}

const textStyle = {
  my: 0.75,
  pl: 1,
  borderLeft: 2,
  borderColor: 'divider',
  whiteSpace: 'pre-wrap',
  overflowWrap: 'anywhere',
  maxHeight: 140,
  overflowY: 'auto',
} as const;
