import { expect, test } from 'vitest';
import { faultInTag, readTag, readTags } from './tag.ts';

test('T13: letter case and spaces do not tell two tags apart', () => {
  expect(readTag('  Needs   Billing ')).toBe('needs billing');
  expect(readTag('СРОЧНО')).toBe('срочно');
  expect(readTags(['VIP', 'vip', ' Vip', 'update'])).toEqual(['vip', 'update']);
});

test('T13: a tag has 1–40 characters, on one line and without a comma', () => {
  expect(faultInTag('a'.repeat(40))).toBeUndefined();
  expect(faultInTag('😀'.repeat(40))).toBeUndefined();
  expect(faultInTag('a'.repeat(41))).toBe('too_long');
  expect(faultInTag('  ')).toBe('empty');
  expect(faultInTag('a\nb')).toBe('control_character');
  expect(faultInTag('a,b')).toBe('comma');
});
