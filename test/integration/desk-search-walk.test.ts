import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { withDatabase } from '../../db/provision.ts';
import { fillWithTickets, plantedWords, type Company } from '../bench/many-tickets.ts';
import { freshDatabase, type FreshDatabase } from '../harness/fresh-database.ts';

let db: FreshDatabase;
let company: Company;

beforeAll(async () => {
  db = await freshDatabase(inject('postgresAdminUrl'));
  const superuser = withDatabase(inject('postgresAdminUrl'), db.name);
  company = await fillWithTickets(superuser, 6_000, new Date('2026-03-01T00:30:00.000Z'), () => undefined);
  // As after an import: a thousand tickets of one instant.
  await db.query(`update ticket_search set last_message_at = '2025-05-31T22:59:59.999Z', facets = array(
      select facet from unnest(facets) facet where facet !~ '^@[ymdh]') || search_buckets('year', '2025-05-31T22:59:59.999Z', '2025-05-31T23:00:00Z')
        || search_buckets('month', '2025-05-31T22:59:59.999Z', '2025-05-31T23:00:00Z') || search_buckets('day', '2025-05-31T22:59:59.999Z', '2025-05-31T23:00:00Z')
        || search_buckets('hour', '2025-05-31T22:59:59.999Z', '2025-05-31T23:00:00Z')
      where number between 3000 and 4000`);
});
afterAll(() => db.drop());

type Place = { number: number; at: Date };

async function walk(question: string, rare: string | null, after: Place | undefined, enough: number): Promise<Place[]> {
  return db.query<Place>(
    'select number, last_message_at as at from search_tickets($1::tsquery, $2::tsquery, $3, $4, $5) order by last_message_at desc, number desc',
    [question, rare, after?.at ?? null, after?.number ?? null, enough],
  );
}

/** The same by looking at every document there is. */
async function all(question: string): Promise<Place[]> {
  return db.query<Place>(
    'select number, last_message_at as at from ticket_search where (words || array_to_tsvector(facets)) @@ $1::tsquery order by last_message_at desc, number desc',
    [question],
  );
}

test('T10: the walk from the newest window on finds what looking at every ticket finds, from wherever it goes on', async () => {
  const words = (
    await db.query<{ words: string[] }>('select tsvector_to_array(search_words($1)) as words', [
      [...company.words.slice(0, 4), ...Object.values(plantedWords).flat(), 'clearly nowhere'].join(' '),
    ])
  )[0]!.words;
  expect(words.length).toBeGreaterThan(8);
  const account = `'@a:${company.accounts[0]}'`;
  const questions = [
    ...words.map((word) => `'${word}'`),
    `'${words[0]}'&'${words[1]}'`,
    `'${words[0]}'&${account}`,
    `(${account})`,
    `'${words[2]}'&('@s:closed'|'@s:archived')`,
  ];
  for (const question of questions) {
    const wanted = await all(question);
    for (const enough of [26, 251]) {
      const seen: Place[] = [];
      for (let after: Place | undefined, pages = 0; pages < 12; pages += 1) {
        const found = await walk(question, null, after, enough);
        seen.push(...found);
        after = found.at(-1);
        if (found.length < enough) break;
      }
      expect(seen, `${question} ${enough}`).toEqual(wanted.slice(0, seen.length));
      expect(seen.length, `${question} ${enough}`).toBeGreaterThanOrEqual(Math.min(wanted.length, 12 * enough));
    }
    const middle = wanted[Math.floor(wanted.length / 2)];
    if (middle)
      expect((await walk(question, null, middle, 26)).slice(0, 26)).toEqual(wanted.slice(Math.floor(wanted.length / 2) + 1).slice(0, 26));
  }
});

test('T10: asking the rare part alone first finds the same, and a part that is not rare after all does no harm', async () => {
  const [rare, common] = (
    await db.query<{ words: string[] }>('select array[($1::text[])[1], ($2::text[])[1]] as words', [
      (await db.query<{ w: string[] }>('select tsvector_to_array(search_words($1)) as w', [plantedWords.rare[0]]))[0]!.w,
      (await db.query<{ w: string[] }>('select tsvector_to_array(search_words($1)) as w', [company.words[0]]))[0]!.w,
    ])
  )[0]!.words;
  const question = `'${rare}'&'${common}'`;
  const wanted = await all(question);
  expect(wanted.length).toBeGreaterThan(5);
  expect(await walk(question, `'${rare}'`, undefined, 251)).toEqual(wanted);
  expect(await walk(question, `'${rare}'`, wanted[2], 251)).toEqual(wanted.slice(3));
  expect((await walk(`'${common}'`, `'${common}'`, undefined, 26)).slice(0, 26)).toEqual((await all(`'${common}'`)).slice(0, 26));
});
