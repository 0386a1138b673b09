import { useTranslate } from 'react-admin';
import { useNow } from './now.ts';
import { useReader, useReaderTime } from './reader.ts';
import { sameDay, spellAgo, spellClock, spellExactly, spellMoment } from './spell-time.ts';

/**
 * An instant as people say it, with the exact one and its zone on hover. `ago`: "3 min ago"; `moment`: "Mon 1 Dec
 * 13:14"; `clock`: "13:14" today, else the moment; `hour`: "13:14" where the day is said beside it.
 */
export function Moment({ at, as = 'ago' }: { at: string | Date; as?: 'ago' | 'moment' | 'clock' | 'hour' }) {
  const translate = useTranslate();
  const now = useNow();
  const reader = useReaderTime();
  const { timeZone } = useReader();
  const instant = typeof at === 'string' ? new Date(at) : at;
  const text =
    as === 'ago'
      ? spellAgo(instant, now, reader)
      : as === 'hour' || (as === 'clock' && sameDay(instant, now, reader))
        ? spellClock(instant, reader)
        : spellMoment(instant, now, reader);
  return (
    <time dateTime={instant.toISOString()} title={translate('kontor.exactTime', { time: spellExactly(instant, reader), zone: timeZone })}>
      {text}
    </time>
  );
}
