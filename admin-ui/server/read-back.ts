/** A list that grows at its end and is read from there: the newest first, what came before on demand. Pure but for the reading. */
import type { Page } from './answers.ts';

export interface ReadBack<Item> {
  /** Oldest first. */
  readonly items: readonly Item[];
  /** From where on the ones before are read; null: these are all. */
  readonly earlier: string | null;
}

/** Reads a page, the newest first. */
export type ReadPage<Item> = (cursor: string | undefined) => Promise<Page<Item>>;

/** Further back than this many pages a gap is not closed: what was read before is forgotten then, and read again on demand. */
const maxPagesAtOnce = 4;

/**
 * The end of the list, joined to what is known of it. The end is always as the server has it now; what lies further back
 * than was read this time is taken as it was.
 */
export async function readBack<Item extends { readonly id: string }>(
  readPage: ReadPage<Item>,
  known: ReadBack<Item> | undefined,
): Promise<ReadBack<Item>> {
  let read = await readEarlier(readPage, { items: [], earlier: null });
  for (let page = 1; known && read.earlier !== null; page += 1) {
    const oldest = read.items[0]?.id;
    const met = known.items.findIndex(({ id }) => id === oldest);
    if (met >= 0) return { items: [...known.items.slice(0, met), ...read.items], earlier: met === 0 ? read.earlier : known.earlier };
    if (page === maxPagesAtOnce) return read;
    read = await readEarlier(readPage, read);
  }
  return read;
}

/** One page more of what came before. */
export async function readEarlier<Item extends { readonly id: string }>(
  readPage: ReadPage<Item>,
  known: ReadBack<Item>,
): Promise<ReadBack<Item>> {
  const page = await readPage(known.earlier ?? undefined);
  return { items: [...page.items.toReversed(), ...known.items], earlier: page.nextCursor };
}
