import type { RefObject } from 'react';
import { useKeys } from '../keys/keys.ts';

/** `j` and `k` move the focus over the rows' links (`data-row`) inside this place. */
export function useRowKeys(place: RefObject<HTMLElement | null>): void {
  useKeys([
    { keys: 'j', does: 'downRow', run: () => moveFocus(place.current, 1) },
    { keys: 'k', does: 'upRow', run: () => moveFocus(place.current, -1) },
  ]);
}

function moveFocus(place: HTMLElement | null, step: 1 | -1): void {
  const links = [...(place?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
  const at = links.findIndex((link) => link === document.activeElement);
  const next = links[at < 0 ? 0 : Math.min(Math.max(at + step, 0), links.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}
