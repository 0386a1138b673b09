import { Box, Button } from '@mui/material';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router';
import { hoursInWords } from '../../../domain/service-words.ts';
import { AllowanceBar } from '../../clocks/AllowanceBar.tsx';
import { standsUntil, type ClockReading } from '../../clocks/clock-reading.ts';
import { useClockWords } from '../../clocks/clock-words.ts';
import { ClockInWords, UnknownYears } from '../../clocks/ClockSentence.tsx';
import { useClock } from '../../clocks/use-clock.ts';
import { useEndedClocks } from '../../clocks/ended-clocks.ts';
import type { StaffTicketPage } from '../../server/answers.ts';
import { Moment } from '../../time/Moment.tsx';
import { useReaderTime } from '../../time/reader.ts';
import { useTicketAction } from '../ticket-actions.tsx';
import { Fact, Facts, linkStyle, PanelSection } from './PanelSection.tsx';

type Clock = StaffTicketPage['clocks'][number];

/** What is promised to the ticket and why, and how each clock of it stands (SPEC S1, S4). */
export function ServiceLevel({ ticket }: { ticket: StaffTicketPage }) {
  const translate = useTranslate();
  const { locale } = useReaderTime();
  const { serviceLevel: level, clocks } = ticket;
  if (!level) return null;
  const word = (name: string) => translate(`kontor.clocks.panel.${name}`);
  return (
    <PanelSection title={word('title')}>
      <Facts>
        <Fact name={word('plan')}>
          <Box component={Link} to="/sla-plans" sx={linkStyle}>
            {level.plan.name}
          </Box>
          <Box sx={quietStyle}>{level.sourceText}</Box>
        </Fact>
        <Fact name={word('calendar')}>
          <Box component={Link} to={`/calendars/${level.calendar.id}`} sx={linkStyle}>
            {level.calendar.name}
          </Box>
          <Box sx={quietStyle}>{[level.hours && hoursInWords(level.hours, locale), level.calendar.zone].filter(Boolean).join(', ')}</Box>
        </Fact>
      </Facts>
      {clocks.length === 0 && <Box sx={{ mt: 1, color: 'text.secondary' }}>{word('noClock')}</Box>}
      {clocks.map((clock) => (
        <OneClock key={clock.what} ticket={ticket} clock={clock} />
      ))}
      <EndedClocks number={ticket.number} />
    </PanelSection>
  );
}

const quietStyle = { color: 'text.secondary', fontSize: 12 } as const;

/** What became of the promises that were made before: kept, or missed by how much. */
function EndedClocks({ number }: { number: string }) {
  const translate = useTranslate();
  const words = useClockWords();
  const { data } = useEndedClocks(number);
  if (!data || data.length === 0) return null;
  const word = (name: string, values: Record<string, string> = {}) => translate(`kontor.clocks.panel.${name}`, values);
  // Working time: a day of it is not 24 hours, so that it is told in hours however many.
  const minutes = (amount: number) => words.workingTime(Math.floor(amount) * 60_000);
  return (
    <Box component="ul" aria-label={word('ended')} sx={{ listStyle: 'none', m: 0, mt: 1.25, p: 0 }}>
      {data.map(({ kind, since, outcome, takenMinutes, allowanceMinutes, target, endedAt }) => (
        <Box component="li" key={`${kind} ${since}`} data-ended={kind} sx={{ py: 0.25 }}>
          {translate(`kontor.clocks.what.${kind}`)}:{' '}
          <Box component="span" sx={{ color: outcome === 'breached' ? 'error.main' : undefined }}>
            {word(outcome, {
              taken: minutes(takenMinutes ?? 0),
              target: target.words,
              over: minutes((takenMinutes ?? 0) - allowanceMinutes),
            })}
          </Box>
          {endedAt && (
            <Box component="span" sx={quietStyle}>
              {' · '}
              <Moment at={endedAt} as="moment" />
            </Box>
          )}
        </Box>
      ))}
    </Box>
  );
}

/** One clock: how much of its time is used, by when, and since when it counts. */
function OneClock({ ticket, clock }: { ticket: StaffTicketPage; clock: Clock }) {
  const translate = useTranslate();
  const { reading, counted, words, now } = useClock(ticket, clock);
  const word = (name: string, values: Record<string, string | number> = {}) => translate(`kontor.clocks.panel.${name}`, values);
  const what = translate(`kontor.clocks.what.${clock.what}`);
  const allowanceMs = clock.allowanceMinutes * 60_000;
  const used = allowanceMs === 0 ? 1 : Math.max(0, 1 - leftMsOf(clock, reading) / allowanceMs);
  const share = Math.floor(used * 100);
  const begins = standsUntil(reading, now, counted?.calendar);
  const counts = reading.is !== 'not_counted';
  return (
    <Box data-clock-of={clock.what} sx={{ mt: 1.25 }}>
      <Box sx={{ display: 'flex', columnGap: 1, flexWrap: 'wrap' }}>
        <Box component="span" sx={{ fontWeight: 600, mr: 'auto' }}>
          {what}
        </Box>
        <Box component="span" sx={{ color: 'text.secondary' }}>
          {clock.targetText}
        </Box>
      </Box>
      {counts && <AllowanceBar label={word('bar', { what, share })} is={reading.is} used={used} />}
      <ClockInWords ticket={ticket} clock={clock} nameless />
      {begins && <Box>{word('stands', { time: words.time(begins) })}</Box>}
      <UnknownYears clock={clock} />
      <Box sx={quietStyle}>
        {counts && `${word('used', { share })} · `}
        {word('since')} <Moment at={clock.since} as="moment" />
        {counts && (
          <>
            {' · '}
            <Box component={Link} to={`/calendars/${clock.calendar.id}`} sx={linkStyle}>
              {word('by', { version: clock.calendar.version })}
            </Box>
          </>
        )}
      </Box>
      {clock.what === 'fix' && <FixDeeds ticket={ticket} />}
    </Box>
  );
}

function leftMsOf(clock: Clock, reading: ClockReading): number {
  if (reading.is === 'overdue') return 0;
  return reading.is === 'running' || reading.is === 'near' ? reading.left.milliseconds : clock.leftMinutes * 60_000;
}

/** That it is fixed, or not after all, said where its clock is looked at. */
function FixDeeds({ ticket }: { ticket: StaffTicketPage }) {
  const translate = useTranslate();
  const { act, busy } = useTicketAction(ticket);
  const deeds = (['mark_fixed', 'resume_fix'] as const).filter((kind) => ticket.allowedActions.includes(kind));
  if (deeds.length === 0) return null;
  return (
    <Box sx={{ mt: 0.75 }}>
      {deeds.map((kind) => (
        <Button key={kind} size="small" variant="outlined" disabled={busy} onClick={() => void act({ kind })}>
          {translate(`kontor.clocks.action.${kind}`)}
        </Button>
      ))}
    </Box>
  );
}
