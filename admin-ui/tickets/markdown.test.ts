import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderMarkdown } from './markdown.ts';

const render = (text: string) => renderMarkdown(text, { quotation: 'Quotation', copyCode: 'Copy' });
/** Everything that could run, fetch or lead somewhere: names of elements and what their attributes say. */
const elements = (html: string) =>
  [...html.matchAll(/<([a-z0-9]+)((?:\s+[\w-]+(?:="[^"]*")?)*)\s*\/?>/gi)].map(([, name, attributes]) => ({ name, attributes }));

describe('T13: a message is Markdown and never HTML', () => {
  test('headings, lists, tables, code and links are shown as such', () => {
    const html = render('# A\n\n- b\n\n|c|d|\n|-|-|\n|e|f|\n\n[g](https://g.example/)\n\nh **i** `j`');
    for (const part of ['<h1>A</h1>', '<li>b</li>', '<td>e</td>', 'href="https://g.example/"', '<strong>i</strong>', '<code>j</code>'])
      expect(html).toContain(part);
  });

  test.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<svg/onload=alert(1)>',
    '<iframe srcdoc="<script>alert(1)</script>">',
    '"><b onmouseover=alert(1)>',
  ])('%s is shown as it was typed', (typed) => {
    const html = render(typed);
    expect(elements(html).map(({ name }) => name)).toEqual(['p']);
    expect(html).not.toMatch(/<(script|img|svg|iframe|b)\b/);
  });

  test.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'javascript&colon;alert(1)',
    '&#106;avascript:alert(1)',
    'java\u0000script:alert(1)',
    'vbscript:x',
    'data:text/html,<script>alert(1)</script>',
    'data:image/png;base64,AAAA',
    'file:///etc/passwd',
    '',
    'blob:x',
    '//elsewhere.example/',
    '/api/staff/v1/me',
    '#top',
  ])('%s is no link and no picture', (address) => {
    for (const text of [`[a](${address})`, `![a](${address})`, `<${address}>`, `[a]\n\n[a]: ${address}`])
      expect(elements(render(text)).filter(({ attributes }) => /href|src/.test(attributes!))).toEqual([]);
  });

  test('a link cannot leave its attribute, and opens beside the console without telling where it was', () => {
    const html = render(`[a](https://x.example/"onmouseover="alert(1) "t")`) + render(`https://x.example/'"><script>`);
    expect(html).not.toMatch(/onmouseover="|<script/);
    expect(render('[a](https://x.example/)')).toContain('target="_blank" rel="noopener noreferrer nofollow"');
  });

  test('A2: a picture of another host is not fetched: it is a link that says what it is', () => {
    expect(render('![a plan](https://spy.example/p.png?who=oleg)')).toBe(
      '<p><a href="https://spy.example/p.png?who=oleg" target="_blank" rel="noopener noreferrer nofollow">a plan</a></p>\n',
    );
  });

  test('whatever is typed, nothing can run, be fetched or be sent', () => {
    const pieces = [
      '<',
      '>',
      '"',
      "'",
      '`',
      '![',
      '](',
      ')',
      '[',
      'javascript:',
      'data:text/html,',
      'onerror=',
      'script',
      'img src=',
      '\n',
      '> ',
      '- ',
      '|',
      '&lt;',
      '\\',
      'https://a.b',
    ];
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 3 })), { maxLength: 40 }), (parts) => {
        for (const { name, attributes } of elements(render(parts.join('')))) {
          expect(name).toMatch(
            /^(p|br|a|em|strong|s|code|pre|blockquote|ul|ol|li|h[1-6]|hr|table|thead|tbody|tr|th|td|div|button|details|summary)$/,
          );
          expect(attributes).not.toMatch(/\son|src|srcdoc|formaction/);
          for (const [, address] of attributes!.matchAll(/href="([^"]*)"/g)) expect(address).toMatch(/^(https?:\/\/|mailto:)/i);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('T13: a text that nobody would write', () => {
  test.each([
    ['10,000 nested quotations', `${'>'.repeat(10_000)} the end`],
    ['10,000 nested quotations, with spaces', `${'> '.repeat(10_000)}the end`],
    ['10,000 nested lists', `${'- '.repeat(10_000)}the end`],
    ['lists within quotations', `${'> - '.repeat(5_000)}the end`],
    ['lists nested by indentation', `${Array.from({ length: 200 }, (_, at) => `${' '.repeat(at * 2)}- a`).join('\n')} the end`],
  ])('%s: shown whole, as typed, with no element inside another', (_name, text) => {
    const html = render(text);
    expect(elements(html).map(({ name }) => name)).toEqual(['p']);
    expect(html).toContain('the end');
  });

  test('what is nested as deep as people nest is shown as such', () => {
    expect(render(`${'> '.repeat(12)}the end`).match(/<blockquote>/g)).toHaveLength(12);
  });

  test('a text of which Markdown would show nothing is shown as it was typed', () => {
    expect(render('[a]: https://a.example/')).toContain('[a]: https://a.example/');
  });
});

describe('A2: what helps to read', () => {
  test('a long quotation is folded, a short one and one within are not', () => {
    expect(render(Array.from({ length: 9 }, () => '> line').join('\n'))).toMatch(
      /^<details><summary>Quotation<\/summary><blockquote>[^]*<\/blockquote><\/details>$/,
    );
    expect(render('> line\n> line')).not.toContain('<details>');
    expect(render(Array.from({ length: 9 }, () => '> > line').join('\n')).match(/<details>/g)).toHaveLength(1);
  });

  test('code comes with a button that copies it', () => {
    expect(render('```\na < b\n```')).toContain('a &lt; b\n</code></pre>\n<button type="button" data-copy>Copy</button>');
  });
});
