/**
 * A light load: pairs of a customer and a member of staff who open, answer, write, close and sign in, one after the
 * other, and remember every answer they were given. What was acknowledged must be there afterwards, once.
 */
import { randomUUID } from 'node:crypto';
import { signedIn, type ApiAnswer, type ApiDriver } from '../harness/api-driver.ts';
import { testPassword, type TestCustomer, type TestPerson } from '../harness/people.ts';
import { until } from '../harness/until.ts';
import type { Checks } from './checks.ts';
import { insist } from './client.ts';
import type { Desk } from './desk.ts';
import { openTicket } from './ticket-witness.ts';

interface Taken {
  readonly phase: string;
  readonly milliseconds: number;
}

interface Pair {
  readonly customer: TestCustomer;
  readonly staff: TestPerson;
  /** Signs in again and again, and is told so by mail: what the others are told is counted. */
  readonly visitor: TestCustomer;
}

export class Load {
  /** Named in what is measured; the fault says when another begins. */
  phase = 'before';
  /** Answers to wishes that told the client to try again, and requests that broke off (undefined). */
  readonly refused: (ApiAnswer | undefined)[] = [];
  refusedSignIns = 0;
  readonly tickets = new Set<string>();
  readonly messages = new Set<string>();
  readonly customers: TestCustomer[] = [];
  private closings = 0;
  private readonly desk: Desk;
  private readonly taken: Taken[] = [];
  private readonly pairs: Pair[] = [];
  private goingOn = false;
  private loops: Promise<void>[] = [];
  private failure: unknown;

  /** People read before they write: without a pause it is a benchmark, with a long one a light load. */
  private readonly pauseMs: number;

  private constructor(desk: Desk, pauseMs: number) {
    this.desk = desk;
    this.pauseMs = pauseMs;
  }

  static async of(desk: Desk, { pairs, pauseMs }: { pairs: number; pauseMs: number }): Promise<Load> {
    const load = new Load(desk, pauseMs);
    for (let pair = 0; pair < pairs; pair += 1) {
      const [customer, staff, visitor] = [await desk.people.customer(), await desk.people.staff(), await desk.people.customer()];
      load.pairs.push({ customer, staff, visitor });
      load.customers.push(customer);
    }
    return load;
  }

  start(): void {
    this.goingOn = true;
    this.loops = this.pairs.map((pair) => this.live(pair).catch((error: unknown) => void (this.failure ??= error)));
  }

  /** Lets everybody finish what he is at. */
  async pause(): Promise<void> {
    this.goingOn = false;
    await Promise.all(this.loops);
    if (this.failure) throw this.failure as Error;
  }

  /** Answered requests of a phase: how many, and how long the half and nearly all of them took. */
  measured(phase: string): { requests: number; p50: number; p99: number } {
    const sorted = this.taken
      .filter((each) => each.phase === phase)
      .map((each) => each.milliseconds)
      .toSorted((a, b) => a - b);
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
    return { requests: sorted.length, p50: at(0.5), p99: at(0.99) };
  }

  get acknowledged(): { tickets: number; messages: number; closings: number } {
    return { tickets: this.tickets.size, messages: this.tickets.size + this.messages.size, closings: this.closings };
  }

  private async live({ customer, staff, visitor }: Pair): Promise<void> {
    for (let turn = 0; this.goingOn; turn += 1) {
      const opened = await this.ask(
        customer,
        '/tickets',
        { subject: 'The backup stopped', body: 'Since this morning.', category: 'technical' },
        201,
      );
      const number = opened.body.number as string;
      this.tickets.add(number);
      for (const [by, body] of [
        [staff, 'Which server?'],
        [customer, 'The second one.'],
        [staff, 'It runs again.'],
      ] as const) {
        const written = await this.ask(by, `/tickets/${number}/messages`, { body }, 201);
        this.messages.add(written.body.messageId as string);
      }
      if (turn % 2) await this.ask(staff, `/tickets/${number}/closing`, { reason: null }, 200);
      else await this.ask(customer, `/tickets/${number}/resolution`, undefined, 200);
      this.closings += 1;
      if (turn % 4 === 0) await this.signIn(visitor);
    }
  }

  private async ask(by: ApiDriver, path: string, body: unknown, wanted: number): Promise<ApiAnswer> {
    const began = performance.now();
    const { answer, before } = await insist(by, { path, body, key: randomUUID() });
    if (before.length === 0) this.taken.push({ phase: this.phase, milliseconds: performance.now() - began });
    this.refused.push(...before);
    if (answer.status !== wanted) throw new Error(`${path} answered ${answer.status} ${answer.body.error?.code}`);
    await new Promise((resolve) => setTimeout(resolve, this.pauseMs));
    return answer;
  }

  /** As a customer: an app gives one code in half a minute, and the password is what takes the time. */
  private async signIn(visitor: TestCustomer): Promise<void> {
    const began = performance.now();
    try {
      await signedIn(this.desk.api.origin, 'customer', visitor.email, testPassword);
      this.taken.push({ phase: `${this.phase}, sign-in`, milliseconds: performance.now() - began });
    } catch (error) {
      if (!/answered 503/.test(String(error))) throw error;
      this.refusedSignIns += 1;
    }
  }
}

/**
 * Each customer opens one ticket more, whose mail goes the way of all the others: once it has come, what has not come
 * will not come.
 */
export async function sendMarkers(desk: Desk, customers: readonly TestCustomer[]): Promise<void> {
  await Promise.all(
    customers.map(async (customer) => {
      const number = await openTicket(customer, 'technical', 'Marker');
      await until(
        'the marker’s mail is there',
        () => desk.mail.to(customer.email).some((mail) => mail.subject === `[${number}] Marker`),
        75,
      );
    }),
  );
}

/** Every acknowledged wish is there and no other, and each was told once, in the product and by mail. @returns mails that came again */
export async function checkAcknowledged(checks: Checks, desk: Desk, load: Load): Promise<number> {
  const accounts = load.customers.map((customer) => customer.accountId);
  const mine = `from ticket t where t.account_id = any($1) and t.subject <> 'Marker'`;
  const tickets = await desk.query<{ number: number }>(`select t.number ${mine}`, [accounts]);
  checks.equal(
    'tickets: those acknowledged, no other',
    tickets.map(({ number }) => `CS-${String(number).padStart(6, '0')}`).toSorted(),
    [...load.tickets].toSorted(),
  );
  const messages = await desk.query<{ id: string }>(`select m.id from message m where m.ticket_number in (select t.number ${mine})`, [
    accounts,
  ]);
  checks.equal('messages: those acknowledged, no other', messages.length, load.acknowledged.messages);
  const written = new Set(messages.map((message) => message.id));
  checks.equal(
    'acknowledged messages that are lost',
    [...load.messages].filter((id) => !written.has(id)),
    [],
  );
  const closings = await desk.query(
    `select 1 from ticket_event e where e.kind in ('close', 'resolve') and e.ticket_number in (select t.number ${mine})`,
    [accounts],
  );
  checks.equal('closings: those acknowledged, no other', closings.length, load.acknowledged.closings);
  return checkTold(checks, desk, load.customers);
}

/** What history says of the customers' tickets, they were told of: once in the product, once by mail. @returns mails that came again */
export async function checkTold(checks: Checks, desk: Desk, customers: readonly TestCustomer[]): Promise<number> {
  let again = 0;
  for (const customer of customers) {
    const wanted = await desk.query<{ event: string; n: string }>(
      `select case e.kind when 'opened' then 'ticket.created' when 'staff_message' then 'ticket.answered' when 'warn' then 'ticket.about_to_close' else 'ticket.closed' end as event, count(*) as n
        from ticket_event e join ticket t on t.number = e.ticket_number
        where t.account_id = $1 and e.kind in ('opened', 'staff_message', 'warn', 'close', 'auto_close') group by 1 order by 1`,
      [customer.accountId],
    );
    const told = await desk.query<{ event: string; n: string }>(
      'select event, count(*) as n from notification where recipient_id = $1 group by 1 order by 1',
      [customer.id],
    );
    checks.equal(`what ${customer.email} was told`, told, wanted);
    const mails = desk.mail.to(customer.email);
    const different = new Set(mails.map((mail) => mail.messageId)).size;
    checks.equal(
      `mails to ${customer.email}, by Message-ID`,
      different,
      wanted.reduce((sum, each) => sum + Number(each.n), 0),
    );
    again += mails.length - different;
  }
  return again;
}
