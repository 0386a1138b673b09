import { useQueryClient } from '@tanstack/react-query';
import type { TicketWish } from '../data-provider.ts';
import type { StaffTicketPage } from '../server/answers.ts';
import { useKontor } from '../server/use-kontor.ts';

/**
 * Carries out what staff wish of a ticket and shows the ticket as the API answers it.
 * @returns a function that takes the wish and its Idempotency-Key; sending both again carries nothing out twice
 * @throws RequestFailure
 */
export function useTicketWish(number: string): (wish: TicketWish, key: string) => Promise<StaffTicketPage> {
  const dataProvider = useKontor();
  const queries = useQueryClient();
  return async (wish, key) => {
    const ticket = await dataProvider.wishOfTicket(number, wish, key);
    // A look that was under way would show the ticket as it was before.
    await queries.cancelQueries({ queryKey: ['ticket', number] });
    queries.setQueryData(['ticket', number], ticket);
    await Promise.all([
      queries.invalidateQueries({ queryKey: ['ticket-conversation', number] }),
      queries.invalidateQueries({ queryKey: ['ticket-history', number] }),
    ]);
    void queries.invalidateQueries({ queryKey: ['tickets'] });
    void queries.invalidateQueries({ queryKey: ['desk-counts'] });
    return ticket;
  };
}
