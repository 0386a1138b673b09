import { Box, Button } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import type { Quote } from './quote-reads.ts';
import { SettleDialog } from './QuoteDialogs.tsx';

/** Exactly what the API offers to do with a quote. */
export function QuoteDeeds({ quote }: { quote: Quote }) {
  const translate = useTranslate();
  const [asking, setAsking] = useState<'withdraw' | 'complete'>();
  if (quote.allowedActions.length === 0) return null;
  return (
    <Box sx={{ display: 'flex', gap: 1 }}>
      {quote.allowedActions.map((action) => (
        <Button
          key={action}
          size="small"
          variant="outlined"
          color={action === 'complete' ? 'primary' : 'inherit'}
          sx={action === 'complete' ? {} : { borderColor: 'divider' }}
          onClick={() => setAsking(action)}
        >
          {translate(`kontor.paidWork.quotes.${action}`)}
        </Button>
      ))}
      {asking && <SettleDialog quote={quote} kind={asking} onClose={() => setAsking(undefined)} />}
    </Box>
  );
}
