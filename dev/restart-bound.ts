/** How often a process that died is started again before it is given up. */
export const restartBound = { restarts: 5, withinMs: 60_000 } as const;

/**
 * What to do about a process that has just died: start it again after a pause that doubles (250 ms to 4 s), or give
 * it up when it was started again {@link restartBound.restarts} times within the last minute already.
 * @param restarts instants (ms) of its earlier restarts, oldest first
 * @param now instant of this death, on the same clock
 */
export function decideRestart(restarts: readonly number[], now: number): { restartAfterMs: number } | 'give up' {
  const recent = restarts.filter((instant) => now - instant < restartBound.withinMs).length;
  return recent >= restartBound.restarts ? 'give up' : { restartAfterMs: 250 * 2 ** recent };
}
