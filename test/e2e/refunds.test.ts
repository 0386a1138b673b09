/** Refunds, money that waits for a second person and the rules of money, in a browser (SPEC B7, I10, A1). */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TestStaff } from '../harness/people.ts';
import { balanceOf, key, paidIn, rub, takeStep, type PaidIn } from '../integration/refund-surroundings.ts';
import { barriers, consoleUnderTest, type ConsoleUnderTest } from './console-under-test.ts';

let desk: ConsoleUnderTest;
let maria: TestStaff;
let petr: TestStaff;
let olga: TestStaff;
let paid: PaidIn;

beforeAll(async () => {
  desk = await consoleUnderTest();
  desk.kontor.simulator.notifyAt(undefined);
  maria = await desk.kontor.people.staff({ role: 'billing', name: 'Maria Orlova' });
  petr = await desk.kontor.people.staff({ role: 'billing', name: 'Petr Titov' });
  olga = await desk.kontor.people.staff({ role: 'administrator', name: 'Olga Belova' });
  paid = await paidIn(desk.kontor, 5_000_000);
});
afterAll(() => desk?.stop());
afterEach(() => desk.endTest());

const refund = async (amountMinor: number) =>
  (await maria.post(`/payments/${paid.payment}/refunds`, { amount: rub(amountMinor), reason: 'Paid twice by mistake' }, key())).body;

describe('refunds', () => {
  test('B7: a list says of each where it stands, and leads to its life', async () => {
    const first = await refund(40_000);
    await takeStep(desk.kontor, first.id);
    const second = await refund(25_050);
    const page = await desk.open({ as: maria, at: '/refunds' });
    const rows = page.getByRole('table', { name: 'Refunds' }).getByRole('row');
    await rows.filter({ hasText: '400,00' }).getByRole('cell', { name: 'Paid back', exact: true }).waitFor();
    await rows.filter({ hasText: '250,50' }).getByRole('cell', { name: 'On its way to the provider', exact: true }).waitFor();
    await page.getByLabel('State').selectOption('requested');
    await rows.filter({ hasText: '400,00' }).waitFor({ state: 'detached' });
    await rows.filter({ hasText: '250,50' }).getByRole('link').first().click();
    await page.getByRole('heading', { level: 1, name: 'Refund of 250,50' }).waitFor();
    await page.getByText('Goes to the provider:').waitFor();
    await page.getByText('Paid twice by mistake').waitFor();
    await page.getByText('Asked for; the money was set aside').waitFor();
    await takeStep(desk.kontor, second.id);
    await page.goto(`/admin/refunds/${second.id}`);
    await page.getByRole('listitem').filter({ hasText: 'Handed to the provider' }).waitFor();
    await page.locator('[data-what-next]').getByText('Paid back').waitFor();
  });

  test('B7: one that came to nothing tells the provider’s own reason', async () => {
    desk.kontor.simulator.dial({ refundsCanceled: 1 });
    const { id } = await refund(1_000);
    await takeStep(desk.kontor, id);
    desk.kontor.simulator.dial({ refundsCanceled: 0 });
    const page = await desk.open({ as: maria, at: `/refunds/${id}` });
    await page.getByText('Not made; the money is on the balance', { exact: true }).waitFor();
    await page.getByText('The provider says: general_decline').waitFor();
  });
});

describe('on the payment’s page', () => {
  test('B7: so much can go back is said, and what it means before it is done; more is refused beside what was typed', async () => {
    const one = await paidIn(desk.kontor, 300_000);
    const page = await desk.open({ as: maria, at: `/payments/${one.payment}` });
    await page.getByText('of it can go back: what is unspent and was not refunded.').waitFor();
    await page.getByRole('button', { name: 'Refund…' }).click();
    const form = page.getByRole('dialog', { name: 'Refund this payment?' });
    expect(await form.getByLabel('Sum, RUB').inputValue()).toBe('3000');
    await form.getByLabel('Sum, RUB').fill('3000,01');
    await form.getByLabel('Reason').fill('Paid twice');
    await form.getByRole('button', { name: 'Refund', exact: true }).click();
    await form.getByText('no larger than what is possible').waitFor();
    await form.getByLabel('Sum, RUB').fill('1000');
    await form.getByText('leave the balance now and go back to the means it was paid by').waitFor();
    await form.getByRole('button', { name: 'Refund', exact: true }).click();
    await page.getByText('The refund is on its way.').waitFor();
    await page.getByRole('listitem').filter({ hasText: 'On its way to the provider' }).waitFor();
    expect(await balanceOf(desk.kontor, one.accountId)).toBe(200_000);

    await page.getByRole('button', { name: 'Charged back…' }).click();
    const bank = page.getByRole('dialog', { name: 'Was this payment charged back?' });
    await bank.getByLabel('Reason').fill('A letter of the bank');
    await bank.getByText('The customer can spend nothing until somebody allows it again').waitFor();
    await bank.getByRole('button', { name: 'Record the chargeback' }).click();
    await page.getByText('The chargeback is recorded').waitFor();
    await page.getByRole('button', { name: 'Refund…' }).waitFor({ state: 'detached' });
    expect(await balanceOf(desk.kontor, one.accountId)).toBe(-100_000);
  });
});

describe('money that waits', () => {
  test('I10: who wished it is told why he may not approve it; a second person approves it after a word on what that means', async () => {
    const { id } = await refund(1_500_000);
    const own = await desk.open({ as: maria, at: '/pending-actions' });
    const mine = own.getByRole('listitem').filter({ hasText: '15 000,00'.replaceAll(' ', '\u00a0') });
    await mine.getByText('You wished it: somebody else must approve it.').waitFor();
    expect(await mine.getByRole('button', { name: /^Approve/ }).count()).toBe(0);

    const page = await desk.open({ as: petr, at: '/pending-actions' });
    const waiting = page.getByRole('listitem').filter({ hasText: 'Asked for by Maria Orlova' });
    await waiting.getByText('Reason: Paid twice by mistake').waitFor();
    await waiting.getByText('Lapses unless somebody approves it:').waitFor();
    await page.getByRole('navigation', { name: 'Main menu' }).getByRole('link', { name: 'Waiting changes , 1' }).waitFor();
    await waiting.getByRole('button', { name: /^Approve/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('go to the provider now').waitFor();
    await dialog.getByText('Maria Orlova wishes it because: Paid twice by mistake').waitFor();
    await dialog.getByRole('button', { name: 'Approve', exact: true }).click();
    await page.getByText('It is approved.').waitFor();
    await waiting.waitFor({ state: 'detached' });
    expect((await maria.get(`/refunds/${id}`)).body.state).toBe('requested');
  });

  test('B7: taken back, its money is on the balance again', async () => {
    const before = await balanceOf(desk.kontor, paid.accountId);
    const { id } = await refund(1_200_000);
    const page = await desk.open({ as: petr, at: '/pending-actions' });
    await page.getByRole('button', { name: /^Take back 12/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('are on the balance of Vega Ltd again').waitFor();
    await dialog.getByRole('button', { name: 'Take back', exact: true }).click();
    await page.getByText('It is taken back.').waitFor();
    expect((await maria.get(`/refunds/${id}`)).body.state).toBe('withdrawn');
    expect(await balanceOf(desk.kontor, paid.accountId)).toBe(before);
  });
});

describe('corrections', () => {
  test('B7: on the customer’s page a balance is corrected after a word on what that means, and stands there with its reason', async () => {
    const { accountId } = await desk.kontor.people.customer();
    const page = await desk.open({ as: maria, at: `/customers/${accountId}/show` });
    await page.getByRole('button', { name: 'Correct the balance', exact: true }).click();
    const form = page.getByRole('dialog', { name: 'Correct the balance' });
    await form.getByRole('button', { name: 'Correct it' }).click();
    await form.getByText('Write a sum such as 1250').waitFor();
    await form.getByText('Say why.').waitFor();
    await form.getByRole('radio', { name: 'Bonus' }).check();
    await form.getByLabel('Sum, RUB').fill('20 000');
    await form.getByText('It is more than').waitFor();
    await form.getByLabel('Sum, RUB').fill('150,50');
    await form.getByText('of bonus are added. Bonus is spent first and never refunded.').waitFor();
    expect(await form.getByText('It is more than').count()).toBe(0);
    await form.getByLabel('Reason').fill('An apology for the outage');
    await form.getByLabel('Reason').press('Enter');
    await page.getByText('The balance is corrected.').waitFor();
    const item = page.getByRole('listitem').filter({ hasText: 'An apology for the outage' });
    await item.getByText('bonus · Maria Orlova').waitFor();
    expect((await maria.get(`/adjustments?account=${accountId}`)).body.items).toMatchObject([{ amount: rub(15_050), money: 'bonus' }]);
  });

  test('B7: what is not there cannot be taken away; the refusal stands beside what was typed', async () => {
    const { accountId } = await desk.kontor.people.customer();
    const page = await desk.open({ as: maria, at: `/customers/${accountId}/show` });
    await page.getByRole('button', { name: 'Correct the balance', exact: true }).click();
    const form = page.getByRole('dialog', { name: 'Correct the balance' });
    await form.getByRole('radio', { name: 'Take away' }).check();
    await form.getByLabel('Sum, RUB').fill('10');
    await form.getByLabel('Reason').fill('A mistake');
    await form.getByRole('button', { name: 'Correct it' }).click();
    await form.getByRole('alert').waitFor();
    expect(await form.getByLabel('Reason').inputValue()).toBe('A mistake');
    expect(desk.complaints()).toEqual([expect.stringContaining('422')]);
  });
});

describe('the rules of money', () => {
  test('B7: clerks read them, administrators change them; what does not fit is told beside what was typed', async () => {
    const read = await desk.open({ as: maria, at: '/finance-policy' });
    await read.getByText('wait for a second person').waitFor();
    expect(await read.getByRole('button', { name: 'Change' }).count()).toBe(0);
    const page = await desk.open({ as: olga, at: '/finance-policy' });
    await page.getByRole('button', { name: 'Change' }).click();
    const form = page.getByRole('dialog', { name: 'Change the rules of money' });
    await form.getByLabel('Statements go out on day').fill('31');
    await form.getByRole('button', { name: 'Save' }).click();
    await form.getByText('Write a whole number from 1 to 28.').waitFor();
    await form.getByLabel('Statements go out on day').fill('5');
    await form.getByLabel('A second person above, RUB').fill('20 000,50');
    await form.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Statements of the month before are sent on day 5.').waitFor();
    expect((await maria.get('/finance-policy')).body).toMatchObject({ approvalAboveMinor: 2_000_050, statementDay: 5 });
  });
});

describe('A2: no barriers, and nothing beside the screen', () => {
  test.each([
    ['en', 'light', 'wide'],
    ['ru', 'dark', 'narrow'],
  ] as const)('%s, %s, %s', async (locale, theme, size) => {
    const [known] = (await maria.get('/refunds?state=succeeded')).body.items;
    const waiting = await refund(2_100_000);
    for (const at of ['/refunds', `/refunds/${known.id}`, '/pending-actions', '/finance-policy']) {
      const page = await desk.open({ as: petr, at, locale, theme, size });
      await page.getByRole('heading', { level: 1 }).waitFor();
      if (at === '/pending-actions') await page.locator('[data-approval]').waitFor();
      if (at === '/refunds') await page.locator('[data-row]').first().waitFor();
      expect(await barriers(page), at).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), at).toBe(true);
    }
    await maria.post(`/money-approvals/${waiting.approval}/withdrawal`, undefined, key());
  });
});
