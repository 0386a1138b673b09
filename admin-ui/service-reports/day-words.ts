import { useNow } from '../time/now.ts';
import { useReaderTime } from '../time/reader.ts';
import { spellDate } from '../time/spell-time.ts';

interface Days {
  readonly from: string;
  readonly to: string;
}

/** Local days as words: "5 Nov", "5 Nov – 11 Nov"; with the year when it is another one than now. */
export function useSpellDays(): { spellPart: (days: Days) => string; spellTick: (day: string) => string } {
  const now = useNow();
  const { locale } = useReaderTime();
  // A date is the same in every zone: spelled as though it were one of UTC.
  const spellTick = (day: string) => spellDate(new Date(`${day}T12:00:00Z`), now, { locale, timeZone: 'UTC' });
  const spellPart = ({ from, to }: Days) => (from === to ? spellTick(from) : `${spellTick(from)} – ${spellTick(to)}`);
  return { spellPart, spellTick };
}
