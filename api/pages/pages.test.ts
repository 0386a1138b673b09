import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { linkPages } from './index.ts';
import { en } from './words/en.ts';
import { ru } from './words/ru.ts';

const app = linkPages();
const pages = ['/registration', '/confirmation', '/invitation', '/password-reset', '/email-change', '/veto'] as const;
const files = ['/sheet.css', '/sheet.js', '/kontor.svg'] as const;
const script = readFileSync(join(import.meta.dirname, 'sheet.js'), 'utf8');

async function get(path: string, headers: Record<string, string> = {}): Promise<{ status: number; headers: Headers; text: string }> {
  const response = await app.request(path, { headers });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe('what every answer says to the browser', () => {
  test.each([...pages, ...files])('I4: %s runs, loads, frames and keeps nothing but what is ours', async (path) => {
    const { status, headers } = await get(path);
    expect(status).toBe(200);
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
    );
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('set-cookie')).toBeNull();
  });

  test.each(pages)('I4: asking for %s is all a mail scanner can do: nothing takes a POST', async (path) => {
    expect((await app.request(path, { method: 'HEAD' })).status).toBe(200);
    for (const method of ['POST', 'PUT', 'DELETE']) expect((await app.request(path, { method, body: 'a=b' })).status).toBe(404);
  });

  test('I4: files have their types, and only ours are served', async () => {
    expect((await get('/sheet.js')).headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect((await get('/sheet.css')).headers.get('content-type')).toBe('text/css; charset=utf-8');
    for (const path of ['/sheet.ts', '/words/en.ts', '/..%2fapp.ts', '/%2e%2e/app.ts', '/']) expect((await get(path)).status).toBe(404);
  });
});

describe('languages', () => {
  test.each(pages)('I1: %s speaks the language of the link, else the browser’s, else English', async (path) => {
    const spoken = async (query: string, accept?: string) =>
      /<html lang="(\w+)">/.exec((await get(`${path}${query}`, accept ? { 'accept-language': accept } : {})).text)?.[1];
    expect(await spoken('?lang=ru', 'en')).toBe('ru');
    expect(await spoken('?lang=en', 'ru')).toBe('en');
    expect(await spoken('', 'ru-RU,ru;q=0.9,en;q=0.8')).toBe('ru');
    expect(await spoken('?lang=de', 'ru')).toBe('ru');
    expect(await spoken('', 'de')).toBe('en');
    expect(await spoken('')).toBe('en');
  });

  test('I1: both languages have every word, with the same things put in', () => {
    const placeholders = (words: object, path = ''): Record<string, string[]> =>
      Object.assign(
        {},
        ...Object.entries(words).map(([key, word]) =>
          typeof word === 'string' ? { [path + key]: (word.match(/\{\w+\}/g) ?? []).toSorted() } : placeholders(word, `${path}${key}.`),
        ),
      );
    expect(placeholders(ru)).toEqual(placeholders(en));
    expect(JSON.stringify(ru)).not.toMatch(/"[^"\u0400-\u04ff]{12,}"\s*[,}]/);
  });
});

describe('what stands in the document', () => {
  test.each(pages)('I4: %s repeats nothing of the request', async (path) => {
    const plain = (await get(`${path}?lang=en`)).text;
    for (const query of [
      '?lang=%22%3E%3Cscript%3Ealert(1)%3C/script%3E',
      '?lang="><script>alert(1)</script>',
      '?lang=en&lang=%3Cimg src=x onerror=alert(1)%3E',
      '?lang=en&token=secret&email=a%40b.example&%3Cscript%3E=1',
      '?lang=__proto__',
      '?lang=en%00ru',
    ])
      expect((await get(`${path}${query}`)).text).toBe(plain);
    expect(
      (await get(`${path}?lang=en`, { 'accept-language': '"><script>', 'x-forwarded-host': 'evil.example', host: 'evil.example' })).text,
    ).toBe(plain);
  });

  test.each(pages)('I4: %s has no script or style of its own, no form that a browser would send, and names no other host', async (path) => {
    for (const locale of ['en', 'ru']) {
      const { text } = await get(`${path}?lang=${locale}`);
      expect(text.match(/<script[^>]*>/g)).toEqual(['<script src="/links/sheet.js" defer>']);
      expect(text).not.toMatch(/\son\w+=|\sstyle=|<style|javascript:|\saction=|https?:\/\//);
      expect(text.match(/<form/g)?.length ?? 0).toBe(text.match(/<form method="post" novalidate/g)?.length ?? 0);
      expect(text).toContain('<noscript>');
    }
  });

  test('I4: a new password is asked for twice, may be pasted and kept by a password manager, and its length is told before', async () => {
    for (const path of ['/confirmation', '/password-reset', '/invitation']) {
      const { text } = await get(`${path}?lang=en`);
      expect(text).toContain('At least 12 characters');
      const fields = text.match(/<input\s[^>]*type="password"[^>]*>/g) ?? [];
      expect(fields.length).toBe(path === '/invitation' ? 4 : 2);
      for (const field of fields) {
        expect(field).toContain('autocomplete="new-password"');
        expect(field).not.toMatch(/onpaste|pattern=|maxlength/);
      }
      expect(text).toMatch(/<input[^>]*autocomplete="username"[^>]*readonly/);
    }
  });

  test('D2: no box is ticked for anybody, as the document brings none: each comes from the API by itself', async () => {
    for (const path of pages) expect((await get(path)).text).not.toMatch(/\schecked|type="checkbox"/);
    expect(script).toContain("type: 'checkbox'");
    expect(script).not.toMatch(/checked: true|defaultChecked/);
  });
});

describe('the page that a payer comes back to', () => {
  test('B2: it says the same whatever its address says, needs no script, and takes nothing', async () => {
    for (const locale of ['en', 'ru'] as const) {
      const { status, text, headers } = await get(`/payment-return?lang=${locale}`);
      expect(status).toBe(200);
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(text).toContain({ en, ru }[locale].paymentReturn.lede);
      expect(text).not.toMatch(/<script|<form|https?:\/\//);
      for (const claim of ['&paid=true', '&payment=pay_1&status=succeeded', '&amount=1000000.00'])
        expect((await get(`/payment-return?lang=${locale}${claim}`)).text).toBe(text);
    }
    for (const method of ['POST', 'PUT', 'DELETE'])
      expect((await app.request('/payment-return', { method, body: 'a=b' })).status).toBe(404);
  });
});

describe('the script', () => {
  test('I4: makes no markup of what it is told, and keeps nothing where it would outlive the page', () => {
    expect(script).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|setAttributeNS|srcdoc/);
    expect(script).not.toMatch(/localStorage|sessionStorage|indexedDB|document\.cookie|console\./);
  });

  test('A1: its types hold, though nothing builds it', () => {
    const given = '--ignoreConfig --noEmit --allowJs --checkJs --strict --noUncheckedIndexedAccess --exactOptionalPropertyTypes';
    const checked = spawnSync(
      process.execPath,
      [
        'node_modules/typescript/bin/tsc',
        ...given.split(' '),
        '--target',
        'es2024',
        '--lib',
        'es2024,dom,dom.iterable',
        'api/pages/sheet.js',
      ],
      { cwd: join(import.meta.dirname, '../..'), encoding: 'utf8' },
    );
    expect(checked.stdout + checked.stderr).toBe('');
  });
});
