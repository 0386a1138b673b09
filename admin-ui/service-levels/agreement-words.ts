import { useTranslate } from 'react-admin';
import { useReaderTime } from '../time/reader.ts';
import { spellDateOfYear } from '../time/spell-time.ts';
import type { Agreement } from './service-level-reads.ts';

/** How agreements are told: where one stands, for how long, and what of it is its own. */
export function useAgreementWords() {
  const translate = useTranslate();
  const reader = useReaderTime();
  const word = (name: string, values: object = {}) => translate(`kontor.servicePlans.agreements.${name}`, values);
  const day = (at: string) => spellDateOfYear(new Date(at), reader);
  return {
    state: ({ state, startsAt, endsAt }: Agreement): string => word(`states.${state === 'ended' && endsAt === startsAt ? 'never' : state}`),
    /** “1 Dec 2026 – 1 Dec 2027”, “since 1 Dec 2026, until further notice”. */
    period: ({ state, startsAt, endsAt }: Pick<Agreement, 'state' | 'startsAt' | 'endsAt'>): string => {
      if (endsAt !== null && endsAt !== startsAt) return word('until', { from: day(startsAt), until: day(endsAt) });
      if (endsAt !== null) return word('from', { from: day(startsAt) });
      return `${word(state === 'coming' ? 'from' : 'since', { from: day(startsAt) })}, ${word('untilNotice')}`;
    },
    own: ({ own }: Agreement): string =>
      own.length === 0 ? word('ownNothing') : word('own', { terms: own.map((name) => word(`terms.${name}`)).join(', ') }),
  };
}
