/** What the pages of paid work read, as the API answers it. */
import { useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import type { staffQuoteSchema } from '../../api/present/quote.ts';
import type { Page } from '../server/answers.ts';
import { request } from '../server/request.ts';
import { inPath, type Wish } from '../server/wish.ts';

export type Quote = z.infer<typeof staffQuoteSchema>;

/** More than a ticket ever has open; older ones are on the page of all quotes. */
const quotesShown = 50;

/** A ticket's quotes, the newest first, and the currency in which another would be made. */
export function useTicketQuotes(number: string, enabled: boolean) {
  return useQuery({
    queryKey: ['quotes', number],
    queryFn: () =>
      request<Page<Quote> & { currency: string }>('GET', `/tickets/${inPath(number)}/quotes`, { query: { limit: quotesShown } }),
    enabled,
  });
}

export function offerQuote(number: string, body: { description: string; amount: Quote['amount']; validUntil: string }): Wish {
  return { method: 'POST', path: `/tickets/${inPath(number)}/quotes`, body };
}

export function withdrawal({ ticket, id }: Quote): Wish {
  return { method: 'POST', path: `/tickets/${inPath(ticket)}/quotes/${inPath(id)}/withdrawal` };
}

export function completion({ ticket, id }: Quote): Wish {
  return { method: 'POST', path: `/tickets/${inPath(ticket)}/quotes/${inPath(id)}/completion` };
}
