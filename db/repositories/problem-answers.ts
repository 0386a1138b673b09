/**
 * One answer to every ticket that is linked to a problem (SPEC T20): long work whose items are the tickets, each answered
 * in a transaction of its own that also says so.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { StaffActor } from '../../domain/actor.ts';
import { isRefusal, refuse, type Refusal } from '../../domain/errors.ts';
import { readTicketNumber, spellTicketNumber } from '../../domain/ids.ts';
import type { JobState } from '../../domain/job.ts';
import { inLocale, type LocalisedText } from '../../domain/locale.ts';
import { deliverWithinSeconds, recipientsOf } from '../../domain/notification.ts';
import { changeStanding, type ProblemStatus } from '../../domain/problem.ts';
import { ticketEntity, type Channel } from '../../domain/ticket.ts';
import { auditWish } from '../audit.ts';
import { newId } from '../new-id.ts';
import { entityOf, type OutboxMessage } from '../outbox.ts';
import type { Wish } from '../wish.ts';
import { beginJob, type ItemOutcome, type JobFacts, type JobRule } from './job-row.ts';
import { linkedNumbers, lockProblem } from './problems.ts';
import { titlesOf } from './scope-refusals.ts';
import { tellHistory, type Deed } from './ticket-deed.ts';
import { entitySql, lockTicket, type LockedTicket } from './ticket-row.ts';
import { replyAsStaff } from './ticket-wishes.ts';

export interface NewProblemAnswer {
  readonly text: LocalisedText;
  /** Who is next in every ticket: the customer, and silence starts to count; or staff. */
  readonly nextStepBy: 'customer' | 'staff';
  readonly status?: ProblemStatus | undefined;
  readonly fixedIn?: string | null | undefined;
}

/**
 * Begins an answer to every ticket that is linked now: one that is linked while it runs does not get it, one that is
 * unlinked before its turn does not either. One answer at a time: whoever presses twice must not write twice to all.
 */
export async function answerProblem(wish: Wish<StaffActor>, id: string, wanted: NewProblemAnswer): Promise<{ id: string } | Refusal> {
  const { em, actor } = wish;
  const at = wish.clock.now();
  const problem = await lockProblem(em, id);
  if (!problem) return refuse('problem.not_found');
  const standing = changeStanding(problem, wanted);
  if (isRefusal(standing)) return standing;
  const running = await em.execute<unknown[]>(
    `select 1 from problem_answer a join job j on j.id = a.job_id where a.problem_id = ? and j.state = 'running'`,
    [id],
  );
  if (running.length > 0) return refuse('problem.answer_running');
  const numbers = await linkedNumbers(em, id);
  if (numbers.length === 0) return refuse('problem.nobody_linked');
  const answerId = newId('problemAnswer', at);
  const jobId = await beginJob(em, at, {
    kind: 'problem_answer',
    params: { answer: answerId, problem: id },
    startedById: actor.userId,
    entities: numbers.map((number) => ticketEntity(spellTicketNumber(number))),
  });
  await em.execute(
    `insert into problem_answer (id, problem_id, job_id, text, next_step_by, status, fixed_in, given_by_id, given_at, channel, request_id, address)
      values (?, ?, ?, ?::jsonb, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      answerId,
      id,
      jobId,
      JSON.stringify(wanted.text),
      wanted.nextStepBy,
      standing.status,
      standing.fixedIn,
      actor.userId,
      at,
      wish.channel,
      wish.requestId,
      wish.address,
    ],
  );
  await em.execute('update problem set status = ?, fixed_in = ?, revision = revision + 1, updated_at = ? where id = ?', [
    standing.status,
    standing.fixedIn,
    at,
    id,
  ]);
  await auditWish(wish, 'problem.answer', `problem:${id}`, at, {
    before: { status: problem.status },
    after: { status: standing.status, answer: answerId },
  });
  return { id: answerId };
}

export interface ProblemAnswerView {
  readonly id: string;
  readonly jobId: string;
  readonly text: LocalisedText;
  readonly nextStepBy: 'customer' | 'staff';
  readonly status: ProblemStatus;
  readonly fixedIn: string | null;
  readonly givenBy: { readonly id: string; readonly name: string };
  readonly givenAt: Date;
  readonly state: JobState;
  readonly total: number;
  /** Tickets that have it: by a message, or by a notification of those who took part in an archived one. */
  readonly done: number;
  readonly skipped: number;
}

/** The answers that were given to a problem, the newest first: the last 50. */
export async function listProblemAnswers(em: EntityManager, id: string): Promise<ProblemAnswerView[]> {
  return answers(em, 'a.problem_id = ? order by a.given_at desc, a.id desc limit 50', id);
}

export async function findProblemAnswer(em: EntityManager, id: string): Promise<ProblemAnswerView | undefined> {
  return (await answers(em, 'a.id = ?', id))[0];
}

async function answers(em: EntityManager, where: string, value: string): Promise<ProblemAnswerView[]> {
  const rows = await em.execute<(Omit<ProblemAnswerView, 'givenAt'> & { givenAt: string })[]>(
    `select a.id, a.job_id as "jobId", a.text, a.next_step_by as "nextStepBy", a.status, a.fixed_in as "fixedIn", a.given_at as "givenAt",
        jsonb_build_object('id', u.id, 'name', u.name) as "givenBy", j.state, j.total, j.done, j.skipped
      from problem_answer a join job j on j.id = a.job_id join app_user u on u.id = a.given_by_id where ${where}`,
    [value],
  );
  return rows.map((row) => ({ ...row, givenAt: new Date(row.givenAt) }));
}

interface StoredAnswer {
  readonly id: string;
  readonly jobId: string;
  readonly problemId: string;
  readonly title: LocalisedText;
  readonly text: LocalisedText;
  readonly nextStepBy: 'customer' | 'staff';
  readonly givenById: string;
  readonly role: StaffActor['role'];
  readonly channel: Channel;
  readonly requestId: string;
  readonly address: string;
}

/** What the job does with one ticket. Once each: the item's row and the answer's row of the ticket are written together. */
export const problemAnswerRule: JobRule = {
  async take(em: EntityManager, job: JobFacts, entity: string, at: Date): Promise<ItemOutcome> {
    const linked = readTicketNumber(entity.slice(ticketEntity('').length))!;
    const number = await whereItWentOn(em, linked);
    const locked = await lockTicket(em, number);
    if (!locked) return { state: 'skipped', why: 'not_applicable' };
    // Merged in this very moment: the next try finds where it went on.
    if (locked.ticket.mergedInto !== null) throw new Error('the ticket is being merged');
    const answer = await storedAnswer(em, job.params['answer']!);
    if (!(await isStillLinked(em, answer.problemId, linked, number))) return { state: 'skipped', why: 'moved_on' };
    const told = await em.execute<unknown[]>('select 1 from problem_answer_ticket where answer_id = ? and ticket_number = ?', [
      answer.id,
      number,
    ]);
    if (told.length > 0) return { state: 'skipped', why: 'unchanged' };
    const messageId =
      locked.ticket.status === 'archived' ? await tellArchived(em, answer, locked, at) : await write(em, answer, number, at);
    await em.execute('insert into problem_answer_ticket (answer_id, ticket_number, message_id, at) values (?, ?, ?, ?)', [
      answer.id,
      number,
      messageId,
      at,
    ]);
    return { state: 'done' };
  },
};

async function storedAnswer(em: EntityManager, id: string): Promise<StoredAnswer> {
  const [row] = await em.execute<StoredAnswer[]>(
    `select a.id, a.job_id as "jobId", a.problem_id as "problemId", p.title, a.text, a.next_step_by as "nextStepBy", a.given_by_id as "givenById", u.staff_role as role,
        a.channel, a.request_id as "requestId", a.address
      from problem_answer a join problem p on p.id = a.problem_id join app_user u on u.id = a.given_by_id where a.id = ?`,
    [id],
  );
  return row!;
}

/** The ticket that a merged one went on in; itself when it was not merged. */
async function whereItWentOn(em: EntityManager, number: number): Promise<number> {
  const [row] = await em.execute<{ number: number }[]>(
    `with recursive way (number, next) as (
        select t.number, t.merged_into from ticket t where t.number = ?
        union all select t.number, t.merged_into from way w join ticket t on t.number = w.next)
      select number from way where next is null`,
    [number],
  );
  return row?.number ?? number;
}

/** By itself, or by the ticket it went on in, to which its links move. */
async function isStillLinked(em: EntityManager, problemId: string, linked: number, wentOnIn: number): Promise<boolean> {
  const rows = await em.execute<unknown[]>('select 1 from problem_ticket where problem_id = ? and ticket_number in (?, ?)', [
    problemId,
    linked,
    wentOnIn,
  ]);
  return rows.length > 0;
}

/** Writes the answer in the language of whoever opened the ticket, as the one who gave it would. */
async function write(em: EntityManager, answer: StoredAnswer, number: number, at: Date): Promise<string> {
  const [opener] = await em.execute<{ locale: string }[]>(
    'select u.locale from ticket t join app_user u on u.id = t.opened_by_id where t.number = ?',
    [number],
  );
  const { channel, requestId, address, givenById: userId, role } = answer;
  const wish = { em, clock: { now: () => at }, channel, requestId, address, actor: { kind: 'staff', userId, role } as const };
  const written = await replyAsStaff(wish, number, inLocale(answer.text, opener!.locale), answer.nextStepBy, { toMany: true });
  if (isRefusal(written)) throw new Error(`an open ticket refused an answer: ${written.refused}`);
  return written.messageId;
}

/**
 * Nobody can write in an archived ticket: those who took part are told by a notification and a mail, one each for the whole
 * answer, unless they read it in another ticket of theirs, which may have its turn later.
 */
async function tellArchived(em: EntityManager, answer: StoredAnswer, { ticket }: LockedTicket, at: Date): Promise<null> {
  const members = await em.execute<{ user_id: string }[]>(
    `select p.user_id from ticket_participant p join membership m on m.user_id = p.user_id and m.account_id = ?
      where p.ticket_number = ?
        and not exists (
          select 1 from notification n join problem_answer_ticket t on t.message_id = n.message_id where n.recipient_id = p.user_id and t.answer_id = ?)
        and not exists (
          select 1 from ticket_participant other join ticket o on o.number = other.ticket_number and o.status <> 'archived'
              join problem_ticket l on l.ticket_number = o.number and l.problem_id = ?
              join job_item i on i.job_id = ? and i.entity = ${entitySql('o.number')}
            where other.user_id = p.user_id)`,
    [ticket.accountId, ticket.number, answer.id, answer.problemId, answer.jobId],
  );
  const recipients = recipientsOf(
    'problem.answered',
    members.map(({ user_id }) => user_id),
    null,
  );
  await notifyOnce(em, answer.id, ticket.number, recipients, at);
  const { channel, requestId, address, givenById } = answer;
  const deed: Deed = { at, by: { side: 'staff', id: givenById }, channel, requestId, address };
  await tellHistory(em, deed, ticket, {
    kind: 'problem_answered',
    data: { problem: answer.problemId, ...titlesOf(answer.title) },
    audited: { problem: answer.problemId, answer: answer.id },
  });
  return null;
}

async function notifyOnce(em: EntityManager, answerId: string, number: number, recipients: readonly string[], at: Date): Promise<void> {
  if (recipients.length === 0) return;
  const event = 'problem.answered';
  const rows = recipients.map((recipient) => {
    const delivery = newId('delivery', at);
    const wanted: OutboxMessage = { kind: 'delivery.wanted', deliveryId: delivery, event, number: spellTicketNumber(number) };
    return { recipient, notification: newId('notification', at), delivery, entity: entityOf(wanted), wanted };
  });
  const about = {
    event,
    key: `${event}:${answerId}`,
    answer: answerId,
    number,
    at,
    before: new Date(at.getTime() + deliverWithinSeconds[event] * 1000),
    topic: { what: 'notification', ticket: spellTicketNumber(number) },
  };
  await em.execute(notify, [JSON.stringify(about), JSON.stringify(rows)]);
}

const notify = `
with about as (
  select * from jsonb_to_record(?::jsonb) as a (event text, key text, answer text, number integer, at timestamptz, before timestamptz, topic jsonb)),
told as (
  select * from jsonb_to_recordset(?::jsonb) as t (recipient text, notification text, delivery text, entity text, wanted jsonb)),
noted as (
  insert into notification (id, recipient_id, category, event, event_key, ticket_number, problem_answer_id, created_at)
    select told.notification, told.recipient, 'support', event, key, number, answer, at from told, about
  on conflict (recipient_id, event_key) do nothing returning id),
fresh as (
  select told.* from told join noted on noted.id = told.notification),
fed as (
  insert into change_feed (at, topic, staff, user_id) select at, topic, false, recipient from fresh, about),
sent as (
  insert into delivery (id, notification_id, channel, state, deliver_before, attempts)
    select delivery, notification, 'email', 'pending', before, 0 from fresh, about)
insert into outbox (entity, message, created_at) select entity, wanted, at from fresh, about`;
