/** Presets of a queue's timing policy (SPEC T8). All durations in seconds. */
export const hour = 3600;

/** `7+7`: a week of silence closes, a week more archives. `3+1`: a seed's "closed on the third day, archived on the fourth". */
export const timingPresets = {
  '7+7': { autoCloseAfterSeconds: 168 * hour, archiveAfterSeconds: 168 * hour, warnBeforeSeconds: 24 * hour },
  '3+1': { autoCloseAfterSeconds: 72 * hour, archiveAfterSeconds: 24 * hour, warnBeforeSeconds: 24 * hour },
} as const;
