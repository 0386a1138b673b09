/**
 * Takes the pictures of docs/pictures from a running Kontor: the list and a ticket, at both widths, in both languages
 * and themes.
 *
 *   node test/e2e/pictures.ts --url http://127.0.0.1:8080 --email oleg@company.example --password … [--ticket CS-000012] [--out docs/pictures]
 */
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Browser, type Page } from 'playwright-core';
import { chromiumFlags, chromiumPath } from './chromium.ts';

const maxBytes = 300_000;
const sizes = { 1440: { width: 1440, height: 900 }, 390: { width: 390, height: 844 } } as const;

interface Picture {
  readonly page: 'list' | 'ticket';
  readonly width: keyof typeof sizes;
  readonly locale: 'en' | 'ru';
  readonly theme: 'light' | 'dark';
}

const pictures: readonly Picture[] = [
  { page: 'list', width: 1440, locale: 'en', theme: 'light' },
  { page: 'ticket', width: 1440, locale: 'en', theme: 'light' },
  { page: 'list', width: 1440, locale: 'ru', theme: 'dark' },
  { page: 'ticket', width: 1440, locale: 'ru', theme: 'dark' },
  { page: 'list', width: 390, locale: 'ru', theme: 'light' },
  { page: 'ticket', width: 390, locale: 'en', theme: 'dark' },
];

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:8080' },
    email: { type: 'string' },
    password: { type: 'string' },
    ticket: { type: 'string' },
    out: { type: 'string', default: 'docs/pictures' },
  },
});
if (!values.email || !values.password) {
  process.stderr.write('Say: --email … --password … [--url …] [--ticket CS-000012] [--out docs/pictures]\n');
  process.exit(64);
}
const signIn = { email: values.email, password: values.password };

mkdirSync(values.out, { recursive: true });
const browser = await chromium.launch({ executablePath: await chromiumPath(), args: chromiumFlags });
try {
  for (const picture of pictures) await take(browser, picture);
} finally {
  await browser.close();
}

async function take(browser: Browser, { page: which, width, locale, theme }: Picture): Promise<void> {
  const context = await browser.newContext({
    viewport: sizes[width],
    locale,
    colorScheme: theme,
    baseURL: values.url,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  // The language of the picture is the browser's choice; without it the account's own would win after signing in.
  await page.addInitScript((language) => localStorage.setItem('RaStoreKontor.locale', JSON.stringify(language)), locale);
  await page.goto('/admin/');
  await page.locator('#email').fill(signIn.email);
  await page.locator('#password').fill(signIn.password);
  await page.keyboard.press('Enter');
  await page.locator('[data-ticket]').first().waitFor();
  if (which === 'ticket') await showTicket(page);
  await page.evaluate(() => document.fonts.ready);
  const file = join(values.out, `console-${which}-${width}-${locale}-${theme}.png`);
  await page.screenshot({ path: file });
  await context.close();
  const { size } = statSync(file);
  process.stdout.write(`${file} ${Math.round(size / 1000)} kB\n`);
  if (size > maxBytes) throw new Error(`${file} is larger than ${maxBytes / 1000} kB`);
}

async function showTicket(page: Page): Promise<void> {
  const number = values.ticket ?? (await page.locator('[data-ticket]').first().getAttribute('data-ticket'));
  await page.goto(`/admin/tickets/${number}/show`);
  await page.locator('article').first().waitFor();
  await page.locator('[data-what-next]').waitFor();
  await page
    .locator('[data-composer]')
    .waitFor({ timeout: 2_000 })
    .catch(() => undefined);
}
