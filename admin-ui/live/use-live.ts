import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { isTicketTopic, type LiveTopic, type TicketTopic } from '../../domain/live-topic.ts';
import { keepDraftsOf } from '../tickets/drafts.ts';
import { useReader } from '../time/reader.ts';
import { followLive, hearNews } from './live-stream.ts';
import { isNewsTo, listsTickets, movesTickets, showsTopic } from './stale-queries.ts';

/** Lists and counts are read anew so often at the most, however many tickets change. */
const listsEveryMilliseconds = 1_000;
/** A stream that is away for so long is not just coming back: pages look for themselves from then on. */
const awayAfterMilliseconds = 3_000;

/** Keeps everything that is shown up to date, for as long as somebody is signed in. */
export function useLivePages(): void {
  const queries = useQueryClient();
  const { id } = useReader();
  useEffect(() => {
    const readLists = sparingly(
      listsEveryMilliseconds,
      () => void queries.invalidateQueries({ predicate: ({ queryKey }) => listsTickets(queryKey) }),
    );
    let away: ReturnType<typeof setTimeout> | undefined;
    const stopHearing = hearNews((news) => {
      if (news.kind === 'change') return isNewsTo(id, news.topic) ? readAnew(queries, news.topic, readLists.ask) : undefined;
      if (news.kind === 'reset') return void queries.invalidateQueries();
      clearTimeout(away);
      // Read once more, each query finds that it has to look by itself again.
      away = news.live ? undefined : setTimeout(() => void queries.invalidateQueries(), awayAfterMilliseconds);
    });
    const stopFollowing = followLive(id);
    keepDraftsOf(id);
    return () => {
      keepDraftsOf(undefined);
      stopFollowing();
      stopHearing();
      readLists.stop();
      clearTimeout(away);
    };
  }, [queries, id]);
}

function readAnew(queries: QueryClient, topic: LiveTopic, readLists: () => void): void {
  void queries.invalidateQueries({ predicate: ({ queryKey }) => showsTopic(queryKey, topic) && !listsTickets(queryKey) });
  if (movesTickets(topic)) readLists();
}

/** Does it at once, and again after a while for all that asked meanwhile. */
function sparingly(milliseconds: number, work: () => void): { ask: () => void; stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = false;
  const rest = () => {
    timer = setTimeout(() => {
      timer = undefined;
      if (!asked) return;
      asked = false;
      work();
      rest();
    }, milliseconds);
  };
  return {
    ask: () => {
      if (timer !== undefined) {
        asked = true;
        return;
      }
      work();
      rest();
    },
    stop: () => clearTimeout(timer),
  };
}

const isMessage = ({ message }: TicketTopic) => message !== null;

/**
 * The messages and notes that others wrote in a ticket since the reader last looked.
 * @returns them, the oldest first, and what to call when he has seen them
 */
export function useTicketNews(number: string): { news: readonly TicketTopic[]; seen: () => void } {
  const { id: me } = useReader();
  const [heard, setHeard] = useState<{ number: string; news: readonly TicketTopic[] }>({ number, news: [] });
  useEffect(
    () =>
      hearNews((told) => {
        if (told.kind !== 'change' || !isTicketTopic(told.topic)) return;
        const { topic } = told;
        if (topic.ticket !== number || topic.by === me || !isMessage(topic)) return;
        setHeard((before) => ({ number, news: [...(before.number === number ? before.news : []), topic] }));
      }),
    [number, me],
  );
  return { news: heard.number === number ? heard.news : [], seen: () => setHeard({ number, news: [] }) };
}
