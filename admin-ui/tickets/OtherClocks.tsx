import { Box } from '@mui/material';
import { useTranslate } from 'react-admin';
import { ClockSentence } from '../clocks/ClockSentence.tsx';
import type { StaffTicketPage } from '../server/answers.ts';
import { useNow } from '../time/now.ts';
import { useReader, useReaderTime } from '../time/reader.ts';
import { spellExactly, spellMoment } from '../time/spell-time.ts';
import { whatNext } from './what-next.ts';

/** What the sentence of what happens next does not name: a clock that waits for the customer, the later of two, a snooze that a promise comes before. */
export function OtherClocks({ ticket }: { ticket: StaffTicketPage }) {
  const now = useNow();
  const { id } = useReader();
  const next = whatNext(ticket, id, now);
  if (next.is === 'archived') return null;
  const others = ticket.clocks.filter(({ what, state }) => state !== 'not_counted' && !(next.is === 'clock' && next.clock.what === what));
  const wake = next.is === 'clock' ? ticket.steps.find(({ what }) => what === 'wake') : undefined;
  return (
    <>
      {wake && <SnoozedUntil at={new Date(wake.at)} />}
      {others.map((clock) => (
        <Box key={clock.what}>
          <ClockSentence ticket={ticket} clock={clock} planless />
        </Box>
      ))}
    </>
  );
}

function SnoozedUntil({ at }: { at: Date }) {
  const translate = useTranslate();
  const now = useNow();
  const reader = useReaderTime();
  return (
    <Box component="time" dateTime={at.toISOString()} title={spellExactly(at, reader)} sx={{ display: 'block' }}>
      {translate('kontor.next.snoozed', { time: spellMoment(at, now, reader) })}
    </Box>
  );
}
