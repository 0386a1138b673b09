import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TestPerson } from '../harness/people.ts';
import { consoleUnderTest, signInByForm, type ConsoleUnderTest } from './console-under-test.ts';

let desk: ConsoleUnderTest;
let oleg: TestPerson;

beforeAll(async () => {
  desk = await consoleUnderTest();
  oleg = await desk.kontor.people.staff({ name: 'Oleg Sidorov' });
});
afterAll(() => desk.stop());
afterEach(() => desk.endTest());

describe('signing in', () => {
  test('A1: a wrong password is told in plain words, in the form, and opens nothing', async () => {
    const page = await desk.open();
    await signInByForm(page, oleg, 'not the password');
    await page.getByRole('alert').getByText('The e-mail address or the password is wrong.').waitFor();
    expect(page.url()).toContain('/admin/login');
    expect(await page.locator('#email').inputValue()).toBe(oleg.email);
    expect(desk.complaints()).toEqual([expect.stringContaining('401')]);
  });

  test('A1: the right password opens the desk, and signing out closes it', async () => {
    const page = await desk.open();
    await signInByForm(page, oleg);
    await page.getByRole('heading', { name: 'All active' }).waitFor();
    await page.getByRole('button', { name: /Your account: Oleg Sidorov/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.locator('#email').waitFor();
    await page.goto('/admin/tickets');
    await page.locator('#email').waitFor();
    expect(await page.context().cookies()).toEqual([]);
  });

  test('A1: a page that was asked for is shown after signing in', async () => {
    const page = await desk.open();
    await page.goto('/admin/cases');
    await signInByForm(page, oleg);
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
    await page.getByRole('heading', { name: 'Все активные' }).waitFor();
  });

  test('A1: a session that ended leads to the sign-in page with a reason', async () => {
    const page = await desk.open({ as: oleg });
    await page.getByRole('heading', { name: 'All active' }).waitFor();
    await page.context().clearCookies();
    await page.getByRole('link', { name: 'Archive' }).click();
    await page.locator('#email').waitFor();
    await page.getByText('Your session has ended.').waitFor();
    expect(desk.complaints().every((complaint) => complaint.includes('401'))).toBe(true);
  });
});
