import { useEffect, useLayoutEffect, useRef, useState, type RefObject, type UIEvent } from 'react';
import type { StaffMessage } from '../server/answers.ts';

/** Nearer to the end than this, in pixels, the reader reads the end. */
const nearEnd = 48;
/** Nearer to the beginning than this, in pixels, what came before is read. */
const nearTop = 120;

interface Reading {
  /** What scrolls, and what lies in it. */
  readonly place: RefObject<HTMLElement | null>;
  readonly content: RefObject<HTMLElement | null>;
  readonly messages: readonly StaffMessage[];
  readonly me: string;
  /** The reader has come to the first of the messages. */
  readonly onTop: () => void;
}

/**
 * Where somebody reads in a conversation. What comes after the end follows only whoever reads the end, or has written
 * himself; what is put before the beginning moves nothing.
 * @returns how many messages wait below, and what shows them
 */
export function usePlaceOfReading({ place, content, messages, me, onTop }: Reading): {
  unseen: number;
  /** The last message that was in sight. */
  seenId: string | undefined;
  showNew: () => void;
  onScroll: (event: UIEvent<HTMLElement>) => void;
} {
  const [atEnd, setAtEnd] = useState(true);
  const [seenId, setSeenId] = useState<string>();
  const last = messages.at(-1);
  const seenAt = messages.findIndex(({ id }) => id === seenId);
  // A message that was seen and is there no more, as it moved to another ticket, leaves nothing unseen behind.
  const unseen = seenAt < 0 ? 0 : messages.length - 1 - seenAt;
  if (last && last.id !== seenId && (atEnd || seenAt < 0 || last.author.id === me)) {
    setSeenId(last.id);
    setAtEnd(true);
  }
  const anchor = useAnchor(place, messages[0]?.id);

  useLayoutEffect(() => {
    if (atEnd && seenId !== undefined) scrollToEnd(place.current);
  }, [atEnd, seenId, place]);

  useEffect(() => {
    if (!atEnd || !place.current || !content.current) return;
    // A composer that grows takes height away, and a picture takes it when it has come: the end stays in sight.
    const observer = new ResizeObserver(() => scrollToEnd(place.current));
    observer.observe(place.current);
    observer.observe(content.current);
    return () => observer.disconnect();
  }, [atEnd, place, content]);

  return {
    unseen,
    seenId,
    showNew: () => {
      place.current?.querySelectorAll('[data-message]')[seenAt + 1]?.scrollIntoView({ block: 'start' });
      setSeenId(last?.id);
    },
    onScroll: ({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
      setAtEnd(scrollHeight - scrollTop - clientHeight < nearEnd);
      anchor();
      if (scrollTop < nearTop && scrollHeight > clientHeight) onTop();
    },
  };
}

function scrollToEnd(place: HTMLElement | null): void {
  place?.scrollTo({ top: place.scrollHeight });
}

/**
 * Keeps the first message in sight where it is when others are put before it: a browser does so by itself, but not at the
 * very beginning, and not every browser.
 * @returns what takes note of where one reads now
 */
function useAnchor(place: RefObject<HTMLElement | null>, first: string | undefined): () => void {
  const noted = useRef<{ message: Element; top: number }>(undefined);
  const shown = useRef(first);
  useLayoutEffect(() => {
    const { message, top } = noted.current ?? {};
    if (shown.current !== first && place.current && message?.isConnected && top !== undefined)
      place.current.scrollBy({ top: message.getBoundingClientRect().top - top });
    shown.current = first;
  }, [first, place]);
  return () => {
    const above = place.current?.getBoundingClientRect().top ?? 0;
    const message = [...(place.current?.querySelectorAll('[data-message]') ?? [])].find(
      (candidate) => candidate.getBoundingClientRect().bottom > above,
    );
    noted.current = message && { message, top: message.getBoundingClientRect().top };
  };
}
