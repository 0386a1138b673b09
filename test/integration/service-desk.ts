/**
 * A desk for tests of what moves the clocks of service levels: time stands still but for what a test lets pass, the working
 * week is that of an office in Moscow without holidays, and whoever keeps promises is the test itself.
 */
import { workOnJob } from '../../db/repositories/jobs.ts';
import { readTicketPlan, takeTicketStep } from '../../db/repositories/ticket-steps.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { MovableClock } from '../harness/movable-clock.ts';
import type { TestCustomer, TestStaff } from '../harness/people.ts';

/** Local time in Moscow, in March 2030: the 4th, the 11th, the 18th and the 25th are Mondays. */
export function march(day: number, time: string): Date {
  return new Date(`2030-03-${String(day).padStart(2, '0')}T${time}:00+03:00`);
}

export interface Queue {
  readonly id: string;
  readonly category: string;
}

export interface ShownClock {
  readonly what: string;
  readonly state: string;
  readonly since: string;
  readonly dueAt: string | null;
  readonly warnsAt: string | null;
  readonly breachedAt: string | null;
  readonly leftMinutes: number;
  readonly calendar: { readonly id: string; readonly version: number };
}

export interface MovedStep {
  readonly what: string;
  readonly old: string | null;
  readonly new: string | null;
  readonly note: string | null;
}

/** Monday to Friday, nine hours a day. */
const week = { zone: 'Europe/Moscow', weekdays: [1, 2, 3, 4, 5], opens: 660, closes: 1_200, honourShortDays: false };

export class ServiceDesk {
  readonly kontor: Kontor;
  readonly clock: MovableClock;
  readonly maria: TestStaff;
  readonly oleg: TestStaff;
  readonly calendar: string;

  static async open(): Promise<ServiceDesk> {
    const clock = new MovableClock();
    const kontor = await startKontor({ promises: false, clock, signInAgain: true });
    clock.stop();
    clock.move((march(11, '12:00').getTime() - clock.now().getTime()) / 1000);
    const maria = await kontor.people.staff({ role: 'administrator', name: 'Maria Orlova' });
    const oleg = await kontor.people.staff({ name: 'Oleg Sidorov' });
    const made = accepted(await maria.post('/calendars', { names: { en: 'Office' }, ...week, years: {} }));
    return new ServiceDesk({ kontor, clock, maria, oleg, calendar: made.body.id });
  }

  private constructor(parts: Pick<ServiceDesk, 'kontor' | 'clock' | 'maria' | 'oleg' | 'calendar'>) {
    this.kontor = parts.kontor;
    this.clock = parts.clock;
    this.maria = parts.maria;
    this.oleg = parts.oleg;
    this.calendar = parts.calendar;
  }

  /** Lets time pass until then, in which nobody keeps promises. */
  at(instant: Date): void {
    this.clock.move((instant.getTime() - this.clock.now().getTime()) / 1000);
  }

  /** Back to where every test begins: a Monday at noon. */
  beginAgain(): void {
    this.at(march(11, '12:00'));
  }

  async makeCalendar(): Promise<string> {
    return (await this.maria.post('/calendars', { names: { en: `Office ${Math.random()}` }, ...week, years: {} })).body.id;
  }

  /** Adds a day off to a calendar: another version of it. */
  async decree(calendar: string, ...daysOff: string[]): Promise<void> {
    const { revision } = (await this.maria.get(`/calendars/${calendar}`)).body;
    const years = { '2030': { decree: null, daysOff, workingWeekends: [], shortDays: [] } };
    accepted(await this.maria.patch(`/calendars/${calendar}`, { years }, { 'if-match': `"${revision}"` }));
  }

  /** Sixteen hours for an answer, five days for a critical fix, unless it is said otherwise. */
  async plan(terms: object = {}): Promise<string> {
    const promised = {
      response: { amount: 16, unit: 'hours' },
      criticalFix: { amount: 5, unit: 'days' },
      calendar: this.calendar,
      hours: null,
    };
    const names = { en: `Plan ${Math.random()}` };
    const made = accepted(await this.maria.post('/sla-plans', { names, rank: 10, ...promised, ...terms }));
    return made.body.id;
  }

  async changePlan(id: string, terms: object): Promise<void> {
    const { revision } = (await this.maria.get(`/sla-plans/${id}`)).body;
    accepted(await this.maria.patch(`/sla-plans/${id}`, terms, { 'if-match': `"${revision}"` }));
  }

  /** Closes a week after the last answer. */
  async queue(slaPlan: string | null): Promise<Queue> {
    const policies: { id: string; autoCloseAfterSeconds: number }[] = (await this.maria.get('/timing-policies')).body.items;
    const timingPolicy = policies.find(({ autoCloseAfterSeconds }) => autoCloseAfterSeconds === 604_800)!.id;
    const category = `queue-${Math.random().toString(36).slice(2, 10)}`;
    const made = accepted(await this.maria.post('/queues', { category, names: { en: category }, timingPolicy, slaPlan }));
    return made.body;
  }

  async open(by: TestCustomer, queue: Queue, more: object = {}): Promise<string> {
    const opened = accepted(
      await by.post('/tickets', { subject: 'A panel', body: 'It does not start', category: queue.category, ...more }),
    );
    return opened.body.number;
  }

  answer(number: string, more: object = {}) {
    return this.oleg.post(`/tickets/${number}/messages`, { body: 'Please try again', ...more });
  }

  async clocksOf(number: string): Promise<Record<string, ShownClock>> {
    return Object.fromEntries((await this.oleg.get(`/tickets/${number}`)).body.clocks.map((each: ShownClock) => [each.what, each]));
  }

  async dueAt(number: string, what = 'first_response'): Promise<Date | null> {
    const due = (await this.clocksOf(number))[what]?.dueAt;
    return due ? new Date(due) : null;
  }

  /** Does a piece of long work to its end, as the worker would. */
  async work(job: string): Promise<{ state: string; total: number; done: number; skipped: number }> {
    for (;;) {
      const progress = await workOnJob({ database: this.kontor.database, clock: this.clock }, job, () => true);
      if (progress?.state !== 'running') return progress as never;
    }
  }

  /** Applies what has changed to open tickets, and waits until that is done. */
  async retime(scope: string, id: string) {
    const begun = accepted(await this.maria.post('/service-retimings', { scope, id }));
    return { job: begun.body.job as string, ...(await this.work(begun.body.job)) };
  }

  async preview(scope: string, id: string) {
    const looked = accepted(await this.maria.post('/service-retimings/preview', { scope, id }));
    return looked.body;
  }

  async itemsOf(job: string): Promise<Record<string, any>[]> {
    return (await this.maria.get(`/jobs/${job}?limit=100`)).body.items.items;
  }

  /** Takes what is due and not held, one step after the other, as the ticket's workflow would. */
  async look(number: string, most = Number.POSITIVE_INFINITY): Promise<string[]> {
    const taken: string[] = [];
    for (;;) {
      const found = await readTicketPlan(this.kontor.database, this.clock, number);
      const due = found?.steps.find((step) => step.heldUntil === undefined && new Date(step.dueAt) <= this.clock.now());
      if (!due || taken.length >= most) return taken;
      taken.push(due.kind);
      await takeTicketStep(this.kontor.database, this.clock, number, due.id);
    }
  }

  /** What the ticket's clocks promise, and what is waited for: the rows of its next steps. Both are the same, or something is lost. */
  async promisesOf(number: string): Promise<{ readonly promised: string[]; readonly awaited: string[] }> {
    const { clocks } = (await this.oleg.get(`/tickets/${number}`)).body;
    const promised = clocks.flatMap(({ what, state, dueAt, warnsAt }: ShownClock) =>
      state === 'running' ? [...(warnsAt ? [`${what}_warning ${warnsAt}`] : []), `${what}_breach ${dueAt}`] : [],
    );
    const rows = await this.kontor.db.query<{ kind: string; due_at: Date }>(
      `select kind, due_at from obligation where entity = $1 and kind like any(array['%\\_warning', '%\\_breach'])`,
      [`ticket:${number}`],
    );
    const awaited = rows.map(({ kind, due_at: dueAt }) => `${kind} ${dueAt.toISOString()}`);
    return { promised: promised.toSorted(), awaited: awaited.toSorted() };
  }
}

/** The answer, if it is none of refusal. */
export function accepted<Answer extends { readonly status: number; readonly body: any }>(answer: Answer): Answer {
  if (answer.status >= 300) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}
