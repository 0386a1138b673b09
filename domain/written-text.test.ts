import { expect, test } from 'vitest';
import { faultInBody, faultInLine, maxBodyCharacters } from './written-text.ts';

test('T1: length is counted in characters, as a person counts them', () => {
  expect(faultInLine('я'.repeat(200), 200)).toBeUndefined();
  expect(faultInLine('я'.repeat(201), 200)).toBe('too_long');
  expect(faultInBody('😀'.repeat(maxBodyCharacters), maxBodyCharacters)).toBeUndefined();
  expect(faultInBody('😀'.repeat(maxBodyCharacters + 1), maxBodyCharacters)).toBe('too_long');
});

test('T1: nothing to read is refused', () => {
  for (const text of ['', '   ', '\n\t ', '\u00a0']) expect(faultInBody(text, 100)).toBe('empty');
});

test('E: control characters are refused; a message may have tabs and line breaks, a subject may not', () => {
  for (const text of ['a\u0000b', 'a\u001bb', 'a\u007fb', 'a\u0085b']) expect(faultInBody(text, 100)).toBe('control_character');
  expect(faultInBody('a\tb\r\nc', 100)).toBeUndefined();
  for (const text of ['a\nb', 'a\tb', 'a\u2028b']) expect(faultInLine(text, 100)).toBe('control_character');
});

test('E: overrides of the reading direction are refused, right-to-left letters are not', () => {
  for (const text of ['invoice\u202egpj.exe', '\u2066x\u2069']) expect(faultInLine(text, 100)).toBe('direction_override');
  expect(faultInLine('שלום مرحبا', 100)).toBeUndefined();
});

test('E: half of a surrogate pair is refused', () => {
  expect(faultInBody('a\ud800b', 100)).toBe('not_unicode');
});
