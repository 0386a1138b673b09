import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestCustomer } from '../harness/people.ts';
import { beginStory, type Story } from '../harness/story.ts';
import { until } from '../harness/until.ts';
import { download, upload } from '../integration/desk-files-surroundings.ts';

describe('a file that nobody used', () => {
  let story: Story;
  let anna: TestCustomer;
  let unused: string;
  let used: string;
  let late: string;
  const onDisk = () => readdirSync(story.filesFolder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;
  const statusOf = async (id: string) => (await story.temporal.workflow.getHandle(`file:${id}`).describe()).status.name;
  const begun = (id: string) => until('its workflow waits', async () => (await statusOf(id)) === 'RUNNING');

  beforeAll(async () => {
    story = await beginStory('2033-03-01T09:00:00Z');
    anna = await story.people.customer();
  });
  afterAll(() => story?.stop());

  test('T11: Anna uploads two files and sends one of them', async () => {
    unused = (await upload(story, anna, 'forgotten.log', 'a log')).body.id;
    used = (await upload(story, anna, 'used.log', 'another log')).body.id;
    await begun(unused);
    const opened = await anna.post('/tickets', { subject: 'A log', body: 'See', category: 'technical', files: [used] });
    expect(opened.status).toBe(201);
    await until('the used file’s workflow has ended', async () => (await statusOf(used)) === 'COMPLETED');
    expect(onDisk()).toBe(2);
  });

  test('T11: a minute before a day has passed both are there', async () => {
    await story.passUntil('2033-03-02T08:59:00Z');
    late = (await upload(story, anna, 'late.log', 'a third')).body.id;
    await begun(late);
    expect((await download(story, anna, unused)).bytes.toString()).toBe('a log');
  });

  test('T11: a day after its upload the unused one is gone, bytes and row, and its workflow with it', async () => {
    await story.passUntil('2033-03-02T09:00:30Z');
    await until('its workflow has ended', async () => (await statusOf(unused)) === 'COMPLETED');
    expect((await anna.get(`/files/${unused}`)).status).toBe(404);
    expect(await story.db.query('select 1 from file where id = $1', [unused])).toEqual([]);
    expect(onDisk()).toBe(2);
    expect((await anna.post('/tickets', { subject: 'A', body: 'B', category: 'technical', files: [unused] })).body.error.code).toBe(
      'file.unknown',
    );
  });

  test('T11: the used one is there for as long as its ticket, and the later one has its own day', async () => {
    expect((await anna.get(`/files/${late}`)).status).toBe(200);
    await story.passUntil('2033-03-20T09:00:00Z');
    expect((await download(story, anna, used)).bytes.toString()).toBe('another log');
    expect((await anna.get(`/files/${late}`)).status).toBe(404);
    expect(onDisk()).toBe(1);
    expect(await story.db.query(`select kind from staff_case`)).toEqual([]);
  });

  test('T11: an upload that failed leaves no case, although its workflow has nothing to look at', async () => {
    expect((await upload(story, anna, 'a.txt', '<html>')).status).toBe(415);
    await story.passUntil('2033-03-22T09:00:00Z');
    expect(await story.db.query(`select kind from staff_case`)).toEqual([]);
    expect(await story.db.query(`select 1 from outbox`)).toEqual([]);
  });
});
