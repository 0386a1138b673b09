import { describe, expect, test } from 'vitest';
import { continued, formatted, type Edit, type Format, type Selected } from './formatting.ts';

/** A text whose selection stands between brackets of the kind ⟨⟩, or whose caret is a |. */
function read(spelled: string): Selected {
  const from = spelled.search(/[⟨|]/);
  const text = spelled.replaceAll(/[⟨⟩|]/g, '');
  return { text, from, to: spelled.includes('⟩') ? spelled.indexOf('⟩') - 1 : from };
}
function spell({ text }: Selected, { from, to, insert, select: [begins, ends] }: Edit): string {
  const after = text.slice(0, from) + insert + text.slice(to);
  return begins === ends
    ? `${after.slice(0, begins)}|${after.slice(begins)}`
    : `${after.slice(0, begins)}⟨${after.slice(begins, ends)}⟩${after.slice(ends)}`;
}
const apply = (format: Format, spelled: string) => spell(read(spelled), formatted(format, read(spelled)));
const enter = (spelled: string) => {
  const edit = continued(read(spelled));
  return edit && spell(read(spelled), edit);
};

describe('A2: formatting keys', () => {
  test.each<[Format, string, string]>([
    ['bold', 'a ⟨word⟩', 'a **⟨word⟩**'],
    ['bold', 'a **⟨word⟩**', 'a ⟨word⟩'],
    ['bold', 'a ⟨**word**⟩', 'a ⟨word⟩'],
    ['bold', 'a |', 'a **|**'],
    ['italic', '⟨слово⟩', '_⟨слово⟩_'],
    ['link', 'see ⟨the page⟩ now', 'see [the page](⟨https://⟩) now'],
    ['link', '⟨https://a.example/⟩', '[|](https://a.example/)'],
    ['bullets', 'one|', '- one|'],
    ['bullets', '⟨one\ntwo⟩\nthree', '⟨- one\n- two⟩\nthree'],
    ['bullets', '⟨- one\n- two⟩', '⟨one\ntwo⟩'],
    ['numbers', '⟨one\ntwo⟩', '⟨1. one\n2. two⟩'],
    ['quote', '⟨one\ntwo\n⟩three', '⟨> one\n> two⟩\nthree'],
    ['code', 'run ⟨ls⟩', 'run `⟨ls⟩`'],
    ['code', 'so:⟨a\nb⟩', 'so:\n```\n⟨a\nb⟩\n```'],
  ])('%s: %s', (format, before, after) => {
    expect(apply(format, before)).toBe(after);
  });

  test('Enter goes on with a list and ends it on an empty line', () => {
    expect(enter('- one|')).toBe('- one\n- |');
    expect(enter('9. nine|')).toBe('9. nine\n10. |');
    expect(enter('> said|')).toBe('> said\n> |');
    expect(enter('- one\n- |')).toBe('- one\n|');
    expect(enter('a plain line|')).toBeUndefined();
    expect(enter('⟨- one⟩')).toBeUndefined();
  });
});
