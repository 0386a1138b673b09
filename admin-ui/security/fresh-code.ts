/**
 * A fresh code, asked for in place (SPEC I10). Requests that were refused for the lack of one wait here, however many, for
 * the one dialog that asks. When a code is taken they are sent again; when the reader turns away they fail together.
 */
import { useSyncExternalStore } from 'react';
import type { RequestFailure } from '../server/request-failure.ts';

const watchers = new Set<() => void>();
let waiting: PromiseWithResolvers<void> | undefined;
let given = 0;

function changed(): void {
  for (const watcher of watchers) watcher();
}

/** How many codes were taken so far: a request that was sent before the last of them need not ask for another. */
export function freshCodesGiven(): number {
  return given;
}

/**
 * Asks the reader for a fresh code and resolves when one was taken. Whoever comes while it is being asked waits with the others.
 * @throws RequestFailure of the kind `cancelled` when the reader turns away, or why no code can be given now
 */
export function freshCode(): Promise<void> {
  if (!waiting) {
    waiting = Promise.withResolvers<void>();
    changed();
  }
  return waiting.promise;
}

/** Ends the asking: a code was taken, or this is why none was. */
export function settleFreshCode(outcome: 'given' | RequestFailure): void {
  const settled = waiting;
  if (!settled) return;
  waiting = undefined;
  if (outcome === 'given') {
    given += 1;
    settled.resolve();
  } else settled.reject(outcome);
  changed();
}

/** Whether a fresh code is being asked for. */
export function useFreshCodeWanted(): boolean {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
    () => waiting !== undefined,
  );
}
