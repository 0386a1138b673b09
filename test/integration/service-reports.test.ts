/** Reports of what became of clocks, and the lists that their numbers are made of (SPEC S8). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { MovableClock } from '../harness/movable-clock.ts';
import type { TestCustomer, TestStaff } from '../harness/people.ts';
import {
  inMoscowOffice,
  Lives,
  madeCalendar,
  madeQueue,
  randomFrom,
  roundTheClock,
  type NaiveQueue,
  type NaiveRun,
} from './service-report-lives.ts';

const dayMs = 86_400_000;

let kontor: Kontor;
let clock: MovableClock;
let maria: TestStaff;
let customers: TestCustomer[];
let staff: TestStaff[];
let queues: NaiveQueue[];
let lives: Lives;
let everyHour: string;

beforeAll(async () => {
  clock = new MovableClock();
  kontor = await startKontor({ promises: false, clock, signInAgain: true });
  clock.stop();
  // Naive clocks count whole minutes; and the same lives are led whenever the test runs: from a Monday in Moscow on.
  clock.move((Date.parse('2027-02-01T05:00:00Z') - clock.now().getTime()) / 1000);
  maria = await kontor.people.staff({ role: 'administrator', name: 'Maria Orlova' });
  staff = [maria];
  for (const name of ['Oleg Sidorov', 'Vera Belova', 'Pavel Left']) staff.push(await kontor.people.staff({ name }));
  customers = [await kontor.people.customer(), await kontor.people.customer()];
  everyHour = await madeCalendar(maria, 'Every hour', [1, 2, 3, 4, 5, 6, 7], 0, 1_440);
  const office = await madeCalendar(maria, 'Office', [1, 2, 3, 4, 5], 540, 1_080);
  queues = [
    await madeQueue(maria, ['Fast', 'Быстрая'], everyHour, roundTheClock, 90, 600),
    await madeQueue(maria, ['Slow', 'Неспешная'], everyHour, roundTheClock, 1_500, null),
    await madeQueue(maria, ['Office', 'Рабочая'], office, inMoscowOffice, 300, 1_080),
  ];
  lives = new Lives(kontor, clock, { customers, staff, queues }, 7);
  await lives.lead(450);
  await lives.openSome(12);
  await lives.passes(100);
  await lives.openSome(9);
}, 300_000);
afterAll(() => kontor?.stop());

/** A report's question, and which of the naive runs it asks about. */
interface Question {
  readonly query: string;
  readonly asksFor: (run: NaiveRun) => boolean;
  readonly inPeriod: (run: NaiveRun) => boolean;
}

const zoneHours = { 'Europe/Moscow': 3, 'Asia/Kathmandu': 5.75, UTC: 0, 'Pacific/Honolulu': -10 } as const;

function randomQuestion(random: () => number): Question {
  const pick = <Thing>(things: readonly Thing[]): Thing => things[Math.floor(random() * things.length)]!;
  const first = Math.min(...lives.runs.map(({ decidedAt }) => decidedAt));
  const last = clock.now().getTime();
  const zone = pick(Object.keys(zoneHours) as (keyof typeof zoneHours)[]);
  // None of these zones changes its clocks.
  const dayOf = (at: number) => Math.floor((at + zoneHours[zone] * 3_600_000) / dayMs);
  const ends = [dayOf(first + random() * (last - first)), dayOf(first + random() * (last - first))].toSorted((a, b) => a - b);
  const [from, to] = random() < 0.4 ? [dayOf(first) - 2, dayOf(last) + 2] : (ends as [number, number]);
  const spell = (date: number) => new Date(date * dayMs).toISOString().slice(0, 10);
  const chosen: [string, string, (run: NaiveRun) => boolean][] = [];
  const maybe = (share: number, name: string, value: string, asksFor: (run: NaiveRun) => boolean) => {
    if (random() < share) chosen.push([name, value, asksFor]);
  };
  const [queue, person, kind, account] = [
    pick(queues),
    pick([...staff.map(({ id }) => id), null]),
    pick(['first_response', 'next_response', 'fix'] as const),
    pick(customers).accountId,
  ];
  maybe(0.3, 'plan', queue.plan, ({ plan }) => plan === queue.plan);
  maybe(0.3, 'queue', queue.id, (run) => run.queue === queue.id);
  maybe(0.3, 'agent', person ?? 'none', ({ agent }) => agent === person);
  maybe(0.3, 'kind', kind, (run) => run.kind === kind);
  maybe(0.3, 'account', account, (run) => run.account === account);
  const query = new URLSearchParams([
    ['from', spell(from)],
    ['to', spell(to)],
    ['zone', zone],
    ...chosen.map(([name, value]) => [name, value]),
  ]);
  return {
    query: query.toString(),
    asksFor: (run) => chosen.every(([, , asksFor]) => asksFor(run)),
    inPeriod: ({ decidedAt }) => dayOf(decidedAt) >= from && dayOf(decidedAt) <= to,
  };
}

interface Sums {
  readonly met: number;
  readonly breached: number;
  readonly stillOpen: number;
  readonly void: number;
  readonly share: number | null;
}

function naiveSums(runs: readonly NaiveRun[]): Sums {
  const count = (which: (run: NaiveRun) => boolean) => runs.filter(which).length;
  const [met, breached] = [count(({ outcome }) => outcome === 'met'), count(({ outcome }) => outcome === 'breached')];
  return {
    met,
    breached,
    stillOpen: count(({ taken }) => taken === null),
    void: count(({ outcome }) => outcome === 'void'),
    share: met + breached ? met / (met + breached) : null,
  };
}

const everyRun = () => [...lives.runs, ...lives.standing().broken];
const sumsOf = ({ met, breached, stillOpen, void: uncounted, share }: Sums): Sums => ({ met, breached, stillOpen, void: uncounted, share });
const read = async (path: string) => {
  const { status, body } = await maria.get(path);
  expect(status, `${path} ${JSON.stringify(body)}`).toBe(200);
  return body;
};

const isSorted = (instants: readonly string[]) => instants.every((at, place) => place === 0 || instants[place - 1]! <= at);

/** Every row of a list, page by page. */
async function everyRow(query: string, limit = 100): Promise<any[]> {
  const rows: any[] = [];
  for (let cursor = ''; ;) {
    const page = await read(`/clock-runs?${query}&limit=${limit}${cursor && `&cursor=${cursor}`}`);
    rows.push(...page.items);
    expect(page.pageInfo.exact).toBe(true);
    if (page.nextCursor === null) {
      expect(page.pageInfo.total).toBe(rows.length);
      return rows;
    }
    cursor = page.nextCursor;
  }
}

describe('S8: reports agree with a naive count of random lives', () => {
  test('S8: the lives are eventful enough for what follows', () => {
    const sums = naiveSums(everyRun());
    for (const count of [sums.met, sums.breached, sums.stillOpen, sums.void]) expect(count, JSON.stringify(sums)).toBeGreaterThan(4);
    for (const kind of ['first_response', 'next_response', 'fix']) expect(lives.runs.some((run) => run.kind === kind)).toBe(true);
    expect(lives.standing().running.length).toBeGreaterThan(0);
  });

  test('S8: compliance by plan, queue, agent and kind, for random periods, zones and filters', async () => {
    const random = randomFrom(11);
    for (let round = 0; round < 25; round += 1) {
      const { query, asksFor, inPeriod } = randomQuestion(random);
      const counted = everyRun().filter((run) => asksFor(run) && inPeriod(run));
      const report = await read(`/service-reports/compliance?${query}`);
      expect(report.total, query).toEqual(naiveSums(counted));
      const groups: [any[], (row: any) => unknown, (run: NaiveRun) => unknown][] = [
        [report.plans, ({ plan }) => plan.id, ({ plan }) => plan],
        [report.queues, ({ queue }) => queue.id, ({ queue }) => queue],
        [report.agents, ({ agent }) => agent?.id ?? null, ({ agent }) => agent],
        [report.kinds, ({ kind }) => kind, ({ kind }) => kind],
      ];
      for (const [rows, keyOf, keyOfRun] of groups) {
        expect(new Set(rows.map(keyOf)), query).toEqual(new Set(counted.map(keyOfRun)));
        for (const row of rows) expect(sumsOf(row), query).toEqual(naiveSums(counted.filter((run) => keyOfRun(run) === keyOf(row))));
      }
    }
  });

  test('S8: the trend’s parts are the days, weeks or months of the period, and add up to it', async () => {
    const random = randomFrom(12);
    for (let round = 0; round < 12; round += 1) {
      const { query, asksFor, inPeriod } = randomQuestion(random);
      const counted = everyRun().filter((run) => asksFor(run) && inPeriod(run));
      for (const step of ['day', 'week', 'month']) {
        const { parts } = await read(`/service-reports/trend?${query}&step=${step}`);
        for (const part of parts) {
          const [from, until] = [Date.parse(part.startsAt), Date.parse(part.endsAt)];
          expect(sumsOf(part), `${query} ${step} ${part.from}`).toEqual(
            naiveSums(counted.filter(({ decidedAt }) => decidedAt >= from && decidedAt < until)),
          );
        }
        expect(parts.reduce((sum: number, { met, breached }: Sums) => sum + met + breached, 0)).toBe(
          counted.filter(({ outcome }) => outcome !== 'void').length,
        );
      }
    }
  });

  test('S8: response times by parts of the allowance and by working time, with their median and tails where there are enough', async () => {
    const random = randomFrom(13);
    for (let round = 0; round < 25; round += 1) {
      const { query, asksFor, inPeriod } = randomQuestion(random);
      const counted = lives.runs.filter((run) => asksFor(run) && inPeriod(run) && run.outcome !== 'void');
      const { kinds } = await read(`/service-reports/distribution?${query}`);
      expect(kinds.map(({ kind }: any) => kind).toSorted()).toEqual([...new Set(counted.map(({ kind }) => kind))].toSorted());
      for (const spread of kinds) {
        const taken = counted.filter(({ kind }) => kind === spread.kind).toSorted((a, b) => a.taken! - b.taken!);
        const rank = (share: number) => taken[Math.ceil(share * taken.length) - 1]!.taken;
        expect(spread.runs).toBe(taken.length);
        expect(spread.medianMinutes, query).toBe(rank(0.5));
        expect(spread.p90Minutes, query).toBe(taken.length < 10 ? null : rank(0.9));
        expect(spread.p95Minutes, query).toBe(taken.length < 20 ? null : rank(0.95));
        const within = (value: number, over: number | null, upTo: number | null) =>
          (over === null || value > over) && (upTo === null || value <= upTo);
        for (const part of spread.minutes)
          expect(part.runs, query).toBe(taken.filter((run) => within(run.taken!, part.overMinutes, part.upToMinutes)).length);
        for (const part of spread.shares)
          expect(part.runs, query).toBe(
            taken.filter((run) => within((100 * run.taken!) / run.allowance, part.overPerCent, part.upToPerCent)).length,
          );
      }
    }
  });

  test('S8: what is about to breach is due within so many hours of its own calendar, and what has is told beside it', async () => {
    const { broken, running } = lives.standing();
    const { total, queues: shown } = await read('/service-reports/breaching');
    expect(total).toEqual({
      breached: broken.length,
      within: [1, 4, 8, 24].map((hours) => ({ hours, clocks: running.filter(({ left }) => left <= hours * 60).length })),
    });
    for (const queue of queues) {
      const row = shown.find((each: any) => each.queue.id === queue.id);
      const own = running.filter((run) => run.queue === queue.id);
      expect(row?.breached ?? 0).toBe(broken.filter((run) => run.queue === queue.id).length);
      for (const { hours, clocks } of row?.within ?? []) {
        expect(clocks, `${queue.category} ${hours}`).toBe(own.filter(({ left }) => left <= hours * 60).length);
        const list = await everyRow(`outcome=running&withinHours=${hours}&queue=${queue.id}`);
        expect(list).toHaveLength(clocks);
      }
    }
    const all = await everyRow('outcome=running', 3);
    expect(all.map(({ ticket, kind }) => `${ticket} ${kind}`).toSorted()).toEqual(
      running.map(({ ticket, kind }) => `${ticket} ${kind}`).toSorted(),
    );
    expect(isSorted(all.map(({ dueAt }) => dueAt))).toBe(true);
    expect(await everyRow('outcome=overdue', 7)).toHaveLength(broken.length);
  });
});

describe('S8: every number leads to what it is made of', () => {
  test('S8: the list under a report’s own filters has just as many clocks as it says, each of them once', async () => {
    const random = randomFrom(14);
    for (let round = 0; round < 20; round += 1) {
      const { query, asksFor, inPeriod } = randomQuestion(random);
      const counted = everyRun().filter((run) => asksFor(run) && inPeriod(run));
      const { total } = await read(`/service-reports/compliance?${query}`);
      const spell = ({ ticket, kind, decidedAt }: { ticket: string; kind: string; decidedAt: string | number }) =>
        `${ticket} ${kind} ${new Date(decidedAt).getTime()}`;
      for (const outcome of ['met', 'breached', 'void'] as const) {
        const rows = await everyRow(`${query}&outcome=${outcome}`, 9);
        expect(rows, query).toHaveLength(total[outcome]);
        expect(rows.map(spell).toSorted()).toEqual(
          counted
            .filter((run) => run.outcome === outcome)
            .map(spell)
            .toSorted(),
        );
        expect(isSorted(rows.map(({ decidedAt }) => decidedAt).toReversed())).toBe(true);
      }
      expect(await everyRow(`${query}&outcome=breached&ended=false`)).toHaveLength(total.stillOpen);
      expect(await everyRow(query)).toHaveLength(counted.length);
    }
  });

  test('S8: the list of one ticket has all its clocks, whenever they were', async () => {
    const byTicket = Map.groupBy(await everyRow('from=2027-02-01&outcome=met'), ({ ticket }) => ticket);
    const [number, met] = [...byTicket].toSorted(([, a], [, b]) => b.length - a.length)[0]!;
    const ended = await everyRow(`ticket=${number}&ended=true&to=2027-01-31`);
    expect(ended.filter(({ outcome }) => outcome === 'met')).toEqual(met);
    expect(ended.every(({ ticket, endedAt }) => ticket === number && endedAt !== null)).toBe(true);
    expect(isSorted(ended.map(({ decidedAt }) => decidedAt).toReversed())).toBe(true);
    const overdue = await everyRow('outcome=overdue');
    expect(await everyRow(`outcome=overdue&ticket=${overdue[0].ticket}`)).toEqual(
      overdue.filter(({ ticket }) => ticket === overdue[0].ticket),
    );
    expect(await everyRow('ticket=CS-999999999')).toEqual([]);
  });

  test('S8: so has the list for each part of a distribution', async () => {
    const random = randomFrom(15);
    for (let round = 0; round < 5; round += 1) {
      const { query } = randomQuestion(random);
      const { kinds } = await read(`/service-reports/distribution?${query}`);
      for (const { kind, shares, minutes } of kinds) {
        if (query.includes('kind=') && !query.includes(`kind=${kind}`)) continue;
        const narrowed = query.includes('kind=') ? query : `${query}&kind=${kind}`;
        const bound = (name: string, value: number | null) => (value === null ? '' : `&${name}=${value}`);
        for (const { overPerCent, upToPerCent, runs } of shares)
          expect(
            await everyRow(`${narrowed}${bound('perCentOver', overPerCent)}${bound('perCentUpTo', upToPerCent)}&minutesUpTo=999999`),
          ).toHaveLength(runs);
        for (const { overMinutes, upToMinutes, runs } of minutes)
          expect(
            await everyRow(`${narrowed}${bound('minutesOver', overMinutes)}${bound('minutesUpTo', upToMinutes)}&perCentUpTo=100000`),
          ).toHaveLength(runs);
      }
    }
  });

  test('A3: open tickets by state and age lead to lists of just so many', async () => {
    const { total, ages, states } = await read('/service-reports/open-tickets');
    let sum = 0;
    for (const { status, tickets } of states)
      for (const [at, { createdFrom, createdBefore }] of ages.entries()) {
        const bound = (name: string, value: string | null) => (value === null ? '' : `&${name}=${value}`);
        const list = await read(`/tickets?status=${status}${bound('createdFrom', createdFrom)}${bound('createdBefore', createdBefore)}`);
        expect(list.pageInfo).toEqual({ total: tickets[at], exact: true });
        sum += tickets[at];
      }
    expect(sum).toBe(total);
    expect((await kontor.db.query(`select 1 from ticket where status not in ('closed', 'archived')`)).length).toBe(total);
  });
});

describe('S8: whom and when a clock counts for', () => {
  test('S8: half past nine in the evening in London is the next day in Moscow', async () => {
    const [late] = await kontor.db.query<{ at: Date; outcome: string }>(
      `select r.decided_at as at, y.outcome from clock_run r join clock_tally y on y.id = r.tally_id where extract(hour from r.decided_at at time zone 'UTC') >= 21 limit 1`,
    );
    const day = (at: Date) => at.toISOString().slice(0, 10);
    const [inLondon, inMoscow] = [day(late!.at), day(new Date(late!.at.getTime() + 3 * 3_600_000))];
    expect(inMoscow).not.toBe(inLondon);
    const runsOn = async (date: string, zone: string) =>
      (await everyRow(`from=${date}&to=${date}&zone=${zone}`)).map(({ decidedAt }) => decidedAt);
    expect(await runsOn(inLondon, 'Europe/London')).toContain(late!.at.toISOString());
    expect(await runsOn(inLondon, 'Europe/Moscow')).not.toContain(late!.at.toISOString());
    expect(await runsOn(inMoscow, 'Europe/Moscow')).toContain(late!.at.toISOString());
    // Without a zone it is the reader's own, and Maria lives in Moscow.
    expect((await read('/service-reports/compliance')).period.zone).toBe('Europe/Moscow');
  });

  test('S8: who left keeps his name and his numbers; what nobody had is told as nobody’s', async () => {
    // Somebody who has just signed in needs no fresh code.
    const administrator = await kontor.people.staff({ role: 'administrator' });
    expect((await administrator.post(`/staff/${staff[3]!.id}/deactivation`)).status).toBe(204);
    const { agents } = await read('/service-reports/compliance?from=2026-01-01&to=2028-01-01');
    expect(agents.find(({ agent }: any) => agent?.id === staff[3]!.id).agent).toEqual({ id: staff[3]!.id, name: 'Pavel Left', left: true });
    expect(agents.at(-1).agent).toBeNull();
    expect(agents.slice(0, 3).map(({ agent }: any) => agent.left)).toEqual([false, false, false]);
  });

  test('S8: a period in which nothing ended has no share, no times, and all of its days', async () => {
    const empty = 'from=2020-01-01&to=2020-01-31';
    const { total, ...groups } = await read(`/service-reports/compliance?${empty}`);
    expect(total).toEqual({ met: 0, breached: 0, stillOpen: 0, void: 0, share: null });
    expect(groups).toMatchObject({ plans: [], queues: [], agents: [], kinds: [] });
    expect((await read(`/service-reports/distribution?${empty}`)).kinds).toEqual([]);
    expect((await read(`/service-reports/trend?${empty}`)).parts).toHaveLength(31);
    expect(await read(`/clock-runs?${empty}`)).toMatchObject({ items: [], nextCursor: null, pageInfo: { total: 0, exact: true } });
  });

  test('S8: names come in the reader’s language', async () => {
    const { body } = await maria.get('/service-reports/compliance?from=2026-01-01&to=2028-01-01', { 'accept-language': 'ru' });
    expect(body.plans.map(({ plan }: any) => plan.name)).toContain('План «Быстрая»');
    expect(body.queues.map(({ queue }: any) => queue.name)).toContain('Быстрая');
  });

  test('S8: first answers that come at once make one tally, and lose no clock', async () => {
    const queue = await madeQueue(maria, ['Crowd', 'Толпа'], everyHour, roundTheClock, 60, null);
    const numbers = await Promise.all(
      Array.from({ length: 16 }, async () => {
        const opened = await customers[0]!.post('/tickets', { subject: 'One of many', body: 'At once', category: queue.category });
        return opened.body.number as string;
      }),
    );
    await Promise.all(numbers.map((number) => maria.post(`/tickets/${number}/messages`, { body: 'Done' })));
    const tallies = await kontor.db.query<{ runs: number }>(
      `select count(r.*)::integer as runs from clock_tally y left join clock_run r on r.tally_id = y.id where y.queue_id = $1 group by y.id`,
      [queue.id],
    );
    expect(tallies).toEqual([{ runs: 16 }]);
  });
});

describe('S8: the same as a table', () => {
  const asTable = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await maria.get<string>(path, { accept: 'text/csv', ...headers });
    expect(answer.status, path).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="kontor-[a-z-]+\.csv"$/);
    return answer.body.trim().split('\n');
  };
  const all = 'from=2026-01-01&to=2028-01-01';

  test('S8: compliance, with the numbers of the JSON and headings in the reader’s language', async () => {
    const report = await read(`/service-reports/compliance?${all}`);
    const [heading, total, ...rows] = await asTable(`/service-reports/compliance?${all}`);
    expect(heading).toBe('By,Name,In time,Missed,Of those still waiting,Not counted,"In time, %"');
    const { met, breached, stillOpen, void: uncounted, share } = report.total;
    expect(total).toBe(`All,,${met},${breached},${stillOpen},${uncounted},${Math.round(share * 1_000) / 10}`);
    expect(rows).toHaveLength(report.plans.length + report.queues.length + report.agents.length + report.kinds.length);
    expect((await asTable(`/service-reports/compliance?${all}`, { 'accept-language': 'ru' }))[0]).toBe(
      'По чему,Название,В срок,Просрочено,Из них ещё ждут,Не в счёте,"В срок, %"',
    );
    expect((await asTable('/service-reports/compliance?from=2020-01-01&to=2020-01-01')).slice(1)).toEqual(['All,,0,0,0,0,']);
  });

  test('S8: trend, distribution, and what is about to breach', async () => {
    expect(await asTable('/service-reports/trend?from=2027-02-01&to=2027-03-01&step=week')).toHaveLength(1 + 5);
    const distribution = await read(`/service-reports/distribution?${all}`);
    expect(await asTable(`/service-reports/distribution?${all}`)).toHaveLength(1 + distribution.kinds.length * (3 + 13 + 9));
    const breaching = await read('/service-reports/breaching');
    expect(await asTable('/service-reports/breaching')).toHaveLength(2 + breaching.queues.length);
  });

  test('S8: the list of clocks whole, however many pages it has', async () => {
    const rows = await everyRow(all);
    const [heading, ...lines] = await asTable(`/clock-runs?${all}&limit=1`);
    expect(heading).toMatch(/^Ticket,Subject,Customer,Clock,Outcome,Since,Decided,Due,Ended,Promise,/);
    expect(lines.map((line) => line.split(',')[0])).toEqual(rows.map(({ ticket }) => ticket));
  });

  test('S8: no cell of a name that somebody wrote is run by a spreadsheet', async () => {
    const names = ['=1+1', '+1', '-1', '@SUM(A1)'];
    const queue = await madeQueue(maria, ['=cmd|calc', '+calc'], everyHour, roundTheClock, 60, null);
    for (const subject of names) {
      const { number } = (await customers[0]!.post('/tickets', { subject, body: 'Text', category: queue.category })).body;
      await maria.post(`/tickets/${number}/messages`, { body: 'Done' });
    }
    const lines = await asTable(`/clock-runs?${all}&queue=${queue.id}`);
    for (const subject of names)
      expect(
        lines.some((line) => line.split(',')[1] === `'${subject}`),
        subject,
      ).toBe(true);
    const compliance = await asTable(`/service-reports/compliance?${all}&queue=${queue.id}`);
    expect(compliance.find((line) => line.startsWith('Queue,'))).toMatch(/^Queue,'=cmd\|calc,4,/);
  });

  test('S8: who asks for nothing in particular, or for JSON first, gets JSON', async () => {
    for (const accept of ['*/*', 'application/json', 'text/html, */*;q=0.1', 'application/json, text/csv;q=0.5', 'nonsense'])
      expect((await maria.get('/service-reports/breaching', { accept })).headers.get('content-type'), accept).toContain('json');
    const preferred = await maria.get('/service-reports/breaching', { accept: 'text/csv, application/json;q=0.5' });
    expect(preferred.headers.get('content-type')).toContain('csv');
  });
});

describe('S8, E: what is asked badly', () => {
  test.each([
    ['from=2026-02-31', 400],
    ['from=26-02-01', 400],
    ['from=1999-01-01', 400],
    ['from=2026-11-02&to=2026-11-01', 422],
    ['from=2023-11-23&to=2026-11-23', 422],
    ['from=2026-11-01T00:00:00Z', 400],
    ['zone=Mars/Olympus', 400],
    ['zone=Europe/Moscow%00', 400],
    ['zone=', 400],
    ['agent=me', 400],
    ['agent=usr_x', 400],
    ['plan=sla_%27;drop', 400],
    ['kind=last_response', 400],
    ['step=year', 400],
    ['outcome=met', 400],
    ['unknown=1', 400],
  ])('the trend by %s is refused with %i', async (query, status) => {
    const answer = await maria.get(`/service-reports/trend?${query}`);
    expect(answer.status, JSON.stringify(answer.body)).toBe(status);
    expect(answer.body.error.code).toMatch(status === 400 ? /^request\.invalid$/ : /^service_report\.period_/);
  });

  test.each([
    ['outcome=late', 400],
    ['minutesOver=-1', 400],
    ['minutesOver=1e3', 400],
    ['minutesOver=9999999', 400],
    ['withinHours=25', 400],
    ['perCentUpTo=100001', 400],
    ['limit=101', 400],
    ['ended=1', 400],
    ['ticket=CS-1%20or%201', 400],
  ])('the list by %s is refused with %i', async (query, status) => {
    expect((await maria.get(`/clock-runs?${query}`)).status).toBe(status);
  });

  test.each([
    ['another list’s', ['tickets', '2026-11-01T00:00:00.000Z', 'x']],
    ['no instant', ['clocks', 'soon', '1 fix 2026-11-01T00:00:00.000Z']],
    ['no kind', ['clocks', '2026-11-01T00:00:00.000Z', '1 late 2026-11-01T00:00:00.000Z']],
    ['no number', ['clocks', '2026-11-01T00:00:00.000Z', '99999999999 fix 2026-11-01T00:00:00.000Z']],
    ['no receipt', ['clocks', '2026-11-01T00:00:00.000Z', '1 fix 2026-02-31T00:00:00.000Z']],
    ['an extra word', ['clocks', '2026-11-01T00:00:00.000Z', '1 fix 2026-11-01T00:00:00.000Z or']],
    ['a year that no database knows', ['clocks', '2026-11-01T00:00:00.000Z', '1 fix 0000-01-01T00:00:00.000Z']],
    ['a list', ['clocks', '2026-11-01T00:00:00.000Z', ['1']]],
  ])('a made-up cursor with %s is refused', async (_, cursor) => {
    const spelled = Buffer.from(JSON.stringify(cursor)).toString('base64url');
    const { status, body } = await maria.get(`/clock-runs?cursor=${spelled}`);
    expect([status, body.error.code]).toEqual([400, 'request.cursor_invalid']);
  });

  test('S8: a plan, queue, agent or account that nobody knows has no numbers', async () => {
    const id = (prefix: string) => `${prefix}_${'0'.repeat(26)}`;
    for (const filter of [`plan=${id('sla')}`, `queue=${id('que')}`, `agent=${id('usr')}`, `account=${id('acc')}`])
      expect((await read(`/service-reports/compliance?${filter}`)).total.share).toBeNull();
  });

  test('I8: every member of the staff reads reports, and a customer finds nothing there', async () => {
    const clerk = await kontor.people.staff({ role: 'billing' });
    expect((await clerk.get('/service-reports/compliance')).status).toBe(200);
    for (const path of ['service-reports/compliance', 'clock-runs'])
      expect((await customers[0]!.get(`/api/staff/v1/${path}`)).status).toBe(404);
  });
});
