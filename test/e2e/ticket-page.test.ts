import type { Page, Route } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TestCustomer, TestPerson } from '../harness/people.ts';
import { until } from '../harness/until.ts';
import { consoleUnderTest, signInByForm, type ConsoleUnderTest, type OpenOptions } from './console-under-test.ts';

let desk: ConsoleUnderTest;
let oleg: TestPerson;
let anna: TestCustomer;

beforeAll(async () => {
  desk = await consoleUnderTest();
  oleg = await desk.kontor.people.staff({ name: 'Oleg Sidorov' });
  anna = await desk.kontor.people.customer({ name: 'Anna Petrova' });
});
afterAll(() => desk.stop());
afterEach(() => desk.endTest());

async function openTicket(more: object = {}): Promise<string> {
  return (await anna.post('/tickets', { subject: 'The panel does not start', body: 'After the update.', category: 'technical', ...more }))
    .body.number;
}

async function bodies(number: string): Promise<string[]> {
  return (await oleg.get(`/tickets/${number}/messages?limit=100`)).body.items.map((message: { body: string }) => message.body);
}

async function show(number: string, more: Pick<OpenOptions, 'locale' | 'size' | 'as' | 'clock'> = {}): Promise<Page> {
  const page = await desk.open({ as: oleg, at: `/tickets/${number}/show`, ...more });
  await page.locator('[data-what-next], [role="alert"]').first().waitFor();
  return page;
}

const whatNext = (page: Page) => page.locator('[data-what-next]');

describe('answering', () => {
  test('T13: a reply reaches the customer; no note ever does', async () => {
    const number = await openTicket();
    const page = await show(number);
    await page.getByRole('textbox', { name: 'Reply' }).fill('Please try **again**.');
    await page.getByRole('button', { name: /^Send/ }).click();
    await page.locator('article[data-visibility="public"] strong', { hasText: 'again' }).waitFor();
    await page.getByRole('tab', { name: 'Note' }).click();
    await page.getByRole('textbox', { name: 'Note' }).fill('The secret of the house');
    await page.getByRole('button', { name: 'Leave the note' }).click();
    await page.locator('article[data-visibility="internal"]', { hasText: 'The secret of the house' }).waitFor();
    const seen = JSON.stringify([
      (await anna.get(`/tickets/${number}`)).body,
      (await anna.get(`/tickets/${number}/messages`)).body,
      (await anna.get(`/tickets/${number}/history`)).body,
    ]);
    expect(seen).toContain('Please try **again**.');
    expect(seen).not.toContain('secret');
    expect(seen).not.toContain('internal_note');
    await whatNext(page)
      .getByText(/Closes by itself on .* unless the customer writes/)
      .waitFor();
  });

  test('T13: a note looks like no reply, from composer to history', async () => {
    const number = await openTicket();
    await oleg.post(`/tickets/${number}/notes`, { body: 'Among us' });
    await oleg.post(`/tickets/${number}/messages`, { body: 'To you' });
    const page = await show(number);
    const note = page.locator('article[data-visibility="internal"]');
    const background = (element: Element) => getComputedStyle(element).backgroundColor;
    expect(await note.evaluate(background)).not.toBe(await page.locator('article', { hasText: 'To you' }).evaluate(background));
    await note.getByText('customers don’t see this').waitFor();
    expect(await note.locator('svg').count()).toBe(1);
    const composer = page.locator('[data-composer]');
    const asReply = await composer.evaluate(background);
    await page.keyboard.press('n');
    await composer.getByText('customers don’t see this').waitFor();
    await until('the composer looks like a note', async () => (await composer.evaluate(background)) !== asReply);
    await page.getByRole('complementary').getByText('customers don’t see this').waitFor();
  });

  test('T4: when the next step is ours, the ticket stays in work and nothing closes by itself', async () => {
    const number = await openTicket();
    const page = await show(number);
    await page.getByRole('radio', { name: 'We are' }).check();
    await page.getByRole('textbox', { name: 'Reply' }).fill('We are looking into it.');
    await page.keyboard.press('Control+Enter');
    await page.locator('article', { hasText: 'the next step is ours' }).waitFor();
    const { body } = await oleg.get(`/tickets/${number}`);
    expect(body.status).toBe('in_progress');
    expect(body.steps).toEqual([]);
  });

  test('A2: a reply that is sent after the session has ended is not called sent, and its text waits behind the sign-in', async () => {
    const number = await openTicket();
    const page = await show(number);
    await page.getByRole('textbox', { name: 'Reply' }).fill('Words that took an hour');
    // It ends while the reply is on its way: before, whatever the page asks next would lead to the sign-in.
    await page.route('**/messages', async (route) => {
      if (route.request().method() === 'POST') await page.context().clearCookies();
      await route.continue();
    });
    await page.getByRole('button', { name: /^Send/ }).click();
    await page.locator('#password').waitFor();
    await page.unroute('**/messages');
    expect(await page.getByText('The reply is sent.').count()).toBe(0);
    await signInByForm(page, oleg);
    await page.locator('#password').waitFor({ state: 'detached' });
    await page.goto(`/admin/tickets/${number}/show`);
    await whatNext(page).waitFor();
    await until(
      'the text is back',
      async () => (await page.getByRole('textbox', { name: 'Reply' }).inputValue()) === 'Words that took an hour',
    );
    expect(await bodies(number)).toEqual(['After the update.']);
    // The browser itself tells of the 401; nothing else may have gone wrong.
    expect(desk.complaints().filter((complaint) => !complaint.includes('401'))).toEqual([]);
  });

  test('A2: a draft survives loading the page again, for each ticket and kind of text', async () => {
    const [number, other] = [await openTicket(), await openTicket()];
    const page = await show(number);
    await page.getByRole('textbox', { name: 'Reply' }).fill('A long answer, not sent yet');
    await page.getByRole('tab', { name: 'Note' }).click();
    await page.getByRole('textbox', { name: 'Note' }).fill('A note, not sent yet');
    await page.reload();
    expect(await page.getByRole('textbox', { name: 'Reply' }).inputValue()).toBe('A long answer, not sent yet');
    await page.getByRole('tab', { name: 'Note' }).click();
    expect(await page.getByRole('textbox', { name: 'Note' }).inputValue()).toBe('A note, not sent yet');
    await page.goto(`/admin/tickets/${other}/show`);
    expect(await page.getByRole('textbox', { name: 'Reply' }).inputValue()).toBe('');
    expect(await bodies(number)).toEqual(['After the update.']);
  });

  test('A2: Ctrl+Enter pressed twice sends once', async () => {
    const number = await openTicket();
    const page = await show(number);
    const held: Route[] = [];
    await page.route('**/messages', (route) => (route.request().method() === 'POST' ? void held.push(route) : route.continue()));
    await page.getByRole('textbox', { name: 'Reply' }).fill('Only once');
    await page.keyboard.press('Control+Enter');
    await page.keyboard.press('Control+Enter');
    await until('the reply is on its way', () => held.length > 0);
    await page.keyboard.press('Control+Enter');
    for (const route of held) await route.continue();
    await page.locator('article', { hasText: 'Only once' }).waitFor();
    expect(await bodies(number)).toEqual(['After the update.', 'Only once']);
  });

  test('A2: when the answer is lost the text stays, the failure is told, and sending again sends once', async () => {
    const number = await openTicket();
    const page = await show(number);
    let lost = false;
    await page.route('**/messages', async (route) => {
      if (route.request().method() !== 'POST' || lost) return route.continue();
      lost = true;
      await route.fetch();
      return route.abort();
    });
    const field = page.getByRole('textbox', { name: 'Reply' });
    await field.fill('Carried out, not confirmed');
    await page.keyboard.press('Control+Enter');
    const failure = page.locator('[data-composer]').getByRole('alert');
    await failure.getByText('Kontor cannot be reached.').waitFor();
    await failure.getByText(/Whether it arrived is not known.*sent only once/).waitFor();
    await failure.getByText(/Request [\w-]{36}/).waitFor();
    expect(await field.inputValue()).toBe('Carried out, not confirmed');
    await page.reload();
    await field.focus();
    await page.keyboard.press('Control+Enter');
    await until('the text was sent', async () => (await field.inputValue()) === '');
    expect(await bodies(number)).toEqual(['After the update.', 'Carried out, not confirmed']);
    expect(desk.complaints().every((complaint) => complaint.includes('ERR_FAILED'))).toBe(true);
  });

  test('A2: what the server refuses leaves the text where it is and says why', async () => {
    const category = await desk.kontor.queue({ autoClose: 60, archive: 60, reopen: false });
    const number = await openTicket({ category });
    const page = await show(number);
    await page.getByRole('textbox', { name: 'Reply' }).fill('Too late');
    await oleg.post(`/tickets/${number}/closing`, {});
    await page.keyboard.press('Control+Enter');
    const failure = page.locator('[data-composer]').getByRole('alert');
    // The page may have seen the archive first: then there is nothing to send with any more.
    await Promise.race([
      failure.getByText(/The ticket is in the archive/).waitFor(),
      page.getByText('The ticket is in the archive and can only be read.').first().waitFor(),
    ]);
    expect(await bodies(number)).toEqual(['After the update.']);
    desk.complaints();
  });

  test('T13: a message is Markdown and never a script, a frame or a fetched picture', async () => {
    const body =
      '<img src=x onerror="document.title=1"> <script>document.title=2</script> [a](javascript:document.title=3) ![p](https://elsewhere.example/p.png) [good](https://good.example/)';
    const number = await openTicket({ body });
    const page = await show(number);
    const article = page.locator('article').first();
    await article.getByRole('link', { name: 'good' }).waitFor();
    expect(await article.locator('img, script, iframe').count()).toBe(0);
    expect(await article.locator('a[href^="javascript"]').count()).toBe(0);
    expect(await article.getByRole('link', { name: 'good' }).getAttribute('rel')).toContain('noopener');
    expect(await article.getByText('<script>').count()).toBe(1);
  });
});

describe('working on a ticket', () => {
  test('T3: take, return and close show at once what happens next, and only what is allowed is offered', async () => {
    const number = await openTicket();
    const page = await show(number);
    await whatNext(page)
      .getByText(/^Waits for us · for/)
      .waitFor();
    expect(await page.getByRole('button', { name: 'Reopen' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Take' }).click();
    await whatNext(page)
      .getByText(/^You are working on it/)
      .waitFor();
    await page.getByRole('button', { name: 'Return to the queue' }).click();
    await whatNext(page)
      .getByText(/^Waits for us/)
      .waitFor();
    await page.keyboard.press('e');
    await page.getByRole('textbox', { name: 'Reason (optional)' }).fill('A duplicate');
    await page.keyboard.press('Enter');
    await whatNext(page)
      .getByText(/^Goes to the archive on .* unless the customer writes$/)
      .waitFor();
    await page.getByRole('complementary').getByText('Reason: A duplicate').waitFor();
    expect((await oleg.get(`/tickets/${number}`)).body.status).toBe('closed');
    expect(JSON.stringify((await anna.get(`/tickets/${number}/history`)).body)).toContain('Closed by staff');
    expect(JSON.stringify((await anna.get(`/tickets/${number}/history`)).body)).not.toContain('duplicate');
  });

  test('A2: for ten seconds after closing the ticket can be reopened with one key', async () => {
    const number = await openTicket();
    const page = await show(number);
    await page.keyboard.press('e');
    await page.getByRole('dialog').getByRole('button', { name: 'Close the ticket' }).click();
    await page.getByRole('button', { name: /^Reopen \(U\)/ }).click();
    await page.getByText('The ticket is open again.').waitFor();
    expect((await oleg.get(`/tickets/${number}`)).body.status).toBe('awaiting_staff');
  });

  test('T6: where closing by hand is final, the confirmation names it and no undo is offered', async () => {
    const category = await desk.kontor.queue({ autoClose: 600, archive: 600, reopen: false });
    const number = await openTicket({ category });
    const page = await show(number);
    await page.keyboard.press('e');
    await page
      .getByRole('dialog')
      .getByText(/read-only at once/)
      .waitFor();
    await page.keyboard.press('Escape');
    expect((await oleg.get(`/tickets/${number}`)).body.status).toBe('awaiting_staff');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('e');
    await page.getByRole('button', { name: 'Close it for good' }).click();
    await page.getByText('The ticket is closed.').waitFor();
    expect(await page.getByRole('button', { name: /^Undo/ }).count()).toBe(0);
    await whatNext(page)
      .getByText(/^In the archive/)
      .waitFor();
    expect(await page.getByRole('textbox', { name: 'Reply' }).count()).toBe(0);
  });

  test('T4: a snooze says until when, and undoing it brings the ticket back', async () => {
    const number = await openTicket();
    const page = await show(number);
    await page.getByRole('button', { name: 'Snooze' }).click();
    await page.getByRole('menuitem', { name: /Tomorrow morning/ }).click();
    await whatNext(page)
      .getByText(/^Snoozed until .* 09:00, then it comes back by itself$/)
      .waitFor();
    await page.getByRole('button', { name: /^Undo/ }).click();
    await whatNext(page)
      .getByText(/^Waits for us/)
      .waitFor();
    expect((await oleg.get(`/tickets/${number}`)).body.snoozedUntil).toBeNull();
  });

  test('T4: a mere thank you needs no answer: the former deadline returns', async () => {
    const number = await openTicket();
    await oleg.post(`/tickets/${number}/messages`, { body: 'Please try again.' });
    const before = (await oleg.get(`/tickets/${number}`)).body;
    await anna.post(`/tickets/${number}/messages`, { body: 'Thank you!' });
    const page = await show(number);
    await page.getByRole('button', { name: 'Needs no answer' }).click();
    await page.getByText('No answer needed').waitFor();
    await whatNext(page)
      .getByText(/^Closes by itself on/)
      .waitFor();
    const { status, steps } = (await oleg.get(`/tickets/${number}`)).body;
    expect({ status, steps }).toEqual({ status: before.status, steps: before.steps });
  });

  test('A4: the ticket links to its workflow, which opens beside the console', async () => {
    const number = await openTicket();
    const page = await show(number);
    const link = page.getByRole('link', { name: 'Workflow in Temporal' });
    expect(await link.getAttribute('href')).toContain(encodeURIComponent(`ticket:${number}`));
    expect(await link.getAttribute('target')).toBe('_blank');
  });

  test('I8: a clerk of billing reads and notes, and is offered neither answer nor action', async () => {
    const number = await openTicket();
    const boris = await desk.kontor.people.staff({ name: 'Boris', role: 'billing' });
    const page = await show(number, { as: boris });
    await page.getByRole('textbox', { name: 'Note' }).waitFor();
    expect(await page.getByRole('tab', { name: 'Reply' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: /^(Take|Close|Snooze)$/ }).count()).toBe(0);
  });
});

describe('reading', () => {
  test('A2: what arrives while one reads earlier messages waits behind a pill and moves nothing', async () => {
    const number = await openTicket({ body: 'A long story.\n\n'.repeat(120) });
    const page = await show(number, { locale: 'ru', clock: true });
    const conversation = page.getByRole('log');
    await conversation.evaluate((element) => element.scrollTo({ top: 100 }));
    await anna.post(`/tickets/${number}/messages`, { body: 'And one thing more' });
    await anna.post(`/tickets/${number}/messages`, { body: 'And another' });
    await page.clock.fastForward(4_000);
    const pill = page.getByRole('button', { name: '2 новых сообщения' });
    await pill.waitFor();
    expect(await conversation.evaluate((element) => element.scrollTop)).toBe(100);
    await pill.click();
    await until('the new message is in sight', () => conversation.evaluate((element) => element.scrollTop > 100));
    expect(await pill.count()).toBe(0);
  });

  test('A1: while the server is away a banner says so, the text is kept, and the page heals by itself', async () => {
    const number = await openTicket();
    const page = await show(number, { clock: true });
    await page.getByRole('textbox', { name: 'Reply' }).fill('Kept');
    await page.route(/\/(api|health)\//, (route) => route.abort());
    await page.clock.fastForward(4_000);
    await page
      .getByRole('status')
      .getByText(/Kontor cannot be reached/)
      .waitFor();
    await page.unroute(/\/(api|health)\//);
    await anna.post(`/tickets/${number}/messages`, { body: 'Written meanwhile' });
    await page.clock.fastForward(2_000);
    await page.getByText('Kontor is back.').waitFor();
    await page.locator('article', { hasText: 'Written meanwhile' }).waitFor();
    expect(
      await page
        .getByRole('status')
        .getByText(/cannot be reached/)
        .count(),
    ).toBe(0);
    expect(await page.getByRole('textbox', { name: 'Reply' }).inputValue()).toBe('Kept');
    expect(desk.complaints().every((complaint) => complaint.includes('ERR_FAILED'))).toBe(true);
  });

  test('A1: an unknown ticket and an unknown page are told in words, with a way on', async () => {
    const page = await show('CS-999999');
    await page.getByText(/There is no ticket CS-999999/).waitFor();
    await page.getByRole('link', { name: 'To the tickets' }).click();
    await page.getByRole('heading', { name: 'All active' }).waitFor();
    await page.goto('/admin/nowhere');
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
    expect(desk.complaints().every((complaint) => complaint.includes('404'))).toBe(true);
  });

  test('A1: in Russian no word is missing, and switching changes them in place', async () => {
    // Of an account of its own: the panel names the customer's other tickets by their subjects.
    const other = await desk.kontor.people.customer();
    const ticket = { subject: 'Панель не запускается', body: 'После обновления.', category: 'technical' };
    const { number } = (await other.post('/tickets', ticket)).body;
    const page = await show(number, { locale: 'ru' });
    await page.locator('article').first().waitFor();
    await whatNext(page)
      .getByText(/^Ждёт нас · /)
      .waitFor();
    const words = await page.locator('body').innerText();
    expect(words).not.toMatch(/kontor\.|ra\./);
    expect(
      words
        .match(/[A-Za-z]{3,}/g)
        ?.filter(
          (word) => !/^(Kontor|Temporal|Markdown|Ctrl|Enter|API|Oleg|Sidorov|Anna|Petrova|Vega|Ltd|people|example|[a-f0-9]+)$/.test(word),
        ),
    ).toEqual([]);
    await page.getByRole('button', { name: 'EN', exact: true }).click();
    await whatNext(page)
      .getByText(/^Waits for us/)
      .waitFor();
  });

  test('A1: the theme follows the system until the reader chooses one, and the choice is kept', async () => {
    const page = await desk.open({ as: oleg, theme: 'dark' });
    const background = () => page.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor);
    const dark = await background();
    await page.emulateMedia({ colorScheme: 'light' });
    await until('the page is light', async () => (await background()) !== dark);
    await page.getByRole('button', { name: 'Theme' }).click();
    await page.getByRole('menuitem', { name: 'Dark' }).click();
    await until('the page is dark', async () => (await background()) === dark);
    await page.reload();
    await page.locator('main').waitFor();
    expect(await background()).toBe(dark);
    await page.getByRole('button', { name: 'Theme' }).click();
    await page.getByRole('menuitem', { name: 'As the system' }).click();
    await until('the page is light again', async () => (await background()) !== dark);
  });

  test('A1: at 390 pixels the panel is a tab and the composer is within reach of a thumb', async () => {
    const number = await openTicket();
    const page = await show(number, { size: 'narrow' });
    const send = page.getByRole('button', { name: /^Send/ });
    await send.waitFor();
    const box = (await send.boundingBox())!;
    expect(box.y + box.height).toBeGreaterThan(844 * 0.6);
    expect(box.y + box.height).toBeLessThanOrEqual(844);
    await page.getByRole('tab', { name: 'Details' }).click();
    await page.getByRole('complementary').getByText(anna.email).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });
});
