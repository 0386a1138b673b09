/**
 * The console in a real browser, before a whole API of its own. Whatever a page complains about on its own console, and
 * every request to another host, is kept: a test ends by asking that there was none.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import jsqr from 'jsqr';
import { chromium, type Browser, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { hashPassword } from '../../api/auth/passwords.ts';
import { addStaff } from '../../db/repositories/people.ts';
import { hashOfSources } from '../../dev/console-build.ts';
import { startKontor, type Kontor, type KontorOptions } from '../harness/kontor.ts';
import { Authenticator } from '../harness/authenticator.ts';
import { testPassword, type TestPerson } from '../harness/people.ts';
import { beginStory, type Story } from '../harness/story.ts';
import { until } from '../harness/until.ts';
import { chromiumFlags, chromiumPath, ownTemporaryFolder } from './chromium.ts';

// A module of the older kind: its function is a property of what is imported.
const readQrCode = jsqr.default;
const cloneFolder = join(import.meta.dirname, '../..');
export const sizes = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } } as const;

export interface OpenOptions {
  readonly locale?: 'en' | 'ru';
  readonly theme?: 'light' | 'dark';
  readonly size?: keyof typeof sizes;
  /** Signs this person in and opens this address of the console. */
  readonly as?: TestPerson;
  readonly at?: string;
  /**
   * Lets the test turn the page's clock forward, instead of waiting until the page looks again. An instant: what the page's
   * clock shows at first, as where a story's time is another than ours.
   */
  readonly clock?: boolean | Date;
}

export interface ConsoleUnderTest {
  readonly kontor: Kontor;
  open(options?: OpenOptions): Promise<Page>;
  /** What the pages complained about and whom else they asked since the last call. */
  complaints(): string[];
  /** Closes what a test opened; throws when a page complained or asked another host since the last look. */
  endTest(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts an API with a fresh database, and a browser. The engine stays away unless asked for: the console does not need it. */
export async function consoleUnderTest(options: KontorOptions = {}): Promise<ConsoleUnderTest> {
  const [consoleFolder, browser] = await Promise.all([builtConsole(), launchBrowser()]);
  return consoleOf(await startKontor({ promises: false, ...options, consoleFolder }), browser);
}

/** The same in a story: weeks pass in milliseconds, promises are kept, and pages live in the story's time. */
export async function consoleInStory(instant: string): Promise<ConsoleUnderTest & { readonly story: Story }> {
  const [consoleFolder, browser] = await Promise.all([builtConsole(), launchBrowser()]);
  const story = await beginStory(instant, { consoleFolder });
  const desk = consoleOf(story, browser);
  return { ...desk, story, open: (open = {}) => desk.open({ clock: story.now(), ...open }) };
}

function consoleOf(kontor: Kontor, browser: Browser): ConsoleUnderTest {
  const complaints: string[] = [];
  return {
    kontor,
    open: (open = {}) => openPage(browser, kontor, complaints, open),
    complaints: () => complaints.splice(0),
    endTest: async () => {
      // An open page goes on asking for what is new, and would slow the tests after it down.
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

/** A browser; one file at a time, as the first of all unpacks it. */
export async function launchBrowser(): Promise<Browser> {
  return locked('chromium', async () => chromium.launch({ executablePath: await chromiumPath(), args: chromiumFlags }));
}

async function openPage(
  browser: Browser,
  kontor: Kontor,
  complaints: string[],
  { locale = 'en', theme = 'light', size = 'wide', as, at = '/tickets', clock = false }: OpenOptions,
): Promise<Page> {
  const context = await browser.newContext({
    viewport: sizes[size],
    locale,
    colorScheme: theme,
    baseURL: kontor.origin,
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  if (clock) await page.clock.install(clock === true ? {} : { time: clock });
  page.on('console', (message) => message.type() === 'error' && complaints.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('request', (request) => {
    // A picture that came with an answer, and a file that the page made itself, are nobody else's.
    if (!request.url().startsWith(`${kontor.origin}/`) && !/^(data|blob):/.test(request.url()))
      complaints.push(`request to ${request.url()}`);
  });
  if (!as) {
    await page.goto('/admin/');
    return page;
  }
  const cookie = as.credentials['cookie']!;
  const [name = '', value = ''] = cookie.split('=');
  await context.addCookies([{ name, value, url: kontor.origin }]);
  await page.addInitScript((language) => {
    localStorage.setItem('kontor.signedIn', 'yes');
    if (localStorage.getItem('RaStoreKontor.locale') === null) localStorage.setItem('RaStoreKontor.locale', JSON.stringify(language));
  }, locale);
  await page.goto(`/admin${at}`);
  await page.locator('main').waitFor();
  return page;
}

/** The first step of signing in: address and password, typed into the form. */
export async function givePassword(page: Page, person: Pick<TestPerson, 'email'>, password = testPassword): Promise<void> {
  await page.locator('#email').fill(person.email);
  await page.locator('#password').fill(password);
  await page.keyboard.press('Enter');
}

/** Signs in through the form, as a person does: password, then a code of the app, which goes off by itself. */
export async function signInByForm(page: Page, person: TestPerson & { app?: Authenticator }): Promise<void> {
  await givePassword(page, person);
  await page.locator('#code').fill(await person.app!.code());
  await page.locator('#code').waitFor({ state: 'detached' });
}

/** A member of staff as an accepted invitation leaves him: with a password and no app. */
export async function newcomer({ database, clock }: Kontor): Promise<Pick<TestPerson, 'id' | 'email'>> {
  const email = `${crypto.randomUUID()}@people.example`;
  const person = {
    email,
    name: 'Vera Belova',
    locale: 'en',
    timeZone: 'Europe/Moscow',
    passwordHash: await hashPassword(testPassword),
  } as const;
  return { id: await addStaff(database.fork(), clock.now(), person, 'billing'), email };
}

/**
 * The app that scanned the picture which the page shows, as a telephone does; the secret beside it, for whoever has no
 * camera, must be the same.
 */
export async function appSetUpOn(page: Page, { clock }: Kontor): Promise<Authenticator> {
  const typed = (await page.locator('[data-app-secret]').innerText()).replaceAll(/\s/g, '');
  const scanned = new URL(await scannedFrom(page));
  expect(scanned.protocol).toBe('otpauth:');
  expect(scanned.searchParams.get('secret')).toBe(typed);
  return new Authenticator(scanned.searchParams.get('secret')!, clock);
}

/** What the code in the page's picture says, read from its pixels. */
async function scannedFrom(page: Page): Promise<string> {
  const side = 600;
  const pixels = await page.locator('img[src^="data:image/svg+xml"]').evaluate(async (picture, size) => {
    await (picture as HTMLImageElement).decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: size, height: size });
    const drawn = canvas.getContext('2d')!;
    drawn.fillStyle = 'white';
    drawn.fillRect(0, 0, size, size);
    drawn.drawImage(picture as HTMLImageElement, 0, 0, size, size);
    return [...drawn.getImageData(0, 0, size, size).data];
  }, side);
  const read = readQrCode(Uint8ClampedArray.from(pixels), side, side);
  if (!read) throw new Error('the picture holds no code that can be read');
  return read.data;
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds that is serious or worse, as one line each, once everything has come in: half-faded words have no contrast. */
export async function barriers(page: Page): Promise<string[]> {
  await page.waitForFunction(() =>
    document.getAnimations().every(({ playState, effect }) => playState !== 'running' || effect?.getComputedTiming().endTime === Infinity),
  );
  // The page's policy runs no script of ours: the check comes in by the debugger's door, as a person's tools do.
  const { violations } = await page.evaluate<AxeResults>(
    `${axe}; axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })`,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} · ${failureSummary?.slice(0, 200)}`));
}

/** The console as it is in this clone now, built once for each state of its sources, beside and never over the product's own. */
async function builtConsole(): Promise<string> {
  const state = await hashOfSources(cloneFolder, ['admin-ui', 'domain', 'package-lock.json']);
  const folder = join(ownTemporaryFolder(), `kontor-console-${state.slice(0, 16)}`);
  return locked('console-build', async () => {
    if (existsSync(join(folder, 'index.html'))) return folder;
    const unfinished = `${folder}.unfinished-${process.pid}`;
    await runVite(['build', '--config', 'admin-ui/vite.config.ts', '--outDir', unfinished, '--emptyOutDir']);
    rmSync(folder, { recursive: true, force: true });
    renameSync(unfinished, folder);
    return folder;
  });
}

async function runVite(args: string[]): Promise<void> {
  // The runner says NODE_ENV=test, which would give a console that people never get.
  const child = spawn(process.execPath, ['node_modules/vite/bin/vite.js', ...args], {
    cwd: cloneFolder,
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`the console cannot be built: ${words}`);
}

/** Test files run side by side; what they share on disk is made by one of them. A lock older than a minute is nobody's. */
async function locked<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  const lock = join(ownTemporaryFolder(), `${name}.lock`);
  await until(`the lock ${name} is free`, async () => taken(lock));
  try {
    return await work();
  } finally {
    rmdirSync(lock);
  }
}

function taken(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
    if (since !== undefined && Date.now() - since > 60_000) rmdirSync(lock);
    return false;
  }
}
