import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TestCustomer, TestStaff } from '../harness/people.ts';
import { barriers, consoleUnderTest, type ConsoleUnderTest } from './console-under-test.ts';

let desk: ConsoleUnderTest;
let maria: TestStaff;
let oleg: TestStaff;
let anna: TestCustomer;

beforeAll(async () => {
  desk = await consoleUnderTest();
  maria = await desk.kontor.people.staff({ role: 'administrator', name: 'Maria Orlova' });
  oleg = await desk.kontor.people.staff({ name: 'Oleg Titov' });
  anna = await desk.kontor.people.customer();
});
afterAll(() => desk?.stop());
afterEach(() => desk.endTest());

const planNamed = async (name: string) => (await maria.get('/sla-plans')).body.items.find((plan: any) => plan.names.en === name);

/** The queue of technical questions promises nothing else. */
async function technical(): Promise<{ id: string; name: string; slaPlan: { id: string } | null }> {
  return (await maria.get('/queues')).body.items.find(({ category }: { category: string }) => category === 'technical');
}

describe('service plans', () => {
  test('S1: an installation shows what is promised, in working time and in words', async () => {
    const page = await desk.open({ as: oleg, at: '/sla-plans' });
    const team = page.getByRole('listitem').filter({ hasText: 'Team' });
    await team.getByText('First and every next answer: 5 working days').waitFor();
    await team.getByText('Fix of a critical fault: 30 working days').waitFor();
    await team.getByText('Mon–Fri, 11:00–20:00, Europe/Moscow, by the calendar “Russia, five-day week”').waitFor();
    await team.getByText('No queue and no agreement goes by it.').waitFor();
    // Agents read, and are offered nothing that they may not do.
    expect(await page.getByRole('button', { name: /^(New plan|Edit|Withdraw)/ }).count()).toBe(0);
    await page.getByRole('button', { name: 'Versions of “Team”' }).click();
    await page.getByRole('dialog').getByText('came with Kontor').waitFor();
    await page.keyboard.press('Escape');
  });

  test('S1: a plan is made with the keyboard, faults are told beside what was typed', async () => {
    const page = await desk.open({ as: maria, at: '/sla-plans' });
    await page.getByRole('button', { name: 'New plan' }).click();
    const form = page.getByRole('dialog', { name: 'New service plan' });
    await form.getByRole('group', { name: 'First and every next answer' }).getByLabel('How much').fill('0');
    await form.getByRole('button', { name: 'Save' }).click();
    await form.getByText('Give it an English name').waitFor();
    await form.getByLabel('Name, in English').fill('Gold');
    await form.getByLabel('Name, in Russian').fill('Золотой');
    await form.getByRole('button', { name: 'Save' }).click();
    await form.getByText('A target is a whole number').waitFor();
    await form.getByRole('group', { name: 'First and every next answer' }).getByLabel('How much').fill('4');
    await form.getByRole('group', { name: 'Fix of a critical fault' }).getByLabel('How much').fill('');
    await form.getByLabel('From').fill('18:00');
    await form.getByLabel('Until').fill('9:00');
    await form.getByRole('button', { name: 'Save' }).click();
    await form.getByText('Hours look like 09:00').waitFor();
    await form.getByLabel('From').fill('9:00');
    await form.getByLabel('Until').fill('24:00');
    await form.getByLabel('Rank').fill('30');
    await form.getByLabel('Rank').press('Enter');
    await form.waitFor({ state: 'detached' });
    const gold = page.getByRole('listitem').filter({ hasText: 'Gold' });
    await gold.getByText('First and every next answer: 4 working hours').waitFor();
    await gold.getByText('Fix of a critical fault: not promised').waitFor();
    await gold.getByText('Mon–Fri, 09:00–24:00').waitFor();
    expect((await planNamed('Gold')).names).toEqual({ en: 'Gold', ru: 'Золотой' });
  });

  test('S1: a change of what is promised is a new version, and asks what becomes of open tickets; a name asks nothing', async () => {
    const page = await desk.open({ as: maria, at: '/sla-plans' });
    await page.getByRole('button', { name: 'Edit “Gold”' }).click();
    const form = page.getByRole('dialog', { name: 'Edit “Gold”' });
    await form.getByRole('group', { name: 'First and every next answer' }).getByLabel('How much').fill('30');
    await form.getByRole('group', { name: 'First and every next answer' }).getByLabel('Of what').click();
    await page.getByRole('option', { name: 'working minutes' }).click();
    await form.getByRole('button', { name: 'Save' }).click();
    const told = page.getByRole('dialog', { name: 'Open tickets too?' });
    await told.getByText('So far what “Gold” promises now applies to new tickets only.').waitFor();
    await told.getByRole('button', { name: 'Only new tickets' }).click();
    await page.getByText('version 2 · rank 30').waitFor();

    await page.getByRole('button', { name: 'Edit “Gold”' }).click();
    await page.getByLabel('Name, in English').fill('Golden');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Edit “Golden”' }).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.getByRole('button', { name: 'Versions of “Golden”' }).click();
    const versions = page.getByRole('dialog').getByRole('listitem');
    await versions.nth(1).waitFor();
    expect(await versions.count()).toBe(2);
    await versions.first().getByText('30 working minutes').waitFor();
    await versions.last().getByText('4 working hours').waitFor();
  });

  test('S1: a plan that nothing goes by is withdrawn after a word on what that means, and brought back', async () => {
    const page = await desk.open({ as: maria, at: '/sla-plans' });
    await page.getByRole('button', { name: 'Withdraw “Golden”' }).click();
    const dialog = page.getByRole('dialog', { name: 'Withdraw “Golden”?' });
    await dialog.getByText('What it has promised stays promised').waitFor();
    await dialog.getByRole('button', { name: 'Withdraw' }).click();
    await page.getByRole('heading', { name: 'Golden' }).waitFor({ state: 'detached' });
    await page.getByLabel('Show what was withdrawn').check();
    await page.getByRole('button', { name: 'Bring back “Golden”' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Bring back' }).click();
    await page.getByText('No plan was withdrawn.').waitFor();
    expect((await planNamed('Golden')).withdrawn).toBe(false);
  });

  test('S1: what somebody else changed meanwhile is told, and what was typed is still there', async () => {
    const page = await desk.open({ as: maria, at: '/sla-plans' });
    await page.getByRole('button', { name: 'Edit “Golden”' }).click();
    await maria.patch(`/sla-plans/${(await planNamed('Golden')).id}`, { rank: 31 });
    const form = page.getByRole('dialog');
    await form.getByRole('group', { name: 'First and every next answer' }).getByLabel('How much').fill('45');
    await form.getByRole('button', { name: 'Save' }).click();
    await form.getByText('Somebody has changed this meanwhile.').waitFor();
    expect(await form.getByRole('group', { name: 'First and every next answer' }).getByLabel('How much').inputValue()).toBe('45');
    expect(desk.complaints()).toEqual([expect.stringContaining('412')]);
  });

  test('S1: a queue is given its default, which its plan shows and which keeps the plan from being withdrawn', async () => {
    const page = await desk.open({ as: maria, at: '/queues' });
    const { name } = await technical();
    const row = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true }) });
    await row.getByText('Promises nothing by default').waitFor();
    await row.getByRole('button', { name: `Edit “${name}”` }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Promised by default').click();
    await page.getByRole('option', { name: 'Team' }).click();
    await form.getByRole('button', { name: 'Save' }).click();
    const told = page.getByRole('dialog', { name: 'Open tickets too?' });
    await told.getByText(`So far what “${name}” promises now applies to new tickets only.`).waitFor();
    await told.getByRole('button', { name: 'Only new tickets' }).click();
    await row.getByText('Promises: Team').waitFor();
    await page.goto('/admin/sla-plans');
    await page.getByText(`Default of the queues: ${name}`).waitFor();
    expect(await page.getByRole('button', { name: 'Withdraw “Team”' }).count()).toBe(0);
  });

  test('S7: what a plan promises now is applied to open tickets from its page too, after a look at what would move', async () => {
    const { number } = (await anna.post('/tickets', { subject: 'The panel does not start', body: 'See above', category: 'technical' }))
      .body;
    await maria.patch(`/sla-plans/${(await planNamed('Team')).id}`, { response: { amount: 6, unit: 'days' } });
    const page = await desk.open({ as: maria, at: '/sla-plans' });
    await page.getByRole('button', { name: 'Apply to open tickets: “Team”' }).click();
    const dialog = page.getByRole('dialog', { name: 'Open tickets too?' });
    await dialog.getByRole('link', { name: number }).first().waitFor();
    await dialog.getByRole('button', { name: 'Apply to 1 ticket' }).click();
    await page.getByRole('heading', { name: 'Long work', level: 1 }).waitFor();
    await page.getByText('0 of 1').waitFor();
  });
});

describe('agreements', () => {
  const section = 'section:has(h2:text-is("Service level"))';

  test('S6: on the customer’s page stands what a new ticket would be promised and why; an agreement is made there', async () => {
    const page = await desk.open({ as: maria, at: `/customers/${anna.accountId}/show` });
    const level = page.locator(section);
    const { name } = await technical();
    await level.getByText(`Team · default of the queue ${name}`).waitFor();
    await level.getByText('Nothing is promised.').waitFor();
    await level.getByText('There is no agreement').waitFor();
    await level.getByRole('button', { name: 'New agreement' }).click();
    const form = page.getByRole('dialog', { name: 'New agreement with Vega Ltd' });
    await form.getByRole('button', { name: 'Save' }).click();
    await form.getByText('Choose a plan, and say when it begins.').waitFor();
    await form.getByLabel('On the plan').click();
    await page.getByRole('option', { name: 'Enterprise' }).click();
    await form.getByText('as in the plan: 16 working hours').waitFor();
    await form.getByRole('combobox', { name: 'First and every next answer' }).click();
    await page.getByRole('option', { name: 'its own' }).click();
    await form.getByRole('button', { name: 'Save' }).click();
    await form.getByText('A target is a whole number').waitFor();
    await form.getByRole('group', { name: 'First and every next answer' }).getByLabel('How much').fill('4');
    await form.getByLabel('Ends (').fill('2020-01-01T00:00');
    await form.getByRole('button', { name: 'Save' }).click();
    await form.getByText('It must end after it begins').waitFor();
    await form.getByLabel('Ends (').fill('2040-01-01T00:00');
    await form.getByLabel('Note').fill('Signed on paper');
    await form.getByRole('button', { name: 'Save' }).click();
    const told = page.getByRole('dialog', { name: 'Open tickets too?' });
    await told.getByText('So far what is promised to Vega Ltd now applies to new tickets only.').waitFor();
    await told.getByRole('button', { name: 'Only new tickets' }).click();
    await level.getByText('In every queue').waitFor();
    await level.getByText('Enterprise · by the account’s agreement').waitFor();
    await level.getByText('its own: answer').waitFor();
    await level.getByText('Note: Signed on paper').waitFor();
    const own = (await anna.get('/account/service-level')).body.items[0].promise;
    expect(own).toMatchObject({ plan: 'Enterprise', response: { words: '4 working hours' }, criticalFix: { words: '15 working days' } });
  });

  test('S6: a plan that moved on is told, and taken over only when that is chosen', async () => {
    const { id } = await planNamed('Enterprise');
    await maria.patch(`/sla-plans/${id}`, { criticalFix: { amount: 7, unit: 'days' } });
    const page = await desk.open({ as: maria, at: `/customers/${anna.accountId}/show` });
    const level = page.locator(section);
    await level.getByText('Agreed on version 1 of the plan, which has come to version 2 since.').waitFor();
    await level.getByRole('button', { name: /^Edit the agreement/ }).click();
    const form = page.getByRole('dialog', { name: 'Edit the agreement with Vega Ltd' });
    await form.getByText('as in the plan: 15 working days').waitFor();
    await form.getByLabel('Take over the plan as it is now (version 2)').check();
    await form.getByText('as in the plan: 7 working days').waitFor();
    await form.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Only new tickets' }).click();
    await level.getByText('Agreed on version 1').waitFor({ state: 'detached' });
    expect((await anna.get('/account/service-level')).body.items[0].promise.criticalFix.words).toBe('7 working days');
  });

  test('S6: saved as it is, nothing of it moves: neither its terms nor its instants', async () => {
    const read = async () => (await maria.get(`/agreements?account=${anna.accountId}`)).body.items[0];
    const before = await read();
    const page = await desk.open({ as: maria, at: `/customers/${anna.accountId}/show` });
    await page.getByRole('button', { name: /^Edit the agreement/ }).click();
    const form = page.getByRole('dialog');
    await form.getByText('It has begun').waitFor();
    await form.getByRole('button', { name: 'Save' }).click();
    await form.waitFor({ state: 'detached' });
    const after = await read();
    expect(after).toEqual({ ...before, revision: before.revision + 1, updatedAt: after.updatedAt });
  });

  test('S6: all agreements are in a list that leads to their customers and is narrowed by where they stand', async () => {
    const boris = await desk.kontor.people.customer();
    const plan = (await planNamed('Team')).id;
    await maria.post('/agreements', { account: boris.accountId, kind: 'cloud_team', plan, startsAt: '2041-01-01T00:00:00Z' });
    const page = await desk.open({ as: oleg, at: '/agreements' });
    const rows = page.getByRole('row').filter({ has: page.getByRole('link') });
    await rows.first().waitFor();
    expect(await rows.count()).toBe(2);
    await page.getByLabel('State').selectOption({ label: 'To come' });
    await page.getByRole('cell', { name: 'is to come', exact: true }).waitFor();
    await rows.nth(1).waitFor({ state: 'detached' });
    await page.getByLabel('State').selectOption({ label: 'Ended' });
    await page.getByText('There is no such agreement.').waitFor();
    await page.goto('/admin/sla-plans');
    await page.getByRole('link', { name: '1 agreement' }).first().click();
    await page.getByRole('button', { name: /^Plan: / }).waitFor();
    await rows.first().waitFor();
    expect(await rows.count()).toBe(1);
    await rows.first().getByRole('link').click();
    await page.getByRole('heading', { name: 'Vega Ltd', level: 1 }).waitFor();
    expect(await page.getByRole('button', { name: /^(New agreement|End the|Edit the)/ }).count()).toBe(0);
  });

  test('S6: the end is confirmed with what it means; new tickets are promised what their queue promises again', async () => {
    const page = await desk.open({ as: maria, at: `/customers/${anna.accountId}/show` });
    const level = page.locator(section);
    await level.getByRole('button', { name: /^End the agreement/ }).click();
    const dialog = page.getByRole('dialog', { name: 'End the agreement with Vega Ltd now?' });
    await dialog.getByText('New tickets of Vega Ltd are then promised only what their queue promises.').waitFor();
    await dialog.getByRole('button', { name: 'End it now' }).click();
    await page.getByRole('button', { name: 'Only new tickets' }).click();
    await level.getByText(/^Team · default/).waitFor();
    await level.getByText(/· ended$/).waitFor();
    expect(await level.getByRole('button', { name: /^(Edit|End)/ }).count()).toBe(0);
  });

  test('I9: the audit tells of plans and agreements in words', async () => {
    const page = await desk.open({ as: maria, at: '/audit' });
    const lines = page.getByRole('row');
    await lines.filter({ hasText: 'Ended an agreement' }).first().waitFor();
    const change = lines.filter({ hasText: 'Changed a service plan' }).first();
    await change.getByText('critical fault fixed within').waitFor();
    await change.getByText('15 working days').waitFor();
    await lines.filter({ hasText: 'Made an agreement' }).filter({ hasText: 'Enterprise account' }).first().waitFor();
  });
});

describe.each([
  ['en', 'light', 'wide'],
  ['ru', 'dark', 'narrow'],
] as const)('A1: plans and agreements, %s, %s, %s', (locale, theme, size) => {
  test('nobody meets a barrier, and nothing is wider than the window', async () => {
    const customer = await desk.kontor.people.customer();
    const plan = (await planNamed('Enterprise')).id;
    const own = { response: { amount: 4, unit: 'hours' }, hours: { opens: 0, closes: 1_440 } };
    const agreed = { account: customer.accountId, kind: 'enterprise', plan, own, note: 'Signed', startsAt: '2026-01-01T00:00:00Z' };
    await maria.post('/agreements', agreed);
    const page = await desk.open({ locale, theme, size, as: maria, at: '/sla-plans' });
    const check = async () => {
      expect(await barriers(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    };
    const words = { en: /^(New plan|New agreement|Versions of|End the)/, ru: /^(Новый план|Новое соглашение|Версии|Завершить)/ }[locale];
    for (const [at, sign] of [
      ['/sla-plans', '[data-promise]'],
      ['/agreements', 'main [data-row]'],
      [`/customers/${customer.accountId}/show`, '[data-agreement]'],
      ['/queues', 'main h2'],
    ] as const) {
      await page.goto(`/admin${at}`);
      await page.locator(sign).first().waitFor();
      await check();
      for (const button of await page.getByRole('button', { name: words }).all()) {
        await button.click();
        await page.getByRole('dialog').waitFor();
        await check();
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'detached' });
      }
    }
  });
});
