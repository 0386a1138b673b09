/**
 * A day at the desk, and what becomes of it over a holiday: two agents, an administrator and a customer, in both
 * languages and at both sizes. The customer comes through the API; everybody else works in the browser.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { signedIn, type ApiDriver } from '../harness/api-driver.ts';
import { fund } from '../harness/fund.ts';
import { testPassword, type TestCustomer, type TestStaff } from '../harness/people.ts';
import type { Story } from '../harness/story.ts';
import { until } from '../harness/until.ts';
import { barriers, consoleInStory, type ConsoleUnderTest, type OpenOptions } from './console-under-test.ts';

/** Where pictures of the story go, when somebody wants to look at it. */
const pictures = process.env['STORY_PICTURES'];

let desk: ConsoleUnderTest & { readonly story: Story };
let story: Story;
let oleg: TestStaff;
let kira: TestStaff;
let maria: TestStaff;
let anna: TestCustomer;
/** Anna as she has signed in: a token lends no access to a server. */
let annaSignedIn: ApiDriver;
let number: string;

beforeAll(async () => {
  desk = await consoleInStory('2032-12-27T06:00:00Z');
  ({ story } = desk);
  oleg = await story.people.staff({ name: 'Oleg Sidorov' });
  kira = await story.people.staff({ name: 'Кира Белова', locale: 'ru' });
  maria = await story.people.staff({ name: 'Maria Orlova', role: 'administrator' });
  anna = await story.people.customer({ name: 'Анна Петрова', locale: 'ru' });
  await fund(story, anna.accountId, 100_000_000);
  annaSignedIn = await signedIn(story.origin, 'customer', anna.email, testPassword);
  const { items } = (await maria.get('/queues')).body;
  const technical = items.find(({ category }: { category: string }) => category === 'technical');
  await maria.patch(`/queues/${technical.id}`, { duty: [oleg.id] }, { 'if-match': `"${technical.revision}"` });
  await kira.post('/canned-replies', {
    title: { en: 'Ask for access', ru: 'Запросить доступ' },
    body: {
      en: 'Hello {{customer.name}}, we need access.',
      ru: 'Здравствуйте, {{customer.name}}! Чтобы разобраться в {{ticket.number}}, нам нужен доступ к серверу.',
    },
    shortcut: 'доступ',
  });
});
afterEach(() => desk.endTest());
afterAll(() => desk?.stop());

/** Somebody with a session of this moment: over a holiday the one of before has ended. */
async function here(person: TestStaff): Promise<TestStaff> {
  if ((await fetch(`${story.origin}/api/staff/v1/me`, { headers: person.credentials })).ok) return person;
  const { credentials } = await signedIn(story.origin, 'staff', person.email, testPassword, person.app);
  return Object.assign(person, { credentials });
}

async function ticketOf(person: TestStaff, options: OpenOptions = {}, of = number): Promise<Page> {
  const page = await desk.open({ as: await here(person), at: `/tickets/${of}/show`, ...options });
  await page.locator('article').first().waitFor();
  return page;
}

/** What a reader with a barrier would meet is asked at each station; a picture is kept of it when somebody looks. */
async function station(page: Page, name: string): Promise<void> {
  expect(await barriers(page)).toEqual([]);
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}

const ofAnna = async (path = '') => (await anna.get(`/tickets/${number}${path}`)).body;
const whatNext = (page: Page) => page.locator('[data-what-next]');
const panel = (page: Page) => page.getByRole('complementary');

describe('Monday', () => {
  test('T14: at nine Anna says that nobody can work; it stands first in Oleg’s list, and he confirms it', async () => {
    const opened = await anna.post('/tickets', {
      subject: 'Панель не запускается после обновления',
      body: 'После обновления до 6.12 никто не может войти.\n\n```\npanel[812]: cannot open /run/panel.sock\n```',
      category: 'technical',
      priority: 'high',
      severity: 'critical',
      severitySentence: 'Никто из сорока сотрудников не может работать.',
    });
    number = opened.body.number;
    const page = await desk.open({ as: oleg, at: '/tickets' });
    await page.locator(`[data-ticket="${number}"]`).waitFor();
    await page.locator('main [data-severity="claimed"]').waitFor();
    await station(page, '01-list-en-wide');
    await page.getByRole('button', { name: /^Notifications/ }).click();
    await page
      .getByText(/critical/i)
      .first()
      .waitFor();
    await page.keyboard.press('Escape');
    await page.locator(`[data-ticket="${number}"]`).click();
    await panel(page).getByRole('button', { name: 'Confirm' }).click();
    await page.getByRole('dialog').getByRole('textbox').fill('Вижу: никто не может войти.');
    await page.getByRole('dialog').getByRole('button', { name: 'It is critical' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await panel(page).locator('[data-severity="confirmed"]', { hasText: 'Critical' }).waitFor();
    expect((await ofAnna()).severity.state).toBe('confirmed');
    await station(page, '02-critical-confirmed-en-wide');
  });

  test('T13: he leaves a note and hands it over; Kira sees it come, and that he looks on', async () => {
    const page = await ticketOf(oleg);
    await page.keyboard.press('n');
    await page.keyboard.type('Похоже на права папки `/run/panel`.');
    await page.keyboard.press('Control+Enter');
    await page.locator('article[data-visibility="internal"]').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('a');
    await page.getByRole('dialog').getByRole('combobox').click();
    await page.getByRole('option', { name: 'Кира Белова' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Assign' }).click();
    await page.getByText('Assigned.').waitFor();
    await whatNext(page)
      .getByText(/^Кира Белова is working on it/)
      .waitFor();

    const hers = await desk.open({ as: kira, locale: 'ru', size: 'narrow' });
    await hers.locator(`[data-ticket="${number}"]`).click();
    await whatNext(hers)
      .getByText(/^Вы работаете над ним/)
      .waitFor();
    await hers
      .locator('[data-presence]')
      .getByText(/Oleg Sidorov/)
      .waitFor();
    await station(hers, '03-handed-over-ru-narrow');
    expect(await ofAnna('/messages')).not.toContain('Похоже');
  });

  test('T13: on her telephone Kira answers with a canned reply, in Anna’s language', async () => {
    const page = await ticketOf(kira, { locale: 'ru', size: 'narrow' });
    const field = page.getByRole('textbox', { name: 'Ответ' });
    await field.click();
    await field.pressSequentially('/дост');
    await page.getByRole('option', { name: /Запросить доступ/ }).waitFor();
    await station(page, '04-canned-ru-narrow');
    await field.press('Enter');
    await until('it is put in', async () => (await field.inputValue()).startsWith('Здравствуйте, Анна Петрова!'));
    await page.getByRole('button', { name: 'Отправить', exact: true }).click();
    await page.locator('article', { hasText: `Чтобы разобраться в ${number}` }).waitFor();
    expect((await ofAnna('/messages')).items.at(-1).body).toBe(
      `Здравствуйте, Анна Петрова! Чтобы разобраться в ${number}, нам нужен доступ к серверу.`,
    );
    expect((await ofAnna()).status).toBe('awaiting_customer');
  });

  test('T17: Anna lends her server; Kira says why she looks, and Anna reads it', async () => {
    const lent = await annaSignedIn.post(`/tickets/${number}/server-accesses`, {
      address: '203.0.113.7',
      way: 'secret',
      secret: 'тайна сервера',
    });
    expect(lent.status).toBe(201);
    const page = await ticketOf(kira, { locale: 'ru' });
    await page.getByRole('button', { name: 'Показать секрет 203.0.113.7' }).click();
    await page.getByLabel('Зачем он вам нужен').fill('Проверить права папки');
    await page.getByRole('button', { name: 'Показать', exact: true }).click();
    // The code with which she signed in a moment ago is fresh enough, unless the morning was slow.
    await page.locator('[data-secret], #step-up-code').first().waitFor();
    if ((await page.locator('#step-up-code').count()) > 0) await page.locator('#step-up-code').fill(await kira.app.code());
    expect(await page.locator('[data-secret]').innerText()).toBe('тайна сервера');
    await page.getByRole('button', { name: 'Скрыть сейчас' }).click();
    await page.locator('[data-secret]').waitFor({ state: 'detached' });
    await station(page, '05-server-access-ru-wide');
    const [access] = (await ofAnna('/server-accesses')).items;
    expect(access.views).toMatchObject([{ by: { name: 'Кира Белова' }, reason: 'Проверить права папки' }]);
    expect(JSON.stringify(await ofAnna('/history'))).not.toContain('тайна');
    desk.complaints();
  });

  test('T16: Kira offers the repair for money; Anna accepts, and the page says so by itself', async () => {
    const page = await ticketOf(kira, { locale: 'ru' });
    await page.getByRole('button', { name: 'Предложить', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Сумма, RUB').fill('12 500,00');
    await dialog.getByLabel('Что вы за это сделаете').last().fill('Восстановим права и проверим обновление: **2 часа**');
    await dialog.getByRole('button', { name: 'Предложить' }).click();
    await page.locator('[data-quote]').waitFor();
    const [quote] = (await ofAnna('/quotes')).items;
    expect((await anna.post(`/tickets/${number}/quotes/${quote.id}/acceptance`)).status).toBe(200);
    await page.locator('[data-quote]').getByText('Принято, ещё не выполнено').waitFor();
    await station(page, '06-quote-ru-wide');
  });

  test('T13: what Anna wrote twice is merged, and taken back when it was not the same', async () => {
    const other = (await anna.post('/tickets', { subject: 'Ещё раз о панели', body: 'Пишу ещё раз.', category: 'technical' })).body.number;
    const page = await ticketOf(oleg, {}, other);
    await page.keyboard.press('m');
    const dialog = page.getByRole('dialog', { name: `Merge ${other} into another ticket` });
    await dialog.getByLabel('Number, or words of the subject').fill(number);
    await dialog.getByRole('radio', { name: new RegExp(number) }).check();
    await dialog.getByRole('button', { name: `Merge into ${number}` }).click();
    await page.waitForURL(`**/tickets/${number}/show`);
    await page.locator('article', { hasText: 'Пишу ещё раз.' }).waitFor();
    await station(page, '07-merged-en-wide');
    expect((await anna.get(`/tickets/${other}`)).body.mergedInto).toBe(number);
    await page.locator('[data-merge-notice]').getByRole('link', { name: 'Its history' }).click();
    await page.getByRole('button', { name: 'Undo the merge' }).click();
    await page.getByText(`The merge of ${other} is undone.`).waitFor();
    expect((await anna.get(`/tickets/${other}`)).body).toMatchObject({ mergedInto: null, status: 'awaiting_staff' });
    expect((await ofAnna('/messages')).items.map(({ body }: { body: string }) => body)).not.toContain('Пишу ещё раз.');
    await oleg.post(`/tickets/${other}/closing`, { reason: 'Тот же вопрос' });
  });

  test('T4: Kira snoozes it until the morning, and in the morning it is back', async () => {
    const page = await ticketOf(kira, { locale: 'ru' });
    await page.keyboard.press('s');
    await page.getByRole('menuitem', { name: /До завтрашнего утра/ }).click();
    await whatNext(page)
      .getByText(/^Отложен до .* 09:00/)
      .waitFor();
    await desk.endTest();
    await story.passUntil('2032-12-28T06:00:01Z');
    const next = await ticketOf(kira, { locale: 'ru' });
    await whatNext(next)
      .getByText(/^(Ждёт нас|Вы работаете над ним|Следующий шаг за нами)/)
      .waitFor();
    await panel(next).getByText('Откладывание закончилось').waitFor();
  });
});

describe('the days after', () => {
  test('T17: after 72 hours the server is hers alone again: the secret is destroyed, and the page says so', async () => {
    await story.passUntil('2032-12-30T08:00:00Z');
    const page = await ticketOf(kira, { locale: 'ru' });
    await page.getByText('Завершено: 1').click();
    await page
      .locator('[data-access]')
      .getByText(/срок истёк, .*; секрет уничтожен/)
      .waitFor();
    expect(await page.getByRole('button', { name: 'Показать секрет 203.0.113.7' }).count()).toBe(0);
    const field = page.getByRole('textbox', { name: 'Ответ' });
    await field.fill('Права восстановлены, панель работает. Проверьте, пожалуйста.');
    await field.press('Control+Enter');
    await until('it is sent', async () => (await field.inputValue()) === '' && (await field.isEditable()));
    await whatNext(page)
      .getByText(/^Закроется/)
      .waitFor();
    await station(page, '08-answered-ru-wide');
  });

  test('M3: over the holiday nothing closes: Maria places a hold, and lifting it moves what it kept waiting', async () => {
    const page = await desk.open({ as: await here(maria), at: '/holds' });
    await page.getByRole('button', { name: 'Place a hold' }).click();
    const form = page.getByRole('dialog', { name: 'Place a hold' });
    await form.getByLabel('What it covers').click();
    await page.getByRole('option', { name: 'A ticket' }).click();
    await form.getByLabel('Ticket number').fill(number);
    await form.getByLabel('Reason').fill('New Year: Vega’s office is closed until 10 January');
    await form.getByRole('button', { name: 'Show what it would do' }).click();
    await form.getByRole('link', { name: number }).first().waitFor();
    await station(page, '09-hold-en-wide');
    await form.getByRole('button', { name: 'Place it' }).click();
    await page.getByText('New Year: Vega’s office').first().waitFor();
    const closes = Date.parse(
      (await oleg.get(`/tickets/${number}`)).body.steps.find(({ what }: { what: string }) => what === 'auto_close').at,
    );
    await page.goto(`/admin/tickets/${number}/show`);
    await whatNext(page)
      .getByText(/on hold/)
      .waitFor();
    await desk.endTest();

    await story.passUntil('2033-01-10T06:00:00Z');
    expect((await ofAnna()).status).toBe('awaiting_customer');
    const after = await desk.open({ as: await here(maria), at: '/holds', size: 'narrow' });
    await after.getByRole('button', { name: /^Lift/ }).click();
    const lift = after.getByRole('dialog', { name: 'Lift the hold?' });
    await lift.getByRole('link', { name: number }).first().waitFor();
    await station(after, '10-hold-lifted-en-narrow');
    await lift.getByRole('button', { name: 'Lift it' }).click();
    await after.getByText('Nothing is on hold.').waitFor();
    const step = () =>
      oleg.get(`/tickets/${number}`).then(({ body }) => body.steps.find(({ what }: { what: string }) => what === 'auto_close'));
    await until('the closing has moved', async () => Date.parse((await step()).at) > closes + 10 * 86_400_000);
  });

  test('T7: unanswered it closes, and a week later it is in the archive, where everybody may read it', async () => {
    await story.passUntil('2033-02-01T06:00:00Z');
    expect((await ofAnna()).status).toBe('archived');
    const page = await ticketOf(kira, { locale: 'ru', size: 'narrow' });
    await whatNext(page)
      .getByText(/^В архиве/)
      .waitFor();
    expect(await page.getByRole('textbox', { name: 'Ответ' }).count()).toBe(0);
    await page.getByRole('tab', { name: 'Подробности' }).click();
    await panel(page).getByText('Перемещён в архив').waitFor();
    await station(page, '11-archived-ru-narrow');
  });

  test('T10: a month later Oleg finds it by its words', async () => {
    const page = await desk.open({ as: await here(oleg), at: '/tickets' });
    await page.locator('main').getByRole('heading').first().waitFor();
    await page.keyboard.press('/');
    await page.getByRole('textbox', { name: 'Search tickets' }).fill('обновления панели');
    await page.keyboard.press('Enter');
    await page.locator(`[data-ticket="${number}"]`).waitFor();
    await station(page, '12-found-en-wide');
    await page.locator(`[data-ticket="${number}"]`).click();
    await page.locator('article', { hasText: 'Права восстановлены' }).waitFor();
  });
});
