import { queryOptions, useQueryClient, type QueryClient } from '@tanstack/react-query';
import type { KontorDataProvider } from '../data-provider.ts';
import type { Page, StaffMessage, StaffTicketPage, TicketEvent } from '../server/answers.ts';
import { useKontor } from '../server/use-kontor.ts';

const lookAgainMilliseconds = 4_000;

/** The ticket itself: looked at every few seconds while its page is shown. */
export function ticketQuery(dataProvider: KontorDataProvider, number: string) {
  return queryOptions({
    queryKey: ['ticket', number],
    queryFn: async () => (await dataProvider.getOne<StaffTicketPage>('tickets', { id: number })).data,
    refetchInterval: lookAgainMilliseconds,
  });
}

/** Conversation and history change only with the ticket's revision: they are read when the page opens and when it moves. */
export function conversationQuery(dataProvider: KontorDataProvider, queries: QueryClient, number: string) {
  const queryKey = ['ticket-conversation', number];
  return queryOptions({
    queryKey,
    queryFn: () => dataProvider.conversation(number, queries.getQueryData<Page<StaffMessage>[]>(queryKey) ?? []),
    staleTime: 0,
  });
}

export function historyQuery(dataProvider: KontorDataProvider, queries: QueryClient, number: string) {
  const queryKey = ['ticket-history', number];
  return queryOptions({
    queryKey,
    queryFn: () => dataProvider.history(number, queries.getQueryData<Page<TicketEvent>[]>(queryKey) ?? []),
    staleTime: 0,
  });
}

/** Reads a ticket before it is opened: the one under the cursor. */
export function usePrefetchTicket(): (number: string) => void {
  const dataProvider = useKontor();
  const queries = useQueryClient();
  return (number) => {
    void import('./TicketPage.tsx');
    void queries.prefetchQuery(ticketQuery(dataProvider, number));
    void queries.prefetchQuery({ ...conversationQuery(dataProvider, queries, number), staleTime: 5_000 });
  };
}
