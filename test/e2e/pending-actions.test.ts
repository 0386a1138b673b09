import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { apiDriver, type ApiDriver } from '../harness/api-driver.ts';
import type { TestCustomer } from '../harness/people.ts';
import { until } from '../harness/until.ts';
import { makeCompany, type Company } from './company.ts';
import { barriers, consoleUnderTest, type ConsoleUnderTest } from './console-under-test.ts';

let desk: ConsoleUnderTest;
let company: Company;
let anybody: ApiDriver;

beforeAll(async () => {
  desk = await consoleUnderTest({ promises: true });
  company = await makeCompany(desk.kontor);
  anybody = apiDriver(`${desk.kontor.origin}/api/v1`, {});
});
afterAll(() => desk?.stop());
afterEach(() => desk.endTest());

/** A customer with an app, about whom nothing waits yet. */
async function somebody(name: string): Promise<TestCustomer> {
  const person = await desk.kontor.people.customer({ name });
  await desk.kontor.people.addApp(person.id);
  return person;
}

async function begun(by: ApiDriver, userId: string, change: 'email-change' | 'factor-reset', body: object): Promise<string> {
  const answer = await by.post(`/users/${userId}/${change}`, body);
  expect(answer.status).toBe(202);
  return answer.body.id;
}

/** Follows the link that was mailed to the new address, as its owner would. */
async function confirmFrom(address: string): Promise<void> {
  const token = await until(`a link is mailed to ${address}`, () => {
    const text = desk.kontor.mail.to(address).at(-1)?.text ?? '';
    return /\/links\/email-change\S*#([\w-]+)/.exec(text)?.[1];
  });
  expect((await anybody.post('/auth/email-change', { token })).status).toBe(200);
}

function changeOn(page: Page, id: string) {
  return page.locator(`[data-change="${id}"]`);
}

describe('changes that wait', () => {
  test('I10: a second member of staff ends the time of a change, whoever began it is told that he cannot', async () => {
    const { oleg, maria } = company;
    const nina = await somebody('Nina Sokolova');
    const id = await begun(oleg, nina.id, 'factor-reset', { reason: 'Lost her phone; known by voice' });

    const own = await desk.open({ as: oleg, at: '/pending-actions' });
    await changeOn(own, id).getByText('You began it: a colleague must approve it.').waitFor();
    expect(await changeOn(own, id).getByRole('button', { name: 'Approve…' }).count()).toBe(0);
    const tried = await oleg.post(`/pending-actions/${id}/approval`);
    expect([tried.status, tried.body.error.code]).toEqual([403, 'pending_action.second_person']);

    const page = await desk.open({ as: maria, at: '/tickets' });
    await page.getByRole('link', { name: /^Waiting changes\W*\d+$/ }).click();
    await changeOn(page, id)
      .getByText(/^Takes effect on .* unless Nina Sokolova says no$/)
      .waitFor();
    await changeOn(page, id).getByRole('button', { name: 'Approve…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Approve at once? Taking the second factor away: Nina Sokolova' });
    await dialog.getByText('From now on Nina Sokolova can no longer say no.').waitFor();
    await dialog.getByText('Oleg Sidorov wrote “Lost her phone; known by voice”').waitFor();
    await dialog.getByRole('button', { name: 'Approve', exact: true }).click();
    await page.getByText('Approved.').waitFor();
    await changeOn(page, id).waitFor({ state: 'detached' });
    expect((await oleg.get(`/pending-actions?user=${nina.id}`)).body.items).toMatchObject([
      { state: 'done', approvedBy: { id: maria.id } },
    ]);
    expect(await desk.kontor.db.query('select 1 from factor where user_id = $1', [nina.id])).toEqual([]);

    await page.getByLabel('State').selectOption('Took effect');
    await changeOn(page, id)
      .getByText(/^Took effect on /)
      .waitFor();
    await changeOn(page, id).getByText('Approved by Maria Orlova').waitFor();
  });

  test('I5: an address changes once it is confirmed from the new one and approved, and not before', async () => {
    const { oleg, maria } = company;
    const pavel = await somebody('Pavel Morozov');
    const id = await begun(oleg, pavel.id, 'email-change', { email: 'pavel@moved.example', reason: 'Another domain' });
    const page = await desk.open({ as: maria, at: `/customers/${pavel.accountId}/show` });
    await changeOn(page, id)
      .getByText(/^Waits to be confirmed from the new address/)
      .waitFor();
    await changeOn(page, id).getByRole('button', { name: 'Approve…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('The address becomes pavel@moved.example as soon as it is confirmed from there, and not before.').waitFor();
    await dialog.getByRole('button', { name: 'Approve', exact: true }).click();
    await changeOn(page, id)
      .getByText(/takes effect with the confirmation$/)
      .waitFor();
    expect(await changeOn(page, id).getByRole('button', { name: 'Approve…' }).count()).toBe(0);
    expect((await maria.get(`/customers/${pavel.accountId}`)).body.members[0].email).toBe(pavel.email);

    await confirmFrom('pavel@moved.example');
    await page.reload();
    await page.getByRole('table', { name: 'Members' }).getByText('pavel@moved.example').waitFor();
    await changeOn(page, id).waitFor({ state: 'detached' });
  });

  test('I5: one confirmed from the new address takes effect after its time unless its owner says no, and says so when he did', async () => {
    const { oleg, maria } = company;
    const igor = await somebody('Igor Nikitin');
    const id = await begun(oleg, igor.id, 'email-change', { email: 'igor@moved.example', reason: 'Another domain' });
    await confirmFrom('igor@moved.example');
    const page = await desk.open({ as: maria, at: '/pending-actions' });
    await changeOn(page, id)
      .getByText(/^Takes effect on .* unless Igor Nikitin says no$/)
      .waitFor();
    await changeOn(page, id)
      .getByText(/confirmed from the new address$/)
      .waitFor();
    const token = await until('the old address is offered to say no', () => {
      const text = desk.kontor.mail.to(igor.email).at(-1)?.text ?? '';
      return /\/links\/veto\S*#([\w-]+)/.exec(text)?.[1];
    });
    expect((await anybody.post('/auth/veto', { token })).status).toBe(200);
    await changeOn(page, id).getByRole('button', { name: 'Withdraw…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Withdraw', exact: true }).click();
    await page.getByRole('dialog').getByText('This change is settled already.').waitFor();
    await page.keyboard.press('Escape');
    await page.getByLabel('State').selectOption('Refused by the customer');
    await changeOn(page, id)
      .getByText(/^Igor Nikitin said no on /)
      .waitFor();
    expect(desk.complaints()).toHaveLength(1);
  });

  test('I8: a billing clerk sees what waits and is offered nothing; the API refuses him the same', async () => {
    const { oleg, vera } = company;
    const person = await somebody('Yana Zueva');
    const id = await begun(oleg, person.id, 'factor-reset', { reason: 'Lost her phone' });
    const page = await desk.open({ as: vera, at: '/pending-actions' });
    await changeOn(page, id).getByRole('link', { name: 'Yana Zueva' }).waitFor();
    expect(await changeOn(page, id).getByRole('button').count()).toBe(0);
    for (const wish of ['approval', 'withdrawal']) expect((await vera.post(`/pending-actions/${id}/${wish}`)).status).toBe(403);
  });

  test('A1: what a colleague begins meanwhile waits behind a pill; nothing moves under the cursor', async () => {
    const { oleg, maria } = company;
    const first = await begun(oleg, (await somebody('Egor Titov')).id, 'factor-reset', { reason: 'Lost his phone' });
    const page = await desk.open({ as: maria, at: '/pending-actions', clock: true });
    await changeOn(page, first).waitFor();
    const before = await page.locator('[data-change]').count();
    const second = await begun(oleg, (await somebody('Rita Titova')).id, 'factor-reset', { reason: 'Lost her phone' });
    await page.clock.fastForward(15_000);
    await page.getByRole('button', { name: 'The list has changed · show' }).waitFor();
    expect(await page.locator('[data-change]').count()).toBe(before);
    await page.getByRole('button', { name: 'The list has changed · show' }).click();
    await changeOn(page, second).waitFor();
    await page.getByRole('button', { name: 'The list has changed · show' }).waitFor({ state: 'detached' });
  });

  test('A1: where nothing waits the page says what to do first, and the menu tells no number', async () => {
    const { maria } = company;
    for (const { id } of (await maria.get('/pending-actions?state=pending')).body.items)
      expect((await maria.post(`/pending-actions/${id}/withdrawal`)).status).toBe(200);
    const page = await desk.open({ as: maria, locale: 'ru', at: '/tickets' });
    await page.getByRole('link', { name: 'Смена доступа', exact: true }).click();
    await page.getByText('Ничего не ждёт. Изменение начинают на странице клиента, рядом с участником.').waitFor();
  });
});

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  test.each(['wide', 'narrow'] as const)('A1: nobody meets a barrier among the changes that wait, %s', async (size) => {
    const { oleg, maria } = company;
    const person = await somebody('Lena Orlova');
    const id = await begun(oleg, person.id, 'email-change', { email: `lena-${theme}-${size}@moved.example`, reason: 'Another domain' });
    const page = await desk.open({ theme, size, as: maria, at: '/pending-actions' });
    await changeOn(page, id).waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await changeOn(page, id).getByRole('button', { name: 'Approve…' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await barriers(page)).toEqual([]);
  });
});
