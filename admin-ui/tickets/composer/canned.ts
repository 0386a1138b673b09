/** How a canned reply is found by typing `/` at the beginning of a line. Pure. */
import type { CannedReply } from '../../server/answers.ts';
import type { Selected } from './formatting.ts';

/** What was typed behind the stroke, and where the stroke stands. */
export interface Slash {
  readonly from: number;
  readonly query: string;
}

/** Only at the beginning of a line: elsewhere a stroke is part of a path or a date. */
export function slashAt({ text, from, to }: Selected): Slash | undefined {
  if (from !== to) return undefined;
  const typed = /(?:^|\n)\/([^\n/]{0,40})$/u.exec(text.slice(0, from));
  const query = typed?.[1];
  return query === undefined ? undefined : { from: from - query.length - 1, query };
}

/** Those of this queue that the words fit, the one with just this shortcut first; else in the order given, the most used first. */
export function fitting(replies: readonly CannedReply[], query: string, category: string): CannedReply[] {
  const sought = query.trim().toLowerCase();
  const rank = ({ shortcut }: CannedReply) => (shortcut === sought ? 0 : shortcut?.startsWith(sought) ? 1 : 2);
  return replies
    .filter(({ categories }) => categories === null || categories.includes(category))
    .filter((reply) => sought.split(/\s+/).every((part) => wordsOf(reply).includes(part)))
    .toSorted((one, other) => (sought === '' ? 0 : rank(one) - rank(other)));
}

function wordsOf({ shortcut, title }: CannedReply): string {
  return [shortcut, ...Object.values(title)].join('\n').toLowerCase();
}
