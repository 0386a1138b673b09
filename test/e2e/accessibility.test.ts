import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TestPerson } from '../harness/people.ts';
import { consoleUnderTest, type ConsoleUnderTest } from './console-under-test.ts';

let desk: ConsoleUnderTest;
let oleg: TestPerson;
let number: string;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

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

/** What axe finds that is serious or worse, as one line each. */
async function barriers(page: Page): Promise<string[]> {
  // The page's policy runs no script of ours: the check comes in by the debugger's door, as a person's tools do.
  const { violations } = await page.evaluate<AxeResults>(
    `${axe}; axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })`,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} · ${failureSummary?.slice(0, 200)}`));
}

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
});
