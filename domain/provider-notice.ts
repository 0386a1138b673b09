/**
 * A notification of the provider that nobody here waits for (reference: yookassa, traps 5 and 8): a refund that was made in his
 * cabinet, or a payment that is none of ours. He is asked what it is; what cannot be placed is a case.
 */
import type { Plan } from './planned-step.ts';

/** What the workflow needs to know to wait. */
export interface ProviderNoticePlan extends Plan<'look'> {
  readonly state: 'waiting' | 'handled';
  readonly story: string;
}

/** Seconds until he is asked again: a minute, longer each time, up to an hour. */
export function lookAgainAfterSeconds(looks: number): number {
  return Math.min(60 * 2 ** Math.min(looks, 10), 3600);
}

/** For so long he is asked; then a person must. */
export const looksForSeconds = 3 * 24 * 3600;
