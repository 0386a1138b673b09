import { Box } from '@mui/material';
import { useTranslate } from 'react-admin';
import { readClocksNow } from '../clocks/clock-reading.ts';
import { ClockMark } from '../clocks/ClockMark.tsx';
import { ClockSentence } from '../clocks/ClockSentence.tsx';
import type { StaffTicket } from '../server/answers.ts';
import { useNow } from '../time/now.ts';
import { useReader, useReaderTime, useSpellDuration, useSpellDurationInWords } from '../time/reader.ts';
import { sameDay, spellClock, spellDate, spellExactly, spellMoment } from '../time/spell-time.ts';
import { whatNext } from './what-next.ts';

const overdueWords = { closes: 'overdueCloses', archives: 'overdueArchives', snoozed: 'overdueSnoozed' } as const;

/** One sentence with its time, as it stands at the top of a ticket; the rule behind it and the exact instant on hover. */
export function WhatNextSentence({ ticket }: { ticket: StaffTicket }) {
  const translate = useTranslate();
  const inWords = useSpellDurationInWords();
  const now = useNow();
  const reader = useReaderTime();
  const { id } = useReader();
  const spellDuration = useSpellDuration();
  const next = whatNext(ticket, id, now);
  const waits = (since: Date, who: 'waits' | 'yours' | 'theirs') =>
    translate(`kontor.next.${who}`, {
      duration: spellDuration(minutes(now.getTime() - since.getTime())),
      name: who === 'theirs' ? (ticket.assignee?.name ?? '') : '',
    });
  if (next.is === 'clock') {
    const without = whatNext({ ...ticket, steps: [], clocks: [] }, id, now);
    return <ClockSentence ticket={ticket} clock={next.clock} also={'since' in without ? waits(without.since, without.is) : undefined} />;
  }
  if ('since' in next) return <span title={spellExactly(next.since, reader)}>{waits(next.since, next.is)}</span>;
  if (!('at' in next)) return <span>{translate(`kontor.next.${next.is}`)}</span>;
  const hold = ticket.next?.hold;
  // A held step that is overdue waits for the hold, not for the engine.
  const words = next.overdue && !hold ? overdueWords[next.is] : next.is;
  const held =
    hold &&
    translate(hold.until ? 'kontor.next.heldUntil' : 'kontor.next.held', {
      time: hold.until ? spellMoment(new Date(hold.until), now, reader) : '',
    });
  const rule =
    'silenceSeconds' in next && next.silenceSeconds !== undefined
      ? translate(next.is === 'archives' ? 'kontor.next.ruleArchive' : 'kontor.next.rule', { duration: inWords(next.silenceSeconds) })
      : undefined;
  const warns =
    'warnsAt' in next && next.warnsAt ? translate('kontor.next.warns', { time: spellMoment(next.warnsAt, now, reader) }) : undefined;
  return (
    <>
      <time dateTime={next.at.toISOString()} title={[spellExactly(next.at, reader), warns].filter(Boolean).join('\n')}>
        {translate(`kontor.next.${words}`, { time: spellMoment(next.at, now, reader) })}
        {held && ` · ${held}`}
      </time>
      {rule !== undefined && (
        <Box component="span" sx={{ color: 'text.secondary' }}>
          {' '}
          ({rule})
        </Box>
      )}
    </>
  );
}

/** The same in two or three words, for a row of the list. */
export function WhatNextShort({ ticket }: { ticket: StaffTicket }) {
  const translate = useTranslate();
  const now = useNow();
  const reader = useReaderTime();
  const { id } = useReader();
  const spellDuration = useSpellDuration();
  const next = whatNext(ticket, id, now);
  const [pressing] = readClocksNow(ticket.clocks, now);
  // What is broken is told whatever else comes next: the row is raised for it.
  if (next.is === 'clock' || pressing?.reading.is === 'overdue') return <ClockMark ticket={ticket} />;
  if ('since' in next)
    return (
      <time dateTime={next.since.toISOString()} title={spellExactly(next.since, reader)}>
        {translate('kontor.next.short.waits', { duration: spellDuration(minutes(now.getTime() - next.since.getTime())) })}
      </time>
    );
  if (!('at' in next)) return <span>{translate(`kontor.next.short.${next.is}`)}</span>;
  const time = sameDay(next.at, now, reader) ? spellClock(next.at, reader) : spellDate(next.at, now, reader);
  return (
    <time dateTime={next.at.toISOString()} title={spellExactly(next.at, reader)}>
      {translate(`kontor.next.short.${next.is}`, { time })}
    </time>
  );
}

/** Whole minutes in seconds: a sentence that counts seconds would never stand still. Below one, a moment. */
function minutes(milliseconds: number): number {
  return Math.floor(milliseconds / 60_000) * 60;
}
