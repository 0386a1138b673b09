import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maskAddress } from './masked-address.ts';

test('I9: a masked address keeps its first letter and its domain, and nothing else of the mailbox', () => {
  expect(maskAddress('anna@vega.example')).toBe('a…@vega.example');
  expect(maskAddress('a@vega.example')).toBe('a…@vega.example');
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z][a-z0-9.+_-]{0,40}$/), (local) => {
      expect(maskAddress(`${local}@vega.example`)).toBe(`${local[0]}…@vega.example`);
    }),
  );
});
