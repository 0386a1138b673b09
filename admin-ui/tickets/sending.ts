import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useNotify, useTranslate } from 'react-admin';
import type { TicketWish } from '../data-provider.ts';
import { useFailureWords } from '../failures/FailureText.tsx';
import type { StaffMessage, StaffTicketPage } from '../server/answers.ts';
import type { ReadBack } from '../server/read-back.ts';
import { isRequestFailure } from '../server/request-failure.ts';
import type { ComposerTab, Draft, DraftInHand } from './drafts.ts';
import { besideOf, forgetBeside, type Beside } from './sent-as.ts';
import { useTicketWish } from './ticket-wish.ts';

/** What is done of the ticket right after a reply. */
export type Then = 'take' | 'close';

export type Sending = ReturnType<typeof useSending>;

/** Public messages that came while a reply was being written. */
interface MovedOn {
  readonly messages: readonly StaffMessage[];
  readonly then: Then | undefined;
}

/**
 * Sends a draft, once however often it is asked for. When it fails the text stays where it is; when nothing came back
 * its key stays with it, so that sending again cannot say it twice. A reply names the newest message that its writer has
 * seen: when somebody wrote meanwhile it is not sent, and what came is shown first.
 */
export function useSending(
  ticket: StaffTicketPage,
  tab: ComposerTab,
  { draft, keyToSend, forgetKey, discard }: DraftInHand,
  /** What goes out beside the text. */
  beside: () => Beside,
) {
  const notify = useNotify();
  const wish = useTicketWish(ticket.number);
  const follow = useFollowing(ticket.number);
  const since = usePublicMessagesSince(ticket.number);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const [movedOn, setMovedOn] = useState<MovedOn>();
  const sending = useRef(false);
  const fail = async (error: unknown, key: string, { seenMessage }: Beside, then: Then | undefined) => {
    // A refusal is an answer, and the API keeps answers under their key: another try must be another wish.
    if (isRequestFailure(error) && error.kind !== 'unreachable') {
      forgetBeside(key);
      forgetKey();
    }
    if (isRequestFailure(error) && error.code === 'ticket.moved_on') {
      const messages = await since(seenMessage);
      if (messages.length > 0) return setMovedOn({ messages, then });
    }
    setFailure(error);
  };
  /** @returns whether it was sent */
  const send = async (then?: Then, sawSince: Pick<Beside, 'seenMessage'> = {}): Promise<boolean> => {
    // State comes with the next paint; a second press may come before it.
    if (sending.current || isEmpty(draft)) return false;
    sending.current = true;
    setBusy(true);
    setFailure(undefined);
    setMovedOn(undefined);
    const key = keyToSend();
    const sent = besideOf(key, { ...beside(), ...sawSince });
    try {
      await wish(wishOf(tab, draft, sent), key);
      forgetBeside(key);
      discard();
      if (then) await follow(then);
      else notify(tab === 'reply' ? 'kontor.composer.sent' : 'kontor.composer.noted', { type: 'success' });
      return true;
    } catch (error) {
      await fail(error, key, sent, then);
      return false;
    } finally {
      sending.current = false;
      setBusy(false);
    }
  };
  return {
    send,
    busy,
    failure,
    movedOn: movedOn && {
      messages: movedOn.messages,
      sendAnyway: () => send(movedOn.then, { seenMessage: movedOn.messages.at(-1)?.id }),
      back: () => setMovedOn(undefined),
    },
  };
}

/** Whether there is nothing to send: files go with words. */
export function isEmpty({ body }: Draft): boolean {
  return body.trim() === '';
}

function wishOf(tab: ComposerTab, { body, nextStepBy, files }: Draft, { seenMessage, channel, cannedReplies }: Beside): TicketWish {
  const written = { body, files, channel, cannedReplies };
  return tab === 'reply' ? { kind: 'reply', nextStepBy, seenMessage, ...written } : { kind: 'note', ...written };
}

/** Reads the conversation anew. @returns the public messages after this one */
function usePublicMessagesSince(number: string): (seenMessage: string | undefined) => Promise<readonly StaffMessage[]> {
  const queries = useQueryClient();
  const queryKey = ['ticket-conversation', number];
  return async (seenMessage) => {
    await queries.refetchQueries({ queryKey });
    const messages = (queries.getQueryData<ReadBack<StaffMessage>>(queryKey)?.items ?? []).filter(
      ({ visibility }) => visibility === 'public',
    );
    return messages.slice(messages.findIndex(({ id }) => id === seenMessage) + 1);
  };
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
