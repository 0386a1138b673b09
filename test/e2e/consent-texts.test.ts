import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { apiDriver } from '../harness/api-driver.ts';
import type { TestStaff } from '../harness/people.ts';
import { barriers, consoleUnderTest, type ConsoleUnderTest } from './console-under-test.ts';

let desk: ConsoleUnderTest;
let maria: TestStaff;

beforeAll(async () => {
  desk = await consoleUnderTest();
  maria = await desk.kontor.people.staff({ role: 'administrator', name: 'Maria Orlova' });
});
afterAll(() => desk?.stop());
afterEach(() => desk.endTest());

describe('what customers agree to', () => {
  test('D2: a new version is written in both languages, kept while it is written, and stands once it is published', async () => {
    const page = await desk.open({ as: maria, at: '/consent-texts' });
    const terms = page.locator('[data-purpose="terms"]');
    await terms.getByText(/^Version 1/).waitFor();
    await terms.getByText('Nobody can be a customer without it.').waitFor();
    await terms.getByRole('button', { name: 'Write a new version' }).click();
    const dialog = page.getByRole('dialog', { name: 'A new version: Terms of service' });
    await dialog.getByText('Whoever agreed to version 1 stays with that one and is not asked again.').waitFor();
    await dialog.getByRole('button', { name: 'Publish version 2' }).click();
    await dialog.getByText('This is what stands already: change something first.').waitFor();

    const english = dialog.getByRole('group', { name: 'English' });
    const russian = dialog.getByRole('group', { name: 'Russian' });
    await english.getByLabel('Text').fill('The service is provided under the contract of 2026.\n\n1. …');
    await russian.getByLabel('Text').fill('');
    await dialog.getByRole('button', { name: 'Publish version 2' }).click();
    await dialog.getByText('Write the title and the text in both languages.').waitFor();
    await page.reload();
    await terms.getByRole('button', { name: 'Write a new version' }).click();
    expect(await english.getByLabel('Text').inputValue()).toContain('the contract of 2026');
    await russian.getByLabel('Text').fill('Услуги оказываются по договору 2026 года.');
    await dialog.getByRole('button', { name: 'Publish version 2' }).click();
    await terms.getByText(/^Version 2/).waitFor();
    await terms.getByText('Услуги оказываются по договору 2026 года.').waitFor();

    const { body } = await apiDriver(`${desk.kontor.origin}/api/v1`, {}).get('/consent-texts', { 'accept-language': 'ru' });
    expect(body.items).toContainEqual(
      expect.objectContaining({ purpose: 'terms', version: 2, body: 'Услуги оказываются по договору 2026 года.' }),
    );
    await terms.getByRole('button', { name: 'Write a new version' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Publish version 3' }).waitFor();
    expect(await page.getByRole('button', { name: /^Begin again/ }).count()).toBe(0);
  });

  test('I8: others may read the texts and are not offered to publish', async () => {
    const oleg = await desk.kontor.people.staff();
    const page = await desk.open({ as: oleg, at: '/consent-texts' });
    await page.locator('[data-purpose="marketing"]').waitFor();
    expect(await page.getByRole('button', { name: 'Write a new version' }).count()).toBe(0);
    const text = { en: 'x' };
    expect((await oleg.post('/consent-texts', { purpose: 'marketing', title: text, body: text })).status).toBe(403);
  });
});

test.each([
  ['light', 'wide'],
  ['dark', 'narrow'],
] as const)('A1: nobody meets a barrier at the consent texts, %s, %s', async (theme, size) => {
  const page = await desk.open({ theme, size, as: maria, at: '/consent-texts' });
  await page.locator('[data-purpose="marketing"]').waitFor();
  expect(await barriers(page)).toEqual([]);
  await page.getByRole('button', { name: 'Write a new version' }).last().click();
  await page.getByRole('dialog').waitFor();
  expect(await barriers(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
});
