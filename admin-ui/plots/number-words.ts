import { useLocaleState, useTranslate } from 'react-admin';

/** How numbers are spelled for this reader. */
export interface NumberWords {
  /** "12,400". */
  readonly count: (value: number) => string;
  /** "93.4 %"; all of it is only told of all, and nothing of nothing. */
  readonly share: (share: number) => string;
  /** "41 h 15 min" of working time. */
  readonly working: (minutes: number) => string;
}

export function useNumberWords(): NumberWords {
  const [locale] = useLocaleState();
  const translate = useTranslate();
  const tag = locale === 'ru' ? 'ru' : 'en-GB';
  return {
    count: (value) => value.toLocaleString(tag),
    share: (share) => `${sharePerCent(share).toLocaleString(tag)}\u202f%`,
    working: (minutes) => {
      const parts = [
        ['h', Math.floor(minutes / 60)],
        ['min', minutes % 60],
      ] as const;
      const told = parts.filter(([, value]) => value > 0);
      return (told.length ? told : parts.slice(1))
        .map(([unit, value]) => translate(`kontor.duration.${unit}`, { smart_count: value }))
        .join(' ');
    },
  };
}

/** To a tenth of a per cent, and never rounded to all or to nothing. */
export function sharePerCent(share: number): number {
  const tenths = Math.round(share * 1_000);
  if (tenths === 1_000 && share < 1) return 99.9;
  if (tenths === 0 && share > 0) return 0.1;
  return tenths / 10;
}
