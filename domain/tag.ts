/** Tags of a ticket: words of the staff's own, by which they find and count (SPEC T13). */
import { faultInLine, type TextFault } from './written-text.ts';

export const maxTags = 20;
export const maxTagCharacters = 40;

/** A tag as it is kept: letter case, and how many spaces part its words, do not tell two tags apart. */
export function readTag(text: string): string {
  return text.normalize('NFC').trim().replaceAll(/\s+/g, ' ').toLowerCase();
}

/** What is wrong with a tag as somebody wrote it. A comma parts tags where several are typed in a row. */
export function faultInTag(text: string): TextFault | 'comma' | undefined {
  return faultInLine(text, 1_000) ?? (text.includes(',') ? 'comma' : faultInLine(readTag(text), maxTagCharacters));
}

/** The tags as they are kept, each once, in the order they were given. */
export function readTags(texts: readonly string[]): string[] {
  return [...new Set(texts.map(readTag))];
}
