import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readEmailAddress } from './email-address.ts';

test('I1: letter case, space around it and the alphabet of its domain do not make another address', () => {
  expect(readEmailAddress(' Anna@Vega.Example ')).toBe('anna@vega.example');
  expect(readEmailAddress('anna@почта.рф')).toBe('anna@xn--80a1acny.xn--p1ai');
  expect(readEmailAddress('anna@ПОЧТА.РФ')).toBe(readEmailAddress('anna@xn--80a1acny.xn--p1ai'));
});

test('E: nothing by which one field reaches a second mailbox', () => {
  for (const text of [
    'a@x.example, b@y.example',
    'a@x.example;b@y.example',
    'Anna <a@x.example>',
    '"a@x.example, b"@y.example',
    '"quoted"@x.example',
    'a@x.example\r\nBcc: b@y.example',
    'a@x.example\nb@y.example',
    'a@b@x.example',
    'a(comment)@x.example',
    'group: a@x.example;',
    'a@[127.0.0.1]',
    'a%b@x.example@y.example',
    'a b@x.example',
    'a@x.example\0',
  ])
    expect(readEmailAddress(text), text).toBeUndefined();
});

test('E: look-alikes from other alphabets are refused before the sign and told apart after it', () => {
  expect(readEmailAddress('аnna@vega.example')).toBeUndefined();
  expect(readEmailAddress('anna@vegа.example')).not.toBe(readEmailAddress('anna@vega.example'));
  expect(readEmailAddress('anna\u200b@vega.example')).toBeUndefined();
  expect(readEmailAddress('ａnna@vega.example')).toBeUndefined();
});

test('I1: what is no address of a mailbox is none', () => {
  for (const text of [
    '',
    '@',
    'a@',
    '@x.example',
    'a@x',
    'a@localhost',
    'a@1.2.3.4',
    'a@0x7f.1',
    'a@x..example',
    '.a@x.example',
    'a.@x.example',
    'a..b@x.example',
    'a@-x.example',
    'a@x.example.',
    `${'a'.repeat(65)}@x.example`,
    `a@${'x'.repeat(64)}.example`,
    `a@${'x.'.repeat(130)}example`,
  ])
    expect(readEmailAddress(text), text).toBeUndefined();
});

test('I1: reading an address again changes nothing', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.emailAddress(),
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.string().map((text) => `a@${text}.example`),
      ),
      (text) => {
        const address = readEmailAddress(text);
        if (address === undefined) return;
        expect(readEmailAddress(address)).toBe(address);
        expect(address).toMatch(/^[\x21-\x7e]+$/);
        expect(address.split('@')).toHaveLength(2);
      },
    ),
  );
});
