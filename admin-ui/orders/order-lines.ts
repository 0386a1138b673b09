import type { Order } from './order-reads.ts';

/** The first line of what was ordered, without the signs of Markdown that begin a line. */
export function wordsOfLine({ description }: Order['lines'][number]): string {
  const [line = ''] = description.trim().split(/\r?\n/);
  return line.replaceAll(/[*_`#>]/g, '').trim();
}
