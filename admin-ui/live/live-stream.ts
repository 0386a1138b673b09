/**
 * What changes at the desk, as it changes (SPEC T18). A browser has one stream, however many tabs it has open: the tab that
 * holds the lock listens and passes on what it hears; when it is closed another takes over. Without locks, as over plain
 * http, each tab listens for itself.
 */
import type { LiveTopic } from '../../domain/live-topic.ts';
import { isSignedIn } from '../server/signed-in.ts';

/** Something changed; or nobody knows what did, so that everything shown is read anew; or whether news come at all. */
export type LiveNews =
  | { readonly kind: 'change'; readonly topic: LiveTopic }
  | { readonly kind: 'reset' }
  | { readonly kind: 'state'; readonly live: boolean };

const address = '/api/staff/v1/events';
const firstRetryMilliseconds = 1_000;
const longestRetryMilliseconds = 60_000;

const listeners = new Set<(news: LiveNews) => void>();
let live = false;

/** Whether news come in. While they do not, pages look for themselves. */
export function isLive(): boolean {
  return live;
}

/** How long until a page looks by itself: rarely while it is told, as a net; as often as ever while it is not. */
export function lookAgain(milliseconds: number): number {
  return live ? Math.max(milliseconds, 60_000) : milliseconds;
}

/** @returns how to stop hearing */
export function hearNews(listener: (news: LiveNews) => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function take(news: LiveNews): void {
  if (news.kind === 'state') {
    if (news.live === live) return;
    live = news.live;
  }
  for (const listener of listeners) listener(news);
}

/**
 * Begins to listen for this reader, until what is returned is called. Whoever signs in next with this browser has a stream of
 * his own.
 */
export function followLive(readerId: string): () => void {
  const name = `kontor-live-${readerId}`;
  const channel = new BroadcastChannel(name);
  const over = new AbortController();
  let leading = false;
  channel.addEventListener('message', ({ data }: MessageEvent<LiveNews | 'are you live?'>) => {
    if (data !== 'are you live?') take(data);
    else if (leading) tellTabs(channel, { kind: 'state', live });
  });
  tellTabs(channel, 'are you live?');
  const lead = () => {
    leading = true;
    return listen(over.signal, (news) => {
      take(news);
      tellTabs(channel, news);
    });
  };
  if ('locks' in navigator) void navigator.locks.request(name, { signal: over.signal }, lead).catch(() => {});
  else void lead();
  return () => {
    over.abort();
    channel.close();
    live = false;
  };
}

/** To this browser's other tabs of the console. */
function tellTabs(channel: BroadcastChannel, news: LiveNews | 'are you live?'): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has no origin but its own
  channel.postMessage(news);
}

/** Keeps a stream open until it is over. */
async function listen(over: AbortSignal, tell: (news: LiveNews) => void): Promise<void> {
  for (let failures = 0; !over.aborted;) {
    const heard = isSignedIn() && (await listenOnce(over, tell));
    if (over.aborted) return;
    tell({ kind: 'state', live: false });
    failures = heard ? 0 : failures + 1;
    const wait = Math.min(firstRetryMilliseconds * 2 ** failures, longestRetryMilliseconds);
    await pause(wait * (0.5 + Math.random() / 2), over);
  }
}

/** @returns when the stream is refused or over, whether it ever spoke. The browser itself comes back to one that breaks. */
function listenOnce(over: AbortSignal, tell: (news: LiveNews) => void): Promise<boolean> {
  return new Promise((resolve) => {
    const source = new EventSource(address);
    let spoke = false;
    const end = () => {
      source.close();
      resolve(spoke);
    };
    over.addEventListener('abort', end, { once: true });
    const speaks = () => {
      spoke = true;
      tell({ kind: 'state', live: true });
    };
    source.addEventListener('resumed', speaks);
    for (const event of ['hello', 'reset'])
      source.addEventListener(event, () => {
        speaks();
        tell({ kind: 'reset' });
      });
    source.addEventListener('change', ({ data }: MessageEvent<string>) => tell({ kind: 'change', topic: JSON.parse(data) as LiveTopic }));
    source.addEventListener('error', () => {
      tell({ kind: 'state', live: false });
      if (source.readyState === EventSource.CLOSED) end();
    });
  });
}

function pause(milliseconds: number, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    over.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
