import { useTranslate } from 'react-admin';
import type { StaffTicket } from '../server/answers.ts';
import { useNow } from '../time/now.ts';
import { readClocksNow } from './clock-reading.ts';
import { useClockWords } from './clock-words.ts';
import { ClockState } from './ClockState.tsx';

/** In a row: when the most urgent promise breaks, or since when it is broken. Nothing where no clock runs. */
export function ClockMark({ ticket: { clocks, serviceLevel } }: { ticket: Pick<StaffTicket, 'clocks' | 'serviceLevel'> }) {
  const translate = useTranslate();
  const now = useNow();
  const words = useClockWords();
  const [first] = readClocksNow(clocks, now);
  const short = first && words.short(first.reading);
  if (!first || short === undefined || !('at' in first.reading)) return null;
  const { clock, reading } = first;
  const rule = [translate(`kontor.clocks.what.${clock.what}`), clock.targetText, serviceLevel?.plan.name].filter(Boolean).join(', ');
  return (
    <ClockState is={reading.is}>
      <time dateTime={reading.at.toISOString()} title={`${words.exactly(reading.at)}\n${rule}`}>
        {short}
      </time>
    </ClockState>
  );
}
