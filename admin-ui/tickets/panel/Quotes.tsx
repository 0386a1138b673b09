import { Box, Button } from '@mui/material';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { spellMoney } from '../../../domain/money.ts';
import { QuoteDeeds } from '../../quotes/QuoteDeeds.tsx';
import { OfferDialog } from '../../quotes/QuoteDialogs.tsx';
import { QuoteNextLine } from '../../quotes/QuoteNextLine.tsx';
import { QuotePrice } from '../../quotes/QuotePrice.tsx';
import { useTicketQuotes, type Quote } from '../../quotes/quote-reads.ts';
import type { StaffTicketPage } from '../../server/answers.ts';
import { useMay } from '../../time/reader.ts';
import { MarkdownText } from '../MarkdownText.tsx';
import { PanelSection } from './PanelSection.tsx';

/** Paid work on this ticket: what was offered, how it stands, and a way to offer more (SPEC T16). */
export function Quotes({ ticket }: { ticket: StaffTicketPage }) {
  const translate = useTranslate();
  const may = useMay();
  const { data } = useTicketQuotes(ticket.number, may('quote.read'));
  const [offering, setOffering] = useState(false);
  const offers = may('quote.offer') && ticket.status !== 'closed' && ticket.status !== 'archived';
  if (!data || (data.items.length === 0 && !offers)) return null;
  return (
    <PanelSection
      title={translate('kontor.paidWork.quotes.panel')}
      action={
        offers && (
          <Button size="small" onClick={() => setOffering(true)}>
            {translate('kontor.paidWork.quotes.offer')}
          </Button>
        )
      }
    >
      {data.items.length === 0 ? (
        <Box sx={{ color: 'text.secondary' }}>{translate('kontor.paidWork.quotes.none')}</Box>
      ) : (
        <Box component="ul" sx={{ listStyle: 'none', p: 0, m: 0, display: 'flex', flexDirection: 'column', gap: 1.5 }}>
          {data.items.map((quote) => (
            <QuoteItem key={quote.id} quote={quote} />
          ))}
        </Box>
      )}
      {offering && <OfferDialog number={ticket.number} currency={data.currency} onClose={() => setOffering(false)} />}
    </PanelSection>
  );
}

function QuoteItem({ quote }: { quote: Quote }) {
  const translate = useTranslate();
  const over = quote.state !== 'offered' && quote.state !== 'accepted';
  return (
    <Box component="li" data-quote={quote.id} sx={{ overflowWrap: 'anywhere', color: over ? 'text.secondary' : 'text.primary' }}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 1, alignItems: 'baseline' }}>
        <Box sx={{ fontWeight: 650, fontVariantNumeric: 'tabular-nums' }}>{spellMoney(quote.amount)}</Box>
        <Box>{translate(`kontor.paidWork.quotes.states.${quote.state}`)}</Box>
      </Box>
      <MarkdownText text={quote.description} />
      <Box data-quote-next sx={{ mt: 0.25, color: 'text.secondary' }}>
        <QuoteNextLine quote={quote} />
      </Box>
      <QuotePrice quote={quote} />
      <Box sx={{ mt: 0.75 }}>
        <QuoteDeeds quote={quote} />
      </Box>
    </Box>
  );
}
