import { randomBytes } from 'node:crypto';
import { Client as PostgresClient } from 'pg';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { withDatabase } from '../../db/provision.ts';
import { en } from '../../api/pages/words/en.ts';
import { ru } from '../../api/pages/words/ru.ts';
import { changesOf } from '../integration/api-surroundings.ts';
import { apiDriver, cookieOf, signedIn, type ApiAnswer, type ApiDriver } from '../harness/api-driver.ts';
import { testPassword, type TestPerson } from '../harness/people.ts';
import { roomyThrottle } from '../harness/roomy-throttle.ts';
import { until } from '../harness/until.ts';
import { expectSound, pagesUnderTest, picture, type OpenedPage, type PagesUnderTest, type Reader } from './pages-under-test.ts';

const words = { en, ru };
const password = 'a horse looks over the fence';
const readers: readonly Reader[] = [
  { locale: 'en', size: 'wide', theme: 'light' },
  { locale: 'ru', size: 'narrow', theme: 'light' },
  { locale: 'en', size: 'narrow', theme: 'dark' },
  { locale: 'ru', size: 'wide', theme: 'dark' },
];
const eachReader = readers.map((reader) => [`${reader.locale}, ${reader.size}, ${reader.theme}`, reader] as const);

/** Letters that strangers may cause to one address within the hour. */
const lettersToOne = 5;

let desk: PagesUnderTest;
let anybody: ApiDriver;
let maria: TestPerson;

beforeAll(async () => {
  desk = await pagesUnderTest({ throttle: { ...roomyThrottle, mailToAddress: { tries: lettersToOne, seconds: 3_600 } } });
  anybody = apiDriver(`${desk.kontor.origin}/api/v1`, {});
  maria = await desk.kontor.people.staff({ role: 'administrator', name: 'Maria Orlova' });
});
afterAll(() => desk?.stop());
afterEach(() => desk.endTest());

function newAddress(person = 'anna'): string {
  return `${person}@vega-${randomBytes(4).toString('hex')}.example`;
}

/** Asks for an account over the API and returns the link that was mailed. */
async function registered(email: string, more: { name?: string; accountName?: string; locale?: 'en' | 'ru' } = {}): Promise<string> {
  const { items } = (await anybody.get('/consent-texts')).body;
  const consents = items.filter((text: any) => text.needed).map(({ purpose, version }: any) => ({ purpose, version }));
  const asked = await anybody.post('/auth/registration', { email, name: 'Anna Petrova', accountName: 'Vega Ltd', consents, ...more });
  expect(asked.status).toBe(202);
  return desk.mailedLink(email, 'confirmation');
}

/** Somebody who registered as anybody does, by a link from his mailbox. */
async function newCustomer(locale: 'en' | 'ru' = 'en'): Promise<{ id: string; email: string }> {
  const email = newAddress();
  const token = new URL(await registered(email, { locale })).hash.slice(1);
  expect((await anybody.post('/auth/confirmation', { token, password: testPassword })).status).toBe(201);
  return { id: (await signIn(email, testPassword)).body.user.id, email };
}

/** An owner who signed in with his password, as he must for what guards the doors. */
async function owner(accountName?: string): Promise<ApiDriver> {
  const anna = await desk.kontor.people.customer({ name: 'Anna Petrova' });
  const session = await signedIn(desk.kontor.origin, 'customer', anna.email, testPassword);
  if (accountName) expect((await session.patch('/account', { name: accountName })).status).toBe(200);
  return session;
}

/** The customer, who has just given his password again. */
async function freshlyProven({ email }: { email: string }): Promise<ApiDriver> {
  const session = await signedIn(desk.kontor.origin, 'customer', email, testPassword);
  const proven = await session.post('/me/step-up', { method: 'password', password: testPassword });
  return apiDriver(`${desk.kontor.origin}/api/v1`, { cookie: cookieOf(proven, 'customer') });
}

async function invited(by: ApiDriver, email: string, role = 'technical'): Promise<string> {
  expect((await by.post('/account/invitations', { email, role })).status).toBe(201);
  return desk.mailedLink(email, 'invitation');
}

async function resetLink(email: string): Promise<string> {
  expect((await anybody.post('/auth/password-reset', { email })).status).toBe(202);
  return desk.mailedLink(email, 'password-reset');
}

function signIn(email: string, secret: string, tree: 'v1' | 'staff/v1' = 'v1'): Promise<ApiAnswer> {
  return anybody.post(`/api/${tree}/auth/sign-in`, { email, password: secret });
}

async function typePasswords(page: Page, first = password, second = first): Promise<void> {
  await page.locator('#password').fill(first);
  await page.locator('#repeat').fill(second);
}

async function press(page: Page): Promise<void> {
  await page.locator('button[type=submit]').click();
}

async function heading(page: Page, text: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name: text, exact: true }).waitFor();
}

/** The link's secret is in no request's address and no header, and nowhere in the browser that outlives the page. */
async function expectSecretKept({ page, context, requests }: OpenedPage, link: string): Promise<void> {
  const token = new URL(link).hash.slice(1);
  expect(token.length).toBeGreaterThan(40);
  for (const { url, headers, method, body } of requests) {
    expect(url).not.toContain(token);
    expect(JSON.stringify(headers)).not.toContain(token);
    expect(headers['referer'] ?? '').not.toContain('#');
    if (body.includes(token)) expect(method).toBe('POST');
  }
  expect(page.url()).not.toContain('#');
  const kept = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state, document.cookie, name]),
  );
  expect(kept).not.toContain(token);
  expect(await page.content()).not.toContain(token);
  expect(await context.cookies()).toEqual([]);
}

describe.each(eachReader)('for a reader of %s', (_name, reader) => {
  const said = words[reader.locale];
  const at = (page: string) => `/links/${page}?lang=${reader.locale}`;

  test('I1: one registers by a page, follows the mailed link, chooses a password, and can sign in', async () => {
    const email = newAddress();
    const { page, requests } = await desk.open(at('registration'), reader);
    await heading(page, said.registration.title);
    expect(
      await page.locator('input[type=checkbox]').evaluateAll((boxes) => boxes.map((box) => (box as HTMLInputElement).checked)),
    ).toEqual([false, false, false]);
    await expectSound(page);
    await page.locator('#email').fill(` ${email} `);
    await page.locator('#name').fill('Анна Петрова');
    await page.locator('#accountName').fill('Vega Ltd');
    await page.locator('[name=consent-terms]').check();
    await page.locator('[name=consent-personal_data]').check();
    await press(page);
    await heading(page, said.registration.sentTitle);
    await page.getByText(email).waitFor();
    await expectSound(page);
    expect(requests.at(-1)!.url).toMatch(/\/api\/v1\/auth\/registration$/);

    const link = await desk.mailedLink(email, 'confirmation');
    expect(new URL(link).searchParams.get('lang')).toBe(reader.locale);
    const opened = await desk.open(link, reader);
    await heading(opened.page, said.confirmation.title);
    expect(await opened.page.locator('#username').inputValue()).toBe(email);
    await expectSound(opened.page);
    await expectSecretKept(opened, link);
    await picture(opened.page, 'confirmation', reader);
    expect((await signIn(email, password)).status).toBe(401);
    await typePasswords(opened.page);
    await press(opened.page);
    await heading(opened.page, said.confirmation.doneTitle);
    await opened.page.getByText(email).waitFor();
    await expectSound(opened.page);
    await expectSecretKept(opened, link);
    await opened.page.getByRole('link', { name: said.apiDocs }).click();
    // It opens at the request that signs in, with a body to be filled in.
    await opened.page.locator('#operations-Sign-in-post_api_v1_auth_sign_in textarea').waitFor();
    // A library's page, not ours to judge here.
    await opened.page.close();
    desk.complaints();

    const answer = await signIn(email, password);
    expect(answer.status).toBe(200);
    expect(answer.body.user).toMatchObject({ email, name: 'Анна Петрова', locale: reader.locale, timeZone: 'Europe/Moscow' });
    const agreed = await desk.kontor.db.query(
      `select purpose from consent join app_user on app_user.id = user_id where email = $1 order by 1`,
      [email],
    );
    expect(agreed).toEqual([{ purpose: 'personal_data' }, { purpose: 'terms' }]);
  });

  test('I1: somebody new accepts an invitation with name, password, language and consents', async () => {
    const email = newAddress('boris');
    const link = await invited(await owner('Vega Ltd'), email);
    const opened = await desk.open(`${at('invitation')}${new URL(link).hash}`, reader);
    const { page } = opened;
    await heading(page, said.invitation.title);
    await page.getByText('Vega Ltd').first().waitFor();
    await page.getByText(said.accountRoles.technical).first().waitFor();
    await expectSound(page);
    await expectSecretKept(opened, link);
    await picture(page, 'invitation', reader);
    await page.locator('#name').fill('Борис Кузнецов');
    await typePasswords(page);
    await page.locator('#locale').selectOption('ru');
    await press(page);
    await page.getByText(said.problems.consentNeeded).waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('consent-terms');
    for (const purpose of ['terms', 'personal_data', 'marketing']) await page.locator(`[name=consent-${purpose}]`).check();
    await press(page);
    await heading(page, said.invitation.doneTitle);
    await expectSound(page);

    const answer = await signIn(email, password);
    expect(answer.body.user).toMatchObject({ email, name: 'Борис Кузнецов', locale: 'ru' });
    const agreed = await desk.kontor.db.query(`select purpose from consent join app_user on app_user.id = user_id where email = $1`, [
      email,
    ]);
    expect(agreed.length).toBe(3);
  });

  test('I1: somebody known joins another account by one button, and his password stays', async () => {
    const boris = await desk.kontor.people.customer({ name: 'Boris' });
    const link = await invited(await owner('Vega Ltd'), boris.email, 'billing');
    const opened = await desk.open(`${at('invitation')}${new URL(link).hash}`, reader);
    const { page } = opened;
    const button = page.getByRole('button', {
      name: said.invitation.knownButton.replace('{account}', 'Vega Ltd').replace('{role}', said.accountRoles.billing),
    });
    await button.waitFor();
    expect(await page.locator('input').count()).toBe(0);
    await expectSound(page);
    await button.click();
    await heading(page, said.invitation.doneTitle);
    await expectSecretKept(opened, link);
    const session = await signedIn(desk.kontor.origin, 'customer', boris.email, testPassword);
    expect((await session.get('/me')).body.accounts).toEqual([
      expect.objectContaining({ role: 'owner' }),
      expect.objectContaining({ name: 'Vega Ltd', role: 'billing' }),
    ]);
  });

  test('I1: somebody becomes staff with name and password, and is led to the console', async () => {
    const email = newAddress();
    expect((await maria.post('/staff-invitations', { email, role: 'support' })).status).toBe(201);
    const link = await desk.mailedLink(email, 'invitation');
    const opened = await desk.open(`${at('invitation')}${new URL(link).hash}`, reader);
    const { page } = opened;
    await page.getByText(said.staffRoles.support).first().waitFor();
    expect(await page.locator('input[type=checkbox]').count()).toBe(0);
    await expectSound(page);
    await page.locator('#name').fill('Oleg Sidorov');
    await typePasswords(page);
    await press(page);
    await heading(page, said.invitation.doneTitle);
    expect(await page.getByRole('link', { name: said.staffConsole }).getAttribute('href')).toBe('/admin/');
    await expectSound(page);
    await expectSecretKept(opened, link);
    expect((await signIn(email, password, 'staff/v1')).body.next).toMatchObject({ what: 'set_up_totp' });
    expect((await signIn(email, password)).status).toBe(401);
  });

  test('I4: one asks for a new password, follows the mailed link, and signs in with the new one alone', async () => {
    const anna = await newCustomer();
    const session = await signedIn(desk.kontor.origin, 'customer', anna.email, testPassword);
    const asked = await desk.open(at('password-reset'), reader);
    await heading(asked.page, said.passwordReset.requestTitle);
    await expectSound(asked.page);
    await asked.page.locator('#email').fill(anna.email);
    await press(asked.page);
    await heading(asked.page, said.passwordReset.sentTitle);
    await expectSound(asked.page);

    const link = await desk.mailedLink(anna.email, 'password-reset');
    const opened = await desk.open(`${at('password-reset')}${new URL(link).hash}`, reader);
    await heading(opened.page, said.passwordReset.title);
    await expectSound(opened.page);
    await expectSecretKept(opened, link);
    await picture(opened.page, 'reset', reader);
    await typePasswords(opened.page);
    await press(opened.page);
    await heading(opened.page, said.passwordReset.doneTitle);
    await expectSound(opened.page);
    expect((await session.get('/me')).status).toBe(401);
    expect((await signIn(anna.email, testPassword)).status).toBe(401);
    expect((await signIn(anna.email, password)).status).toBe(200);
  });

  test('I5: a new address is confirmed by one button, and is the address to sign in with', async () => {
    const anna = await newCustomer();
    const email = newAddress();
    expect((await (await freshlyProven(anna)).post('/me/email', { email })).status).toBe(202);
    const link = await desk.mailedLink(email, 'email-change');
    const opened = await desk.open(`${at('email-change')}${new URL(link).hash}`, reader);
    await heading(opened.page, said.emailChange.title);
    await expectSound(opened.page);
    expect((await signIn(email, testPassword)).status).toBe(401);
    await opened.page.getByRole('button', { name: said.emailChange.button.replace('{newEmail}', email) }).click();
    await heading(opened.page, said.emailChange.doneTitle);
    await expectSound(opened.page);
    await expectSecretKept(opened, link);
    expect((await signIn(email, testPassword)).status).toBe(200);
    expect((await signIn(anna.email, testPassword)).status).toBe(401);
  });

  test('I5: a change that staff began says what it is and when it comes, and one button stops it', async () => {
    const anna = await newCustomer(reader.locale);
    const newEmail = newAddress('anna.petrova');
    expect((await maria.post(`/users/${anna.id}/email-change`, { email: newEmail, reason: 'Lost the mailbox' })).status).toBe(202);
    const link = await desk.mailedLink(anna.email, 'veto');
    const opened = await desk.open(link, reader);
    const { page } = opened;
    await heading(page, said.veto.title);
    await page.getByText(newEmail).waitFor();
    await expectSound(page);
    await picture(page, 'veto', reader);
    const confirm = await desk.open(await desk.mailedLink(newEmail, 'email-change'), reader);
    await confirm.page.locator('button[type=submit]').click();
    await heading(confirm.page, said.emailChange.laterTitle);
    await expectSound(confirm.page);
    await page.getByRole('button', { name: said.veto.emailChangeButton }).click();
    await heading(page, said.veto.doneTitle);
    await expectSound(page);
    await expectSecretKept(opened, link);
    expect((await signIn(anna.email, testPassword)).status).toBe(200);
    expect(await desk.kontor.db.query('select state from pending_action where user_id = $1', [anna.id])).toEqual([{ state: 'vetoed' }]);
  });

  test('I5: the removal of second factors that staff began is stopped by one button', async () => {
    const anna = await newCustomer(reader.locale);
    expect((await maria.post(`/users/${anna.id}/factor-reset`, { reason: 'Lost the phone' })).status).toBe(202);
    const { page } = await desk.open(await desk.mailedLink(anna.email, 'veto'), reader);
    await expectSound(page);
    await page.getByRole('button', { name: said.veto.factorResetButton }).click();
    await heading(page, said.veto.doneTitle);
    expect(await desk.kontor.db.query('select state from pending_action where user_id = $1', [anna.id])).toEqual([{ state: 'vetoed' }]);
  });

  test.each(['confirmation', 'invitation', 'password-reset', 'email-change', 'veto'] as const)(
    'I1: a link to %s that nobody has, or that is no link, says what to do, and a page without one asks for it',
    async (name) => {
      const unknown = await desk.open(`${at(name)}#${'A'.repeat(43)}`, reader);
      await heading(unknown.page, name === 'password-reset' ? said.passwordReset.requestTitle : said.dead.title);
      expect(desk.complaints().every((complaint) => complaint.includes('404'))).toBe(true);
      if (name === 'password-reset') await unknown.page.getByText(said.passwordReset.requestDead).waitFor();
      await expectSound(unknown.page);

      const odd = await desk.open(`${at(name)}#not-one"><img src=x onerror=alert(1)>`, reader);
      await heading(odd.page, name === 'password-reset' ? said.passwordReset.requestTitle : said.dead.title);
      expect(odd.requests.filter(({ method }) => method === 'POST')).toEqual([]);
      expect(odd.page.url()).not.toContain('#');

      const bare = await desk.open(at(name), reader);
      await heading(bare.page, name === 'password-reset' ? said.passwordReset.requestTitle : said.bare.title);
      await expectSound(bare.page);
      expect(bare.requests.filter(({ method }) => method === 'POST')).toEqual([]);
    },
  );
});

describe('nothing happens before a person presses', () => {
  test('I1: scanners that fetch a link, or even run its page, use nothing up and change nothing', async () => {
    const email = newAddress();
    const link = await registered(email);
    // The mail is here before its delivery is noted as made.
    await until(
      'its delivery is noted',
      async () => (await desk.kontor.db.query(`select 1 from delivery where state = 'pending'`)).length === 0,
    );
    const changed = await changesOf(desk.kontor.db, async () => {
      for (const method of ['GET', 'HEAD', 'GET']) await fetch(link, { method });
      await desk.open(link);
      await desk.open(link);
    });
    expect(changed.filter((table) => table !== 'throttle')).toEqual([]);
    const { page, requests } = await desk.open(link);
    expect(requests.filter(({ method }) => method !== 'GET').map(({ url }) => new URL(url).pathname)).toEqual(['/api/v1/auth/link']);
    await typePasswords(page);
    await press(page);
    await heading(page, en.confirmation.doneTitle);
  });

  test('I1: a link works once: who follows it again is told that it may be done already', async () => {
    const email = newAddress();
    const link = await registered(email);
    const [first, second] = [await desk.open(link), await desk.open(link)];
    await typePasswords(first.page);
    await press(first.page);
    await heading(first.page, en.confirmation.doneTitle);
    await typePasswords(second.page, 'quite another long password');
    await press(second.page);
    await heading(second.page, en.dead.title);
    expect(await second.page.getByRole('link', { name: en.confirmation.deadButton }).getAttribute('href')).toBe('/links/registration');
    const third = await desk.open(link);
    await heading(third.page, en.dead.title);
    expect(desk.complaints().every((complaint) => complaint.includes('404'))).toBe(true);
    expect((await signIn(email, password)).status).toBe(200);
  });

  test('I1: a double press is one request', async () => {
    const email = newAddress();
    const { page, requests } = await desk.open(await registered(email));
    await typePasswords(page);
    await page.locator('button[type=submit]').evaluate((button: HTMLButtonElement) => {
      button.click();
      button.click();
      button.form?.requestSubmit();
    });
    await heading(page, en.confirmation.doneTitle);
    expect(requests.filter(({ url }) => url.endsWith('/auth/confirmation')).length).toBe(1);
  });

  test('I1: a link opened in the tab of an earlier one takes its place', async () => {
    const link = await registered(newAddress());
    const opened = await desk.open(`/links/confirmation?lang=en#${'B'.repeat(43)}`);
    await heading(opened.page, en.dead.title);
    await opened.page.evaluate((address) => {
      location.href = address;
    }, link);
    await heading(opened.page, en.confirmation.title);
    await expectSecretKept(opened, link);
    expect(desk.complaints().every((complaint) => complaint.includes('404'))).toBe(true);
    await opened.page.reload();
    await heading(opened.page, en.bare.title);
  });
});

describe('what strangers write stays text', () => {
  const markup = '"><img src=x onerror=alert(1)><script>alert(2)</script>';

  test('I1: the name of an account that is markup is shown as it is written', async () => {
    const { page } = await desk.open(await invited(await owner(markup), newAddress()));
    await page.getByRole('button', { name: markup }).waitFor();
    expect(await page.locator('main img, main script').count()).toBe(0);
  });

  test('D2: so is a wording that staff published', async () => {
    await desk.kontor.db.query(
      `insert into consent_text (purpose, version, title, body, published_at) values ('marketing', 7, $1, $2, now() - interval '1 hour')`,
      [JSON.stringify({ en: markup, ru: markup }), JSON.stringify({ en: `${markup}\n`.repeat(30), ru: markup })],
    );
    try {
      const { page } = await desk.open('/links/registration?lang=en');
      await page.getByRole('checkbox', { name: markup }).waitFor();
      expect(await page.locator('main img, main script').count()).toBe(0);
      await expectSound(page);
    } finally {
      await desk.kontor.db.query(`delete from consent_text where purpose = 'marketing' and version = 7`);
    }
  });
});

describe('a person who goes wrong is told in place, and loses nothing', () => {
  test('I4: passwords that differ, are short, or that everybody tries are told at their fields', async () => {
    const anna = await newCustomer();
    const { page, requests } = await desk.open(await resetLink(anna.email));
    const fault = (field: string) => page.locator(`[data-field=${field}] .fault`);
    const posts = () => requests.filter(({ url }) => url.endsWith('/confirmation')).length;
    const focused = () => page.evaluate(() => document.activeElement?.id);

    await press(page);
    expect([await fault('password').textContent(), await fault('repeat').textContent()]).toEqual([en.problems.empty, en.problems.empty]);
    await typePasswords(page, 'short');
    await press(page);
    expect(await fault('password').textContent()).toBe('At least 12 characters are needed.');
    expect(await focused()).toBe('password');
    expect(await page.locator('#password').getAttribute('aria-invalid')).toBe('true');
    await expectSound(page);
    await typePasswords(page, password, `${password}!`);
    expect(await fault('password').textContent()).toBe('');
    await press(page);
    expect(await fault('repeat').textContent()).toBe(en.problems.mismatch);
    expect(await focused()).toBe('repeat');
    expect(posts()).toBe(0);

    await typePasswords(page, 'password1234');
    await press(page);
    await until('the API’s refusal stands at the field', async () => (await fault('password').textContent()) !== '');
    expect(posts()).toBe(1);
    expect(await focused()).toBe('password');
    expect(await page.locator('#password').inputValue()).toBe('password1234');
    expect(desk.complaints().every((complaint) => /40\d|422/.test(complaint))).toBe(true);
    await typePasswords(page, '🐴 über den Zaun');
    await press(page);
    await heading(page, en.passwordReset.doneTitle);
    expect((await signIn(anna.email, '🐴 über den Zaun')).status).toBe(200);
  });

  test('I1: an address that cannot be written to, and missing fields, are told at their fields', async () => {
    const { page } = await desk.open('/links/registration?lang=en');
    await press(page);
    expect(await page.locator('.fault').allTextContents()).toEqual([
      en.problems.empty,
      en.problems.empty,
      en.problems.empty,
      en.problems.consentNeeded,
    ]);
    await expectSound(page);
    await page.locator('#email').fill('anna');
    await page.locator('#name').fill('Anna');
    await page.locator('#accountName').fill('Vega\u202e');
    await page.locator('[name=consent-terms]').check();
    await page.locator('[name=consent-personal_data]').check();
    await press(page);
    expect(await page.locator('[data-field=email] .fault').textContent()).toBe(en.problems.emailShape);
    await page.locator('#email').fill('anna@vega');
    await press(page);
    await until('the API’s refusal stands at the fields', async () =>
      (await page.locator('[data-field=email] .fault, [data-field=accountName] .fault').allTextContents()).some((text) => text !== ''),
    );
    expect(desk.complaints().every((complaint) => /400|422/.test(complaint))).toBe(true);
  });

  test('D2: who read a wording that has changed since is shown the new one, and ticks it himself', async () => {
    const email = newAddress();
    const link = await invited(await owner('Vega Ltd'), email);
    const { page } = await desk.open(link);
    await page.locator('#name').fill('Boris');
    await typePasswords(page);
    await page.locator('[name=consent-terms]').check();
    await page.locator('[name=consent-personal_data]').check();
    const wording = JSON.stringify({ en: 'Other terms', ru: 'Другие условия' });
    await desk.kontor.db.query(
      `insert into consent_text (purpose, version, title, body, published_at) values ('terms', 2, $1, $1, now() - interval '1 hour')`,
      [wording],
    );
    await press(page);
    await page.getByText(en.problems.consentChanged).waitFor();
    await page.getByRole('checkbox', { name: 'Other terms' }).waitFor();
    expect(await page.locator('[name=consent-terms]').isChecked()).toBe(false);
    expect(await page.locator('#password').inputValue()).toBe(password);
    await page.locator('[name=consent-terms]').check();
    await page.locator('[name=consent-personal_data]').check();
    await press(page);
    await heading(page, en.invitation.doneTitle);
    const agreed = await desk.kontor.db.query(
      `select version from consent join app_user on app_user.id = user_id where email = $1 and purpose = 'terms'`,
      [email],
    );
    expect(agreed).toEqual([{ version: 2 }]);
    expect(desk.complaints().every((complaint) => /409|422/.test(complaint))).toBe(true);
  });

  test('I1: a time zone that the browser calls by another name than we do is no obstacle', async () => {
    const email = newAddress('boris');
    const link = await invited(await owner('Vega Ltd'), email);
    const opened = await desk.open('/links/password-reset?lang=en');
    // So says Firefox; Chromium still says Europe/Kiev.
    await opened.page.addInitScript(() => {
      Object.defineProperty(Intl.DateTimeFormat.prototype, 'resolvedOptions', { value: () => ({ timeZone: 'Europe/Kyiv' }) });
    });
    const { page } = await desk.open(link, { as: opened });
    await page.locator('#name').fill('Boris');
    await typePasswords(page);
    await page.locator('[name=consent-terms]').check();
    await page.locator('[name=consent-personal_data]').check();
    await press(page);
    await heading(page, en.invitation.doneTitle);
    desk.complaints();
  });

  test('I4: whoever asks for too many letters is told when to try again', async () => {
    const email = newAddress();
    for (let asked = 0; asked < lettersToOne; asked += 1) await anybody.post('/auth/password-reset', { email });
    const { page } = await desk.open('/links/password-reset?lang=ru');
    await page.locator('#email').fill(email);
    await press(page);
    await page.getByText(/Слишком много попыток. Попробуйте снова через (60|59) минут/).waitFor();
    await expectSound(page);
    expect(await page.locator('#email').inputValue()).toBe(email);
    expect(desk.complaints().every((complaint) => complaint.includes('429'))).toBe(true);
  });

  test('I4: a password may be looked at while it is typed, and is hidden again when it is sent', async () => {
    const anna = await newCustomer();
    const { page } = await desk.open(await resetLink(anna.email));
    await page.locator('#password').fill('short');
    const show = page.locator('[data-show=password]');
    await show.click();
    expect(await page.locator('#password').getAttribute('type')).toBe('text');
    expect([await show.getAttribute('aria-pressed'), await show.textContent()]).toEqual(['true', en.hide]);
    await typePasswords(page, 'password1234');
    await press(page);
    await until('it was sent', async () => (await page.locator('#password').getAttribute('type')) === 'password');
    await page.locator('[data-field=password] .fault:not(:empty)').waitFor();
    desk.complaints();
  });

  test('A1: the whole way can be gone by keyboard', async () => {
    const { page } = await desk.open(await registered(newAddress()));
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.type(password);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await heading(page, en.confirmation.doneTitle);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(en.confirmation.doneTitle);
    expect(await page.title()).toBe(`${en.confirmation.doneTitle} · Kontor`);
  });

  test('I1: the language changes in place: the link still works, and what was typed is there', async () => {
    const email = newAddress();
    const link = await invited(await owner('Vega Ltd'), email);
    const opened = await desk.open(link);
    const { page, requests } = opened;
    await page.locator('#name').fill('Борис');
    await typePasswords(page);
    await page.locator('[name=consent-terms]').check();
    await page.getByRole('link', { name: 'Русский' }).click();
    await heading(page, ru.invitation.title);
    expect(new URL(page.url()).search).toBe('?lang=ru');
    expect(await page.locator('html').getAttribute('lang')).toBe('ru');
    expect(await page.locator('#name').inputValue()).toBe('Борис');
    expect(await page.locator('#password').inputValue()).toBe(password);
    expect(await page.locator('[name=consent-terms]').isChecked()).toBe(true);
    // Nobody chose the language of the mails: it follows the page's, until somebody does.
    expect(await page.locator('#locale').inputValue()).toBe('ru');
    await page.locator('#locale').selectOption('en');
    await page.getByRole('link', { name: 'English' }).click();
    await heading(page, en.invitation.title);
    await page.getByRole('link', { name: 'Русский' }).click();
    await heading(page, ru.invitation.title);
    expect(await page.locator('#locale').inputValue()).toBe('en');
    await page.getByText('Обработка персональных данных').waitFor();
    await page.locator('[name=consent-personal_data]').check();
    await press(page);
    await heading(page, ru.invitation.doneTitle);
    await page.getByRole('link', { name: 'English' }).click();
    await heading(page, en.invitation.doneTitle);
    await expectSecretKept(opened, link);
    expect(requests.filter(({ url }) => url.endsWith('/auth/invitation')).length).toBe(1);
  });

  test('I1: without JavaScript the page says that it is needed, and nothing else', async () => {
    const { page } = await desk.open('/links/confirmation?lang=ru', { javaScript: false });
    expect(await page.locator('noscript p').textContent()).toBe(ru.noScript);
    expect(await page.locator('noscript p').isVisible()).toBe(true);
    expect(await page.getByText(ru.loading).isVisible()).toBe(false);
    expect(await page.locator('form, h1').count()).toBe(0);
  });
});

describe('what is away comes back', () => {
  test('R2: offline, the form says so and keeps what was typed; the link is not used up', async () => {
    const email = newAddress();
    const { page, context } = await desk.open(await registered(email));
    await typePasswords(page);
    await context.setOffline(true);
    await press(page);
    await page.getByText(en.problems.offline).waitFor();
    await expectSound(page);
    await context.setOffline(false);
    await press(page);
    await heading(page, en.confirmation.doneTitle);
    expect((await signIn(email, password)).status).toBe(200);
    expect(desk.complaints().every((complaint) => complaint.includes('ERR_INTERNET_DISCONNECTED'))).toBe(true);
  });

  test('R2: an answer that was lost is not taken for a refusal: who presses again is told that it may be done', async () => {
    const email = newAddress();
    const { page } = await desk.open(await registered(email));
    // The request arrives, and its answer does not come back: as when a train enters a tunnel.
    await page.route('**/api/v1/auth/confirmation', async (route) => {
      await route.fetch();
      await route.abort('connectionreset');
    });
    await typePasswords(page);
    await press(page);
    await page.getByText(en.problems.offline).waitFor();
    await page.unrouteAll({ behavior: 'wait' });
    await press(page);
    await heading(page, en.dead.title);
    await page.getByText(en.dead.perhaps).waitFor();
    expect((await signIn(email, password)).status).toBe(200);
    expect(desk.complaints().every((complaint) => /ERR_CONNECTION_RESET|404/.test(complaint))).toBe(true);
  });

  test('R2: what fails on our side is told with the number of the request, and can be tried again', async () => {
    const email = newAddress();
    const { page } = await desk.open('/links/registration?lang=en');
    await page.locator('#email').fill(email);
    await page.locator('#name').fill('Anna');
    await page.locator('#accountName').fill('Vega Ltd');
    await page.locator('[name=consent-terms]').check();
    await page.locator('[name=consent-personal_data]').check();
    await withoutTable('registration', async () => {
      await press(page);
      const told = page.getByText('quote this number');
      await told.waitFor();
      expect(await told.textContent()).toMatch(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    });
    await withoutTable('consent_text', async () => {
      const begun = await desk.open('/links/registration?lang=en');
      await heading(begun.page, en.away.title);
      await begun.page.getByText('quote this number').waitFor();
    });
    await press(page);
    await heading(page, en.registration.sentTitle);
    expect(desk.complaints().every((complaint) => complaint.includes('500'))).toBe(true);
  });

  test('R2: a proxy that answers in our place is not taken for us', async () => {
    const { page } = await desk.open('/links/password-reset?lang=en');
    await page.locator('#email').fill('anna@vega.example');
    for (const [status, said] of [
      [502, en.problems.away],
      [413, en.problems.unexpectedUnnumbered],
      [200, en.problems.away],
    ] as const) {
      await page.route('**/api/v1/auth/password-reset', (route) =>
        route.fulfill({ status, contentType: 'text/html', body: '<h1>Hello</h1>' }),
      );
      await press(page);
      await page.getByText(said).waitFor();
      await page.unrouteAll();
    }
    await press(page);
    await heading(page, en.passwordReset.sentTitle);
    desk.complaints();
  });

  test('R2: while the database is away the page says to try again, and then goes on where it was', async () => {
    const email = newAddress();
    const link = await registered(email);
    const typed = await desk.open(link);
    await typePasswords(typed.page);
    const back = await takeDatabaseAway();
    try {
      await press(typed.page);
      await typed.page.getByText(en.problems.away).waitFor();
      const { page } = await desk.open(link);
      await heading(page, en.away.title);
      await page.getByText(en.away.away).waitFor();
      await expectSound(page);
      await back();
      await until('the page goes on', async () => {
        const again = page.getByRole('button', { name: en.away.tryAgain });
        if (await again.isVisible()) await again.click();
        return page.locator('#password').isVisible();
      });
    } finally {
      await back();
    }
    await press(typed.page);
    await heading(typed.page, en.confirmation.doneTitle);
    expect(desk.complaints().every((complaint) => complaint.includes('503'))).toBe(true);
  });
});

/** As if a migration had not been run: what needs this table fails as nobody foresaw. */
async function withoutTable(table: string, work: () => Promise<void>): Promise<void> {
  await desk.kontor.db.query(`alter table ${table} rename to ${table}_away`);
  try {
    await work();
  } finally {
    await desk.kontor.db.query(`alter table ${table}_away rename to ${table}`);
  }
}

/** As a database server that is shut down: connections end, and new ones are refused. Returns what brings it back. */
async function takeDatabaseAway(): Promise<() => Promise<void>> {
  const { name } = desk.kontor.db;
  const admin = new PostgresClient({ connectionString: withDatabase(inject('postgresAdminUrl'), 'postgres') });
  await admin.connect();
  await admin.query(`alter database ${name} connection limit 0`);
  await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and usename = 'kontor_app'`, [name]);
  let away = true;
  return async () => {
    if (!away) return;
    away = false;
    await admin.query(`alter database ${name} connection limit -1`);
    await admin.end();
  };
}
