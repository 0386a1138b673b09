/**
 * QUALITY R4: thousands of the provider's notifications within ten seconds, for payments that were prepared before. All are
 * answered, none is lost, each payment is credited once, the last within ten minutes.
 */
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestCustomer } from '../harness/people.ts';
import { until } from '../harness/until.ts';
import { Checks } from './checks.ts';
import { insist } from './client.ts';
import { openDesk, type Desk } from './desk.ts';
import { lineOf, type Fault } from './fault.ts';
import { checkInvariants } from './invariants.ts';
import { checkMoney } from './money-invariants.ts';
import { topUpOf } from './payer.ts';

const stormSeconds = 10;
const lastWithinSeconds = 600;
/** Fewer than an account may have open at once. */
const paymentsPerCustomer = 40;
const askersAtOnce = 8;
const amountMinor = 10_000;

export const notificationStorm: Fault = {
  name: 'storm',
  about: 'R4: --notifications payments are paid within ten seconds',
  run: async (ground, { notifications }) => {
    const desk = await openDesk(ground, 'storm');
    try {
      return [await lineOf(`R4 ${notifications} notifications in ${stormSeconds} s`, 1, async () => storm(desk, notifications))];
    } finally {
      await desk.close();
    }
  },
};

async function storm(desk: Desk, notifications: number): Promise<{ checks: number; seen: string }> {
  const checks = new Checks();
  const customers: TestCustomer[] = [];
  while (customers.length * paymentsPerCustomer < notifications) customers.push(await desk.people.customer());
  await ask(customers, notifications);
  await until('all can be paid', async () => (await payable(desk)).length === notifications, 600);

  const doorbell = await startDoorbell(desk);
  const began = performance.now();
  const since = () => (performance.now() - began) / 1000;
  const paid: Promise<void>[] = [];
  for (const [place, id] of (await payable(desk)).entries()) {
    const wait = (place / notifications) * stormSeconds - since();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait * 1000));
    paid.push(desk.simulator.pay(id));
  }
  await Promise.all(paid);
  const told = since();
  await until('all are answered', () => (desk.simulator.counts()['notifications acknowledged'] ?? 0) >= notifications, lastWithinSeconds);
  const answered = since();
  await doorbell.close();
  checks.equal('answers other than 200', doorbell.answers.filter(({ status }) => status !== 200).length, 0);
  await until('all are credited', async () => (await credited(desk)) === notifications, lastWithinSeconds);
  const last = since();
  checks.holds(`the last is credited within ${lastWithinSeconds} s`, last <= lastWithinSeconds, last);
  const [books] = await desk.query<{ sum: string }>(`select sum(balance_minor) from ledger_account where kind = 'paid'`);
  checks.equal('the money of all', Number(books?.sum), notifications * amountMinor);
  await desk.calm(lastWithinSeconds);
  await checkInvariants(checks, desk);
  await checkMoney(checks, desk);
  const seconds = (value: number) => value.toFixed(1);
  return {
    checks: checks.made,
    seen: `paid within ${seconds(told)} s, all answered after ${seconds(answered)} s (p50 ${doorbell.percentile(0.5)} ms, p99 ${doorbell.percentile(0.99)} ms), all credited after ${seconds(last)} s`,
  };
}

async function ask(customers: readonly TestCustomer[], notifications: number): Promise<void> {
  let asked = 0;
  const lane = async () => {
    for (let place = asked; place < notifications; place = asked) {
      asked += 1;
      const { answer } = await insist(customers[place % customers.length]!, topUpOf(amountMinor));
      if (answer.status !== 201) throw new Error(`a top-up was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    }
  };
  await Promise.all(Array.from({ length: askersAtOnce }, lane));
}

async function payable(desk: Desk): Promise<string[]> {
  const rows = await desk.query<{ provider_id: string }>(`select provider_id from payment where confirmation_url is not null order by id`);
  return rows.map((row) => row.provider_id);
}

async function credited(desk: Desk): Promise<number> {
  const [row] = await desk.query<{ count: string }>(`select count(*) from payment where state = 'succeeded'`);
  return Number(row?.count);
}

/** Stands between the provider and the API, passes on what is said, and knows how long each answer took and what it was. */
interface Doorbell {
  readonly answers: readonly { readonly status: number; readonly ms: number }[];
  /** In whole milliseconds. */
  percentile(part: number): number;
  close(): Promise<void>;
}

async function startDoorbell({ api, simulator }: Desk): Promise<Doorbell> {
  const answers: { status: number; ms: number }[] = [];
  const server = createServer((asked, answer) => {
    const since = performance.now();
    const { method, headers } = asked;
    const passed = request(`${api.origin}${asked.url}`, { method, headers, agent: false }, (told) => {
      const status = told.statusCode!;
      answers.push({ status, ms: performance.now() - since });
      told.resume();
      answer.writeHead(status).end();
    });
    passed.on('error', () => {
      answers.push({ status: 0, ms: performance.now() - since });
      answer.destroy();
    });
    asked.pipe(passed);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  simulator.notifyAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/yookassa`);
  return {
    answers,
    percentile: (part) => {
      const sorted = answers.map(({ ms }) => ms).toSorted((a, b) => a - b);
      return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0);
    },
    close: async () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
      }),
  };
}
