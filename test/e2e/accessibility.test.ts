import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TestPerson } from '../harness/people.ts';
import { appSetUpOn, barriers, consoleUnderTest, givePassword, newcomer, type ConsoleUnderTest } from './console-under-test.ts';

let desk: ConsoleUnderTest;
let oleg: TestPerson;
let number: string;

beforeAll(async () => {
  desk = await consoleUnderTest();
  oleg = await desk.kontor.people.staff();
  const anna = await desk.kontor.people.customer();
  await anna.post('/tickets', { subject: 'An earlier question', body: 'How?', category: 'billing', priority: 'low' });
  number = (
    await anna.post('/tickets', {
      subject: 'The panel does not start',
      body: 'See [this](https://good.example/) and `code`.\n\n> quoted',
      category: 'technical',
      priority: 'high',
    })
  ).body.number;
  await oleg.post(`/tickets/${number}/notes`, { body: 'Among us: `code` and [a link](https://good.example/)' });
  await oleg.post(`/tickets/${number}/messages`, { body: 'Please try again: `code`, [a link](https://good.example/)' });
});
afterAll(() => desk.stop());
afterEach(() => desk.endTest());

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  test.each(['wide', 'narrow'] as const)('A1: nobody meets a barrier on the sign-in page, the list and the ticket, %s', async (size) => {
    const outside = await desk.open({ theme, size });
    await outside.locator('#email').waitFor();
    expect(await barriers(outside)).toEqual([]);

    const page = await desk.open({ theme, size, as: oleg });
    await page.locator('[data-ticket]').nth(1).waitFor();
    expect(await barriers(page)).toEqual([]);

    await page.goto(`/admin/tickets/${number}/show`);
    await page.locator('article').nth(2).waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.press('n');
    await page.getByRole('textbox', { name: 'Note' }).waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    expect(await barriers(page)).toEqual([]);
  });

  test.each(['wide', 'narrow'] as const)(
    'A1: nobody meets a barrier on the way in, nor on the page of his own security, %s',
    async (size) => {
      const outside = await desk.open({ theme, size });
      await givePassword(outside, oleg);
      await outside.locator('#code').waitFor();
      expect(await barriers(outside)).toEqual([]);
      await outside.locator('#code').fill('000000');
      await outside.getByRole('alert').waitFor();
      expect(await barriers(outside)).toEqual([]);

      await outside.goto('/admin/');
      await givePassword(outside, await newcomer(desk.kontor));
      await outside.locator('[data-app-secret]').waitFor();
      expect(await barriers(outside)).toEqual([]);
      await outside.locator('#code').fill(await (await appSetUpOn(outside, desk.kontor)).code());
      await outside.locator('[data-recovery-codes]').waitFor();
      expect(await barriers(outside)).toEqual([]);

      const kira = await desk.kontor.people.staff();
      await desk.kontor.db.query(`update session set stepped_up_at = stepped_up_at - interval '6 minutes' where user_id = $1`, [kira.id]);
      const page = await desk.open({ theme, size, as: kira, at: '/security' });
      await page.locator('[data-session]').first().waitFor();
      await page.getByText('Last changed').waitFor();
      expect(await barriers(page)).toEqual([]);
      await page.getByRole('button', { name: 'Replace the app' }).click();
      await page.locator('#step-up-code').waitFor();
      expect(await barriers(page)).toEqual([]);
      await page.locator('#step-up-code').fill(await kira.app.code());
      await page.locator('[data-app-secret]').waitFor();
      await page.getByRole('dialog', { name: 'This needs a fresh code' }).waitFor({ state: 'detached' });
      expect(await barriers(page)).toEqual([]);
      expect(desk.complaints().every((complaint) => /403|422/.test(complaint))).toBe(true);
    },
  );
});
