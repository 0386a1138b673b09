import { describe, expect, test } from 'vitest';
import { asksFor, isWebAddress } from './diagnostics.ts';

describe('T12: a report of a fault', () => {
  test('on the user’s side is asked for browser, HAR and e-mail, as far as they lack', () => {
    expect(asksFor({ userSide: true })).toEqual(['browser', 'har', 'affectedEmail']);
    expect(asksFor({ userSide: true, browser: 'Firefox 143', affectedEmail: 'pavel@vega.example' })).toEqual(['har']);
  });

  test('anywhere else is asked for nothing', () => {
    expect(asksFor({})).toEqual([]);
    expect(asksFor({ userSide: false, steps: 'Open it.' })).toEqual([]);
  });
});

describe('T12: the link to the object', () => {
  test.each([['https://app.example/diagram/7?mode=edit#n3'], ['http://10.0.0.5:8080/x']])('may be %s', (text) => {
    expect(isWebAddress(text)).toBe(true);
  });
  test.each([
    ['javascript:alert(1)'],
    ['ftp://a.example/b'],
    ['//a.example'],
    ['https://'],
    ['https://anna:secret@a.example/'],
    ['https://a b'],
  ])('may not be %s', (text) => {
    expect(isWebAddress(text)).toBe(false);
  });
});
