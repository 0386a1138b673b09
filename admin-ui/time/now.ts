import { useSyncExternalStore } from 'react';

/** Often enough for "3 min ago", rarely enough to cost nothing. */
const tickMilliseconds = 20_000;
const watchers = new Set<() => void>();
let now = new Date();
let timer: ReturnType<typeof setInterval> | undefined;

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  timer ??= setInterval(() => {
    now = new Date();
    for (const each of watchers) each();
  }, tickMilliseconds);
  return () => {
    watchers.delete(watcher);
    if (watchers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function current(): Date {
  const actual = new Date();
  // One value between ticks, or React would see a change at every look.
  if (actual.getTime() - now.getTime() > tickMilliseconds) now = actual;
  return now;
}

/** The time now, for words like "3 min ago"; all that show it move on together. */
export function useNow(): Date {
  return useSyncExternalStore(watch, current);
}
