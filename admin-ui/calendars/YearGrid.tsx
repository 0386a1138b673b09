import { Box } from '@mui/material';
import { useMemo, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react';
import { useTranslate } from 'react-admin';
import type { SaidOfDay } from '../../domain/calendar-change.ts';
import { localDate } from '../../domain/missing-year.ts';
import type { GlancedDay } from '../../domain/year-at-a-glance.ts';
import { useNow } from '../time/now.ts';
import { kindOf, useCalendarWords, type CalendarWords } from './calendar-words.ts';
import { DayMenu } from './DayMenu.tsx';
import { gridStyle } from './year-style.ts';

interface Grid {
  readonly days: readonly GlancedDay[];
  readonly weekdays: readonly number[];
  readonly zone: string;
  readonly edited: ReadonlyMap<string, SaidOfDay>;
  /** The same days as they officially are; undefined where nobody knows. */
  readonly official: readonly GlancedDay[] | undefined;
  /** Says another thing of a day; undefined for those who may only look. */
  readonly onSay: ((date: string, said: SaidOfDay) => void) | undefined;
}

/** Twelve months of a year. One tab stop: from day to day by arrows, by weeks up and down, by months with Page Up and Down. */
export function YearGrid({ days, weekdays, zone, edited, official, onSay }: Grid) {
  const translate = useTranslate();
  const year = days[0]!.date.slice(0, 4);
  const today = localDate(zone, useNow());
  const words = useCalendarWords();
  const officially = useMemo(() => new Map(official?.map((day) => [day.date, day])), [official]);
  const grid = useRef<HTMLFieldSetElement>(null);
  const [reached, setReached] = useState<string>();
  const [chosen, setChosen] = useState<{ day: GlancedDay; anchor: HTMLElement }>();
  const stop = reached?.startsWith(year) ? reached : today.startsWith(year) ? today : days[0]!.date;
  const dayOf = (target: EventTarget) => days.find(({ date }) => date === (target as HTMLElement).dataset['date']);
  const move = (event: KeyboardEvent) => {
    const to = days[wantedIndex(event, days, dayOf(event.target)?.date ?? stop)];
    if (!to || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    setReached(to.date);
    grid.current?.querySelector<HTMLElement>(`[data-date="${to.date}"]`)?.focus();
  };
  const choose = (event: MouseEvent) => {
    const day = dayOf(event.target);
    if (!day) return;
    setReached(day.date);
    setChosen({ day, anchor: event.target as HTMLElement });
  };
  // The menu stands beside the grid: what is pressed in it is not pressed on a day.
  return (
    <>
      <Box
        ref={grid}
        component="fieldset"
        aria-label={translate('kontor.calendars.year.label', { year })}
        onKeyDown={onSay && move}
        onClick={onSay && choose}
        sx={{ ...gridStyle, ...monthsStyle }}
      >
        {[...Map.groupBy(days, ({ date }) => date.slice(0, 7))].map(([month, ofMonth]) => (
          <Month
            key={month}
            days={ofMonth}
            today={today}
            edited={edited}
            official={officially}
            stop={onSay ? stop : undefined}
            words={words}
          />
        ))}
      </Box>
      {chosen && onSay && (
        <DayMenu
          day={chosen.day}
          isWorkedByWeek={weekdays.includes(weekdayOf(chosen.day.date))}
          anchor={chosen.anchor}
          onSay={(said) => onSay(chosen.day.date, said)}
          onClose={() => setChosen(undefined)}
        />
      )}
    </>
  );
}

/** Which day a key leads to. */
function wantedIndex({ key }: KeyboardEvent, days: readonly GlancedDay[], stop: string): number {
  const at = days.findIndex(({ date }) => date === stop);
  const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
  const step = steps[key];
  if (step !== undefined) return Math.min(Math.max(at + step, 0), days.length - 1);
  const months = { PageUp: -1, PageDown: 1 }[key];
  if (months !== undefined) {
    const month = String(Math.min(Math.max(Number(stop.slice(5, 7)) + months, 1), 12)).padStart(2, '0');
    const sameDay = days.findIndex(({ date }) => date === `${stop.slice(0, 5)}${month}${stop.slice(7)}`);
    return sameDay >= 0 ? sameDay : days.findLastIndex(({ date }) => date.slice(5, 7) === month);
  }
  if (key === 'Home') return days.findIndex(({ date }) => date.slice(0, 7) === stop.slice(0, 7));
  return key === 'End' ? days.findLastIndex(({ date }) => date.slice(0, 7) === stop.slice(0, 7)) : -1;
}

/** 1 for Monday to 7. */
function weekdayOf(date: string): number {
  return new Date(date).getUTCDay() || 7;
}

interface OneMonth {
  readonly days: readonly GlancedDay[];
  readonly today: string;
  readonly edited: Grid['edited'];
  readonly official: ReadonlyMap<string, GlancedDay>;
  /** The day that the keyboard comes to; undefined where days are only shown. */
  readonly stop: string | undefined;
  readonly words: CalendarWords;
}

function Month({ days, today, edited, official, stop, words }: OneMonth) {
  const translate = useTranslate();
  const first = days[0]!.date;
  const worked = days.filter(({ isWorked }) => isWorked).length;
  const before = weekdayOf(first) - 1;
  const weeks = Math.ceil((before + days.length) / 7);
  return (
    <table>
      <caption>
        <Box component="span" sx={{ fontWeight: 650 }}>
          {words.month(first)}
        </Box>{' '}
        · {translate('kontor.calendars.year.monthDays', { smart_count: worked })}
      </caption>
      <thead>
        <tr>
          {words.weekdays.map(({ short, long }) => (
            <th scope="col" key={long} abbr={long}>
              {short}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {Array.from({ length: weeks }, (_week, week) => (
          <tr key={days[Math.max(0, week * 7 - before)]!.date}>
            {Array.from({ length: 7 }, (_day, weekday) => {
              const day = days[week * 7 + weekday - before];
              return (
                <td key={words.weekdays[weekday]!.long}>
                  {day && (
                    <Day
                      day={day}
                      isToday={day.date === today}
                      isEdited={edited.has(day.date)}
                      official={official.get(day.date)}
                      stop={stop}
                      words={words}
                    />
                  )}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface OneDay {
  readonly day: GlancedDay;
  readonly isToday: boolean;
  readonly isEdited: boolean;
  readonly official: GlancedDay | undefined;
  readonly stop: string | undefined;
  readonly words: CalendarWords;
}

function Day({ day, isToday, isEdited, official, stop, words }: OneDay) {
  const translate = useTranslate();
  const kind = kindOf(day);
  const isDifferent = official !== undefined && official.said !== day.said;
  const label = [
    `${words.day(day.date)}: ${words.kind(kind)}`,
    ...(isDifferent ? [translate('kontor.calendars.year.official', { kind: words.kind(kindOf(official)) })] : []),
    ...(isEdited ? [translate('kontor.calendars.year.edited')] : []),
    ...(isToday ? [translate('kontor.calendars.year.today')] : []),
  ].join(', ');
  const shown = {
    className: 'day',
    title: label,
    'data-date': day.date,
    'data-kind': kind,
    ...(isDifferent ? { 'data-different': true } : {}),
    ...(isEdited ? { 'data-edited': true } : {}),
    ...(isToday ? { 'data-today': true, 'aria-current': 'date' as const } : {}),
  };
  const number = Number(day.date.slice(8));
  if (stop === undefined)
    return (
      <span {...shown}>
        {number}
        {(kind !== 'working' || isDifferent) && <span className="heard">{label}</span>}
      </span>
    );
  return (
    <button {...shown} type="button" aria-label={label} aria-haspopup="menu" tabIndex={day.date === stop ? 0 : -1}>
      {number}
    </button>
  );
}

const monthsStyle = {
  border: 0,
  p: 0,
  m: 0,
  minWidth: 0,
  display: 'grid',
  gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'repeat(auto-fill, minmax(232px, 1fr))' },
  columnGap: 3,
  rowGap: 2,
  '& table': { borderCollapse: 'collapse', width: { xs: '100%', sm: 'fit-content' }, alignSelf: 'start' },
  '& caption': { textAlign: 'left', fontSize: 13, pb: 0.25, color: 'text.secondary' },
  '& caption span': { color: 'text.primary' },
  '& th': { fontWeight: 500, fontSize: 11, color: 'text.secondary', p: 0, height: 18 },
  '& td': { p: '1px', width: { sm: 42, md: 32 }, textAlign: 'center' },
} as const;
