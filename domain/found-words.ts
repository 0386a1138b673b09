/** Where in a text the words stand that a search found it by: for the eye, as the index knows words and no places. */

/** A stretch of a text: where it begins and how many characters it has (UTF-16). */
export type Mark = readonly [start: number, length: number];

/** Characters of an excerpt, about two lines. */
const excerptCharacters = 200;
const beforeFirstMark = 60;
const mostMarks = 20;

/**
 * Marks the words of a text that begin as one of these stems. `ё` counts as `е`. A word whose stem is not how it begins
 * ("went" for "go") is found by the index and not marked here.
 */
export function markWords(text: string, stems: readonly string[]): Mark[] {
  const marks: Mark[] = [];
  // Addresses, versions and the like are one word to the index and several here: they are told by the characters between.
  for (const word of text.matchAll(/[\p{L}\p{N}_]+(?:[.@/:-]+[\p{L}\p{N}_]+)*/gu)) {
    const folded = word[0].toLowerCase().replaceAll('ё', 'е');
    const parts = [folded, ...folded.split(/[.@/:-]+/)];
    if (!stems.some((stem) => parts.some((part) => part.startsWith(stem)))) continue;
    marks.push([word.index, word[0].length]);
    if (marks.length === mostMarks) break;
  }
  return marks;
}

/** The part of a text around its first marked word, on one line, with its marks; undefined when none of the words stands in it. */
export function excerptOf(text: string, stems: readonly string[]): { text: string; marks: Mark[] } | undefined {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  const [first] = markWords(line, stems);
  if (!first) return undefined;
  const wanted = Math.max(0, first[0] - beforeFirstMark);
  // It begins and ends where a word does, unless a word is longer than all of it.
  const space = wanted === 0 ? -1 : line.indexOf(' ', wanted);
  const start = wanted === 0 ? 0 : space >= 0 && space < first[0] ? space + 1 : first[0];
  const cut = start + excerptCharacters;
  const lastSpace = line.lastIndexOf(' ', cut);
  const end = cut >= line.length ? line.length : lastSpace > first[0] + first[1] ? lastSpace : cut;
  const shown = `${start > 0 ? '… ' : ''}${line.slice(start, end)}${end < line.length ? ' …' : ''}`;
  return { text: shown, marks: markWords(shown, stems) };
}
