/** P9: how much of the console comes before the first screen, and how long an agent waits for a ticket's page. */
import { get } from 'node:http';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { sampleApps, sampleCode } from '../../dev/sample-authenticator.ts';
import { sampleSignIns } from '../../dev/sample-data.ts';
import { systemClock } from '../../system-clock.ts';
import { chromiumFlags, chromiumPath } from '../e2e/chromium.ts';
import { until } from '../harness/until.ts';
import { markdownTable, quantile, type Result } from './figures.ts';
import type { BenchOptions } from './options.ts';
import { openFirstTicket, startWholeProduct } from './whole-product.ts';

const goalBytes = 500_000;
const goalMilliseconds = 300;
/** Tickets that an agent goes through, and how many notes each has besides what the customer wrote. */
const tickets = 20;
const notesEach = 60;
const oleg = sampleSignIns.find(({ email }) => email === 'oleg@kontor.example')!;

export async function benchConsole(options: BenchOptions): Promise<Result> {
  const product = startWholeProduct();
  try {
    for (let count = 0; count < tickets; count += 1) await openFirstTicket(product, 180);
    const browser = await chromium.launch({ executablePath: await chromiumPath(), args: chromiumFlags });
    try {
      const context = await browser.newContext({
        baseURL: product.origin,
        viewport: { width: 1440, height: 900 },
        reducedMotion: 'reduce',
      });
      await signIn(context);
      await writeNotes(context);
      return await measure(context, product.origin, options);
    } finally {
      await browser.close();
    }
  } finally {
    await product.stop();
  }
}

/** By the API: the cookie is the browser's afterwards. */
async function signIn({ request }: BrowserContext): Promise<void> {
  const api = '/api/staff/v1/auth';
  const app = sampleApps.find(({ email }) => email === oleg.email)!;
  await until(
    'a code is taken',
    async () => {
      const begun = await request.post(`${api}/sign-in`, { data: { email: oleg.email, password: oleg.password } });
      const { next } = (await begun.json()) as { next?: { attempt: string } };
      const code = await sampleCode(app, systemClock.now(), 1);
      return next && (await request.post(`${api}/second-factor`, { data: { attempt: next.attempt, method: 'totp', code } })).ok();
    },
    70,
  );
}

async function writeNotes({ request }: BrowserContext): Promise<void> {
  const { items } = (await (await request.get('/api/staff/v1/tickets?archived=false&limit=100&sort=-lastMessageAt')).json()) as {
    items: { number: string }[];
  };
  for (const { number } of items.slice(0, tickets))
    for (let note = 0; note < notesEach; note += 1)
      await request.post(`/api/staff/v1/tickets/${number}/notes`, {
        data: { body: `Note ${note}: the **panel** was restarted.\n\n- looked at \`panel.log\`\n- see https://docs.example/${note}` },
      });
}

interface Way {
  readonly name: string;
  readonly milliseconds: readonly number[];
}

async function measure(context: BrowserContext, origin: string, { quick, say }: BenchOptions): Promise<Result> {
  const rounds = quick ? 4 : tickets - 1;
  const firstLoads = {
    overview: await firstLoad(context, origin, firstScreens.overview),
    list: await firstLoad(context, origin, firstScreens.list),
  };
  for (const [name, { bytes, files }] of Object.entries(firstLoads))
    say(`first screen, ${name}: ${Math.round(bytes / 1000)} kB in ${files.length} files`);
  const ways: Way[] = [];
  for (const [name, open] of [
    ['pressed at once, nothing read before', pressAtOnce],
    ['pointed at, then pressed', pointAndPress],
    ['opened by keys: j, Enter', byKeys],
  ] as const) {
    const page = await openList(context);
    const milliseconds: number[] = [];
    for (let round = 0; round < rounds; round += 1) milliseconds.push(await openTicket(page, round, open));
    ways.push({ name, milliseconds });
    say(`${name}: ${quantile(milliseconds, 0.5).toFixed(0)} ms`);
    await page.close();
  }
  const floor = await bareAnswers(context, rounds);
  const overview = await openOverview(context, rounds);
  say(`overview: ${quantile(overview.shown, 0.5).toFixed(0)} ms`);
  return resultOf(firstLoads, ways, floor, overview);
}

interface FirstLoad {
  readonly bytes: number;
  readonly files: [name: string, bytes: number][];
}

/**
 * Whatever a browser that has nothing yet asks for until the page is there, each as long as it is when compressed by gzip. The
 * page itself notes when that is: what it goes on to fetch, as it may be wanted next, does not count.
 */
async function firstLoad(context: BrowserContext, origin: string, { at, shown }: FirstScreen): Promise<FirstLoad> {
  const fresh = await context.browser()!.newContext({ baseURL: origin, storageState: await context.storageState() });
  const page = await fresh.newPage();
  await beSignedIn(page);
  await page.addInitScript((selectors) => {
    const noted = window as unknown as { asked?: string[] };
    const look = () => {
      if (!selectors.every((selector) => document.querySelector(selector))) return requestAnimationFrame(look);
      noted.asked = performance.getEntriesByType('resource').map(({ name }) => name);
      return undefined;
    };
    look();
  }, shown);
  await page.goto(at);
  const asked = await page.waitForFunction(() => (window as unknown as { asked?: string[] }).asked);
  const addresses = new Set([`${origin}${at}`, ...(await asked.jsonValue())!]);
  await fresh.close();
  const files: [string, number][] = [];
  for (const address of addresses)
    if (address.startsWith(`${origin}/admin`)) files.push([address.slice(origin.length), await compressedLength(address)]);
  return { bytes: files.reduce((sum, [, bytes]) => sum + bytes, 0), files: files.toSorted(([, one], [, other]) => other - one) };
}

/** Where somebody begins, and what he sees once it is there. */
interface FirstScreen {
  readonly at: string;
  readonly shown: readonly string[];
}

const firstScreens = {
  overview: { at: '/admin/', shown: ['[data-need]', 'main svg[role="img"]'] },
  list: { at: '/admin/tickets', shown: ['[data-ticket]'] },
} as const;

function compressedLength(address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get(address, { headers: { 'accept-encoding': 'gzip' } }, (answer) => {
      let bytes = 0;
      answer.on('data', (part: Buffer) => (bytes += part.length));
      answer.on('end', () => resolve(bytes));
    }).on('error', reject);
  });
}

async function openList(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await openListIn(page);
  return page;
}

async function openListIn(page: Page): Promise<void> {
  await beSignedIn(page);
  await page.goto('/admin/tickets');
  await page.locator('[data-ticket]').nth(5).waitFor();
}

async function beSignedIn(page: Page): Promise<void> {
  await page.addInitScript(() => {
    localStorage.setItem('kontor.signedIn', 'yes');
    localStorage.setItem('RaStoreKontor.locale', '"en"');
  });
}

const overviewReads = ['breaching', 'open-tickets', 'compliance', 'distribution?kind=first_response', 'trend?step=day'];

/** From the press in the menu until its numbers and its first plot are painted; and the floor: its answers, fetched, and nothing shown. */
async function openOverview(context: BrowserContext, rounds: number): Promise<{ shown: number[]; bare: number[] }> {
  const page = await openList(context);
  const [shown, bare]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    shown.push(
      await page.evaluate(
        () =>
          new Promise<number>((resolve) => {
            const pressedAt = performance.now();
            document.querySelector<HTMLElement>('nav a[href="/admin"], nav a[href="/admin/"]')!.click();
            const look = () => {
              const numbers = [...document.querySelectorAll('[data-need] strong')];
              if (
                !document.querySelector('main svg[role="img"]') ||
                numbers.length === 0 ||
                numbers.some((each) => each.textContent === '…')
              )
                return requestAnimationFrame(look);
              requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - pressedAt)));
              return undefined;
            };
            look();
          }),
      ),
    );
    bare.push(
      await page.evaluate(async (reads) => {
        const began = performance.now();
        await Promise.all(reads.map(async (read) => (await fetch(`/api/staff/v1/service-reports/${read}`)).json()));
        return performance.now() - began;
      }, overviewReads),
    );
    await page.locator('nav a[href^="/admin/tickets"]').first().click();
    await page.locator('h1').first().waitFor();
  }
  await page.close();
  return { shown, bare };
}

/** @returns milliseconds from the press until the page shows conversation, next step and composer, painted */
async function openTicket(page: Page, row: number, open: (page: Page, row: number) => Promise<void>): Promise<number> {
  await page.evaluate(() => {
    const measured = window as unknown as { pressedAt?: number; shown?: Promise<number> };
    const began = (event: Event) => {
      if (event instanceof KeyboardEvent && event.key !== 'Enter') return;
      measured.pressedAt ??= performance.now();
    };
    delete measured.pressedAt;
    for (const kind of ['pointerdown', 'click', 'keydown']) window.addEventListener(kind, began, { capture: true });
    measured.shown = new Promise((resolve) => {
      const look = () => {
        if (
          !document.querySelector('article') ||
          !document.querySelector('[data-what-next]') ||
          !document.querySelector('[data-composer] textarea')
        )
          return requestAnimationFrame(look);
        // Two frames later what was found is on the screen.
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - measured.pressedAt!)));
        return undefined;
      };
      look();
    });
  });
  await open(page, row);
  const milliseconds = await page.evaluate(() => (window as unknown as { shown: Promise<number> }).shown);
  await page.goBack();
  await page.locator('[data-ticket]').nth(5).waitFor();
  return milliseconds;
}

async function pressAtOnce(page: Page, row: number): Promise<void> {
  await page
    .locator('[data-ticket]')
    .nth(row)
    .evaluate((link) => (link as HTMLElement).click());
}

async function pointAndPress(page: Page, row: number): Promise<void> {
  const link = page.locator('[data-ticket]').nth(row);
  await link.hover();
  await page.waitForTimeout(150);
  await link.click();
}

async function byKeys(page: Page, row: number): Promise<void> {
  await page.locator('[data-ticket]').nth(row).focus();
  await page.waitForTimeout(150);
  await page.keyboard.press('Enter');
}

/** The floor: the same two answers, asked for from the same browser, and nothing shown. */
async function bareAnswers(context: BrowserContext, rounds: number): Promise<number[]> {
  const page = await openList(context);
  const numbers = await page.locator('[data-ticket]').evaluateAll((links) => links.map((link) => link.getAttribute('data-ticket')!));
  const samples = await page.evaluate(
    async (wanted) => {
      const found: number[] = [];
      for (const number of wanted) {
        const began = performance.now();
        await Promise.all(
          ['', '/messages?order=newest&limit=50'].map(async (part) => (await fetch(`/api/staff/v1/tickets/${number}${part}`)).json()),
        );
        found.push(performance.now() - began);
      }
      return found;
    },
    numbers.slice(0, rounds),
  );
  await page.close();
  return samples;
}

function resultOf(
  first: { readonly overview: FirstLoad; readonly list: FirstLoad },
  ways: readonly Way[],
  floor: readonly number[],
  overview: { readonly shown: readonly number[]; readonly bare: readonly number[] },
): Result {
  const spell = (milliseconds: readonly number[], share: number) => `${quantile(milliseconds, share).toFixed(0)} ms`;
  return {
    id: 'P9',
    title: 'The console: first screen, and a ticket’s page after navigation',
    lines: [
      ...(
        [
          ['first screen (the overview), gzip', first.overview],
          ['the list of tickets as the first screen, gzip', first.list],
        ] as const
      ).map(([what, { bytes }]) => ({
        goal: 'P9',
        what,
        floor: '',
        ours: `${Math.round(bytes / 1000)} kB`,
        ratio: '',
        wanted: `≤ ${goalBytes / 1000} kB`,
        met: bytes <= goalBytes,
      })),
      {
        goal: 'P9',
        what: 'overview after navigation, p95',
        floor: spell(overview.bare, 0.95),
        ours: spell(overview.shown, 0.95),
        ratio: `${(quantile(overview.shown, 0.95) / quantile(overview.bare, 0.95)).toFixed(1)} ×`,
        wanted: `≤ ${goalMilliseconds} ms`,
        met: quantile(overview.shown, 0.95) <= goalMilliseconds,
      },
      ...ways.map(({ name, milliseconds }) => ({
        goal: 'P9',
        what: `ticket page, ${name}, p95`,
        floor: spell(floor, 0.95),
        ours: spell(milliseconds, 0.95),
        ratio: `${(quantile(milliseconds, 0.95) / quantile(floor, 0.95)).toFixed(1)} ×`,
        wanted: `≤ ${goalMilliseconds} ms`,
        met: quantile(milliseconds, 0.95) <= goalMilliseconds,
      })),
    ],
    method: [
      'npm start on ports and fresh data of its own; Chromium without a window, 1440 × 900, on the same machine. Every file of the console that the browser asks for until the page is shown (of the overview its numbers and its first plot), asked for again with `Accept-Encoding: gzip`, bytes of the bodies counted.',
      `Then ${tickets} tickets of ${notesEach + 1} messages are opened from the list one after another. Time from the press (the event, in the page) until conversation, next step and composer are in the document, and two frames more. The first of each row meets a page whose own part of the program was not loaded yet.`,
      'The floor: the same answers of the API (ticket and newest messages; of the overview its five reports) fetched by the same browser, with nothing shown.',
    ],
    raw: [
      markdownTable(
        ['ticket page, ms', 'first', 'p50', 'p95', 'greatest'],
        [...ways, { name: 'floor', milliseconds: floor }, { name: 'the overview', milliseconds: overview.shown }].map(
          ({ name, milliseconds }) => [
            name,
            milliseconds[0]!.toFixed(0),
            quantile(milliseconds, 0.5).toFixed(0),
            quantile(milliseconds, 0.95).toFixed(0),
            Math.max(...milliseconds).toFixed(0),
          ],
        ),
      ),
      markdownTable(
        ['the largest files of the first screen', 'gzip, kB'],
        first.overview.files.slice(0, 8).map(([name, bytes]) => [name.replace(/-[\w-]{8}\./, '.'), (bytes / 1000).toFixed(1)]),
      ),
    ],
  };
}
