import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { maxTries } from '../../db/repositories/challenges.ts';
import { apiDriver } from '../harness/api-driver.ts';
import { testPassword, type TestStaff } from '../harness/people.ts';
import { roomyThrottle } from '../harness/roomy-throttle.ts';
import { appSetUpOn, consoleUnderTest, givePassword, newcomer, signInByForm, type ConsoleUnderTest } from './console-under-test.ts';

/** As the product has it; nobody else's test comes near it. */
const triesAtCodes = { tries: 10, seconds: 900 };
let desk: ConsoleUnderTest;
let oleg: TestStaff;

beforeAll(async () => {
  desk = await consoleUnderTest({ throttle: { ...roomyThrottle, secondFactor: triesAtCodes } });
  oleg = await desk.kontor.people.staff({ name: 'Oleg Sidorov' });
});
afterAll(() => desk.stop());
afterEach(() => desk.endTest());

/** Refusals are the browser's news too; anything else on its console is a fault. */
function onlyRefusals(...statuses: number[]): boolean {
  return desk.complaints().every((complaint) => statuses.some((status) => complaint.includes(String(status))));
}

const field = (page: Page) => page.locator('#code');

describe('signing in', () => {
  test('A1: a wrong password is told in plain words, in the form, and opens nothing', async () => {
    const page = await desk.open();
    await givePassword(page, oleg, 'not the password');
    await page.getByRole('alert').getByText('The e-mail address or the password is wrong.').waitFor();
    expect(page.url()).toContain('/admin/login');
    expect(await page.locator('#email').inputValue()).toBe(oleg.email);
    expect(desk.complaints()).toEqual([expect.stringContaining('401')]);
  });

  test('A1: the right password and a code open the desk, and signing out closes it', async () => {
    const page = await desk.open();
    await signInByForm(page, oleg);
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.getByRole('button', { name: /Your account: Oleg Sidorov/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.locator('#email').waitFor();
    await page.goto('/admin/tickets');
    await page.locator('#email').waitFor();
    expect((await page.context().cookies()).map(({ name }) => name)).toEqual(['kontor-device']);
  });

  test('A1: a page that was asked for is shown after signing in', async () => {
    const kira = await desk.kontor.people.staff();
    const page = await desk.open();
    await page.goto('/admin/cases');
    await signInByForm(page, kira);
    await page.getByRole('heading', { name: 'Cases' }).waitFor();
  });

  test('A1: the browser’s language comes first, a switch is kept, and an empty field is named', async () => {
    const page = await desk.open({ locale: 'ru' });
    await page.getByRole('heading', { name: 'Вход в Kontor' }).waitFor();
    await page.getByRole('button', { name: 'Войти' }).click();
    await page.getByText('Введите адрес электронной почты.').waitFor();
    await page.getByRole('button', { name: 'EN', exact: true }).click();
    await page.getByRole('heading', { name: 'Sign in to Kontor' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in to Kontor' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
  });

  test('A1: without a choice in the browser the console speaks the account’s language', async () => {
    const kira = await desk.kontor.people.staff({ name: 'Kira', locale: 'ru' });
    const page = await desk.open({ locale: 'en' });
    await signInByForm(page, kira);
    await page.getByRole('heading', { name: 'Обзор' }).waitFor();
  });

  test('A1: a session that ended leads to the sign-in page with a reason', async () => {
    const page = await desk.open({ as: oleg });
    await page.getByRole('heading', { name: 'All active' }).waitFor();
    await page.context().clearCookies();
    await page.getByRole('link', { name: 'Archive' }).click();
    await page.locator('#email').waitFor();
    await page.getByText('Your session has ended.').waitFor();
    expect(onlyRefusals(401)).toBe(true);
  });

  test('I4: whoever forgot his password is led to the page for it, in his language', async () => {
    const page = await desk.open({ locale: 'ru' });
    await page.getByRole('link', { name: 'Забыли пароль?' }).click();
    await page.waitForURL(`${desk.kontor.origin}/links/password-reset?lang=ru`);
    await page.getByRole('heading', { name: 'Забыли пароль?' }).waitFor();
  });
});

test('I8: what a role may not do is neither shown in the console nor done by the API', async () => {
  const [clerk, maria] = [await desk.kontor.people.staff({ role: 'billing' }), await desk.kontor.people.staff({ role: 'administrator' })];
  const place = (page: Page) => page.getByRole('button', { name: 'Place a hold' });
  const clerks = await desk.open({ as: clerk, at: '/holds' });
  await clerks.getByText('Nothing is on hold.').waitFor();
  expect(await place(clerks).count()).toBe(0);
  expect((await clerk.post('/holds', { scope: 'all', reason: 'Because' })).body.error.code).toBe('auth.not_permitted');
  await place(await desk.open({ as: maria, at: '/holds' })).waitFor();
});

describe('the second step', () => {
  test('I3: a wrong code is told at the field and keeps the attempt; a right one, pasted with a space, opens the desk by itself', async () => {
    const kira = await desk.kontor.people.staff();
    const page = await desk.open();
    await givePassword(page, kira);
    await page.getByText(`Signing in as ${kira.email}`).waitFor();
    expect(await field(page).evaluate((input) => input === document.activeElement)).toBe(true);
    expect(await field(page).getAttribute('autocomplete')).toBe('one-time-code');
    expect(await field(page).getAttribute('inputmode')).toBe('numeric');
    await field(page).pressSequentially('000000');
    await page.getByRole('alert').getByText('This code is wrong or was used already.').waitFor();
    expect(await page.context().cookies()).toEqual([]);
    const code = await kira.app.code();
    await field(page).fill(`${code.slice(0, 3)} ${code.slice(3)} `);
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    expect(onlyRefusals(422)).toBe(true);
  });

  test('I3: a code that was used is refused, and too few digits are named without asking anybody', async () => {
    const kira = await desk.kontor.people.staff();
    const code = await kira.app.code();
    const first = await desk.open();
    await givePassword(first, kira);
    await field(first).fill(code);
    await first.getByRole('heading', { name: 'Overview' }).waitFor();
    const page = await desk.open();
    await givePassword(page, kira);
    await field(page).fill(code);
    await page.getByRole('alert').getByText('This code is wrong or was used already.').waitFor();
    await field(page).fill('123');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('Enter the six digits that your app shows.').waitFor();
    expect(desk.complaints()).toHaveLength(1);
  });

  test('I3: after five wrong codes the attempt is over, the page says why, and a new one succeeds', async () => {
    const kira = await desk.kontor.people.staff();
    const page = await desk.open();
    await givePassword(page, kira);
    for (let at = 0; at < maxTries; at += 1) {
      const judged = page.waitForResponse('**/auth/second-factor');
      await field(page).fill(`00000${at}`);
      expect((await judged).status()).toBe(422);
    }
    await field(page).fill(await kira.app.code());
    await page.getByText('The attempt is over: it lasts ten minutes and takes five codes.').waitFor();
    expect(await page.locator('#email').inputValue()).toBe(kira.email);
    expect(await page.locator('#password').inputValue()).toBe('');
    await signInByForm(page, kira);
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    expect(onlyRefusals(422, 409)).toBe(true);
  });

  test('I3: too many tries are told with how long to wait', async () => {
    const kira = await desk.kontor.people.staff();
    const visitor = apiDriver(`${desk.kontor.origin}/api/staff/v1`, {});
    for (let attempts = 0; attempts < triesAtCodes.tries / maxTries; attempts += 1) {
      const { next } = (await visitor.post('/auth/sign-in', { email: kira.email, password: testPassword })).body;
      for (let at = 0; at < maxTries; at += 1)
        await visitor.post('/auth/second-factor', { attempt: next.attempt, method: 'totp', code: `00000${at}` });
    }
    const page = await desk.open();
    await givePassword(page, kira);
    await field(page).fill(await kira.app.code());
    await page.getByRole('alert').getByText('Too many tries. Try again in 15 minutes.').waitFor();
    expect(onlyRefusals(429)).toBe(true);
  });

  test('I3: the attempt is in the page’s memory only: loading the page again begins anew', async () => {
    const page = await desk.open();
    await givePassword(page, oleg);
    await field(page).waitFor();
    const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href, history.state]));
    expect(stored).not.toMatch(/attempt|[\w-]{43}/);
    await page.reload();
    await page.locator('#password').waitFor();
  });
});

describe('the first sign-in of staff', () => {
  test('I3: sets up an app, shows recovery codes once, and opens the desk when they are stored; one of them opens it again', async () => {
    const vera = await newcomer(desk.kontor);
    const page = await desk.open();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await givePassword(page, vera);
    await page.getByRole('heading', { name: 'Set up your authenticator app' }).waitFor();
    const picture = page.getByRole('img', { name: 'Picture for your authenticator app to scan' });
    expect(await picture.getAttribute('src')).toMatch(/^data:image\/svg\+xml/);
    expect(await picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
    const app = await appSetUpOn(page, desk.kontor);
    await page.getByRole('button', { name: 'Copy the secret' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^[A-Z2-7]{32}$/);

    await field(page).fill('000000');
    await page.getByRole('alert').getByText('This code is wrong or was used already.').waitFor();
    await field(page).fill(await app.code());

    await page.getByRole('heading', { name: 'Store your recovery codes' }).waitFor();
    const codes = await page.locator('[data-recovery-codes] li').allInnerTexts();
    expect(new Set(codes).size).toBe(10);
    const goOn = page.getByRole('button', { name: 'Go on to the desk' });
    expect(await goOn.isDisabled()).toBe(true);
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download as text' }).click()]);
    expect(file.suggestedFilename()).toBe('kontor-recovery-codes.txt');
    const text = await new Response((await file.createReadStream()) as unknown as BodyInit).text();
    expect(codes.every((code) => text.includes(code))).toBe(true);
    await page.getByRole('checkbox', { name: 'I have stored them' }).check();
    await goOn.click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();

    const other = await desk.open();
    await givePassword(other, vera);
    await other.getByRole('button', { name: 'Use a recovery code' }).click();
    await field(other).fill('none-ofth-ese0-0000');
    await other.keyboard.press('Enter');
    await other.getByRole('alert').getByText('This is none of your recovery codes').waitFor();
    await field(other).fill(` ${codes[3]!.toUpperCase().replaceAll('-', ' ')} `);
    await other.keyboard.press('Enter');
    await other.getByRole('heading', { name: 'Overview' }).waitFor();
    expect(onlyRefusals(422)).toBe(true);
  });

  test('I3: without proving the app nobody gets in, however he comes back', async () => {
    const vera = await newcomer(desk.kontor);
    const page = await desk.open();
    await givePassword(page, vera);
    await page.getByRole('heading', { name: 'Set up your authenticator app' }).waitFor();
    const first = await page.locator('[data-app-secret]').innerText();
    expect(await page.context().cookies()).toEqual([]);
    await page.goto('/admin/tickets');
    await givePassword(page, vera);
    await page.getByRole('heading', { name: 'Set up your authenticator app' }).waitFor();
    expect(await page.locator('[data-app-secret]').innerText()).not.toBe(first);
    await page.getByRole('button', { name: 'Begin again' }).click();
    await page.locator('#password').waitFor();
  });
});
