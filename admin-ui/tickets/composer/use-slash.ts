import { useQuery } from '@tanstack/react-query';
import { useId, useState, type KeyboardEvent, type RefObject } from 'react';
import { useNotify } from 'react-admin';
import { useFailureWords } from '../../failures/FailureText.tsx';
import type { CannedReply, StaffTicketPage } from '../../server/answers.ts';
import { useKontor } from '../../server/use-kontor.ts';
import { fitting, slashAt, type Slash } from './canned.ts';
import { applyEdit, selectedIn } from './field-edit.ts';

export interface SlashChoice {
  readonly id: string;
  readonly found: readonly CannedReply[];
  readonly current: number;
  readonly choose: (reply: CannedReply) => void;
}

/**
 * Canned replies by typing `/` (SPEC T13). What was chosen comes finished from the server, in the customer's language, and
 * takes the place of the stroke and what was typed behind it.
 * @param onUsed is told which was put in, so that it is counted
 */
export function useSlash(
  ticket: StaffTicketPage,
  field: RefObject<HTMLTextAreaElement | null>,
  onUsed: (id: string) => void,
): { choice: SlashChoice | undefined; look: () => void; onKeyDown: (event: KeyboardEvent) => boolean; begin: () => void } {
  const dataProvider = useKontor();
  const notify = useNotify();
  const failureWords = useFailureWords();
  const id = useId();
  const [slash, setSlash] = useState<Slash>();
  const [left, setLeft] = useState<number>();
  const [at, setAt] = useState(0);
  const open = slash !== undefined && slash.from !== left;
  const { data } = useQuery({
    queryKey: ['canned-replies'],
    queryFn: () => dataProvider.cannedReplies(),
    enabled: open,
    staleTime: 60_000,
  });
  const found = data && slash ? fitting(data, slash.query, ticket.category) : [];
  const current = Math.min(at, found.length - 1);
  const look = () => {
    const now = field.current ? slashAt(selectedIn(field.current)) : undefined;
    if (now?.query !== slash?.query) setAt(0);
    if (now === undefined) setLeft(undefined);
    setSlash(now);
  };
  const choose = async ({ id: chosen }: CannedReply) => {
    setSlash(undefined);
    try {
      const body = await dataProvider.renderCannedReply(chosen, ticket.number);
      // As it stands now: letters may have been typed while it was on its way.
      const now = field.current && slashAt(selectedIn(field.current));
      if (!field.current || !now) return;
      const { from, query } = now;
      applyEdit(field.current, { from, to: from + 1 + query.length, insert: body, select: [from + body.length, from + body.length] });
      onUsed(chosen);
    } catch (error) {
      notify(failureWords(error), { type: 'error' });
    }
  };
  const onKeyDown = (event: KeyboardEvent): boolean => {
    if (!open || event.ctrlKey || event.metaKey || event.nativeEvent.isComposing) return false;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && found.length > 0) setAt((current + step + found.length) % found.length);
    else if (event.key === 'Escape') setLeft(slash.from);
    else if ((event.key === 'Enter' || event.key === 'Tab') && found[current]) void choose(found[current]);
    else return false;
    return true;
  };
  return {
    choice: open && data ? { id, found, current, choose: (reply) => void choose(reply) } : undefined,
    look,
    onKeyDown,
    begin: () => field.current && beginSlash(field.current),
  };
}

/** Puts a stroke where it counts: at the beginning of a line. */
function beginSlash(field: HTMLTextAreaElement): void {
  const { text, to } = selectedIn(field);
  const insert = to === 0 || text[to - 1] === '\n' ? '/' : '\n/';
  applyEdit(field, { from: to, to, insert, select: [to + insert.length, to + insert.length] });
}
