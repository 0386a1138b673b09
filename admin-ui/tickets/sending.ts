import { useRef, useState } from 'react';
import { useNotify, useTranslate } from 'react-admin';
import { useFailureWords } from '../failures/FailureText.tsx';
import type { StaffTicketPage } from '../server/answers.ts';
import { isRequestFailure } from '../server/request-failure.ts';
import type { ComposerTab, DraftInHand } from './drafts.ts';
import { useTicketWish } from './ticket-wish.ts';

/** What is done of the ticket right after a reply. */
export type Then = 'take' | 'close';

/**
 * Sends a draft, once however often it is asked for. When it fails the text stays where it is; when nothing came back
 * its key stays with it, so that sending again cannot say it twice.
 */
export function useSending(ticket: StaffTicketPage, tab: ComposerTab, { draft, keyToSend, forgetKey, discard }: DraftInHand) {
  const notify = useNotify();
  const wish = useTicketWish(ticket.number);
  const follow = useFollowing(ticket.number);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const sending = useRef(false);
  /** @returns whether it was sent */
  const send = async (then?: Then): Promise<boolean> => {
    // State comes with the next paint; a second press may come before it.
    if (sending.current || draft.body.trim() === '') return false;
    sending.current = true;
    setBusy(true);
    setFailure(undefined);
    const { body, nextStepBy } = draft;
    try {
      await wish(tab === 'reply' ? { kind: 'reply', body, nextStepBy } : { kind: 'note', body }, keyToSend());
      discard();
      if (then) await follow(then);
      else notify(tab === 'reply' ? 'kontor.composer.sent' : 'kontor.composer.noted', { type: 'success' });
      return true;
    } catch (error) {
      // A refusal is an answer, and the API keeps answers under their key: another try must be another wish.
      if (isRequestFailure(error) && error.kind !== 'unreachable') forgetKey();
      setFailure(error);
      return false;
    } finally {
      sending.current = false;
      setBusy(false);
    }
  };
  return { send, busy, failure };
}

/** Does what follows a reply that is out already: when it fails, the reply is not sent again. */
function useFollowing(number: string): (then: Then) => Promise<void> {
  const translate = useTranslate();
  const notify = useNotify();
  const failureWords = useFailureWords();
  const wish = useTicketWish(number);
  return async (then) => {
    try {
      await wish(then === 'close' ? { kind: 'close', reason: null } : { kind: 'take' }, crypto.randomUUID());
      notify(`kontor.ticketPage.sendAnd.done.${then}`, { type: 'success' });
    } catch (error) {
      notify(translate(`kontor.ticketPage.sendAnd.failed.${then}`, { why: failureWords(error) }), {
        type: 'error',
        autoHideDuration: 10_000,
      });
    }
  };
}
