import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { apiDriver, signedIn, type ApiDriver } from '../harness/api-driver.ts';
import { testPassword, type TestStaff } from '../harness/people.ts';
import { until } from '../harness/until.ts';
import { appSetUpOn, consoleUnderTest, givePassword, type ConsoleUnderTest, type OpenOptions } from './console-under-test.ts';

let desk: ConsoleUnderTest;

beforeAll(async () => {
  desk = await consoleUnderTest();
});
afterAll(() => desk.stop());
afterEach(() => desk.endTest());

/** Opens the page for somebody who signed in just now, so that his code is fresh. */
async function show(kira: TestStaff, more: Omit<OpenOptions, 'as' | 'at'> = {}): Promise<Page> {
  const page = await desk.open({ as: kira, at: '/security', ...more });
  await page.locator('[data-session]').first().waitFor();
  return page;
}

/** Makes the code that everybody gave last an old one, as five minutes would. */
async function letCodesGrowOld(kira: TestStaff): Promise<void> {
  await desk.kontor.db.query(`update session set stepped_up_at = stepped_up_at - interval '6 minutes' where user_id = $1`, [kira.id]);
}

function elsewhere(kira: TestStaff): Promise<ApiDriver> {
  return signedIn(desk.kontor.origin, 'staff', kira.email, testPassword, kira.app);
}

async function recoveryCodesOn(page: Page): Promise<string[]> {
  await page.locator('[data-recovery-codes] li').first().waitFor();
  return page.locator('[data-recovery-codes] li').allInnerTexts();
}

const refusals = (status: number) => desk.complaints().every((complaint) => complaint.includes(String(status)));
const fresh = (page: Page) => page.getByRole('dialog', { name: 'This needs a fresh code' });

describe('a fresh code', () => {
  test('I10: is asked for in place, and what waited for it goes on by itself', async () => {
    const kira = await desk.kontor.people.staff();
    await letCodesGrowOld(kira);
    const page = await show(kira);
    await page.getByRole('button', { name: 'Make new codes' }).click();
    const confirmation = page.getByRole('dialog', { name: 'Make new recovery codes?' });
    await confirmation.getByRole('button', { name: 'Make new codes' }).click();
    await fresh(page).waitFor();
    expect(await page.locator('#step-up-code').evaluate((input) => input === document.activeElement)).toBe(true);
    await page.locator('#step-up-code').fill('000000');
    await page.getByRole('alert').getByText('This code is wrong or was used already.').waitFor();
    const before = await page.context().cookies();
    await page.locator('#step-up-code').fill(await kira.app.code());
    expect(new Set(await recoveryCodesOn(page)).size).toBe(10);
    await fresh(page).waitFor({ state: 'detached' });
    // The session has another token now (ASVS 7.2.4).
    const named = (cookies: typeof before) => cookies.find(({ name }) => name === 'kontor-staff')?.value;
    expect(named(await page.context().cookies())).not.toBe(named(before));

    await page.getByRole('checkbox', { name: 'I have stored them' }).check();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByText('10 unused codes are left').waitFor();
    // For five minutes nobody is asked again.
    await page.getByRole('button', { name: 'Make new codes' }).click();
    await page.getByRole('dialog').getByText('The 10 codes that are left stop working at once').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Make new codes' }).click();
    expect(await recoveryCodesOn(page)).toHaveLength(10);
    expect(desk.complaints().every((complaint) => /403|422/.test(complaint))).toBe(true);
  });

  test('I10: is asked for once, however many wait, and not again for what was refused before it came', async () => {
    const kira = await desk.kontor.people.staff();
    await letCodesGrowOld(kira);
    const page = await show(kira);
    for (const arrives of ['while it is asked for', 'after it was given'] as const) {
      await letCodesGrowOld(kira);
      const refusalArrives = Promise.withResolvers<void>();
      await page.route(
        '**/me/factors/totp',
        async (route) => {
          const refusal = await route.fetch();
          await refusalArrives.promise;
          await route.fulfill({ response: refusal });
        },
        { times: 1 },
      );
      await page.getByRole('button', { name: 'Replace the app' }).click();
      await page.getByRole('button', { name: 'Make new codes' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Make new codes' }).click();
      await fresh(page).waitFor();
      if (arrives === 'while it is asked for') refusalArrives.resolve();
      await page.locator('#step-up-code').fill(await kira.app.code());
      await fresh(page).waitFor({ state: 'detached' });
      refusalArrives.resolve();
      await page.getByRole('dialog', { name: 'A new authenticator app' }).waitFor();
      expect(await recoveryCodesOn(page)).toHaveLength(10);
      expect(await fresh(page).count()).toBe(0);
      await page.getByRole('button', { name: 'Cancel' }).click();
      await page.getByRole('checkbox', { name: 'I have stored them' }).check();
      await page.getByRole('button', { name: 'Done' }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    expect(refusals(403)).toBe(true);
  });

  test('I10: turning away changes nothing, complains of nothing, and leaves what was begun where it was', async () => {
    const kira = await desk.kontor.people.staff();
    await letCodesGrowOld(kira);
    const page = await show(kira);
    await page.locator('#password-current').fill(testPassword);
    await page.locator('#password-password').fill('a walk along another river');
    await page.locator('#password-again').fill('a walk along another river');
    await page.getByRole('button', { name: 'Change the password' }).click();
    await fresh(page).waitFor();
    await page.keyboard.press('Escape');
    await fresh(page).waitFor({ state: 'detached' });
    expect(await page.locator('#password-password').inputValue()).toBe('a walk along another river');
    expect(await page.getByRole('alert').count()).toBe(0);
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.locator('#step-up-code').fill(await kira.app.code());
    await page.getByText('Your password is changed.').waitFor();
    expect(refusals(403)).toBe(true);
  });

  test('I10: a recovery code will do, and the page says what it was good for', async () => {
    const kira = await desk.kontor.people.staff();
    const { body } = await kira.post('/me/recovery-codes');
    await letCodesGrowOld(kira);
    const page = await show(kira);
    await page.getByText('10 unused codes are left').waitFor();
    await page.getByRole('button', { name: 'Replace the app' }).click();
    await fresh(page).getByRole('button', { name: 'Use a recovery code' }).click();
    await page.locator('#step-up-code').fill(body.recoveryCodes[0]);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'A new authenticator app' }).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('9 unused codes are left').waitFor();
    expect(refusals(403)).toBe(true);
  });

  test('I10: five wrong codes are enough; nothing is done', async () => {
    const kira = await desk.kontor.people.staff();
    await letCodesGrowOld(kira);
    const page = await show(kira);
    await page.getByRole('button', { name: 'Replace the app' }).click();
    for (let at = 0; at < 6; at += 1) {
      const judged = page.waitForResponse('**/me/step-up');
      await page.locator('#step-up-code').fill(`00000${at}`);
      await judged;
    }
    await fresh(page).getByText('Five codes were wrong. Wait ten minutes').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(desk.complaints().every((complaint) => /403|409|422/.test(complaint))).toBe(true);
  });
});

describe('my security', () => {
  test('I3: the app is replaced by another; the one before works until then and never again', async () => {
    const kira = await desk.kontor.people.staff();
    await kira.post('/me/recovery-codes');
    const page = await show(kira);
    await page.getByRole('button', { name: 'Your account' }).click();
    await page.getByRole('menuitem', { name: 'My security' }).click();
    await page.getByRole('button', { name: 'Replace the app' }).click();
    const app = await appSetUpOn(page, desk.kontor);
    await page.locator('#new-app-code').fill(await kira.app.code());
    await page.getByRole('alert').getByText('This code is wrong or was used already.').waitFor();
    await page.locator('#new-app-code').fill(await app.code());
    await page.getByText('The new app is set. The one before gives no valid codes any more.').waitFor();

    const visitor = apiDriver(`${desk.kontor.origin}/api/staff/v1`, {});
    const { next } = (await visitor.post('/auth/sign-in', { email: kira.email, password: testPassword })).body;
    const give = async (code: string) =>
      (await visitor.post('/auth/second-factor', { attempt: next.attempt, method: 'totp', code })).status;
    expect(await give(await kira.app.code())).toBe(422);
    expect(await give(await app.code())).toBe(200);
    expect(refusals(422)).toBe(true);
  });

  test('I3: whoever sets a new app and has no recovery codes left is shown new ones before he goes on', async () => {
    const kira = await desk.kontor.people.staff();
    const page = await show(kira);
    await page.getByText('No unused code is left').waitFor();
    await page.getByText('Without your phone you could not sign in.').waitFor();
    await page.getByRole('button', { name: 'Replace the app' }).click();
    await page.locator('#new-app-code').fill(await (await appSetUpOn(page, desk.kontor)).code());
    expect(await recoveryCodesOn(page)).toHaveLength(10);
    await page.keyboard.press('Escape');
    expect(await page.getByRole('button', { name: 'Done' }).isDisabled()).toBe(true);
    await page.getByRole('checkbox', { name: 'I have stored them' }).check();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByText('10 unused codes are left').waitFor();
  });

  test('I6: sessions are listed with this one marked; one is ended after its consequence was named', async () => {
    const kira = await desk.kontor.people.staff({ timeZone: 'Asia/Tokyo' });
    const other = await elsewhere(kira);
    const page = await show(kira);
    expect(await page.locator('[data-session]').count()).toBe(2);
    const own = page.locator('[data-session]').first();
    await own.getByText('this one').waitFor();
    expect(await own.getByRole('button').count()).toBe(0);
    expect(await own.locator('time').first().getAttribute('title')).toMatch(/GMT\+9 \(Asia\/Tokyo\)$/);
    await page.locator('[data-session]').nth(1).getByRole('button', { name: /^End/ }).click();
    const dialog = page.getByRole('dialog', { name: 'End this session?' });
    await dialog.getByText('is signed out at once. Whoever uses it must sign in again.').waitFor();
    await dialog.getByRole('button', { name: 'End the session' }).click();
    await page.getByText('You are signed in nowhere else.').waitFor();
    expect((await other.get('/me')).status).toBe(401);
  });

  test('I6: all others are ended at once, and this one goes on', async () => {
    const kira = await desk.kontor.people.staff();
    const others = [await elsewhere(kira), await elsewhere(kira)];
    const page = await show(kira);
    await page.getByRole('button', { name: 'End all others' }).click();
    await page.getByRole('dialog').getByText('2 other sessions are signed out at once').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'End all others' }).click();
    await page.getByText('Only this session is left.').waitFor();
    expect(await Promise.all(others.map(async (driver) => (await driver.get('/me')).status))).toEqual([401, 401]);
    expect((await kira.get('/me')).status).toBe(200);
  });

  test('I6: a session that was ended elsewhere leads to the sign-in page with the reason', async () => {
    const kira = await desk.kontor.people.staff();
    const other = await elsewhere(kira);
    const page = await show(kira);
    await other.delete('/me/sessions');
    await page.getByRole('button', { name: 'Replace the app' }).click();
    await page.getByText('Your session has ended.').waitFor();
    await givePassword(page, kira);
    await page.locator('#code').waitFor();
    expect(refusals(401)).toBe(true);
  });

  test('I5: a password is changed with the old one; each fault stands at its field, and the length is told before', async () => {
    const kira = await desk.kontor.people.staff({ name: 'Kira Orlova' });
    const other = await elsewhere(kira);
    const page = await show(kira);
    await page.getByText('At least 12 characters').waitFor();
    const change = async (current: string, password: string, again = password) => {
      await page.locator('#password-current').fill(current);
      await page.locator('#password-password').fill(password);
      await page.locator('#password-again').fill(again);
      await page.getByRole('button', { name: 'Change the password' }).click();
    };
    const fault = (field: string, words: string) =>
      page.locator(`#password-${field}-helper-text[role="alert"]`, { hasText: words }).waitFor();
    await change('', 'short', 'other');
    await fault('current', 'Enter the password that you have now.');
    await fault('password', 'At least 12 characters are needed.');
    await fault('again', 'The two new passwords differ.');
    expect(desk.complaints()).toEqual([]);
    await change('not my password', 'a walk along another river');
    await fault('current', 'This is not your current password.');
    await change(testPassword, testPassword);
    await fault('password', 'This is the password you have now.');
    await change(testPassword, 'Kira Orlova 2026');
    await fault('password', 'Too many people use this password, or it repeats your name or address.');
    await change(testPassword, 'a walk along another river');
    await page.getByText('Your password is changed. Your other sessions have ended.').waitFor();
    expect(await page.locator('#password-current').inputValue()).toBe('');
    await page.getByText('You are signed in nowhere else.').waitFor();
    await until('the other session is over', async () => (await other.get('/me')).status === 401);
    expect(refusals(422)).toBe(true);
  });

  test('A1: while nothing can be read the page says so, and heals by itself', async () => {
    const kira = await desk.kontor.people.staff();
    const page = await desk.open({ as: kira, clock: true });
    await page.getByRole('heading', { name: 'All active' }).waitFor();
    await page.route(/\/(api|health)\//, (route) => route.abort());
    await page.getByRole('button', { name: 'Your account' }).click();
    await page.getByRole('menuitem', { name: 'My security' }).click();
    await page.getByRole('main').getByText('Kontor cannot be reached.').first().waitFor();
    await page.unroute(/\/(api|health)\//);
    await page.clock.fastForward(2_000);
    await page.getByText('Kontor is back.').waitFor();
    await page.locator('[data-session]').first().waitFor();
    expect(desk.complaints().every((complaint) => complaint.includes('ERR_FAILED'))).toBe(true);
  });

  test('A1: in Russian no word is missing, and at 390 pixels nothing is cut off', async () => {
    const kira = await desk.kontor.people.staff({ name: 'Кира Орлова', locale: 'ru' });
    await elsewhere(kira);
    const page = await show(kira, { locale: 'ru', size: 'narrow' });
    const words = await page.locator('body').innerText();
    expect(words).not.toMatch(/kontor\.|ra\./);
    const foreign = (words.match(/[A-Za-z]{3,}/g) ?? []).filter((word) => !/^(Kontor|Chrome|Linux|people|example)$/.test(word));
    expect(foreign).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.getByRole('button', { name: 'Заменить приложение' }).click();
    await page.getByRole('link', { name: 'Открыть приложение на этом телефоне' }).waitFor();
    expect(await page.getByRole('dialog').evaluate((dialog) => dialog.scrollWidth)).toBeLessThanOrEqual(390);
  });
});
