/** Canned replies as the console reads them, for their own page and for what is typed behind `/` in a reply. */
import { useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import type { cannedReplySchema } from '../../api/routes/staff/canned-replies.ts';
import type { Page } from '../server/answers.ts';
import { request } from '../server/request.ts';
import { inPath } from '../server/wish.ts';

export type CannedReply = z.infer<typeof cannedReplySchema>;

const queryKey = ['canned-replies'];

/** Those that stand, the most used first. */
export function useAllCannedReplies() {
  return useQuery({ queryKey, queryFn: async () => (await request<Page<CannedReply>>('GET', '/canned-replies')).items });
}

/** Those for tickets of this queue, the most used first; none while they are read. */
export function useCannedReplies(category: string): readonly CannedReply[] {
  const { data } = useQuery({
    queryKey,
    queryFn: async () => (await request<Page<CannedReply>>('GET', '/canned-replies')).items,
    staleTime: 60_000,
  });
  return (data ?? []).filter(({ categories }) => categories === null || categories.includes(category));
}

/**
 * Those that what was typed behind `/` may mean: first by shortcut, then by a word of the title in either language.
 * @param typed without the stroke; empty for all
 */
export function matchingReplies(replies: readonly CannedReply[], typed: string): readonly CannedReply[] {
  const wanted = typed.trim().toLowerCase();
  const rank = (reply: CannedReply) => {
    if (reply.shortcut?.startsWith(wanted)) return 0;
    const words = Object.values(reply.title).flatMap((title) => title.toLowerCase().split(/\s+/));
    return words.some((word) => word.startsWith(wanted))
      ? 1
      : Object.values(reply.title).some((title) => title.toLowerCase().includes(wanted))
        ? 2
        : 3;
  };
  return replies.filter((reply) => rank(reply) < 3).toSorted((a, b) => rank(a) - rank(b));
}

/** The finished text for a ticket, in the customer's language and the reader's name. */
export async function renderCannedReply(id: string, number: string): Promise<string> {
  const { body } = await request<{ body: string; locale: string }>('GET', `/canned-replies/${inPath(id)}/rendering`, {
    query: { ticket: number },
  });
  return body;
}
