import { useTranslate } from 'react-admin';
import type { WaitingChange } from '../server/answers.ts';

/** A change in a few words: what it is and whose. */
export function useChangeName(): (change: WaitingChange) => string {
  const translate = useTranslate();
  return ({ kind, user }) => translate('kontor.changes.about', { kind: translate(`kontor.changes.kind.${kind}`), name: user?.name ?? '' });
}
