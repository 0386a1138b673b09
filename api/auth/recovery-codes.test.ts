import { expect, test } from 'vitest';
import { makeRecoveryCodes, readRecoveryCode, recoveryCodeCount, recoveryHint } from './recovery-codes.ts';

test('I3: recovery codes are ten, unlike each other, and read back however they are copied', () => {
  const codes = makeRecoveryCodes();
  expect(codes).toHaveLength(recoveryCodeCount);
  expect(new Set(codes.map(recoveryHint)).size).toBe(recoveryCodeCount);
  for (const code of codes) {
    expect(code).toMatch(/^(?:[0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}$/);
    for (const typed of [
      code,
      code.toUpperCase(),
      code.replaceAll('-', ''),
      code.replaceAll('-', ' '),
      code.replaceAll('0', 'O').replaceAll('1', 'l'),
    ])
      expect(readRecoveryCode(typed)).toBe(code);
  }
});

test('I3: what is no recovery code is none', () => {
  for (const text of ['', '1234', 'aaaa-bbbb-cccc-ddddd', 'aaaa-bbbb-cccc-ddd', 'uuuu-uuuu-uuuu-uuuu', 'аааа-bbbb-cccc-dddd'])
    expect(readRecoveryCode(text)).toBeUndefined();
});
