import { createContext, useContext } from 'react';
import { useLocaleState, useTranslate } from 'react-admin';
import type { Reader } from '../auth-provider.ts';
import type { Locale } from '../../domain/locale.ts';
import { staffMay, type StaffPermission } from '../../domain/permissions.ts';
import { durationParts, type ReaderTime } from './spell-time.ts';

/** Who reads: everything inside the layout is shown to somebody who is signed in. */
export const ReaderContext = createContext<Reader | undefined>(undefined);

export function useReader(): Reader {
  const reader = useContext(ReaderContext);
  if (!reader) throw new Error('a page is shown outside the layout');
  return reader;
}

/** What the reader's role lets him do, by the table that the API judges by (SPEC I8): nothing is offered that it would refuse. */
export function useMay(): (permission: StaffPermission) => boolean {
  const { role } = useReader();
  return (permission) => staffMay(role, permission);
}

/** The reader's language and zone (SPEC: times are shown in the reader's zone). */
export function useReaderTime(): ReaderTime {
  const { timeZone } = useReader();
  const [locale] = useLocaleState();
  return { locale: locale as Locale, timeZone };
}

/** Spells a duration shortly, for rows and running times: "3 h 20 min". */
export function useSpellDuration(): (seconds: number) => string {
  return useSpelling('kontor.duration');
}

/** Spells a duration in words, for sentences about rules: "7 days". */
export function useSpellDurationInWords(): (seconds: number) => string {
  return useSpelling('kontor.durationInWords');
}

function useSpelling(words: 'kontor.duration' | 'kontor.durationInWords'): (seconds: number) => string {
  const translate = useTranslate();
  return (seconds) => {
    const parts = durationParts(seconds);
    return parts.length === 0
      ? translate('kontor.duration.moment')
      : parts.map(({ unit, value }) => translate(`${words}.${unit}`, { smart_count: value })).join(' ');
  };
}
