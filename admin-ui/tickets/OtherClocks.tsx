import { Box } from '@mui/material';
import { ClockSentence } from '../clocks/ClockSentence.tsx';
import type { StaffTicketPage } from '../server/answers.ts';
import { useNow } from '../time/now.ts';
import { useReader } from '../time/reader.ts';
import { whatNext } from './what-next.ts';

/** The clocks that what happens next does not name: one that waits for the customer, or the later of two. */
export function OtherClocks({ ticket, narrow }: { ticket: StaffTicketPage; narrow: boolean }) {
  const now = useNow();
  const { id } = useReader();
  const next = whatNext(ticket, id, now);
  if (next.is === 'archived') return null;
  const others = ticket.clocks.filter(({ what, state }) => state !== 'not_counted' && !(next.is === 'clock' && next.clock.what === what));
  return others.map((clock) => (
    <Box key={clock.what} component={narrow ? 'div' : 'span'}>
      <ClockSentence ticket={ticket} clock={clock} />
    </Box>
  ));
}
