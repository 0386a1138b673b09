import { describe, expect, test } from 'vitest';
import { findContent } from './content-type.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');

/** A picture's header with the size it claims. */
function png(width: number, height: number, more = ''): Buffer {
  const header = Buffer.from('89504e470d0a1a0a0000000d494844520000000000000000080600000000000000', 'hex');
  header.writeUInt32BE(width, 16);
  header.writeUInt32BE(height, 20);
  return Buffer.concat([header, Buffer.from('00000000', 'hex'), bytes(`IDAT${more}`)]);
}

/** An archive of one empty file. */
function tar(name: string): Buffer {
  const header = Buffer.alloc(512);
  header.write(name);
  header.write('0000644\0 0000000\0 0000000\0 00000000000 00000000000 ', 100);
  header.write('        0', 148);
  header.write('ustar\u000000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

describe('T11: what a file is, is read from its bytes', () => {
  test.each([
    ['picture.log', png(1, 1), 'image/png'],
    ['a.txt', bytes('GIF89a\x01\x00\x01\x00\x80\x00\x00'), 'image/gif'],
    ['a', bytes('%PDF-1.7\n%\xe2\xe3\xcf\xd3'), 'application/pdf'],
    ['a', bytes('%PDF-1.4 all in letters'), 'application/pdf'],
    ['logs.zip', bytes('PK\x03\x04\x14\x00\x00\x00'), 'application/zip'],
    ['logs.tar', tar('panel.log'), 'application/x-tar'],
    ['logs.gz', bytes('\x1f\x8b\x08\x00\x00\x00'), 'application/gzip'],
    ['a.mp4', Buffer.concat([Buffer.from([0, 0, 0, 24]), bytes('ftypmp42\0\0\0\0mp42isom')]), 'video/mp4'],
  ])('%s', async (name, head, mediaType) => {
    expect(await findContent(head, name)).toEqual({ form: 'binary', mediaType });
  });

  test.each([
    ['panel.log', 'BM 2026-11-23 begins like a picture', 'text/plain'],
    ['панель.log', '\ufeffжурнал\n', 'text/plain'],
    ['colours.log', '\u001b[31mERROR\u001b[0m\r\n', 'text/plain'],
    ['a.csv', 'id;name\n1;Анна\n', 'text/csv'],
    ['a.json', '{"level":"info"}', 'application/json'],
    ['page.html', 'a < b and <34>1 2026-11-23 syslog', 'text/plain'],
    ['a.log', '<34>1 2026-11-23T10:00:00Z host app', 'text/plain'],
    ['a.log', '<info> NetworkManager started', 'text/plain'],
  ])('text: %s', async (name, text, mediaType) => {
    expect(await findContent(Buffer.from(text), name)).toEqual({ form: 'text', mediaType });
  });

  test.each([
    ['an SVG', 'a.png', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
    ['an SVG under a declaration', 'a.svg', '<?xml version="1.0"?>\n<svg/>'],
    ['a page', 'a.txt', '<!DOCTYPE html><p>'],
    ['a page behind spaces, a mark and a comment', 'a.txt', '\ufeff \n<!-- hello --> <!-- again -->\t<HTML>'],
    ['a page behind a comment that never ends', 'a.txt', '<!-- hello <html>'],
    ['a page with a prefix', 'a.txt', '<x:html xmlns:x="http://www.w3.org/1999/xhtml">'],
    ['a fragment', 'a.log', '<img src=x onerror=alert(1)>'],
    ['a script', 'a.log', '<script>alert(1)</script>'],
  ])('refuses %s', async (_what, name, text) => {
    expect(await findContent(Buffer.from(text), name)).toEqual({ refused: 'file.type_refused' });
  });

  test.each([
    ['a GIF that is a page too', 'a.gif', bytes('GIF89a\x01\x00\x01\x00\x80/*<html><script>alert(1)</script>*/')],
    ['a PNG with a page in it', 'a.png', png(1, 1, '<SCRIPT src=//evil.example>')],
    ['a PDF that begins as a page', 'a.pdf', bytes('%PDF-1.4 <html><body>')],
    ['a program', 'a.png', bytes('MZ\x90\x00\x03\x00\x00\x00')],
    ['a picture without a header', 'a.png', bytes('\x89PNG\r\n\x1a\n\x00\x00')],
    ['a tar whose first file is called as a page begins', 'a.tar', tar('<html><script>alert(1)</script>')],
    ['bytes that are nothing', 'a.bin', bytes('\x00\x01\x02\x03')],
    ['a picture named as a HAR', 'a.har', png(1, 1)],
  ])('refuses %s', async (_what, name, head) => {
    expect(await findContent(head, name)).toEqual({ refused: 'file.type_refused' });
  });

  test('50 megapixels pass, one row more does not', async () => {
    expect(await findContent(png(10_000, 5_000), 'a.png')).toEqual({ form: 'binary', mediaType: 'image/png' });
    expect(await findContent(png(10_000, 5_001), 'a.png')).toEqual({ refused: 'file.picture_too_large' });
  });

  test('T12: a HAR is known by its name and by its beginning', async () => {
    const har = { form: 'har', mediaType: 'application/json' };
    expect(await findContent(Buffer.from('anything'), 'trace.har')).toEqual(har);
    expect(await findContent(Buffer.from('{ "log": {"version": "1.2"'), 'a.txt')).toEqual(har);
    expect(await findContent(Buffer.from('{"log": {"level": "info"}}'), 'a.json')).toMatchObject({ form: 'text' });
    // In whatever order its keys stand, so that no cookie is stored because a tool put a comment first.
    const entries = '"entries":[{"request":{"url":"https://a.example/"}}]';
    for (const odd of [`{"comment":"x","log":{"version":"1.2",${entries}}}`, `{"log":{"tool":"x",${entries}}}`])
      expect(await findContent(Buffer.from(odd), 'a.txt')).toEqual(har);
    expect(await findContent(Buffer.from(`{"msg":"${entries.replaceAll('"', '\\"')}","log":{}}`), 'a.log')).toMatchObject({ form: 'text' });
  });
});
