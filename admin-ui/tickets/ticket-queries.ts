import { queryOptions, useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { KontorDataProvider } from '../data-provider.ts';
import type { StaffMessage, StaffTicketPage, TicketEvent } from '../server/answers.ts';
import type { ReadBack } from '../server/read-back.ts';
import { lookAgain } from '../live/live-stream.ts';
import { useKontor } from '../server/use-kontor.ts';
import { loadTicketPage } from './TicketPageDoor.tsx';

const lookAgainMilliseconds = 4_000;

/** The ticket itself: read anew when it changes, and every few seconds while nobody tells of changes. */
export function ticketQuery(dataProvider: KontorDataProvider, number: string) {
  return queryOptions({
    queryKey: ['ticket', number],
    queryFn: async () => (await dataProvider.getOne<StaffTicketPage>('tickets', { id: number })).data,
    refetchInterval: () => lookAgain(lookAgainMilliseconds),
  });
}

/** Conversation and history change only with the ticket's revision: they are read when the page opens and when it moves. */
export function conversationQuery(dataProvider: KontorDataProvider, queries: QueryClient, number: string) {
  const queryKey = ['ticket-conversation', number];
  return queryOptions({
    queryKey,
    queryFn: () => dataProvider.endOfLife(number, 'messages', queries.getQueryData<ReadBack<StaffMessage>>(queryKey)),
    staleTime: 0,
  });
}

export function historyQuery(dataProvider: KontorDataProvider, queries: QueryClient, number: string) {
  const queryKey = ['ticket-history', number];
  return queryOptions({
    queryKey,
    queryFn: () => dataProvider.endOfLife(number, 'history', queries.getQueryData<ReadBack<TicketEvent>>(queryKey)),
    staleTime: 0,
  });
}

/** Reads what came before in a conversation or a history, and shows it with the rest. One page at a time. */
export function useEarlier(number: string, part: 'conversation' | 'history'): { read: () => void; busy: boolean; error: unknown } {
  const dataProvider = useKontor();
  const queries = useQueryClient();
  const queryKey = [`ticket-${part}`, number];
  const { mutate, isPending, error } = useMutation({
    mutationFn: async () => {
      const known = queries.getQueryData<ReadBack<StaffMessage | TicketEvent>>(queryKey);
      if (!known || known.earlier === null) return;
      const read = await dataProvider.earlierLife(number, part === 'conversation' ? 'messages' : 'history', known);
      // What came in meanwhile was joined to what was known: this page is put before it, if it still fits there.
      queries.setQueryData<ReadBack<unknown>>(queryKey, (now) =>
        now?.earlier === known.earlier
          ? { items: [...read.items.slice(0, read.items.length - known.items.length), ...now.items], earlier: read.earlier }
          : now,
      );
    },
  });
  return { read: () => !isPending && mutate(), busy: isPending, error };
}

/**
 * Reads a ticket before it is opened: the one under the cursor. The page's own part of the program comes as soon as the
 * browser has nothing better to do, so that the first ticket opens as fast as the others.
 */
export function usePrefetchTicket(): (number: string) => void {
  const dataProvider = useKontor();
  const queries = useQueryClient();
  useEffect(() => {
    const load = () => void loadTicketPage().catch(() => {});
    // One browser has no word for idle yet: a moment later is near enough.
    if (typeof window.requestIdleCallback !== 'function') {
      const timer = setTimeout(load, 500);
      return () => clearTimeout(timer);
    }
    const idle = window.requestIdleCallback(load, { timeout: 2_000 });
    return () => window.cancelIdleCallback(idle);
  }, []);
  return (number) => {
    void loadTicketPage();
    void queries.prefetchQuery(ticketQuery(dataProvider, number));
    void queries.prefetchQuery({ ...conversationQuery(dataProvider, queries, number), staleTime: 5_000 });
  };
}
