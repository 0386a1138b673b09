/**
 * Takes the pictures of docs/pictures from a running Kontor with its sample data, at both widths, in both languages and
 * themes: the way in, the list and a ticket, one's own security.
 *
 *   node test/e2e/pictures.ts [--url http://127.0.0.1:8080] [--codes http://127.0.0.1:8025/authenticator] [--only security] [--ticket CS-000012] [--out docs/pictures]
 */
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import { until } from '../harness/until.ts';
import { chromiumFlags, chromiumPath } from './chromium.ts';

const maxBytes = 300_000;
const sizes = { 1440: { width: 1440, height: 900 }, 390: { width: 390, height: 844 } } as const;

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:8080' },
    codes: { type: 'string', default: 'http://127.0.0.1:8025/authenticator' },
    email: { type: 'string', default: 'oleg@kontor.example' },
    /** Staff who has not set up an app. */
    newcomer: { type: 'string', default: 'vera@kontor.example' },
    password: { type: 'string', default: 'kontor sample password' },
    only: { type: 'string' },
    ticket: { type: 'string' },
    out: { type: 'string', default: 'docs/pictures' },
  },
});

type SignedIn = Awaited<ReturnType<BrowserContext['storageState']>>;

interface Subject {
  readonly signedIn: boolean;
  readonly show: (page: Page) => Promise<void>;
}

const subjects = {
  list: { signedIn: true, show: showList },
  ticket: { signedIn: true, show: showTicket },
  'sign-in-code': { signedIn: false, show: showCodeStep },
  'first-set-up': { signedIn: false, show: showFirstSetUp },
  security: { signedIn: true, show: showSecurity },
} satisfies Record<string, Subject>;

interface Picture {
  readonly of: keyof typeof subjects;
  readonly width: keyof typeof sizes;
  readonly locale: 'en' | 'ru';
  readonly theme: 'light' | 'dark';
}

const pictures: readonly Picture[] = [
  { of: 'list', width: 1440, locale: 'en', theme: 'light' },
  { of: 'ticket', width: 1440, locale: 'en', theme: 'light' },
  { of: 'list', width: 1440, locale: 'ru', theme: 'dark' },
  { of: 'ticket', width: 1440, locale: 'ru', theme: 'dark' },
  { of: 'list', width: 390, locale: 'ru', theme: 'light' },
  { of: 'ticket', width: 390, locale: 'en', theme: 'dark' },
  { of: 'sign-in-code', width: 1440, locale: 'en', theme: 'light' },
  { of: 'sign-in-code', width: 390, locale: 'ru', theme: 'dark' },
  { of: 'first-set-up', width: 1440, locale: 'ru', theme: 'light' },
  { of: 'first-set-up', width: 390, locale: 'en', theme: 'dark' },
  { of: 'security', width: 1440, locale: 'en', theme: 'light' },
  { of: 'security', width: 1440, locale: 'ru', theme: 'dark' },
  { of: 'security', width: 390, locale: 'ru', theme: 'light' },
];

const phone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1';

mkdirSync(values.out, { recursive: true });
const browser = await chromium.launch({ executablePath: await chromiumPath(), args: chromiumFlags });
try {
  const wanted = pictures.filter(({ of }) => values.only === undefined || of === values.only);
  // Once for all pictures, as each code is good for once; and from a telephone before, to have more than one session.
  if (wanted.some(({ of }) => of === 'security')) await signIn(browser, { userAgent: phone });
  const signedIn = wanted.some(({ of }) => subjects[of].signedIn) ? await signIn(browser) : undefined;
  for (const picture of wanted) await take(browser, picture, signedIn);
} finally {
  await browser.close();
}

async function signIn(browser: Browser, options: BrowserContextOptions = {}): Promise<SignedIn> {
  const context = await browser.newContext({ ...options, baseURL: values.url });
  const page = await context.newPage();
  await givePassword(page, values.email);
  const field = page.locator('#code');
  await field.waitFor();
  let given = '';
  await until(
    'a code is taken',
    async () => {
      const code = await (await fetch(`${values.codes}/${values.email}`)).text();
      if (code !== given && (await field.isEditable())) await field.fill(code);
      given = code;
      return (await field.count()) === 0;
    },
    70,
  );
  const state = await context.storageState();
  await context.close();
  return state;
}

async function take(browser: Browser, { of, width, locale, theme }: Picture, signedIn: SignedIn | undefined): Promise<void> {
  const subject: Subject = subjects[of];
  const context = await browser.newContext({
    viewport: sizes[width],
    locale,
    colorScheme: theme,
    baseURL: values.url,
    reducedMotion: 'reduce',
    ...(subject.signedIn && signedIn ? { storageState: signedIn } : {}),
  });
  const page = await context.newPage();
  // The language of the picture is the browser's choice; without it the account's own would win after signing in.
  await page.addInitScript((language) => localStorage.setItem('RaStoreKontor.locale', JSON.stringify(language)), locale);
  await subject.show(page);
  await page.evaluate(() => document.fonts.ready);
  const file = join(values.out, `console-${of}-${width}-${locale}-${theme}.png`);
  await page.screenshot({ path: file });
  await context.close();
  const { size } = statSync(file);
  process.stdout.write(`${file} ${Math.round(size / 1000)} kB\n`);
  if (size > maxBytes) throw new Error(`${file} is larger than ${maxBytes / 1000} kB`);
}

async function givePassword(page: Page, email: string): Promise<void> {
  await page.goto('/admin/');
  await page.locator('#email').fill(email);
  await page.locator('#password').fill(values.password);
  await page.keyboard.press('Enter');
}

async function showList(page: Page): Promise<void> {
  await page.goto('/admin/tickets');
  await page.locator('[data-ticket]').first().waitFor();
}

async function showTicket(page: Page): Promise<void> {
  await showList(page);
  const number = values.ticket ?? (await page.locator('[data-ticket]').first().getAttribute('data-ticket'));
  await page.goto(`/admin/tickets/${number}/show`);
  await page.locator('article').first().waitFor();
  await page.locator('[data-what-next]').waitFor();
  await page
    .locator('[data-composer]')
    .waitFor({ timeout: 2_000 })
    .catch(() => undefined);
}

async function showCodeStep(page: Page): Promise<void> {
  await givePassword(page, values.email);
  await page.locator('#code').pressSequentially('4920');
}

async function showFirstSetUp(page: Page): Promise<void> {
  await givePassword(page, values.newcomer);
  await page.locator('[data-app-secret]').waitFor();
}

async function showSecurity(page: Page): Promise<void> {
  await page.goto('/admin/security');
  await page.locator('[data-session]').nth(1).waitFor();
}
