import { expect, test } from 'vitest';
import { readTyped } from './proof.ts';

test('I3: a code may be pasted as any app shows it', () => {
  for (const pasted of ['123456', '123 456', ' 123\u00a0456\n', '123-456', '1 2 3 4 5 6', 'G-123456'])
    expect(readTyped('totp', pasted), JSON.stringify(pasted)).toBe('123456');
  expect(readTyped('totp', '1234567')).toBe('123456');
});

test('I3: a recovery code is kept as it was typed; the API reads it', () => {
  expect(readTyped('recovery', 'ABCD efgh-1234 5678')).toBe('ABCD efgh-1234 5678');
});
