import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TestCustomer, TestStaff } from '../harness/people.ts';
import { until } from '../harness/until.ts';
import { barriers, consoleUnderTest, type ConsoleUnderTest, type OpenOptions } from './console-under-test.ts';

let desk: ConsoleUnderTest;
let oleg: TestStaff;
let anna: TestCustomer;

beforeAll(async () => {
  desk = await consoleUnderTest();
  oleg = await desk.kontor.people.staff({ name: 'Oleg Sidorov' });
  anna = await desk.kontor.people.customer({ name: 'Anna Petrova' });
});
afterEach(() => desk.endTest());
afterAll(() => desk?.stop());

async function openTicket(fields: object = {}): Promise<string> {
  const ticket = { subject: 'Panel does not start', body: 'After the update.', category: 'technical', ...fields };
  return (await anna.post('/tickets', ticket)).body.number;
}

async function show(number: string, options: OpenOptions = {}): Promise<Page> {
  return desk.open({ as: oleg, at: `/tickets/${number}/show`, ...options });
}

const replyField = (page: Page) => page.getByRole('textbox', { name: 'Reply' });
const bodies = async (number: string) =>
  (await anna.get(`/tickets/${number}/messages`)).body.items.map(({ body }: { body: string }) => body);

describe('writing', () => {
  test('A2: keys format what is selected, a list goes on by itself, and the browser’s undo takes it back', async () => {
    const page = await show(await openTicket());
    const field = replyField(page);
    await field.fill('restart');
    await field.press('ControlOrMeta+a');
    await field.press('ControlOrMeta+b');
    expect(await field.inputValue()).toBe('**restart**');
    await field.press('ControlOrMeta+z');
    expect(await field.inputValue()).toBe('restart');
    await field.press('End');
    await field.press('ControlOrMeta+Shift+8');
    await field.press('End');
    await field.press('Enter');
    await field.pressSequentially('look');
    expect(await field.inputValue()).toBe('- restart\n- look');
    await field.press('ControlOrMeta+a');
    await page.getByRole('toolbar', { name: 'Formatting' }).getByRole('button', { name: 'Quotation' }).click();
    expect(await field.inputValue()).toBe('> - restart\n> - look');
    await field.fill('the page');
    await field.press('ControlOrMeta+a');
    await field.press('ControlOrMeta+k');
    expect(await field.inputValue()).toBe('[the page](https://)');
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  test('A2: the preview shows what the customer will read, and nothing of it runs or is fetched', async () => {
    const number = await openTicket();
    const page = await show(number);
    await replyField(page).fill(
      '**bold** <img src=x onerror="document.title=1"> [a](javascript:document.title=2) ![p](https://elsewhere.example/p.png)\n\n```\nrm -r cache\n```',
    );
    await page.getByRole('button', { name: 'Preview' }).click();
    const preview = page.locator('[data-preview]');
    await preview.locator('strong', { hasText: 'bold' }).waitFor();
    expect(await preview.locator('img, script, a[href^="javascript"]').count()).toBe(0);
    expect(await preview.getByRole('link', { name: 'p' }).getAttribute('href')).toBe('https://elsewhere.example/p.png');
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.press('Control+Enter');
    await page.locator('article strong', { hasText: 'bold' }).waitFor();
  });

  test('T13: a text nested ten thousand times is shown, and the page stays quick and in its frame', async () => {
    const number = await openTicket({ body: `${'> '.repeat(10_000)}the very inside` });
    await anna.post(`/tickets/${number}/messages`, { body: `${'- '.repeat(10_000)}the end of the list` });
    await anna.post(`/tickets/${number}/messages`, { body: `${'> '.repeat(30)}thirty deep` });
    const page = await show(number, { size: 'narrow' });
    await page.getByText('the end of the list').waitFor();
    await page.getByText('thirty deep').waitFor();
    const article = page.locator('article', { hasText: 'thirty deep' });
    expect(await article.evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(1);
    const quoted = (await article.getByText('thirty deep').boundingBox())!;
    expect(quoted.width).toBeGreaterThan(120);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });

  test('T4: a reply may close or take the ticket at once; when what follows fails the reply is not sent again', async () => {
    const number = await openTicket();
    const page = await show(number);
    await replyField(page).fill('Look at step 3.');
    await page.getByRole('button', { name: 'What follows the sending' }).click();
    await page.getByRole('menuitem', { name: 'Send and close the ticket' }).click();
    await page.getByText('The reply is sent, and the ticket is closed.').waitFor();
    expect((await oleg.get(`/tickets/${number}`)).body.status).toBe('closed');
    const other = await openTicket();
    await page.goto(`/admin/tickets/${other}/show`);
    await replyField(page).fill('Mine now.');
    await page.route('**/assignment', (route) => route.abort());
    await page.getByRole('button', { name: 'What follows the sending' }).click();
    await page.getByRole('menuitem', { name: 'Send and take the ticket' }).click();
    await page.getByText(/The reply is sent, but the ticket is not yours: Kontor cannot be reached/).waitFor();
    expect(await replyField(page).inputValue()).toBe('');
    expect(await bodies(other)).toEqual(['After the update.', 'Mine now.']);
    expect(desk.complaints().every((complaint) => complaint.includes('ERR_FAILED'))).toBe(true);
  });

  test('T6: where closing is final it is not offered beside the sending', async () => {
    const category = await desk.kontor.queue({ autoClose: 600, archive: 600, reopen: false });
    const page = await show(await openTicket({ category }));
    await page.getByRole('button', { name: 'What follows the sending' }).click();
    await page.getByRole('menuitem', { name: 'Send and take the ticket' }).waitFor();
    expect(await page.getByRole('menuitem', { name: 'Send and close the ticket' }).count()).toBe(0);
  });
});

describe('what goes out with a message', () => {
  test('T13: a canned reply is found by typing /, put in finished, in the customer’s language, and counted', async () => {
    await oleg.post('/canned-replies', {
      title: { en: 'Ask for the log', ru: 'Запросить журнал' },
      body: { en: 'Hello {{customer.name}}, please send us **panel.log** of {{ticket.number}}.' },
      shortcut: 'log',
    });
    await oleg.post('/canned-replies', { title: { en: 'Say goodbye' }, body: { en: 'All the best' }, shortcut: 'bye' });
    const number = await openTicket();
    const page = await show(number);
    const field = replyField(page);
    await field.fill('First of all:');
    await field.press('End');
    await field.press('Enter');
    await field.pressSequentially('/');
    const list = page.getByRole('listbox', { name: 'Canned replies' });
    await list.getByRole('option', { name: /Say goodbye/ }).waitFor();
    expect(await barriers(page)).toEqual([]);
    await field.pressSequentially('lo');
    await until('only one fits', async () => (await list.getByRole('option').count()) === 1);
    await field.press('Enter');
    await until('it is put in', async () => (await field.inputValue()).includes('panel.log'));
    expect(await field.inputValue()).toBe(`First of all:\nHello Anna Petrova, please send us **panel.log** of ${number}.`);
    await page.keyboard.press('Control+Enter');
    await page.locator('article strong', { hasText: 'panel.log' }).waitFor();
    const { items } = (await oleg.get('/canned-replies')).body;
    expect(items.find(({ shortcut }: { shortcut: string }) => shortcut === 'log').uses).toBe(1);
  });

  test('T13: a stroke within a line is a path; Escape leaves a stroke at the beginning alone', async () => {
    const page = await show(await openTicket());
    const field = replyField(page);
    await field.fill('look at /var');
    await field.press('End');
    await field.pressSequentially('/log');
    expect(await page.getByRole('listbox').count()).toBe(0);
    await field.press('Enter');
    await field.pressSequentially('/etc');
    await field.press('Escape');
    expect(await page.getByRole('listbox').count()).toBe(0);
    await field.press('Enter');
    expect(await field.inputValue()).toBe('look at /var/log\n/etc\n');
  });

  test('T13: who answers past a newer message is shown it first, loses no letter, and may send anyway', async () => {
    const number = await openTicket();
    const page = await show(number, { clock: true });
    await page.locator('article').first().waitFor();
    await replyField(page).fill('Have you tried again?');
    await page.route('**/messages?*', (route) => route.abort());
    await page.route('**/events', (route) => route.abort());
    await anna.post(`/tickets/${number}/messages`, { body: 'I have solved it **myself**.' });
    await page.unroute('**/messages?*');
    await page.keyboard.press('Control+Enter');
    const notice = page.locator('[data-moved-on]');
    await notice.getByText('Anna Petrova wrote while you were writing').waitFor();
    await notice.locator('strong', { hasText: 'myself' }).waitFor();
    expect(await bodies(number)).toEqual(['After the update.', 'I have solved it **myself**.']);
    await notice.getByRole('button', { name: 'Go on writing' }).click();
    expect(await replyField(page).inputValue()).toBe('Have you tried again?');
    await page.keyboard.press('Control+Enter');
    await until('it is sent, as what came has been seen', async () => (await replyField(page).inputValue()) === '');
    expect(await bodies(number)).toEqual(['After the update.', 'I have solved it **myself**.', 'Have you tried again?']);
    desk.complaints();
  });

  test('C6: a call is logged on the ticket', async () => {
    const number = await openTicket();
    const page = await show(number);
    await page.getByRole('button', { name: 'Log a call' }).click();
    await page.getByRole('menuitem', { name: 'Said on the phone' }).click();
    await page.getByText('Logged as said on the phone.').waitFor();
    await replyField(page).fill('We agreed to restart tonight.');
    await page.keyboard.press('Control+Enter');
    await page.locator('article', { hasText: 'We agreed' }).getByText('by phone').waitFor();
    expect((await anna.get(`/tickets/${number}/messages`)).body.items[1].channel).toBe('phone');
  });

  test('T11: files come by drop and paste, go out with the message, and a picture is shown', async () => {
    const number = await openTicket();
    const page = await show(number);
    await replyField(page).fill('See the log.');
    const dropped = await page.evaluateHandle(() => {
      const files = new DataTransfer();
      files.items.add(new File(['cannot open /run/panel.sock'], 'panel.log', { type: 'text/plain' }));
      return files;
    });
    await page.locator('[data-composer] textarea').dispatchEvent('drop', { dataTransfer: dropped });
    await page.locator('[data-upload="ready"]', { hasText: 'panel.log' }).waitFor();
    await page.keyboard.press('Escape');
    await replyField(page).focus();
    await page.keyboard.press('Control+Enter');
    await page
      .locator('article', { hasText: 'See the log.' })
      .getByRole('link', { name: /panel\.log/ })
      .waitFor();
    expect((await anna.get(`/tickets/${number}/messages`)).body.items[1].attachments).toMatchObject([{ name: 'panel.log', sizeBytes: 27 }]);
    expect(await page.locator('[data-upload]').count()).toBe(0);
  });
});

describe('reading a long life', () => {
  test('A2: of 2,000 messages the newest are there at once, the earlier on demand, and nothing moves under the reader', async () => {
    const number = await openTicket();
    await fillTicket(number, 2_000);
    const page = await show(number);
    await page.locator('article', { hasText: 'Message 2000 ' }).waitFor();
    const shown = () => page.locator('article').count();
    expect(await shown()).toBe(50);
    const log = page.getByRole('log');
    expect(await log.evaluate(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight)).toBeLessThan(4);
    await page.getByRole('button', { name: 'Show earlier messages' }).scrollIntoViewIfNeeded();
    const first = page.locator('article', { hasText: 'Message 1951 ' });
    await until('the earlier ones are there', async () => (await shown()) > 50);
    expect((await first.boundingBox())!.y).toBeGreaterThan(0);
    expect((await first.boundingBox())!.y).toBeLessThan(700);
    await replyField(page).fill('Still quick');
    await page.keyboard.press('Control+Enter');
    await page.locator('article', { hasText: 'Still quick' }).waitFor();
    expect(await barriers(page)).toEqual([]);
  });

  test('A2: the day is said where another begins, a long quotation is folded, code can be copied', async () => {
    const number = await openTicket({
      body: `${Array.from({ length: 12 }, (_, at) => `> line ${at}`).join('\n')}\n\nSee above.\n\n    kontor --repair`,
    });
    await desk.kontor.db.query(`update message set created_at = created_at - interval '3 days' where ticket_number = $1`, [
      Number(number.slice(3)),
    ]);
    await oleg.post(`/tickets/${number}/messages`, { body: 'Thanks.' });
    const page = await show(number);
    await page.locator('article').first().waitFor();
    expect(await page.locator('[data-day]').count()).toBe(2);
    expect(await page.locator('[data-day]').last().innerText()).toBe('Today');
    expect(await page.getByText('line 3').isVisible()).toBe(false);
    await page.getByText('Quoted text').click();
    await page.getByText('line 3').waitFor();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.locator('article pre').hover();
    await page.locator('article').getByRole('button', { name: 'Copy' }).click();
    await page.locator('article').getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('kontor --repair\n');
  });

  test('T19: the history can be narrowed and ends with what happens next and when', async () => {
    const number = await openTicket();
    await oleg.post(`/tickets/${number}/assignment`);
    await oleg.post(`/tickets/${number}/messages`, { body: 'Try again.' });
    const page = await show(number);
    const panel = page.getByRole('complementary');
    await panel.getByText('Staff answered').waitFor();
    await panel.locator('[data-what-comes]').getByText('Closes by itself unless the customer writes').waitFor();
    const filter = panel.getByRole('combobox', { name: 'What of the history is shown' });
    await filter.selectOption({ label: 'Messages' });
    expect(await panel.getByText('Taken').count()).toBe(0);
    await filter.selectOption({ label: 'What was done' });
    await panel.getByText('Taken').waitFor();
    expect(await panel.getByText('Staff answered').count()).toBe(0);
  });
});

describe('without a mouse', () => {
  test('A2: the menu of commands has what is allowed now, finds by typing, and gives the focus where it is wanted', async () => {
    const number = await openTicket();
    const page = await show(number);
    await page.locator('article').first().waitFor();
    await page.keyboard.press('Control+k');
    const menu = page.getByRole('dialog', { name: 'Commands' });
    await menu.getByRole('option', { name: /^Take/ }).waitFor();
    expect(await menu.getByRole('option', { name: /^Reopen/ }).count()).toBe(0);
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.type('note');
    await page.keyboard.press('Enter');
    await until('the note has the focus', () =>
      page
        .getByRole('textbox', { name: 'Note' })
        .evaluate((field) => field === document.activeElement)
        .catch(() => false),
    );
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('close');
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Reason (optional)' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const other = await openTicket({ subject: 'Another' });
    await page.keyboard.press('Control+k');
    await page.keyboard.type(other);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Another' }).waitFor();
  });
});

/** Messages straight into the tables, in one statement: two thousand wishes would be another test's. */
async function fillTicket(number: string, upTo: number): Promise<void> {
  await desk.kontor.db.query(`update message set created_at = created_at - interval '1 hour' where ticket_number = $1`, [
    Number(number.slice(3)),
  ]);
  await desk.kontor.db.query(
    `insert into message (id, ticket_number, author_id, author_side, visibility, channel, body, created_at)
      select 'msg_' || lpad(n::text, 26, '0'), ticket_number, author_id, author_side, visibility, channel, 'Message ' || n || ' of a very long story', created_at + n * interval '1 millisecond'
      from message, generate_series(2, $2::integer) n where ticket_number = $1`,
    [Number(number.slice(3)), upTo],
  );
}
