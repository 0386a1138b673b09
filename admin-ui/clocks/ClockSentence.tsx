import { Box } from '@mui/material';
import { useTranslate } from 'react-admin';
import type { TicketClock } from '../server/answers.ts';
import { ClockState } from './ClockState.tsx';
import { useClock, type ClockedTicket } from './use-clock.ts';

interface Told {
  readonly ticket: ClockedTicket;
  readonly clock: TicketClock;
  /** What else belongs to its instant, told on hover. */
  readonly also?: string | undefined;
  /** The clock's name stands beside. */
  readonly nameless?: boolean;
}

/** How a clock stands, with the exact instant and when staff are warned on hover. */
export function ClockInWords({ ticket, clock, also, nameless }: Told) {
  const translate = useTranslate();
  const { reading, counted, words } = useClock(ticket, clock);
  const sentence = words.sentence(clock, reading, counted, nameless);
  if (!('at' in reading)) return <ClockState is={reading.is}>{sentence}</ClockState>;
  const warns = reading.is === 'running' && clock.warnsAt !== null;
  const told = [
    words.exactly(reading.at),
    'left' in reading && reading.left.days && words.workingTime(reading.left.milliseconds),
    warns && translate('kontor.clocks.warns', { time: words.time(new Date(clock.warnsAt!)) }),
    reading.is === 'near' && translate('kontor.clocks.warned'),
    also,
  ];
  return (
    <ClockState is={reading.is}>
      <time dateTime={reading.at.toISOString()} title={told.filter(Boolean).join('\n')}>
        {sentence}
      </time>
    </ClockState>
  );
}

/** The same with the rule behind it, as it stands at the top of a ticket; the plan is named once. */
export function ClockSentence({ ticket, clock, also, planless }: Omit<Told, 'nameless'> & { readonly planless?: boolean }) {
  const rule = [clock.targetText, !planless && ticket.serviceLevel?.plan.name].filter(Boolean).join(', ');
  return (
    <>
      <ClockInWords ticket={ticket} clock={clock} also={also} />
      <Box component="span" sx={{ color: 'text.secondary' }}>
        {' '}
        ({rule})
      </Box>
      <UnknownYears clock={clock} before=" · " />
    </>
  );
}

/** That the calendar does not know a year which the clock counts through: the deadline may yet move. */
export function UnknownYears({ clock: { uncertainYears }, before }: { clock: Pick<TicketClock, 'uncertainYears'>; before?: string }) {
  const translate = useTranslate();
  if (!uncertainYears?.length) return null;
  return (
    <Box component="span" data-unknown-years sx={{ color: 'text.secondary' }}>
      {before}
      {translate('kontor.clocks.unknownYears', { years: uncertainYears.join(', '), smart_count: uncertainYears.length })}
    </Box>
  );
}
