/**
 * Random lives of tickets, led through the API, and a naive count of what becomes of their clocks: minute by minute, beside and
 * without the product's rules. Whoever keeps promises is the one who lets time pass here.
 */
import { takeTicketStep } from '../../db/repositories/ticket-steps.ts';
import type { Kontor } from '../harness/kontor.ts';
import type { MovableClock } from '../harness/movable-clock.ts';
import type { TestCustomer, TestStaff } from '../harness/people.ts';

export type Kind = 'first_response' | 'next_response' | 'fix';

/** What became of a clock, as it ought to be counted. */
export interface NaiveRun {
  readonly ticket: string;
  readonly kind: Kind;
  readonly plan: string;
  readonly queue: string;
  readonly agent: string | null;
  readonly account: string;
  readonly outcome: 'met' | 'breached' | 'void';
  readonly decidedAt: number;
  /** Whole working minutes; null while the clock stands. */
  readonly taken: number | null;
  readonly allowance: number;
}

/** A queue with what it promises: minutes for an answer, and for a fix, counted by one of two calendars. */
export interface NaiveQueue {
  readonly id: string;
  readonly category: string;
  readonly plan: string;
  readonly response: number;
  readonly fix: number | null;
  readonly worked: (minute: number) => boolean;
}

const subjects = [
  'Panel does not start after the update',
  'Не приходят письма с сайта',
  'Licence key is refused',
  'Backup stops half way',
  'Ошибка при обновлении базы данных',
  'Which ports does the panel need?',
  'Сайт открывается через раз',
];

const minuteMs = 60_000;
export const roundTheClock = () => true;
/** Monday to Friday, nine to six in Moscow, which has been three hours ahead for years. */
export const inMoscowOffice = (minute: number) => {
  const local = new Date(minute * minuteMs + 3 * 3_600_000);
  const [day, hour] = [local.getUTCDay(), local.getUTCHours()];
  return day >= 1 && day <= 5 && hour >= 9 && hour < 18;
};

interface NaiveClock {
  kind: Kind;
  readonly since: number;
  used: number;
  brokenAt: number | null;
}

interface Life {
  readonly number: string;
  readonly by: TestCustomer;
  /** What was promised at the opening, whatever queue it lies in by now. */
  readonly promise: NaiveQueue;
  queue: NaiveQueue;
  status: string;
  assignee: string | null;
  answered: boolean;
  fixed: NaiveRun | null;
  response: NaiveClock | null;
  fix: NaiveClock | null;
}

/** A calendar of Moscow, as an administrator makes it. */
export async function madeCalendar(
  maria: TestStaff,
  name: string,
  weekdays: readonly number[],
  opens: number,
  closes: number,
): Promise<string> {
  const plain = { decree: null, daysOff: [], workingWeekends: [], shortDays: [] };
  const definition = { zone: 'Europe/Moscow', weekdays, opens, closes, honourShortDays: false, years: { 2027: plain, 2028: plain } };
  return (await made(maria, '/calendars', { names: { en: name }, ...definition })).id;
}

/** A queue that promises an answer within so many minutes, and a fix, or none, by a plan of its own. Its names are in English and Russian. */
export async function madeQueue(
  maria: TestStaff,
  [en, ru]: readonly [string, string],
  calendar: string,
  worked: NaiveQueue['worked'],
  response: number,
  fix: number | null,
): Promise<NaiveQueue> {
  const minutes = (amount: number) => ({ amount, unit: 'minutes' });
  const terms = { response: minutes(response), criticalFix: fix === null ? null : minutes(fix), calendar, hours: null };
  const plan = await made(maria, '/sla-plans', { names: { en: `Plan ${en}`, ru: `План «${ru}»` }, rank: 10, ...terms });
  const timingPolicy = (await maria.get('/timing-policies')).body.items[0].id;
  const category = `reports-${Math.random().toString(36).slice(2, 8)}`;
  const queue = await made(maria, '/queues', { category, names: { en, ru }, timingPolicy, slaPlan: plan.id });
  return { id: queue.id, category, plan: plan.id, response, fix, worked };
}

async function made(maria: TestStaff, path: string, body: object): Promise<{ id: string }> {
  const answer = await maria.post(path, body);
  if (answer.status !== 201) throw new Error(`${path} answered ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** The same numbers for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

export class Lives {
  readonly runs: NaiveRun[] = [];
  private readonly lives: Life[] = [];
  private readonly kontor: Kontor;
  private readonly clock: MovableClock;
  private readonly random: () => number;
  private readonly customers: readonly TestCustomer[];
  private readonly staff: readonly TestStaff[];
  private readonly queues: readonly NaiveQueue[];

  constructor(
    kontor: Kontor,
    clock: MovableClock,
    cast: { customers: readonly TestCustomer[]; staff: readonly TestStaff[]; queues: readonly NaiveQueue[] },
    seed: number,
  ) {
    this.kontor = kontor;
    this.clock = clock;
    this.random = randomFrom(seed);
    this.customers = cast.customers;
    this.staff = cast.staff;
    this.queues = cast.queues;
  }

  /** Clocks that have broken their promise and still stand, and those that may still keep it. */
  standing(): { broken: NaiveRun[]; running: (NaiveRun & { left: number })[] } {
    const broken: NaiveRun[] = [];
    const running: (NaiveRun & { left: number })[] = [];
    for (const life of this.lives)
      for (const clock of [life.response, life.fixed ? null : life.fix]) {
        if (!clock) continue;
        const shown = { ...this.runOf(life, clock, 'breached', life.assignee, clock.brokenAt ?? 0), taken: null };
        if (clock.brokenAt !== null) broken.push(shown);
        else if (clock.kind !== 'fix' || worksOn(life)) running.push({ ...shown, left: shown.allowance - clock.used });
      }
    return { broken, running };
  }

  async lead(deeds: number): Promise<void> {
    for (let deed = 0; deed < deeds; deed += 1) {
      await this.passes(Math.ceil(this.random() ** 3 * 400));
      await this.oneDeed();
    }
  }

  /** Tickets that have just come in, a few minutes apart. */
  async openSome(tickets: number): Promise<void> {
    for (let ticket = 0; ticket < tickets; ticket += 1) {
      await this.opens(this.customers[ticket % this.customers.length]!, this.queues[ticket % this.queues.length]!, ticket % 2 === 0);
      await this.passes(7);
    }
  }

  /** Minutes pass one by one for the naive clocks, and at once for the product. */
  async passes(minutes: number): Promise<void> {
    const from = Math.round(this.clock.now().getTime() / minuteMs);
    for (let minute = from; minute < from + minutes; minute += 1) for (const life of this.lives) tick(life, minute);
    this.clock.move(minutes * 60);
    for (;;) {
      const [due] = await this.kontor.db.query<{ id: string; number: string }>(
        `select id, substr(entity, 8) as number from obligation where due_at <= $1 and starts_with(entity, 'ticket:') order by due_at, id limit 1`,
        [this.clock.now()],
      );
      if (!due) break;
      await takeTicketStep(this.kontor.database, this.clock, due.number, due.id);
    }
    const states = await this.kontor.db.query<{ number: number; status: string }>('select number, status from ticket');
    const stateOf = new Map(states.map(({ number, status }) => [number, status]));
    for (const life of this.lives) {
      const status = stateOf.get(Number(life.number.slice(3)))!;
      // A ticket that nobody answered closed by itself meanwhile.
      if (status !== life.status && life.status === 'awaiting_customer') this.closes(life, life.assignee);
      life.status = status;
    }
  }

  private async oneDeed(): Promise<void> {
    const pick = <Thing>(things: readonly Thing[]): Thing => things[Math.floor(this.random() * things.length)]!;
    const dice = this.random();
    // Whoever waits is looked after rather than whoever does not.
    const usual = this.lives.filter(({ status }) => status !== 'archived' && (status !== 'closed' || this.random() < 0.2));
    const waiting = usual.filter(({ response }) => response && !response.brokenAt);
    const life = pick(dice < 0.5 && waiting.length ? waiting : usual);
    if (!life || dice < 0.12) return this.opens(pick(this.customers), pick(this.queues), this.random() < 0.3);
    const agent = pick(this.staff);
    if (dice < 0.5) return this.answers(life, agent, this.random() < 0.25 ? 'staff' : 'customer');
    if (dice < 0.72) return this.asks(life);
    if (life.status === 'closed') return undefined;
    if (dice < 0.8) return this.closed(life, agent);
    if (dice < 0.86) return this.assigned(life, agent);
    if (dice < 0.92) return this.transferred(life, pick(this.queues));
    if (dice < 0.97) return this.fixedBy(life, agent);
    return this.contradicted(life, agent);
  }

  private async done(what: Promise<{ status: number; body: unknown }>): Promise<void> {
    const { status, body } = await what;
    if (status >= 300) throw new Error(`${status}: ${JSON.stringify(body)}`);
  }

  private async opens(by: TestCustomer, queue: NaiveQueue, critical: boolean): Promise<void> {
    const claim = critical ? { severity: 'critical', severitySentence: 'Nobody can sign in' } : {};
    const subject = subjects[this.lives.length % subjects.length]!;
    const opened = await by.post('/tickets', { subject, body: 'It does not start', category: queue.category, ...claim });
    if (opened.status !== 201) throw new Error(JSON.stringify(opened.body));
    const begun = (kind: Kind) => ({ kind, since: this.now(), used: 0, brokenAt: null });
    this.lives.push({
      number: opened.body.number,
      by,
      promise: queue,
      queue,
      status: 'awaiting_staff',
      assignee: null,
      answered: false,
      fixed: null,
      response: begun('first_response'),
      fix: critical && queue.fix !== null ? begun('fix') : null,
    });
  }

  private async answers(life: Life, agent: TestStaff, nextStepBy: 'customer' | 'staff'): Promise<void> {
    await this.done(agent.post(`/tickets/${life.number}/messages`, { body: 'Please try again', nextStepBy }));
    const waits = life.response;
    if (nextStepBy === 'staff' && life.status !== 'awaiting_customer' && life.status !== 'closed') {
      // "We are looking into it" is a first answer; the customer waits on since the same moment.
      if (waits?.kind === 'first_response') {
        this.ends(life, waits, true, agent.id);
        life.response = { ...waits, kind: 'next_response' };
      }
    } else if (waits) {
      this.ends(life, waits, true, agent.id);
      life.response = null;
    }
    life.answered = true;
    await this.readState(life);
  }

  private async asks(life: Life): Promise<void> {
    await this.done(life.by.post(`/tickets/${life.number}/messages`, { body: 'It still does not' }));
    life.response ??= { kind: life.answered ? 'next_response' : 'first_response', since: this.now(), used: 0, brokenAt: null };
    await this.readState(life);
  }

  private async closed(life: Life, agent: TestStaff): Promise<void> {
    await this.done(agent.post(`/tickets/${life.number}/closing`, { reason: null }));
    this.closes(life, agent.id);
  }

  private closes(life: Life, agent: string | null): void {
    if (life.response) this.ends(life, life.response, false, agent);
    if (life.fix && !life.fixed) this.ends(life, life.fix, false, agent);
    Object.assign(life, { response: null, fix: null, fixed: null, status: 'closed' });
  }

  private async assigned(life: Life, agent: TestStaff): Promise<void> {
    if (life.status === 'awaiting_customer' || life.assignee === agent.id) return;
    await this.done(agent.post(`/tickets/${life.number}/assignment`, {}));
    await this.readState(life);
  }

  private async transferred(life: Life, queue: NaiveQueue): Promise<void> {
    if (queue === life.queue) return;
    await this.done(this.staff[0]!.post(`/tickets/${life.number}/transfer`, { category: queue.category }));
    life.queue = queue;
    await this.readState(life);
  }

  private async fixedBy(life: Life, agent: TestStaff): Promise<void> {
    if (!life.fix || life.fixed) return;
    await this.done(agent.post(`/tickets/${life.number}/fix`, {}));
    life.fixed = this.ends(life, life.fix, true, agent.id);
  }

  private async contradicted(life: Life, agent: TestStaff): Promise<void> {
    if (!life.fix || !life.fixed) return;
    await this.done(agent.post(`/tickets/${life.number}/fix-contradiction`));
    this.runs.splice(this.runs.indexOf(life.fixed), 1);
    life.fixed = null;
    await this.readState(life);
  }

  /** The state and whose it is are not what is counted here: they are read. */
  private async readState(life: Life): Promise<void> {
    const [row] = await this.kontor.db.query<{ status: string; assignee: string | null }>(
      'select status, assignee_id as assignee from ticket where number = $1',
      [Number(life.number.slice(3))],
    );
    Object.assign(life, row);
  }

  private now(): number {
    return this.clock.now().getTime();
  }

  private ends(life: Life, clock: NaiveClock, kept: boolean, agent: string | null): NaiveRun {
    const outcome = clock.brokenAt !== null ? 'breached' : kept ? 'met' : 'void';
    const run = this.runOf(life, clock, outcome, agent, clock.brokenAt ?? this.now());
    this.runs.push(run);
    return run;
  }

  private runOf(life: Life, clock: NaiveClock, outcome: NaiveRun['outcome'], agent: string | null, decidedAt: number): NaiveRun {
    return {
      ticket: life.number,
      kind: clock.kind,
      plan: life.promise.plan,
      queue: life.queue.id,
      agent,
      account: life.by.accountId,
      outcome,
      decidedAt,
      taken: clock.used,
      allowance: clock.kind === 'fix' ? life.promise.fix! : life.promise.response,
    };
  }
}

function worksOn({ status, fixed }: Life): boolean {
  return !fixed && (status === 'awaiting_staff' || status === 'in_progress');
}

/** One minute of working time, where it is one: the allowance runs out at the end of its last minute. */
function tick(life: Life, minute: number): void {
  if (!life.promise.worked(minute)) return;
  const { response, fix, promise } = life;
  if (response) run(response, promise.response, minute);
  // What is broken is not paused: that it is must be told, and it goes on until it is fixed.
  if (fix && (fix.brokenAt !== null || worksOn(life))) run(fix, promise.fix!, minute);
}

function run(clock: NaiveClock, allowance: number, minute: number): void {
  clock.used += 1;
  // Due at the end of this minute; broken once more time than that has passed, as the next minute begins, worked or not.
  if (clock.used === allowance) clock.brokenAt ??= (minute + 1) * minuteMs;
}
