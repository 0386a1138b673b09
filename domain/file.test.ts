import { describe, expect, test } from 'vitest';
import { allowedKindOf, isNamedHar, maxFileBytes, readFileName, textMediaType } from './file.ts';

describe('T11: the name of a file', () => {
  test.each([
    ['panel.log', 'panel.log'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\Anna\\снимок.png', 'снимок.png'],
    ['a\u0000b\nc\u007f.txt', 'abc.txt'],
    ['gpj.\u202eexe', 'gpj.exe'],
    ['  report .pdf ', 'report .pdf'],
    ['.htaccess', '.htaccess'],
  ])('is the last segment of %j, with nothing that hides', (given, name) => {
    expect(readFileName(given)).toEqual({ name });
  });

  test.each([[''], ['../'], ['..'], ['.'], ['/'], ['\u202e'], ['   ']])('cannot be %j', (given) => {
    expect(readFileName(given)).toEqual({ fault: 'empty' });
  });

  test('T11: 255 Cyrillic characters pass, one more does not, an emoji is one', () => {
    expect(readFileName('я'.repeat(255))).toEqual({ name: 'я'.repeat(255) });
    expect(readFileName('я'.repeat(256))).toEqual({ fault: 'too_long' });
    expect(readFileName('🐢'.repeat(255))).toEqual({ name: '🐢'.repeat(255) });
  });

  test('half a character is refused', () => {
    expect(readFileName('a\ud800.txt')).toEqual({ fault: 'not_unicode' });
  });
});

describe('T11: what is taken', () => {
  test('exactly 10,485,760 bytes are the bound', () => expect(maxFileBytes).toBe(10 * 1024 * 1024));

  test('pictures, video, PDF and archives are; pages, scripts, programs and vector pictures are not', () => {
    for (const taken of ['image/png', 'video/mp4', 'application/pdf', 'application/zip', 'application/x-tar'])
      expect(allowedKindOf(taken), taken).toBeDefined();
    for (const refused of [
      'image/svg+xml',
      'application/xml',
      'text/html',
      'application/x-msdownload',
      'application/java-archive',
      'application/wasm',
      'toString',
    ])
      expect(allowedKindOf(refused), refused).toBeUndefined();
  });

  test('text is told apart by its name, and never becomes a page', () => {
    expect(textMediaType('a.json')).toBe('application/json');
    expect(textMediaType('a.CSV')).toBe('text/csv');
    expect(textMediaType('a.html')).toBe('text/plain');
    expect(textMediaType('log')).toBe('text/plain');
  });

  test('a HAR says so by its name', () => {
    expect(isNamedHar('Trace.HAR')).toBe(true);
    expect(isNamedHar('har.txt')).toBe(false);
  });
});
