/**
 * Whether the server can be reached, as the last requests found out. While it cannot, its readiness is asked every two
 * seconds; when it is back, whoever waits is told, so that the page heals without being reloaded.
 */
import { useSyncExternalStore } from 'react';

export type Reachability = 'reachable' | 'server_away' | 'database_away';

const askAgainAfterMilliseconds = 2_000;
const watchers = new Set<() => void>();
let now: Reachability = 'reachable';
let timer: ReturnType<typeof setTimeout> | undefined;
let awaySince = 0;

function become(next: Reachability): void {
  if (next === now) return;
  now = next;
  for (const watcher of watchers) watcher();
}

/** A request met nobody, or a server whose database is away. */
export function noteAway(as: Exclude<Reachability, 'reachable'>): void {
  if (now === 'reachable') awaySince = Date.now();
  become(as);
  timer ??= setTimeout(() => void askReadiness(), askAgainAfterMilliseconds);
}

/**
 * A request was answered. Right after another met nobody it says little: where one address fails and another does not,
 * believing each in turn would read everything anew without end.
 */
export function noteAnswered(): void {
  if (now === 'reachable' || Date.now() - awaySince >= askAgainAfterMilliseconds) noteReachable();
}

function noteReachable(): void {
  if (timer !== undefined) clearTimeout(timer);
  timer = undefined;
  become('reachable');
}

async function askReadiness(): Promise<void> {
  timer = undefined;
  try {
    const answer = await fetch('/health/ready', { cache: 'no-store', signal: AbortSignal.timeout(5_000) });
    if (answer.ok) return noteReachable();
    noteAway(answer.status === 503 && answer.headers.has('retry-after') ? 'database_away' : 'server_away');
  } catch {
    noteAway('server_away');
  }
}

export function watchReachability(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => void watchers.delete(watcher);
}

export function reachability(): Reachability {
  return now;
}

export function useReachability(): Reachability {
  return useSyncExternalStore(watchReachability, reachability);
}

/** Resolves when the server can be reached, at once if it can now. */
export function whenReachable(): Promise<void> {
  if (now === 'reachable') return Promise.resolve();
  return new Promise((resolve) => {
    const stop = watchReachability(() => {
      if (now !== 'reachable') return;
      stop();
      resolve();
    });
  });
}
