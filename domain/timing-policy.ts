/** Timing policies of queues (SPEC T8). All durations in seconds. */
export const hour = 3600;

export interface TimingDurations {
  /** From the last public staff message to the closing by itself. */
  readonly autoCloseAfterSeconds: number;
  /** From the closing to the archive. */
  readonly archiveAfterSeconds: number;
  /** How long before the closing the customer is warned; nobody is where that is not shorter. 0 for never. */
  readonly warnBeforeSeconds: number;
}

/** `7+7`: a week of silence closes, a week more archives. `3+1`: a seed's "closed on the third day, archived on the fourth". */
export const timingPresets = {
  '7+7': { autoCloseAfterSeconds: 168 * hour, archiveAfterSeconds: 168 * hour, warnBeforeSeconds: 24 * hour },
  '3+1': { autoCloseAfterSeconds: 72 * hour, archiveAfterSeconds: 24 * hour, warnBeforeSeconds: 24 * hour },
} as const satisfies Record<string, TimingDurations>;

/** Bounds of a duration that staff may set: a minute, so that a slip of the hand does not close a desk, and a year. */
export const timingBounds = { minSeconds: 60, maxSeconds: 366 * 24 * hour } as const;

/** Whether the customer is warned at all: not where the warning would come before the silence began (SPEC T8, T9). */
export function warns({
  autoCloseAfterSeconds,
  warnBeforeSeconds,
}: Pick<TimingDurations, 'autoCloseAfterSeconds' | 'warnBeforeSeconds'>): boolean {
  return warnBeforeSeconds > 0 && warnBeforeSeconds < autoCloseAfterSeconds;
}
