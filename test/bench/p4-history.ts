/** P4: how many events a ticket costs the engine. Exact: counted in recorded histories, nothing is timed. */
import { spellTicketNumber } from '../../domain/ids.ts';
import { until } from '../harness/until.ts';
import { countEvents, type Episode } from './event-count.ts';
import { markdownTable, type Result } from './figures.ts';
import type { BenchOptions } from './options.ts';
import { hirePeople, planned, startProduct, ticketNumber, type Product } from './product.ts';
import type { Stage } from './stage.ts';

/** Days become seconds: what is counted does not depend on how long the waiting is. */
const timing = { autoClose: 5, warn: 2, archive: 2 };

type Author = 'customer' | 'staff' | 'staff owes';

/** Ten messages each; the last is of staff, so that the ticket closes and archives by itself. */
const stories: Readonly<Record<string, readonly Author[]>> = {
  'staff and customer in turn': ['staff', 'customer', 'staff', 'customer', 'staff', 'customer', 'staff', 'customer', 'customer', 'staff'],
  'customer and staff in turn': ['customer', 'staff', 'customer', 'staff', 'customer', 'staff', 'customer', 'staff', 'customer', 'staff'],
  'staff alone': Array.from({ length: 10 }, () => 'staff'),
  'customer until staff answer': [...Array.from({ length: 9 }, (): Author => 'customer'), 'staff'],
  'staff owe and answer in turn': [
    'staff',
    'staff owes',
    'staff',
    'staff owes',
    'staff',
    'staff owes',
    'staff',
    'customer',
    'staff owes',
    'staff',
  ],
};

export async function benchHistory(stage: Stage, _options: BenchOptions): Promise<Result> {
  const product = await startProduct(stage);
  try {
    await addQuickQueues(stage);
    const all = (category: string) =>
      Promise.all(
        Object.entries(stories).map(async ([name, authors]) => ({ name, episodes: await live(stage, product, category, authors) })),
      );
    const told = await all(withoutClocks);
    return resultOf(told, await all(withClocks));
  } finally {
    await product.stop();
  }
}

const [withoutClocks, withClocks] = ['bench-seconds', 'bench-clocks'];

/** A queue that promises nothing, and one that promises an answer within days and a fix within weeks. */
async function addQuickQueues(stage: Stage): Promise<void> {
  const name = JSON.stringify({ en: 'Seconds', ru: 'Секунды' });
  await stage.product.query(
    'insert into timing_policy (id, name, auto_close_after_seconds, archive_after_seconds, warn_before_seconds) values ($1, $2, $3, $4, $5)',
    ['tpl_bench', name, timing.autoClose, timing.archive, timing.warn],
  );
  await stage.product.query(
    `insert into queue (id, category, name, timing_policy_id, reopen_after_manual_close, position, sla_plan_id)
      select 'que_' || c, c, $1, 'tpl_bench', true, 60, (select id from sla_plan where c = $3 and name ->> 'en' = 'Enterprise') from unnest($2::text[]) as c`,
    [name, [withoutClocks, withClocks], withClocks],
  );
}

/** Lives one ticket from opening to archive, with everything settled after each message, and counts. */
async function live(stage: Stage, product: Product, category: string, authors: readonly Author[]): Promise<Episode[]> {
  const { customers, staff } = await hirePeople(product, 1);
  const anna = customers[0]!;
  const { body: opened } = await anna.post<{ number: string }>('/tickets', {
    subject: 'Panel does not start',
    body: 'It does not.',
    category,
    ...(category === withClocks ? { severity: 'critical' } : {}),
  });
  const number = ticketNumber(opened.number);
  await looked(stage, number);
  for (const author of authors) {
    const answer =
      author === 'customer'
        ? await anna.post(`/tickets/${opened.number}/messages`, { body: 'And now?' })
        : await staff.post(`/tickets/${opened.number}/messages`, {
            body: 'Try this.',
            nextStepBy: author === 'staff' ? 'customer' : 'staff',
          });
    if (answer.status !== 201) throw new Error(`a message answered ${answer.status}`);
    await looked(stage, number);
  }
  const handle = stage.temporal.workflow.getHandle(`ticket:${spellTicketNumber(number)}`);
  await until('the ticket is archived and its workflow ended', async () => (await handle.describe()).status.name === 'COMPLETED', 60);
  return countEvents(await handle.fetchHistory());
}

async function looked(stage: Stage, number: number): Promise<void> {
  const entity = `ticket:${spellTicketNumber(number)}`;
  await until(
    'the outbox has told the ticket’s workflow',
    async () => (await stage.product.query<{ n: string }>('select count(*) as n from outbox where entity = $1', [entity]))[0]?.n === '0',
  );
  await planned(stage, number);
}

interface Told {
  readonly name: string;
  readonly episodes: readonly Episode[];
}

function resultOf(told: readonly Told[], clocked: readonly Told[]): Result {
  const episodesOf = (lives: readonly Told[]) => lives.flatMap(({ episodes }) => episodes);
  const worst = (chosen: (episode: Episode) => boolean, lives: readonly Told[] = [...told, ...clocked]) =>
    Math.max(
      ...episodesOf(lives)
        .filter(chosen)
        .map((episode) => episode.events),
    );
  const opening = worst(({ cause }) => cause === 'opening');
  const isMessage = ({ cause }: Episode) => cause === 'customerReplied' || cause === 'staffReplied';
  const deadline = worst(({ cause }) => cause === 'deadline');
  const totalsOf = (lives: readonly Told[]) => lives.map(({ episodes }) => episodes.reduce((sum, episode) => sum + episode.events, 0));
  const totals = totalsOf([...told, ...clocked]);
  const line = (what: string, ours: number, bound: number) => ({
    goal: 'P4',
    what,
    floor: '',
    ours: String(ours),
    ratio: '',
    wanted: `≤ ${bound}`,
    met: ours <= bound,
  });
  return {
    id: 'P4',
    title: 'Events of a ticket’s history',
    lines: [
      line('opening', opening, 8),
      line('message, the costliest, no clocks', worst(isMessage, told), 7),
      line('message, the costliest, two clocks', worst(isMessage, clocked), 7),
      line('passed deadline, the costliest', deadline, 8),
      line('ten messages, opening to archive, no clocks, the costliest', Math.max(...totalsOf(told)), 105),
      line('the same of a critical ticket with two clocks', Math.max(...totalsOf(clocked)), 135),
    ],
    method: [
      `${told.length + clocked.length} tickets, half of them critical with two clocks, on the real server with days shortened to seconds (closes after ${timing.autoClose}, warns ${timing.warn} before, archives after ${timing.archive}); after each message the workflow has planned before the next is sent, so that no two are handled together: the costliest case.`,
      'Counted by test/bench/event-count.ts: an episode begins with what woke the workflow. A late ring is a timer that no longer mattered when it rang: it was left to ring because that costs less than cancelling at every message.',
      'With clocks a message can cost one event more: it changes what operators filter by, and moves the earliest step to before the timer that runs, which is cancelled. Left to ring it would cost four.',
    ],
    raw: [
      markdownTable(
        ['ten messages', 'total', 'opening', 'messages', 'deadlines', 'late rings'],
        [...told, ...clocked].map(({ name, episodes }, index) => [
          index < told.length ? name : `${name}, two clocks`,
          String(totals[index]),
          ...['opening', 'Replied', 'deadline', 'late ring'].map((cause) => spellCounts(episodes, cause)),
        ]),
      ),
    ],
  };
}

function spellCounts(episodes: readonly Episode[], cause: string): string {
  return episodes
    .filter((episode) => episode.cause.endsWith(cause))
    .map((episode) => String(episode.events))
    .join(' ');
}
