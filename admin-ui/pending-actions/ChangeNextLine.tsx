import { useTranslate } from 'react-admin';
import { changeLapsesSeconds, coolingOffSeconds, linkSeconds } from '../../domain/letter.ts';
import type { WaitingChange } from '../server/answers.ts';
import { useNow } from '../time/now.ts';
import { useReaderTime, useSpellDurationInWords } from '../time/reader.ts';
import { spellExactly, spellMoment } from '../time/spell-time.ts';
import { whatNext } from './what-next.ts';

/** What happens next to a change, as one sentence; the rule behind it and the exact instant on hover. */
export function ChangeNextLine({ change }: { change: WaitingChange }) {
  const translate = useTranslate();
  const inWords = useSpellDurationInWords();
  const now = useNow();
  const reader = useReaderTime();
  const next = whatNext(change, now);
  const name = change.user?.name ?? '';
  const spell = (at: Date) => spellMoment(at, now, reader);
  const parts = [translate(`kontor.changes.next.${next.is}`, { time: spell(next.at), name })];
  if ('vetoUntil' in next && next.vetoUntil) parts.push(translate('kontor.changes.next.veto', { name, time: spell(next.vetoUntil) }));
  if ('atOnce' in next) parts.push(translate('kontor.changes.next.atOnce'));
  if ('heldUntil' in next && next.heldUntil !== undefined)
    parts.push(next.heldUntil ? translate('kontor.next.heldUntil', { time: spell(next.heldUntil) }) : translate('kontor.next.held'));
  const rule =
    next.is === 'takesEffect'
      ? translate('kontor.changes.next.rule', { duration: inWords(coolingOffSeconds) })
      : next.is === 'confirm'
        ? translate('kontor.changes.next.ruleLapse', { duration: inWords(change.coolsUntil === null ? linkSeconds : changeLapsesSeconds) })
        : undefined;
  return (
    <time dateTime={next.at.toISOString()} title={[spellExactly(next.at, reader), rule].filter(Boolean).join('\n')}>
      {parts.join(' · ')}
    </time>
  );
}
