/**
 * The pages of mailed links in a real browser, before a whole Kontor: mails come from its own mail server. Whatever a page
 * complains about, whom it asks besides its own server, and every request's address and headers are kept.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { startKontor, type Kontor, type KontorOptions } from '../harness/kontor.ts';
import { until } from '../harness/until.ts';
import { launchBrowser, sizes } from './console-under-test.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface Reader {
  readonly locale: 'en' | 'ru';
  readonly theme: 'light' | 'dark';
  readonly size: keyof typeof sizes;
}

export interface SentRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface OpenedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Everything this browser asked for since it was opened. */
  readonly requests: readonly SentRequest[];
}

export interface PagesUnderTest {
  readonly kontor: Kontor;
  /** Opens an address as a reader with an empty browser; waits for the page to say something. */
  open(address: string, reader?: Partial<Reader> & { javaScript?: boolean; as?: OpenedPage }): Promise<OpenedPage>;
  /** The link of the newest mail to this address that leads to this page. */
  mailedLink(address: string, page: string, count?: number): Promise<string>;
  /** What the pages complained about since the last call. */
  complaints(): string[];
  /** Closes what a test opened; throws when a page complained or asked another host since the last look. */
  endTest(): Promise<void>;
  stop(): Promise<void>;
}

export async function pagesUnderTest(options: KontorOptions = {}): Promise<PagesUnderTest> {
  const [browser, kontor] = await Promise.all([launchBrowser(), startKontor(options)]);
  const complaints: string[] = [];
  return {
    kontor,
    open: (address, reader = {}) => openPage(browser, kontor, complaints, address, reader),
    mailedLink: (address, page, count = 1) => mailedLink(kontor, address, page, count),
    complaints: () => complaints.splice(0),
    endTest: async () => {
      await Promise.all(browser.contexts().map((context) => context.close()));
      const found = complaints.splice(0);
      if (found.length > 0) throw new Error(`a page complained:\n${found.join('\n')}`);
    },
    stop: async () => {
      await browser.close();
      await kontor.stop();
    },
  };
}

async function openPage(
  browser: Browser,
  kontor: Kontor,
  complaints: string[],
  address: string,
  { locale = 'en', theme = 'light', size = 'wide', javaScript = true, as }: Partial<Reader> & { javaScript?: boolean; as?: OpenedPage },
): Promise<OpenedPage> {
  const opened = as ?? (await newReader(browser, kontor, complaints, { locale, theme, size }, javaScript));
  await opened.page.goto(address);
  if (javaScript) await opened.page.locator('h1').waitFor();
  return opened;
}

async function newReader(
  browser: Browser,
  kontor: Kontor,
  complaints: string[],
  { locale, theme, size }: Reader,
  javaScriptEnabled: boolean,
): Promise<OpenedPage> {
  const context = await browser.newContext({
    viewport: sizes[size],
    locale,
    colorScheme: theme,
    baseURL: kontor.origin,
    reducedMotion: 'reduce',
    timezoneId: 'Europe/Moscow',
    javaScriptEnabled,
  });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const requests: SentRequest[] = [];
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  context.on('request', (request) => {
    requests.push({ method: request.method(), url: request.url(), headers: request.headers(), body: request.postData() ?? '' });
    if (!request.url().startsWith(`${kontor.origin}/`)) complaints.push(`request to ${request.url()}`);
  });
  return { page, context, requests };
}

async function mailedLink(kontor: Kontor, address: string, page: string, count: number): Promise<string> {
  return until(`a mail to ${address} with a link to ${page}`, async () => {
    const links = kontor.mail.to(address).flatMap(({ text }) => text?.match(/https?:\/\/\S+\/links\/\S+#[\w-]+/g) ?? []);
    const wanted = links.filter((link) => new URL(link).pathname === `/links/${page}`);
    return wanted.length >= count ? wanted.at(-1) : undefined;
  });
}

/** No barrier that axe knows of, nothing that reaches out of the window, and nothing too small to press. */
export async function expectSound(page: Page): Promise<void> {
  // The page's policy runs no script of ours: the check comes in by the debugger's door, as a person's tools do.
  const { violations } = await page.evaluate<AxeResults>(
    `${axe}; axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
  );
  expect(violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`))).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  const small = await page.evaluate(() =>
    [...document.querySelectorAll('a, button, select, label:has(input), input:not([type=checkbox])')]
      .map((element) => ({ text: element.outerHTML.slice(0, 120), height: element.getBoundingClientRect().height }))
      .filter(({ height }) => height < 44),
  );
  expect(small).toEqual([]);
}

/** Keeps a picture of the page when the run was asked for pictures: `PICTURES_TO=docs/pictures`. */
export async function picture(page: Page, name: string, { size, locale, theme }: Reader): Promise<void> {
  const folder = process.env['PICTURES_TO'];
  if (folder) await page.screenshot({ path: join(folder, `page-${name}-${sizes[size].width}-${locale}-${theme}.png`), fullPage: true });
}
