/** In which ticket the reader is writing just now, for his colleagues to see. Nothing of what he writes. */
import { useSyncExternalStore } from 'react';

/** Whoever types nothing for so long is not writing. */
const stillWritingMilliseconds = 20_000;

const watchers = new Set<() => void>();
let writing: string | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

export function noteWriting(number: string, writes: boolean): void {
  clearTimeout(timer);
  if (writes) timer = setTimeout(() => noteWriting(number, false), stillWritingMilliseconds);
  const next = writes ? number : undefined;
  if (next === writing) return;
  writing = next;
  for (const watcher of watchers) watcher();
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => void watchers.delete(watcher);
}

/** Whether the reader writes in this ticket. */
export function useWritingNow(number: string): boolean {
  return useSyncExternalStore(watch, () => writing === number);
}
