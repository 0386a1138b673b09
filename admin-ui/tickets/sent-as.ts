/**
 * What went out under an Idempotency-Key beside the text: whoever sends it again, after the answer was lost and perhaps
 * after the page was loaded anew, must send just the same, or the API would not know it again.
 */
import type { HeardChannel } from '../../domain/ticket.ts';

export interface Beside {
  /** The newest public message that the writer had seen. */
  readonly seenMessage?: string | undefined;
  /** By which way it was said, when he wrote down a conversation. */
  readonly channel?: HeardChannel | undefined;
  /** The canned replies it was made of. */
  readonly cannedReplies?: readonly string[] | undefined;
}

const placeOf = (key: string) => `kontor.sentAs.${key}`;

/** @returns what was sent under this key before; else, and from now on, this */
export function besideOf(key: string, now: Beside): Beside {
  try {
    const before = localStorage.getItem(placeOf(key));
    if (before !== null) return JSON.parse(before) as Beside;
    localStorage.setItem(placeOf(key), JSON.stringify(now));
  } catch {
    // Without the browser's storage the page knows no more than now.
  }
  return now;
}

/** The answer is known: nothing will be sent under this key again. */
export function forgetBeside(key: string): void {
  try {
    localStorage.removeItem(placeOf(key));
  } catch {
    // There was none to remove then.
  }
}
