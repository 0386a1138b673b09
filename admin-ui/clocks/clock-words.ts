import { useTranslate } from 'react-admin';
import type { TicketClock } from '../server/answers.ts';
import { useNow } from '../time/now.ts';
import { useReader, useReaderTime, useSpellDuration } from '../time/reader.ts';
import { sameDay, spellClock, spellDate, spellExactly, spellMoment } from '../time/spell-time.ts';
import { workingTimeParts, type ClockReading, type Stretch } from './clock-reading.ts';
import type { ClockCalendar } from './use-clock-calendars.ts';

/** How clocks are spelled for this reader, now. */
export interface ClockWords {
  /** "15:00" today, else "Tue 13 Jan 15:00". */
  readonly time: (at: Date) => string;
  /** Leaves no question open: the instant with its zone. */
  readonly exactly: (at: Date) => string;
  /** One sentence: how the clock stands, and by when; without its name where that stands beside. */
  readonly sentence: (clock: TicketClock, reading: ClockReading, calendar?: ClockCalendar, nameless?: boolean) => string;
  /** "43 h of working time", for whoever wants to know it exactly. */
  readonly workingTime: (milliseconds: number) => string;
  /** The same in two or three words, for a row. */
  readonly short: (reading: ClockReading) => string | undefined;
}

const dayMilliseconds = 86_400_000;

export function useClockWords(fixedAt: string | null = null): ClockWords {
  const translate = useTranslate();
  const now = useNow();
  const reader = useReaderTime();
  const { timeZone } = useReader();
  const spellDuration = useSpellDuration();
  const plainly = (milliseconds: number) => spellDuration(Math.floor(milliseconds / 60_000) * 60);
  const time = (at: Date) => (sameDay(at, now, reader) ? spellClock(at, reader) : spellMoment(at, now, reader));
  const spell = (parts: readonly { unit: 'days' | 'h' | 'min'; value: number }[]) =>
    parts
      .map(({ unit, value }) => translate(unit === 'days' ? 'kontor.clocks.days' : `kontor.duration.${unit}`, { smart_count: value }))
      .join(' ');
  const workingTime = (milliseconds: number) => {
    const parts = workingTimeParts(milliseconds);
    return parts.length === 0 ? translate('kontor.clocks.nothingLeft') : translate('kontor.clocks.working', { time: spell(parts) });
  };
  // Days that were promised are told as days; all else as hours, however many.
  const stretch = ({ milliseconds, plain, days }: Stretch, { target }: TicketClock, calendar: ClockCalendar | undefined) => {
    if (days) return spell([{ unit: 'days', value: days.whole }, ...workingTimeParts(days.restMs)]);
    if (plain) return plainly(milliseconds);
    const parts = workingTimeParts(milliseconds, target.unit === 'days' ? calendar?.dayMs : undefined);
    return parts[0]?.unit === 'days' ? spell(parts) : workingTime(milliseconds);
  };
  const sentence: ClockWords['sentence'] = (clock, reading, calendar, nameless = false) => {
    const what = translate(`kontor.clocks.what.${clock.what}`);
    const say = (name: string, values: Record<string, string> = {}) =>
      translate(`kontor.clocks.${nameless ? 'nameless' : 'sentence'}.${name}`, { what, ...values });
    switch (reading.is) {
      case 'running':
      case 'near':
        return say(reading.left.plain && !reading.left.days ? 'due' : 'left', {
          left: stretch(reading.left, clock, calendar),
          time: time(reading.at),
        });
      case 'overdue':
        // Nothing was worked since: by how much would say less than since when.
        if (!reading.over.plain && reading.over.milliseconds < 60_000) return say('overdueSince', { time: time(reading.at) });
        return say('overdue', { over: stretch(reading.over, clock, calendar), time: time(reading.at) });
      case 'held':
        if (reading.until === null) return say('heldOpen', { time: time(reading.at) });
        return say('held', { time: time(reading.at), until: time(reading.until) });
      case 'paused':
        if (reading.missed) return say('pausedMissed');
        return reading.left ? say('paused', { left: stretch(reading.left, clock, calendar) }) : say('pausedOnly');
      case 'fixed': {
        const at = fixedAt === null ? '' : time(new Date(fixedAt));
        if (reading.missed) return say('fixedLate', { time: at });
        return reading.left ? say('fixed', { time: at, left: stretch(reading.left, clock, calendar) }) : say('fixedOnly', { time: at });
      }
      case 'not_counted':
        return say('notCounted');
    }
  };
  const short: ClockWords['short'] = (reading) => {
    if (!('at' in reading)) return undefined;
    const say = (name: string, values: Record<string, string> = {}) => translate(`kontor.clocks.short.${name}`, values);
    if (reading.is === 'held') return say('held');
    const day = sameDay(reading.at, now, reader) ? spellClock(reading.at, reader) : spellDate(reading.at, now, reader);
    if (reading.is === 'overdue') return say('overdue', { time: day });
    const plain = reading.at.getTime() - now.getTime();
    return plain < dayMilliseconds ? say('due', { left: plainly(plain) }) : say('dueOn', { time: day });
  };
  return {
    time,
    exactly: (at) => translate('kontor.exactTime', { time: spellExactly(at, reader), zone: timeZone }),
    sentence,
    workingTime,
    short,
  };
}
