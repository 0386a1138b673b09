/** Files in the console (SPEC T11, T12, A2): by button, drop and paste, with their progress, and in messages. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { TestCustomer, TestPerson } from '../harness/people.ts';
import { until } from '../harness/until.ts';
import { upload } from '../integration/desk-files-surroundings.ts';
import { consoleUnderTest, type ConsoleUnderTest, type OpenOptions } from './console-under-test.ts';

let desk: ConsoleUnderTest;
let oleg: TestPerson;
let anna: TestCustomer;
let folder: string;
/** One pixel. */
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

beforeAll(async () => {
  desk = await consoleUnderTest();
  oleg = await desk.kontor.people.staff({ name: 'Oleg Sidorov' });
  anna = await desk.kontor.people.customer({ name: 'Anna Petrova' });
  folder = mkdtempSync(join(tmpdir(), 'kontor-attach-'));
});
afterAll(async () => {
  await desk?.stop();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => desk.endTest());

const draft = async (name: string, content: string | Uint8Array) => (await upload(desk.kontor, anna, name, content)).body.id as string;

async function openTicket(more: object = {}): Promise<string> {
  return (await anna.post('/tickets', { subject: 'The panel does not start', body: 'After the update.', category: 'technical', ...more }))
    .body.number;
}

async function show(number: string, more: Pick<OpenOptions, 'locale' | 'size'> = {}): Promise<Page> {
  const page = await desk.open({ as: oleg, at: `/tickets/${number}/show`, ...more });
  await page.locator('[data-composer]').waitFor();
  return page;
}

function fileOf(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const ready = (page: Page, name: string) => page.locator('[data-upload="ready"]', { hasText: name }).waitFor();
const attachmentsOf = async (number: string) =>
  ((await anna.get(`/tickets/${number}/messages`)).body.items as { attachments: { name: string }[] }[]).map(({ attachments }) =>
    attachments.map(({ name }) => name),
  );

/** Files as the browser hands them over when somebody drops or pastes them. */
async function hand(page: Page, how: 'drop' | 'drop beside' | 'paste', name: string, type: string, base64: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Reply' }).evaluate(
    (field, { how, name, type, base64 }) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], name, { type }));
      const init = { bubbles: true, cancelable: true };
      if (how === 'paste') field.dispatchEvent(new ClipboardEvent('paste', { ...init, clipboardData: data }));
      const place = how === 'drop beside' ? field.ownerDocument.body : field;
      if (how !== 'paste')
        for (const kind of ['dragover', 'drop']) place.dispatchEvent(new DragEvent(kind, { ...init, dataTransfer: data }));
    },
    { how, name, type, base64 },
  );
}

test('T11: files chosen, dropped and pasted go out with the reply, and the customer has them', async () => {
  const number = await openTicket();
  const page = await show(number);
  await page.locator('[data-attach]').setInputFiles([fileOf('panel.log', 'a log\n'), fileOf('журнал.txt', 'другой\n')]);
  await hand(page, 'drop', 'dropped.csv', 'text/csv', Buffer.from('a;b').toString('base64'));
  await hand(page, 'drop beside', 'missed.csv', 'text/csv', Buffer.from('c;d').toString('base64'));
  await hand(page, 'paste', 'image.png', 'image/png', png.toString('base64'));
  for (const name of ['panel.log', 'журнал.txt', 'dropped.csv', 'missed.csv', 'image.png']) await ready(page, name);
  await page.getByRole('button', { name: 'Remove журнал.txt' }).click();
  await page.getByRole('textbox', { name: 'Reply' }).fill('See these.');
  await page.getByRole('button', { name: /^Send/ }).first().click();
  await page.locator('article', { hasText: 'See these.' }).locator('[data-attachment]').nth(3).waitFor();
  expect((await attachmentsOf(number)).at(-1)).toEqual(['panel.log', 'dropped.csv', 'missed.csv', 'image.png']);
  expect(await page.locator('[data-upload]').count()).toBe(0);
});

test('T11: a message shows names, sizes and kinds, small pictures as pictures, and a press downloads', async () => {
  const number = await openTicket({ files: [await draft('panel.log', 'a log\n'.repeat(300)), await draft('снимок.png', png)] });
  const page = await show(number);
  const log = page.locator('[data-attachment]', { hasText: 'panel.log' });
  await log.getByText('1.8 KB · text/plain').waitFor();
  const picture = page.getByRole('img', { name: 'Picture: снимок.png' });
  await until('the picture is shown', () => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth === 1));
  const [downloaded] = await Promise.all([page.waitForEvent('download'), log.click()]);
  expect(downloaded.suggestedFilename()).toBe('panel.log');
});

test('T11: what cannot be taken says why, keeps the message from going out, and can be removed', async () => {
  const number = await openTicket();
  const page = await show(number);
  await page
    .locator('[data-attach]')
    .setInputFiles([fileOf('page.txt', '<html>'), fileOf('empty.txt', ''), fileOf('large.txt', Buffer.alloc(10_485_761, 'a'))]);
  await page.locator('[data-upload="failed"]', { hasText: 'page.txt' }).getByText('Files of this kind are not taken.').waitFor();
  await page.locator('[data-upload="failed"]', { hasText: 'empty.txt' }).getByText('The file is empty').waitFor();
  await page.locator('[data-upload="failed"]', { hasText: 'large.txt' }).getByText('Larger than 10 MiB').waitFor();
  await page.getByRole('textbox', { name: 'Reply' }).fill('See this.');
  await page.getByRole('button', { name: /^Send/ }).first().click();
  await page.getByText('Remove the file that could not be uploaded, or try it again.').waitFor();
  for (const name of ['page.txt', 'empty.txt', 'large.txt']) await page.getByRole('button', { name: `Remove ${name}` }).click();
  await page.getByRole('button', { name: /^Send/ }).first().click();
  await page.locator('article', { hasText: 'See this.' }).waitFor();
  expect((await attachmentsOf(number)).at(-1)).toEqual([]);
  // The browser itself tells of the refused upload.
  expect(desk.complaints().filter((complaint) => !complaint.includes('415'))).toEqual([]);
});

test('T11: an eleventh file is not taken', async () => {
  const number = await openTicket();
  const page = await show(number);
  await page.locator('[data-attach]').setInputFiles(Array.from({ length: 11 }, (_, n) => fileOf(`${n}.txt`, 'text')));
  await page.getByText('A message can have ten files at the most.').waitFor();
  await until('ten are uploaded', async () => (await page.locator('[data-upload="ready"]').count()) === 10);
});

test('T11: files wait for the message when the ticket’s page is left and come to', async () => {
  const number = await openTicket();
  const page = await show(number);
  await page.locator('[data-attach]').setInputFiles(fileOf('panel.log', 'a log'));
  await ready(page, 'panel.log');
  await page.getByRole('tab', { name: 'Note' }).click();
  expect(await page.locator('[data-upload]').count()).toBe(0);
  await page.getByRole('tab', { name: 'Reply' }).click();
  await ready(page, 'panel.log');
  await until('the draft is on the server', async () => (await oleg.get(`/tickets/${number}/draft?kind=reply`)).body.files.length === 1);
  await page.reload();
  await ready(page, 'panel.log');
});

test.each([
  ['en', 'wide', 'Not told yet: HAR archive'],
  ['ru', 'narrow', 'Ещё не сообщено: HAR-архив'],
] as const)('T12: diagnostics are readable in the message, with what a user-side report lacks (%s, %s)', async (locale, size, lacks) => {
  const number = await openTicket({
    files: [await draft('app.log', 'a log')],
    diagnostics: {
      browser: 'Firefox 143',
      productVersion: '6.12.3',
      imageTag: 'registry.example/panel:6.12.3',
      steps: '1. Open a diagram.\n2. Press “Export”.',
      affectedEmail: 'pavel@vega.example',
      objectUrl: 'https://panel.example/diagrams/17',
      userSide: true,
    },
  });
  const page = await show(number, { locale, size });
  const shown = page.getByRole('region', { name: locale === 'en' ? 'Diagnostics' : 'Диагностика' });
  for (const text of ['Firefox 143', '6.12.3', 'pavel@vega.example', lacks])
    await shown
      .getByText(text, { exact: text !== lacks })
      .first()
      .waitFor();
  const link = shown.getByRole('link', { name: 'https://panel.example/diagrams/17' });
  expect(await link.getAttribute('rel')).toContain('noopener');
});
