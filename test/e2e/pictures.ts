/**
 * Takes the pictures of docs/pictures from a running Kontor with its sample data, at both widths, in both languages and
 * themes: the way in, the list and a ticket, one's own security; customers, waiting changes, staff, roles and the audit
 * as the administrator sees them.
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
    administrator: { type: 'string', default: 'maria@kontor.example' },
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
  /** Who looks; nobody has signed in yet, if left out. */
  readonly as?: 'agent' | 'administrator';
  readonly show: (page: Page) => Promise<void>;
}

const subjects = {
  list: { as: 'agent', show: showList },
  ticket: { as: 'agent', show: showTicket },
  'ticket-canned': { as: 'agent', show: showCanned },
  'ticket-details': { as: 'agent', show: showDetails },
  commands: { as: 'agent', show: showCommands },
  search: { as: 'agent', show: showSearch },
  'breaching-next': { as: 'agent', show: (page) => showPage(page, '/breaching', '[data-group] [data-ticket]') },
  clock: { as: 'agent', show: showClock },
  'clock-overdue': { as: 'agent', show: showOverdueClock },
  'clock-details': { as: 'agent', show: showClockDetails },
  problems: { as: 'agent', show: (page) => showPage(page, '/problems', 'main [data-row], main tbody tr') },
  'canned-replies': { as: 'agent', show: (page) => showPage(page, '/canned-replies', 'main li, main tbody tr') },
  'sign-in-code': { show: showCodeStep },
  'first-set-up': { show: showFirstSetUp },
  security: { as: 'agent', show: showSecurity },
  customers: { as: 'administrator', show: (page) => showPage(page, '/customers', 'main [data-row]') },
  customer: { as: 'administrator', show: showCustomer },
  'waiting-changes': { as: 'administrator', show: (page) => showPage(page, '/pending-actions', '[data-change]') },
  staff: { as: 'administrator', show: (page) => showPage(page, '/staff', 'main time') },
  roles: { as: 'administrator', show: (page) => showPage(page, '/roles', '[data-action]') },
  'sla-plans': { as: 'administrator', show: (page) => showPage(page, '/sla-plans', '[data-promise]') },
  agreement: { as: 'administrator', show: showAgreement },
  'agreement-edit': { as: 'administrator', show: showAgreementDialog },
  audit: { as: 'administrator', show: (page) => showPage(page, '/audit', 'main time') },
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
  { of: 'ticket-canned', width: 1440, locale: 'en', theme: 'light' },
  { of: 'ticket-canned', width: 390, locale: 'ru', theme: 'light' },
  { of: 'ticket-details', width: 390, locale: 'ru', theme: 'light' },
  { of: 'commands', width: 1440, locale: 'ru', theme: 'light' },
  { of: 'search', width: 1440, locale: 'en', theme: 'light' },
  { of: 'search', width: 390, locale: 'ru', theme: 'dark' },
  { of: 'breaching-next', width: 1440, locale: 'en', theme: 'light' },
  { of: 'breaching-next', width: 1440, locale: 'ru', theme: 'dark' },
  { of: 'breaching-next', width: 390, locale: 'ru', theme: 'light' },
  { of: 'clock', width: 1440, locale: 'en', theme: 'light' },
  { of: 'clock', width: 1440, locale: 'ru', theme: 'dark' },
  { of: 'clock', width: 390, locale: 'en', theme: 'dark' },
  { of: 'clock-details', width: 390, locale: 'ru', theme: 'light' },
  { of: 'clock-overdue', width: 1440, locale: 'en', theme: 'light' },
  { of: 'clock-overdue', width: 390, locale: 'ru', theme: 'dark' },
  { of: 'problems', width: 1440, locale: 'ru', theme: 'dark' },
  { of: 'canned-replies', width: 1440, locale: 'en', theme: 'light' },
  { of: 'sign-in-code', width: 1440, locale: 'en', theme: 'light' },
  { of: 'sign-in-code', width: 390, locale: 'ru', theme: 'dark' },
  { of: 'first-set-up', width: 1440, locale: 'ru', theme: 'light' },
  { of: 'first-set-up', width: 390, locale: 'en', theme: 'dark' },
  { of: 'security', width: 1440, locale: 'en', theme: 'light' },
  { of: 'security', width: 1440, locale: 'ru', theme: 'dark' },
  { of: 'security', width: 390, locale: 'ru', theme: 'light' },
  { of: 'customers', width: 1440, locale: 'en', theme: 'light' },
  { of: 'customers', width: 390, locale: 'ru', theme: 'dark' },
  { of: 'customer', width: 1440, locale: 'en', theme: 'light' },
  { of: 'customer', width: 1440, locale: 'ru', theme: 'dark' },
  { of: 'customer', width: 390, locale: 'ru', theme: 'light' },
  { of: 'waiting-changes', width: 1440, locale: 'en', theme: 'dark' },
  { of: 'waiting-changes', width: 390, locale: 'ru', theme: 'light' },
  { of: 'staff', width: 1440, locale: 'en', theme: 'light' },
  { of: 'staff', width: 390, locale: 'ru', theme: 'dark' },
  { of: 'roles', width: 1440, locale: 'ru', theme: 'light' },
  { of: 'roles', width: 390, locale: 'en', theme: 'dark' },
  { of: 'sla-plans', width: 1440, locale: 'en', theme: 'light' },
  { of: 'sla-plans', width: 390, locale: 'ru', theme: 'dark' },
  { of: 'agreement', width: 1440, locale: 'ru', theme: 'light' },
  { of: 'agreement', width: 390, locale: 'en', theme: 'dark' },
  { of: 'agreement-edit', width: 1440, locale: 'en', theme: 'light' },
  { of: 'audit', width: 1440, locale: 'en', theme: 'light' },
  { of: 'audit', width: 1440, locale: 'ru', theme: 'dark' },
  { of: 'audit', width: 390, locale: 'en', theme: 'light' },
];

const phone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1';

mkdirSync(values.out, { recursive: true });
const browser = await chromium.launch({ executablePath: await chromiumPath(), args: chromiumFlags });
try {
  const wanted = pictures.filter(({ of }) => values.only === undefined || of === values.only);
  const readers = new Set(wanted.map(({ of }) => (subjects[of] satisfies Subject as Subject).as));
  // Once for all pictures, as each code is good for once; and from a telephone before, to have more than one session.
  if (wanted.some(({ of }) => of === 'security')) await signIn(browser, values.email, { userAgent: phone });
  const signedIn: Partial<Record<NonNullable<Subject['as']>, SignedIn>> = {};
  if (readers.has('agent') || readers.has('administrator')) signedIn.agent = await signIn(browser, values.email);
  if (readers.has('administrator')) signedIn.administrator = await signIn(browser, values.administrator);
  if (readers.has('administrator')) await beginChanges(browser, signedIn.agent!, signedIn.administrator!);
  for (const picture of wanted) await take(browser, picture, signedIn);
} finally {
  await browser.close();
}

async function signIn(browser: Browser, email: string, options: BrowserContextOptions = {}): Promise<SignedIn> {
  const context = await browser.newContext({ ...options, baseURL: values.url });
  const page = await context.newPage();
  await givePassword(page, email);
  const field = page.locator('#code');
  await field.waitFor();
  let given = '';
  await until(
    'a code is taken',
    async () => {
      const code = await (await fetch(`${values.codes}/${email}`)).text();
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

async function take(browser: Browser, { of, width, locale, theme }: Picture, signedIn: Partial<Record<string, SignedIn>>): Promise<void> {
  const subject: Subject = subjects[of];
  const storageState = subject.as && signedIn[subject.as];
  const context = await browser.newContext({
    viewport: sizes[width],
    locale,
    colorScheme: theme,
    baseURL: values.url,
    reducedMotion: 'reduce',
    ...(storageState ? { storageState } : {}),
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
  // The sample ticket with the most to show.
  const number =
    values.ticket ?? (await page.locator('[data-ticket]', { hasText: 'Панель не запускается' }).first().getAttribute('data-ticket'));
  const kept = page.waitForResponse((answer) => answer.url().includes('/draft'), { timeout: 5_000 }).catch(() => undefined);
  await page.goto(`/admin/tickets/${number}/show`);
  await page.locator('article').first().waitFor();
  await page.locator('[data-what-next]').waitFor();
  await page
    .locator('[data-composer]')
    .waitFor({ timeout: 2_000 })
    .catch(() => undefined);
  // What an earlier picture left there is on the server by now.
  await kept;
  const field = page.locator('[data-composer] textarea');
  if ((await field.count()) === 0 || (await field.inputValue()) === '') return;
  const emptied = page.waitForResponse((answer) => answer.url().includes('/draft') && answer.request().method() !== 'GET');
  await field.fill('');
  await emptied;
  await field.press('Escape');
}

/** The canned replies, as they come up when somebody types `/`. */
async function showCanned(page: Page): Promise<void> {
  await showTicket(page);
  await page.locator('[data-composer] textarea').click();
  await page.keyboard.type('/');
  await page.getByRole('listbox').getByRole('option').first().waitFor();
}

/** A critical ticket, which has two clocks. */
async function showClock(page: Page): Promise<void> {
  await showPage(page, '/breaching', '[data-group] [data-ticket]');
  await showClockOf(page, await page.locator('[data-ticket]:has([data-severity])').first().getAttribute('data-ticket'));
}

/** One whose promise is broken: the rehearsal, some minutes after the sample data were made. */
async function showOverdueClock(page: Page): Promise<void> {
  await showPage(page, '/breaching', '[data-group="overdue"] [data-ticket]');
  await showClockOf(page, await page.locator('[data-ticket]').first().getAttribute('data-ticket'));
}

async function showClockOf(page: Page, number: string | null): Promise<void> {
  await page.goto(`/admin/tickets/${number}/show`);
  await page.locator('article').first().waitFor();
  await page.locator('[data-what-next] [data-clock]').waitFor();
}

/** The same on a telephone, where what is promised is behind the conversation. */
async function showClockDetails(page: Page): Promise<void> {
  await showClock(page);
  await page.locator('main').getByRole('tab').nth(1).click();
  await page.locator('[data-clock-of="fix"]').scrollIntoViewIfNeeded();
}

/** Beside the conversation, or on a telephone behind it. */
async function showDetails(page: Page): Promise<void> {
  await showTicket(page);
  await page.locator('main').getByRole('tab').nth(1).click();
  await page.locator('[data-access]').first().waitFor();
}

async function showCommands(page: Page): Promise<void> {
  await showTicket(page);
  await page.keyboard.press('Control+k');
  await page.getByRole('listbox').getByRole('option').first().waitFor();
}

async function showSearch(page: Page): Promise<void> {
  await showList(page);
  await page.keyboard.press('/');
  await page.keyboard.type('обновления панели');
  await page.keyboard.press('Enter');
  await page.locator('mark').first().waitFor();
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

async function showPage(page: Page, address: string, sign: string): Promise<void> {
  await page.goto(`/admin${address}`);
  await page.locator(sign).first().waitFor();
}

async function showCustomer(page: Page): Promise<void> {
  await showPage(page, '/customers', 'main [data-row]');
  await page.getByRole('link', { name: /^Vega/ }).click();
  await page.locator('[data-change]').first().waitFor();
  await page.getByText('CS-').last().waitFor();
}

/** What a customer with an agreement is promised, on his page. */
async function showAgreement(page: Page): Promise<void> {
  await showPage(page, '/agreements', 'main [data-row]');
  await page.locator('main [data-row]').first().click();
  await page.locator('[data-service-level] [data-promise]').first().waitFor();
  await page.locator('[data-agreement]').first().waitFor();
  await page.locator('[data-service-level]').evaluate((level) => level.closest('section')!.scrollIntoView());
}

async function showAgreementDialog(page: Page): Promise<void> {
  await showAgreement(page);
  await page.locator('li:has([data-agreement]) button').last().click();
  await page.getByRole('dialog').getByRole('group').first().waitFor();
}

/** Something that waits: an agent begins the one, the administrator the other. What waits already stays as it is. */
async function beginChanges(browser: Browser, agent: SignedIn, administrator: SignedIn): Promise<void> {
  await begin(browser, agent, 'anna@vega.example', 'email-change', {
    email: 'a.petrova@vega-group.example',
    reason: 'The old mailbox is closed on 1 December; called back at the number in the agreement',
  });
  await begin(browser, administrator, 'boris@altair.example', 'factor-reset', { reason: 'Lost his phone; known by voice' });
}

async function begin(browser: Browser, by: SignedIn, email: string, change: string, body: object): Promise<void> {
  const context = await browser.newContext({ storageState: by, baseURL: values.url });
  const api = '/api/staff/v1';
  const found = (await (await context.request.get(`${api}/customers?search=${email}`)).json()) as { items: { id: string }[] };
  const account = (await (await context.request.get(`${api}/customers/${found.items.at(-1)!.id}`)).json()) as {
    members: { id: string; email: string }[];
  };
  const person = account.members.find((member) => member.email === email)!;
  const begun = await context.request.post(`${api}/users/${person.id}/${change}`, { data: body });
  if (!begun.ok() && begun.status() !== 409) throw new Error(`${change} of ${email} answered ${begun.status()} ${await begun.text()}`);
  await context.close();
}
