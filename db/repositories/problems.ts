/** Problems and wishes that many tickets are about (SPEC T20): found once by staff, read by customers on their own ticket. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { StaffActor } from '../../domain/actor.ts';
import { isRefusal, refuse, type Refusal } from '../../domain/errors.ts';
import type { LocalisedText } from '../../domain/locale.ts';
import { changeStanding, maxProblemsOfTicket, type ProblemKind, type ProblemStatus } from '../../domain/problem.ts';
import type { TicketStatus } from '../../domain/ticket-life.ts';
import { auditWish } from '../audit.ts';
import { givenIn, type Change } from '../change.ts';
import { newId } from '../new-id.ts';
import type { Window } from '../window.ts';
import type { Wish } from '../wish.ts';
import { titlesOf } from './scope-refusals.ts';
import { deedOf, tellHistory } from './ticket-deed.ts';
import { lockTicket } from './ticket-row.ts';

export interface Problem {
  readonly id: string;
  readonly kind: ProblemKind;
  /** What staff call it among themselves. */
  readonly internalTitle: string;
  /** What customers read. */
  readonly title: LocalisedText;
  readonly text: LocalisedText;
  readonly status: ProblemStatus;
  readonly fixedIn: string | null;
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface ProblemView extends Problem {
  readonly tickets: { readonly total: number; readonly archived: number };
}

const columns = `p.id, p.kind, p.internal_title as "internalTitle", p.title, p.text, p.status, p.fixed_in as "fixedIn", p.revision,
  p.created_at as "createdAt", p.updated_at as "updatedAt"`;
const counted = `${columns}, (select jsonb_build_object('total', count(*), 'archived', count(*) filter (where t.status = 'archived'))
    from problem_ticket l join ticket t on t.number = l.ticket_number where l.problem_id = p.id) as tickets`;

type Row<Found extends Problem> = Omit<Found, 'createdAt' | 'updatedAt'> & { createdAt: string; updatedAt: string };

function problemOf<Found extends Problem>(row: Row<Found>): Found {
  return { ...row, createdAt: new Date(row.createdAt), updatedAt: new Date(row.updatedAt) } as unknown as Found;
}

export interface ProblemFilter {
  readonly q?: string | undefined;
  readonly kind?: ProblemKind | undefined;
  readonly status?: ProblemStatus | undefined;
}

/** Problems and wishes, the one changed last first. `q` is looked for in every title and public text. */
export async function listProblems(
  em: EntityManager,
  filter: ProblemFilter,
  window: Window,
): Promise<{ items: ProblemView[]; more: boolean }> {
  const sql = ['true'];
  const values: unknown[] = [];
  const add = (condition: string, ...given: unknown[]) => {
    sql.push(condition);
    values.push(...given);
  };
  if (filter.q !== undefined) {
    const like = `%${filter.q.replaceAll(/[\\%_]/g, (special) => `\\${special}`)}%`;
    add(
      `(p.internal_title ilike ? or exists (select 1 from jsonb_each_text(p.title) w where w.value ilike ?) or exists (select 1 from jsonb_each_text(p.text) w where w.value ilike ?))`,
      like,
      like,
      like,
    );
  }
  if (filter.kind !== undefined) add('p.kind = ?', filter.kind);
  if (filter.status !== undefined) add('p.status = ?', filter.status);
  if (window.after) add('(p.updated_at, p.id) < (?::timestamptz, ?)', window.after.at, window.after.id);
  const rows = await em.execute<Row<ProblemView>[]>(
    `select ${counted} from problem p where ${sql.join(' and ')} order by p.updated_at desc, p.id desc limit ?`,
    [...values, window.limit + 1],
  );
  return { items: rows.slice(0, window.limit).map((row) => problemOf(row)), more: rows.length > window.limit };
}

export async function findProblem(em: EntityManager, id: string): Promise<ProblemView | undefined> {
  const [row] = await em.execute<Row<ProblemView>[]>(`select ${counted} from problem p where p.id = ?`, [id]);
  return row && problemOf(row);
}

export interface ProblemWords {
  readonly kind: ProblemKind;
  readonly internalTitle: string;
  readonly title: LocalisedText;
  readonly text: LocalisedText;
  readonly status: ProblemStatus;
  readonly fixedIn: string | null;
}

export async function addProblem(wish: Wish<StaffActor>, wanted: ProblemWords): Promise<ProblemView | Refusal> {
  const { em, actor } = wish;
  const at = wish.clock.now();
  const standing = changeStanding({ status: 'confirmed', fixedIn: null }, wanted);
  if (isRefusal(standing)) return standing;
  const id = newId('problem', at);
  await em.execute(
    `insert into problem (id, kind, internal_title, title, text, status, fixed_in, revision, created_by_id, created_at, updated_at)
      values (?, ?, ?, ?::jsonb, ?::jsonb, ?, ?, 1, ?, ?, ?)`,
    [
      id,
      wanted.kind,
      wanted.internalTitle,
      JSON.stringify(wanted.title),
      JSON.stringify(wanted.text),
      standing.status,
      standing.fixedIn,
      actor.userId,
      at,
      at,
    ],
  );
  await auditWish(wish, 'problem.add', `problem:${id}`, at, { after: { kind: wanted.kind, status: standing.status } });
  return (await findProblem(em, id))!;
}

/**
 * Changes a problem's words or where it stands. Nobody is written to: that is an answer.
 * @param known the revision that the change was made on; undefined when the caller does not say
 */
export async function changeProblem(
  wish: Wish<StaffActor>,
  id: string,
  known: number | undefined,
  change: Change<ProblemWords>,
): Promise<ProblemView | Refusal> {
  const { em } = wish;
  const at = wish.clock.now();
  const before = await lockProblem(em, id);
  if (!before) return refuse('problem.not_found');
  if (known !== undefined && known !== before.revision) return refuse('request.stale');
  const standing = changeStanding(before, change);
  if (isRefusal(standing)) return standing;
  const after = { ...before, ...givenIn(change), ...standing };
  await em.execute(
    `update problem set kind = ?, internal_title = ?, title = ?::jsonb, text = ?::jsonb, status = ?, fixed_in = ?, revision = revision + 1,
        updated_at = ? where id = ?`,
    [after.kind, after.internalTitle, JSON.stringify(after.title), JSON.stringify(after.text), after.status, after.fixedIn, at, id],
  );
  await auditWish(wish, 'problem.change', `problem:${id}`, at, {
    before: { kind: before.kind, status: before.status },
    after: { kind: after.kind, status: after.status },
  });
  return (await findProblem(em, id))!;
}

/** Locks a problem's row, after whatever ticket is locked, and reads it as it is then. */
export async function lockProblem(em: EntityManager, id: string): Promise<Problem | undefined> {
  const [row] = await em.execute<Row<Problem>[]>(`select ${columns} from problem p where p.id = ? for no key update`, [id]);
  return row && problemOf(row);
}

export interface LinkedTicket {
  readonly number: number;
  readonly subject: string;
  readonly status: TicketStatus;
  readonly account: { readonly id: string; readonly name: string };
  readonly linkedAt: Date;
}

/** The tickets linked to a problem, the one linked last first. */
export async function listLinkedTickets(
  em: EntityManager,
  id: string,
  window: { readonly limit: number; readonly after?: { readonly at: string; readonly number: number } | undefined },
): Promise<{ items: LinkedTicket[]; more: boolean }> {
  const rows = await em.execute<(Omit<LinkedTicket, 'linkedAt'> & { linkedAt: string })[]>(
    `select t.number, t.subject, t.status, jsonb_build_object('id', a.id, 'name', a.name) as account, l.linked_at as "linkedAt"
      from problem_ticket l join ticket t on t.number = l.ticket_number join account a on a.id = t.account_id
      where l.problem_id = ? ${window.after ? 'and (l.linked_at, l.ticket_number) < (?::timestamptz, ?)' : ''}
      order by l.linked_at desc, l.ticket_number desc limit ?`,
    [id, ...(window.after ? [window.after.at, window.after.number] : []), window.limit + 1],
  );
  const items = rows.slice(0, window.limit).map((row) => ({ ...row, linkedAt: new Date(row.linkedAt) }));
  return { items, more: rows.length > window.limit };
}

/** The problems and wishes a ticket is linked to, in the order they were linked; at most {@link maxProblemsOfTicket}. */
export async function listProblemsOf(em: EntityManager, number: number): Promise<Problem[]> {
  const rows = await em.execute<Row<Problem>[]>(
    `select ${columns} from problem_ticket l join problem p on p.id = l.problem_id where l.ticket_number = ? order by l.linked_at, p.id`,
    [number],
  );
  return rows.map((row) => problemOf(row));
}

/**
 * Links a ticket to a problem; an archived one too, as whoever asked for something long ago wants to hear of it. An answer
 * that is on its way to the others goes to those that were linked when it was given.
 */
export async function linkProblem(wish: Wish<StaffActor>, id: string, number: number): Promise<{ id: string } | Refusal> {
  const { em, actor } = wish;
  const locked = await lockTicket(em, number);
  if (!locked) return refuse('ticket.not_found');
  const problem = await lockProblem(em, id);
  if (!problem) return refuse('problem.not_found');
  const at = wish.clock.now();
  const [linked] = await em.execute<{ total: number; this: boolean }[]>(
    'select count(*)::integer as total, coalesce(bool_or(problem_id = ?), false) as this from problem_ticket where ticket_number = ?',
    [id, number],
  );
  if (linked!.this) return refuse('problem.linked_already');
  if (linked!.total >= maxProblemsOfTicket) return refuse('problem.too_many');
  await em.execute('insert into problem_ticket (problem_id, ticket_number, linked_by_id, linked_at) values (?, ?, ?, ?)', [
    id,
    number,
    actor.userId,
    at,
  ]);
  await tellHistory(em, deedOf(wish, at), locked.ticket, {
    kind: 'problem_linked',
    data: { problem: id, ...titlesOf(problem.title) },
    audited: { problem: id },
  });
  return { id };
}

export async function unlinkProblem(wish: Wish<StaffActor>, id: string, number: number): Promise<{ id: string } | Refusal> {
  const { em } = wish;
  const locked = await lockTicket(em, number);
  if (!locked) return refuse('ticket.not_found');
  const problem = await lockProblem(em, id);
  if (!problem) return refuse('problem.not_found');
  const gone = await em.execute<unknown[]>('delete from problem_ticket where problem_id = ? and ticket_number = ? returning 1', [
    id,
    number,
  ]);
  if (gone.length === 0) return refuse('problem.not_linked');
  await tellHistory(em, deedOf(wish, wish.clock.now()), locked.ticket, {
    kind: 'problem_unlinked',
    data: { problem: id, ...titlesOf(problem.title) },
    audited: { problem: id },
  });
  return { id };
}

/**
 * Moves the links of a ticket to the one it is merged into, or back; its row and the other's are locked. One that both had
 * stays where it is.
 * @param only the problems whose links move; all when left out
 * @returns the problems whose links moved
 */
export async function moveProblemLinks(em: EntityManager, from: number, into: number, only?: readonly string[]): Promise<string[]> {
  const moved = await em.execute<{ problem_id: string }[]>(
    `with gone as (
        delete from problem_ticket f where f.ticket_number = ? ${only ? 'and f.problem_id = any(?::text[])' : ''}
          and not exists (select 1 from problem_ticket i where i.ticket_number = ? and i.problem_id = f.problem_id) returning f.*)
      insert into problem_ticket (problem_id, ticket_number, linked_by_id, linked_at) select problem_id, ?, linked_by_id, linked_at from gone
      returning problem_id`,
    [from, ...(only ? [`{${only.join(',')}}`] : []), into, into],
  );
  return moved.map(({ problem_id }) => problem_id);
}

/** The tickets linked to a problem, those that can be written in first. */
export async function linkedNumbers(em: EntityManager, id: string): Promise<number[]> {
  const rows = await em.execute<{ number: number }[]>(
    `select l.ticket_number as number from problem_ticket l join ticket t on t.number = l.ticket_number
      where l.problem_id = ? order by t.status = 'archived', l.ticket_number`,
    [id],
  );
  return rows.map(({ number }) => number);
}
