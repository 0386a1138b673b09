import { queryOptions, useQueryClient } from '@tanstack/react-query';
import type { KontorDataProvider } from '../data-provider.ts';
import type { CustomerPage } from '../server/answers.ts';
import { useKontor } from '../server/use-kontor.ts';

/** How many open tickets an account's page shows; the list shows the others. */
export const ticketsShown = 8;

/** An account with its members and invitations. */
export function customerQuery(dataProvider: KontorDataProvider, id: string) {
  return queryOptions({
    queryKey: ['customer', id],
    queryFn: async () => (await dataProvider.getOne<CustomerPage>('customers', { id })).data,
  });
}

export function openTicketsQuery(dataProvider: KontorDataProvider, id: string) {
  return queryOptions({
    queryKey: ['customer-tickets', id],
    queryFn: () => dataProvider.openTicketsOf(id, ticketsShown),
  });
}

/** Reads an account before it is opened: the one under the cursor. */
export function usePrefetchCustomer(): (id: string) => void {
  const dataProvider = useKontor();
  const queries = useQueryClient();
  return (id) => {
    void import('./CustomerPage.tsx');
    void queries.prefetchQuery(customerQuery(dataProvider, id));
    void queries.prefetchQuery(openTicketsQuery(dataProvider, id));
  };
}
