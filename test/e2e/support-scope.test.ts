import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TestCustomer, TestStaff } from '../harness/people.ts';
import { barriers, consoleUnderTest, type ConsoleUnderTest } from './console-under-test.ts';

let desk: ConsoleUnderTest;
let anna: TestCustomer;
let maria: TestStaff;
let oleg: TestStaff;

beforeAll(async () => {
  desk = await consoleUnderTest();
  anna = await desk.kontor.people.customer({ locale: 'ru', name: 'Anna Petrova' });
  maria = await desk.kontor.people.staff({ role: 'administrator', name: 'Maria Orlova' });
  oleg = await desk.kontor.people.staff({ name: 'Oleg Sidorov' });
});
afterAll(() => desk?.stop());
afterEach(() => desk.endTest());

async function open(more: object = {}): Promise<string> {
  const ticket = { subject: 'Please install PHP 8.4', body: 'We need it', category: 'technical' };
  return (await anna.post('/tickets', { ...ticket, ...more })).body.number;
}

describe('the catalogue of what support does', () => {
  test('T15: is narrowed, and an item is edited in both languages side by side', async () => {
    const page = await desk.open({ as: maria, at: '/support-scope' });
    await page.getByText('Setting up the network on your servers', { exact: true }).waitFor();
    await page.getByLabel('Does support do it').click();
    await page.getByRole('option', { name: 'For money' }).click();
    await page.getByText('Supporting plugins and changes made by other contractors', { exact: true }).waitFor();
    await page.getByText('Setting up the network on your servers', { exact: true }).waitFor({ state: 'detached' });
    expect(await page.locator('[data-item]').count()).toBe(2);

    await page.getByRole('button', { name: 'Edit “Supporting plugins and changes made by other contractors”' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit an item of the support scope' });
    await dialog.getByLabel('Title, in English').fill('');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('Give it a heading, a title and a text in English').waitFor();
    await dialog.getByLabel('Title, in English').fill('Plugins of others');
    await dialog.getByLabel('Title, in Russian').fill('Чужие плагины');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Plugins of others', { exact: true }).waitFor();
    const read = (await anna.get('/support-scope?stance=paid', { 'accept-language': 'ru' })).body.items;
    expect(read.map(({ title }: { title: string }) => title)).toContain('Чужие плагины');
  });

  test('T15: what somebody else changed meanwhile is told, and nothing is overwritten', async () => {
    const page = await desk.open({ as: maria, at: '/support-scope' });
    await page.getByRole('button', { name: 'Edit “Questions of licensing”' }).click();
    const dialog = page.getByRole('dialog');
    const { items } = (await maria.get('/support-scope')).body;
    const { id } = items.find(({ title }: { title: { en: string } }) => title.en === 'Questions of licensing');
    await maria.patch(`/support-scope/${id}`, { position: 7_000 });
    await dialog.getByLabel('Title, in English').fill('Licensing');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('Somebody has changed this meanwhile.').waitFor();
    expect(await dialog.getByLabel('Title, in English').inputValue()).toBe('Licensing');
    expect(desk.complaints()).toEqual([expect.stringContaining('412')]);
  });

  test('I8: agents read it and are not offered to edit', async () => {
    const page = await desk.open({ as: oleg, at: '/support-scope' });
    await page.locator('[data-item]').first().waitFor();
    expect(await page.getByRole('button', { name: /^Edit|^New item/ }).count()).toBe(0);
  });
});

test('T15: a partner is added, and a refusal shows exactly what the customer gets', async () => {
  const page = await desk.open({ as: maria, at: '/partners' });
  await page.getByText('There are no partners yet.').waitFor();
  await page.getByRole('button', { name: 'New partner' }).click();
  const dialog = page.getByRole('dialog', { name: 'New partner' });
  await dialog.getByLabel('Name').fill('Vega Integration');
  await dialog.getByLabel('Where to find him').fill('javascript:alert(1)');
  await dialog.getByLabel('City, in English').fill('Oryol');
  await dialog.getByLabel('City, in Russian').fill('Орёл');
  await dialog.getByLabel('What he does, in English').fill('Servers\nMoving');
  await dialog.getByLabel('What he does, in Russian').fill('Серверы\nПеренос');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('This is not an address that we can write to.').waitFor();
  expect(desk.complaints()).toEqual([expect.stringContaining('400')]);
  await dialog.getByLabel('Where to find him').fill('https://vega.example');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: 'Vega Integration' }).waitFor();

  const number = await open();
  const ticket = await desk.open({ as: oleg, at: `/tickets/${number}/show` });
  await ticket.getByRole('button', { name: 'More' }).click();
  await ticket.getByRole('menuitem', { name: 'Refuse by the support scope' }).click();
  const refusal = ticket.getByRole('dialog', { name: 'Refuse by the support scope' });
  await refusal.getByRole('button', { name: 'Send' }).click();
  await refusal.getByText('Choose what support does not do.').waitFor();
  await refusal.getByLabel('What support does not do').click();
  await ticket.getByRole('option', { name: 'Installing or updating PHP, MySQL and other services' }).click();
  await refusal.getByLabel('What you add').fill('Мы посмотрели.');
  const shown = refusal.locator('[data-preview]');
  await shown.getByText('Мы посмотрели.').waitFor();
  await shown.getByText('Vega Integration').waitFor();
  const text = (await shown.locator('[lang=ru]').innerText()).replaceAll(/\s+/g, ' ');
  await refusal.getByRole('button', { name: 'Send' }).click();
  await refusal.waitFor({ state: 'detached' });
  await ticket.locator('article').getByText('Мы посмотрели.').waitFor();
  const { items } = (await anna.get(`/tickets/${number}/messages`)).body;
  const sent = items.at(-1).body as string;
  expect(sent).toContain('Поддержка не выполняет установку, переустановку и обновление PHP, MySQL');
  for (const part of [
    'Мы посмотрели.',
    'С этим могут помочь партнёры:',
    'Vega Integration',
    'Орёл',
    'Серверы, Перенос',
    'https://vega.example',
  ]) {
    expect(text).toContain(part);
    expect(sent).toContain(part);
  }
  expect((await anna.get(`/tickets/${number}`)).body.status).toBe('awaiting_customer');
});

test('T14: a claim stands beside the conversation, is confirmed, and taken back with a reason that the customer reads', async () => {
  const number = await open({ severity: 'critical', severitySentence: 'None of us can sign in' });
  const page = await desk.open({ as: oleg, at: `/tickets/${number}/show` });
  const section = page.getByRole('region', { name: 'Critical' });
  await section.getByText('Said to be critical').waitFor();
  await section.getByText('None of us can sign in').waitFor();
  await section.getByRole('button', { name: 'Confirm' }).click();
  const question = page.getByRole('dialog', { name: 'Is it critical?' });
  await question.getByText('None of us can sign in').waitFor();
  await question.getByRole('button', { name: 'It is critical' }).click();
  await section.locator('[data-severity=confirmed]').waitFor();
  await section.getByRole('button', { name: 'Take back' }).click();
  const dialog = page.getByRole('dialog', { name: 'Not critical?' });
  await dialog.getByRole('button', { name: 'It is not critical' }).click();
  await dialog.getByText('Say why: the customer reads it.').waitFor();
  await dialog.getByLabel('Why it is not critical').fill('One user of twenty');
  await dialog.getByRole('button', { name: 'It is not critical' }).click();
  await section.locator('[data-severity=refused]').waitFor();
  const { items } = (await anna.get(`/tickets/${number}/history`)).body;
  expect(items.at(-1)).toMatchObject({ what: 'severity_refused', data: { publicReason: 'One user of twenty' } });
});

test('T14: on a telephone, too, the ticket itself says that it is said to be critical', async () => {
  const number = await open({ severity: 'critical', severitySentence: 'None of us can sign in' });
  const page = await desk.open({ as: oleg, at: `/tickets/${number}/show`, locale: 'ru', size: 'narrow' });
  await page.locator('header [data-severity=claimed]').getByText('По словам клиента, критический').waitFor();
  await page.locator('article').first().waitFor();
  expect(await barriers(page)).toEqual([]);
});

test('T14, T10: what is critical is raised in the list, and the list is narrowed to it', async () => {
  const critical = await open({ subject: 'Nobody can sign in', severity: 'critical' });
  await open({ subject: 'An ordinary question' });
  const page = await desk.open({ as: oleg });
  const row = page.locator(`[data-ticket="${critical}"]`);
  await row.locator('[data-severity=claimed]').waitFor();
  await page.getByText('An ordinary question').waitFor();
  await page.getByLabel('Critical', { exact: true }).selectOption('claimed');
  await page.getByText('An ordinary question').waitFor({ state: 'detached' });
  await row.waitFor();
});

test.each([
  ['light', 'wide', 'en'],
  ['dark', 'narrow', 'ru'],
] as const)('A1: nobody meets a barrier at the catalogue and the partners, %s, %s, %s', async (theme, size, locale) => {
  const page = await desk.open({ theme, size, locale, as: maria, at: '/support-scope' });
  await page.locator('[data-item]').first().waitFor();
  expect(await barriers(page)).toEqual([]);
  await page.getByRole('button', { name: /New item|Новый пункт/ }).click();
  await page.getByRole('dialog').waitFor();
  expect(await barriers(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  await page.goto('/admin/partners');
  await page.getByRole('heading', { name: 'Vega Integration' }).waitFor();
  expect(await barriers(page)).toEqual([]);
  await page.getByRole('button', { name: /New partner|Новый партнёр/ }).click();
  await page.getByRole('dialog').waitFor();
  expect(await barriers(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
});
