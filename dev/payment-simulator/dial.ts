/**
 * How badly the simulator behaves. Probabilities are numbers from 0 to 1; all of them come from one seed, so that the same seed
 * and the same requests bring the same trouble.
 */
import { z } from 'zod';

const probability = z.number().min(0).max(1).default(0);

export const dialSettings = z.strictObject({
  seed: z.number().int().min(0).max(4_294_967_295).default(7).describe('Begins the chance anew.'),
  notificationsLost: probability.describe('Never sent. Payments are seen by asking alone.'),
  notificationsRepeated: z.number().int().min(0).max(20).default(0).describe('More copies of each, all at the same moment.'),
  notificationsDelaySeconds: z.number().min(0).max(86_400).default(0).describe('Each waits up to so long.'),
  notificationsReordered: probability.describe('Held until one that came later has been sent.'),
  notificationsEarly: probability.describe('A new payment is paid, and told of, before the call that makes it is answered.'),
  answersLatencyMs: z
    .number()
    .int()
    .min(0)
    .max(60_000)
    .default(0)
    .describe('Each answer waits up to so long; after 30 s it is a 500, done or cancelled.'),
  answersServerErrorDone: probability.describe('500, and what was asked is done.'),
  answersServerErrorUndone: probability.describe('500, and nothing is done.'),
  answersAccepted: probability.describe('202 for a first request, done behind it.'),
  answersThrottled: probability.describe('429, and nothing is done.'),
  answersDropped: probability.describe('The connection is cut without an answer, and what was asked is done.'),
  answersUnreadable: probability.describe('200 with a page of HTML, and what was asked is done.'),
  refundsPending: probability.describe('A refund waits for somebody to settle it on this page.'),
  refundsCanceled: probability.describe('A refund is cancelled, of which no notification ever tells.'),
  olderParty: probability.describe('`yoo_kassa` instead of `yoo_money` in cancellations.'),
  unknownFields: z.number().min(0).max(1).default(1).describe('Objects carry fields that no document names.'),
});

export type Dial = z.infer<typeof dialSettings>;

export const calm: Dial = dialSettings.parse({});

/** Chance that can be repeated (mulberry32). */
export class Chance {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** From 0 up to 1, without it. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  hits(likelihood: number): boolean {
    // What cannot be in doubt takes no draw: a dial at rest leaves the rest of the sequence as it was.
    return likelihood >= 1 || (likelihood > 0 && this.next() < likelihood);
  }

  hex(digits: number): string {
    return Array.from({ length: digits }, () => Math.floor(this.next() * 16).toString(16)).join('');
  }
}
