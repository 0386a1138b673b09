import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TestCustomer, TestStaff } from '../harness/people.ts';
import { barriers, consoleUnderTest, type ConsoleUnderTest } from './console-under-test.ts';

let desk: ConsoleUnderTest;
let maria: TestStaff;
let oleg: TestStaff;
let anna: TestCustomer;

beforeAll(async () => {
  desk = await consoleUnderTest({ promises: true });
  maria = await desk.kontor.people.staff({ role: 'administrator', name: 'Maria Orlova' });
  oleg = await desk.kontor.people.staff({ name: 'Oleg Titov' });
  anna = await desk.kontor.people.customer();
});
afterAll(() => desk?.stop());
afterEach(() => desk.endTest());

async function answered(category: string): Promise<string> {
  const { number } = (await anna.post('/tickets', { subject: 'The panel does not start', body: 'See above', category })).body;
  await oleg.post(`/tickets/${number}/messages`, { body: 'Please try again' });
  return number;
}

async function closesAt(number: string): Promise<number> {
  const { steps } = (await maria.get(`/tickets/${number}`)).body;
  return new Date(steps.find((step: { what: string }) => step.what === 'auto_close').at).getTime();
}

const day = 24 * 3_600_000;

describe('timing, queues, holds and long work', () => {
  test('T8: a policy is made, given to a queue, shortened, and applied to open tickets after a look; progress is shown', async () => {
    const page = await desk.open({ as: maria, at: '/timing' });
    await page.getByRole('button', { name: 'New policy' }).click();
    const form = page.getByRole('dialog', { name: 'New timing policy' });
    await form.getByRole('button', { name: 'Save' }).click();
    await form.getByText('Give it an English name').waitFor();
    await form.getByLabel('Name in English').fill('Hosting');
    await form.getByLabel('Name in Russian').fill('Хостинг');
    await form.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'Hosting' }).waitFor();
    await page.getByRole('listitem').filter({ hasText: 'Hosting' }).getByText('No queue goes by it.').waitFor();

    await page.goto('/admin/queues');
    await page.getByRole('button', { name: 'New queue' }).click();
    const queue = page.getByRole('dialog', { name: 'New queue' });
    await queue.getByLabel('Category').fill('hosting');
    await queue.getByLabel('Name in English').fill('Hosting');
    await queue.getByLabel('Name in Russian').fill('Хостинг');
    await queue.getByLabel('Timing').click();
    await page.getByRole('option', { name: 'Hosting' }).click();
    await queue.getByRole('group', { name: 'Duty list' }).getByLabel('Maria Orlova').check();
    await queue.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Duty list: Maria Orlova').waitFor();

    const number = await answered('hosting');
    const before = await closesAt(number);
    await page.goto('/admin/timing');
    await page.getByRole('button', { name: 'Edit “Hosting”' }).click();
    const edit = page.getByRole('dialog', { name: 'Edit “Hosting”' });
    await edit.getByRole('button', { name: '3+1' }).click();
    await edit.getByRole('button', { name: 'Save' }).click();
    const choice = page.getByRole('dialog', { name: 'Open tickets too?' });
    await choice.getByText('1 ticket').waitFor();
    await choice.getByRole('link', { name: number }).first().waitFor();
    expect(await closesAt(number)).toBe(before);
    await choice.getByRole('button', { name: 'Move them' }).click();
    await page.getByRole('heading', { name: 'Applying a timing policy to open tickets' }).waitFor();
    await page.getByText('1 of 1').waitFor();
    await page.getByText('What became of each').click();
    await page.getByRole('listitem').getByRole('link', { name: number }).waitFor();
    expect(await closesAt(number)).toBe(before - 4 * day);
  });

  test('T8: who leaves it at new deadlines moves nothing', async () => {
    const page = await desk.open({ as: maria, at: '/timing' });
    const number = await answered('hosting');
    const before = await closesAt(number);
    await page.getByRole('button', { name: 'Edit “Hosting”' }).click();
    const edit = page.getByRole('dialog', { name: 'Edit “Hosting”' });
    await edit.getByRole('button', { name: '7+7' }).click();
    await edit.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Only new deadlines' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await closesAt(number)).toBe(before);
  });

  test('M3: a hold is placed after a look, seen on the ticket, and lifted after a look; the deadline is later', async () => {
    const number = await answered('technical');
    const page = await desk.open({ as: maria, at: '/holds' });
    await page.getByText('Nothing is on hold.').waitFor();
    await page.getByRole('button', { name: 'Place a hold' }).click();
    const form = page.getByRole('dialog', { name: 'Place a hold' });
    await form.getByLabel('What it covers').click();
    await page.getByRole('option', { name: 'A ticket' }).click();
    await form.getByLabel('Ticket number').fill(number);
    await form.getByRole('button', { name: 'Show what it would do' }).click();
    await form.getByRole('link', { name: number }).first().waitFor();
    await form.getByText('not known yet').first().waitFor();
    await form.getByRole('button', { name: 'Place it' }).click();
    await form.getByText('Say why, and for what.').waitFor();
    await form.getByLabel('Reason').fill('Their office is closed');
    await form.getByRole('button', { name: 'Place it' }).click();
    await page.getByText('Their office is closed').waitFor();
    await page.getByText(/placed by Maria Orlova/).waitFor();

    await page.goto(`/admin/tickets/${number}/show`);
    await page
      .getByText(/on hold/)
      .first()
      .waitFor();
    const before = await closesAt(number);
    await page.goto('/admin/holds');
    await page.getByRole('button', { name: `Lift: Ticket ${number}` }).click();
    const lift = page.getByRole('dialog', { name: 'Lift the hold?' });
    await lift.getByRole('link', { name: number }).first().waitFor();
    await lift.getByRole('button', { name: 'Lift it' }).click();
    await page.getByText('Nothing is on hold.').waitFor();
    await page.getByLabel('Show lifted ones').check();
    await page.getByText(/Lifted .* by Maria Orlova/).waitFor();
    expect(await closesAt(number)).toBeGreaterThan(before);
  });

  test('I8: support reads and is offered nothing that it may not do', async () => {
    const page = await desk.open({ as: oleg, at: '/holds' });
    await page.getByRole('heading', { name: 'Holds', level: 1 }).waitFor();
    expect(await page.getByRole('button', { name: 'Place a hold' }).count()).toBe(0);
    await page.goto('/admin/timing');
    await page.getByRole('heading', { name: 'Timing', level: 1 }).waitFor();
    expect(await page.getByRole('button', { name: /^(New policy|Edit|Remove|Apply)/ }).count()).toBe(0);
  });
});

test.each([
  ['light', 'wide'],
  ['dark', 'narrow'],
] as const)('A1: nobody meets a barrier at timing, queues, holds and long work, %s, %s', async (theme, size) => {
  const [policy] = (await maria.get('/timing-policies')).body.items;
  await maria.post(`/timing-policies/${policy.id}/retiming`, {});
  await maria.post('/holds', { scope: 'all', reason: 'A check', kinds: ['reminders'], until: '2040-01-01T00:00:00Z' });
  const page = await desk.open({ theme, size, as: maria, at: '/timing' });
  for (const [place, button] of [
    ['timing', 'New policy'],
    ['queues', 'New queue'],
    ['holds', 'Place a hold'],
    ['jobs', undefined],
  ] as const) {
    await page.goto(`/admin/${place}`);
    await page.getByRole('listitem').getByRole('heading', { level: 2 }).first().waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    if (button === undefined) continue;
    await page.getByRole('button', { name: button }).click();
    await page.getByRole('dialog').waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.press('Escape');
  }
});
