import { useRef, useState } from 'react';
import { useNotify } from 'react-admin';
import { isRequestFailure } from '../server/request-failure.ts';
import type { ComposerTab, DraftInHand } from './drafts.ts';
import { useTicketWish } from './ticket-wish.ts';

/**
 * Sends a draft, once however often it is asked for. When it fails the text stays where it is; when nothing came back
 * its key stays with it, so that sending again cannot say it twice.
 */
export function useSending(number: string, tab: ComposerTab, { draft, keyToSend, forgetKey, discard }: DraftInHand) {
  const notify = useNotify();
  const wish = useTicketWish(number);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const sending = useRef(false);
  /** @returns whether it was sent */
  const send = async (): Promise<boolean> => {
    // State comes with the next paint; a second press may come before it.
    if (sending.current || draft.body.trim() === '') return false;
    sending.current = true;
    setBusy(true);
    setFailure(undefined);
    const { body, nextStepBy } = draft;
    try {
      await wish(tab === 'reply' ? { kind: 'reply', body, nextStepBy } : { kind: 'note', body }, keyToSend());
      discard();
      notify(tab === 'reply' ? 'kontor.composer.sent' : 'kontor.composer.noted', { type: 'success' });
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
