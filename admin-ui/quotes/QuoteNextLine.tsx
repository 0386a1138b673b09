import { useTranslate } from 'react-admin';
import { Moment } from '../time/Moment.tsx';
import type { Quote } from './quote-reads.ts';

/**
 * How a quote stands, in a sentence: what happens next by itself or by us, or what became of it, by whom and when. `brief`
 * where the state stands beside it.
 */
export function QuoteNextLine({ quote, brief = false }: { quote: Quote; brief?: boolean }) {
  const translate = useTranslate();
  const word = (name: string, person?: { name: string } | null) =>
    translate(`kontor.paidWork.quotes.${name}`, { name: person?.name ?? '' });
  if (quote.next?.hold) return <>{word('held')}</>;
  if (quote.next)
    return (
      <>
        {word(brief ? 'expiresBrief' : 'expires')} <Moment at={quote.next.at} as="moment" />
      </>
    );
  const happened =
    quote.state === 'done'
      ? { words: word('doneBy', quote.doneBy), at: quote.doneAt }
      : quote.state === 'expired'
        ? { words: word('expiredAt'), at: quote.settledAt }
        : quote.state === 'withdrawn' && quote.settledBy === null
          ? { words: word('withdrawnAlone'), at: quote.settledAt }
          : { words: word(`${quote.state}By`, quote.settledBy), at: quote.settledAt };
  return (
    <>
      {happened.words} {happened.at !== null && <Moment at={happened.at} />}
      {quote.state === 'accepted' && !brief && `. ${word('toDo')}`}
    </>
  );
}
