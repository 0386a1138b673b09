import { Box } from '@mui/material';
import { useTranslate } from 'react-admin';
import { spellMoney } from '../../domain/money.ts';
import { Moment } from '../time/Moment.tsx';
import type { PaymentEvent } from './payment-reads.ts';
import { useReasonWords } from './reason-words.ts';

/** Everything that happened to a payment, in order; nobody rewrites it. */
export function PaymentLife({ events, currency }: { events: readonly PaymentEvent[]; currency: string }) {
  const translate = useTranslate();
  return (
    <Box component="ol" sx={{ listStyle: 'none', p: 0, m: 0 }}>
      {events.map((event, index) => (
        <Box
          component="li"
          // Two may happen at one instant: their place is what tells them apart.
          // oxlint-disable-next-line react/no-array-index-key
          key={`${event.at} ${index}`}
          sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 2, py: 0.75, borderTop: 1, borderColor: 'divider' }}
        >
          <Box sx={{ color: 'text.secondary', minWidth: 130, fontVariantNumeric: 'tabular-nums' }}>
            <Moment at={event.at} as="moment" />
          </Box>
          <Box sx={{ flex: '1 1 240px', overflowWrap: 'anywhere' }}>
            {translate(`kontor.payments.events.${event.kind}`, { _: event.kind })}
            {event.person && <Box component="span" sx={{ color: 'text.secondary' }}>{` · ${event.person.name}`}</Box>}
            <Particulars event={event} currency={currency} />
          </Box>
        </Box>
      ))}
    </Box>
  );
}

function Particulars({ event: { kind, data }, currency }: { event: PaymentEvent; currency: string }) {
  const translate = useTranslate();
  const reason = useReasonWords();
  const said: string[] = [];
  if (data['fault'] !== undefined) said.push(translate(`kontor.payments.faults.${data['fault']}`, { _: data['fault'] }));
  if (data['why'] !== undefined) said.push(reason(data['why']));
  if (kind === 'fee' && data['feeMinor'] !== undefined) said.push(spellMoney({ amountMinor: Number(data['feeMinor']), currency }));
  if (kind === 'accepted' && data['provider'] !== undefined) said.push(data['provider']);
  return said.length === 0 ? null : <Box sx={{ color: 'text.secondary' }}>{said.join(' · ')}</Box>;
}
