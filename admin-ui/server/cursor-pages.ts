/**
 * Numbered pages over an API that pages by cursor. Each list (a path with its filter, order and page size) remembers
 * where its pages begin; a page whose beginning is unknown, after a reload say, is reached by reading on from the last
 * one that is known.
 */
import type { Page } from './answers.ts';

type Read<Answer> = (cursor: string | undefined) => Promise<Answer>;

/** Furthest that is read on to reach a page whose beginning is unknown; beyond it the list begins anew. */
const maxPagesReadOn = 40;
const maxListsRemembered = 50;

export class CursorPages {
  /** For each list the cursor at which page 2, 3, … begins. */
  private readonly beginnings = new Map<string, string[]>();

  /** @param list names the list: path, filter, order and page size */
  async read<Answer extends Page<unknown>>(list: string, page: number, read: Read<Answer>): Promise<Answer> {
    const known = this.remembered(list);
    for (let at = Math.min(page, known.length + 1); ; at += 1) {
      const answer = await read(at === 1 ? undefined : known[at - 2]);
      if (answer.nextCursor !== null) known[at - 1] = answer.nextCursor;
      else known.length = Math.min(known.length, at - 1);
      if (at === page) return answer;
      if (answer.nextCursor === null || at >= maxPagesReadOn) return { ...answer, items: [], nextCursor: null };
    }
  }

  private remembered(list: string): string[] {
    const known = this.beginnings.get(list) ?? [];
    this.beginnings.delete(list);
    this.beginnings.set(list, known);
    const oldest = this.beginnings.keys().next().value;
    if (this.beginnings.size > maxListsRemembered && oldest !== undefined) this.beginnings.delete(oldest);
    return known;
  }
}
