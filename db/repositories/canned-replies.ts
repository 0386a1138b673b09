/** Texts that staff insert often (SPEC T13). Staff edit them; a stale change is refused, and what is withdrawn stays for the record. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { StaffActor } from '../../domain/actor.ts';
import { renderCannedReply, unknownVariable, type CannedReplyVariable } from '../../domain/canned-reply.ts';
import { refuse, type Refusal } from '../../domain/errors.ts';
import { spellTicketNumber } from '../../domain/ids.ts';
import { inLocale, type Locale, type LocalisedText } from '../../domain/locale.ts';
import { auditWish } from '../audit.ts';
import { newId } from '../new-id.ts';
import type { Wish } from '../wish.ts';

export interface CannedReply {
  readonly id: string;
  readonly title: LocalisedText;
  readonly body: LocalisedText;
  /** What is typed behind `/` to find it; null when it has none. */
  readonly shortcut: string | null;
  /** The queues it is for; null for all. */
  readonly categories: readonly string[] | null;
  readonly uses: number;
  readonly updatedAt: Date;
  readonly withdrawnAt: Date | null;
  readonly revision: number;
}

export type WrittenCannedReply = Pick<CannedReply, 'title' | 'body' | 'shortcut' | 'categories'>;

/** There are never more: a list of texts that nobody can survey helps nobody. */
export const maxCannedReplies = 200;

const columns = 'id, title, body, shortcut, categories, uses, updated_at as "updatedAt", withdrawn_at as "withdrawnAt", revision';
type Row = Omit<CannedReply, 'updatedAt' | 'withdrawnAt'> & { updatedAt: string; withdrawnAt: string | null };

/** Those that stand, or all; the most used first. */
export async function listCannedReplies(em: EntityManager, withdrawnToo: boolean): Promise<CannedReply[]> {
  const rows = await em.execute<Row[]>(
    `select ${columns} from canned_reply ${withdrawnToo ? '' : 'where withdrawn_at is null'} order by withdrawn_at is not null, uses desc, id limit ?`,
    [withdrawnToo ? 2 * maxCannedReplies : maxCannedReplies],
  );
  return rows.map(read);
}

export async function findCannedReply(em: EntityManager, id: string): Promise<CannedReply | undefined> {
  const [row] = await em.execute<Row[]>(`select ${columns} from canned_reply where id = ?`, [id]);
  return row && read(row);
}

export async function addCannedReply(wish: Wish<StaffActor>, written: WrittenCannedReply): Promise<CannedReply | Refusal> {
  const { em, actor } = wish;
  const at = wish.clock.now();
  await oneWriterAtATime(em);
  const fault = (await faultOf(em, written)) ?? (await tooMany(em));
  if (fault) return fault;
  const id = newId('cannedReply', at);
  const added = await em.execute<unknown[]>(
    `insert into canned_reply (id, title, body, shortcut, categories, created_by_id, created_at, updated_at, revision)
      values (?, ?::jsonb, ?::jsonb, ?, ?::text[], ?, ?, ?, 1) on conflict do nothing returning 1`,
    [id, ...valuesOf(written), actor.userId, at, at],
  );
  if (added.length === 0) return shortcutTaken(written);
  await auditWish(wish, 'canned_reply.add', `canned_reply:${id}`, at);
  return (await findCannedReply(em, id))!;
}

/** @param revision the one that the writer changed; another now means that somebody else did meanwhile */
export async function changeCannedReply(
  wish: Wish<StaffActor>,
  id: string,
  revision: number | undefined,
  written: WrittenCannedReply,
): Promise<CannedReply | Refusal> {
  const { em } = wish;
  const at = wish.clock.now();
  await oneWriterAtATime(em);
  const fault = (await stands(em, id, revision)) ?? (await faultOf(em, written));
  if (fault) return fault;
  if (written.shortcut !== null && (await hasShortcut(em, written.shortcut, id))) return shortcutTaken(written);
  await em.execute(
    `update canned_reply set title = ?::jsonb, body = ?::jsonb, shortcut = ?, categories = ?::text[], updated_at = ?, revision = revision + 1 where id = ?`,
    [...valuesOf(written), at, id],
  );
  await auditWish(wish, 'canned_reply.change', `canned_reply:${id}`, at);
  return (await findCannedReply(em, id))!;
}

/** Takes it out of every list; replies that were made with it stay as they are. */
export async function withdrawCannedReply(
  wish: Wish<StaffActor>,
  id: string,
  revision: number | undefined,
): Promise<CannedReply | Refusal> {
  const { em } = wish;
  const at = wish.clock.now();
  const fault = await stands(em, id, revision);
  if (fault) return fault;
  await em.execute('update canned_reply set withdrawn_at = ?, updated_at = ?, revision = revision + 1 where id = ?', [at, at, id]);
  await auditWish(wish, 'canned_reply.withdraw', `canned_reply:${id}`, at);
  return (await findCannedReply(em, id))!;
}

/** Counts that these were inserted into what was sent. Ids that nobody has count nothing. */
export async function countUses(em: EntityManager, ids: readonly string[]): Promise<void> {
  await em.execute('update canned_reply set uses = uses + 1 where id = any(?::text[])', [`{${[...new Set(ids)].toSorted().join(',')}}`]);
}

/** The text for this ticket, in the language of the customer who opened it, in the name of this agent. */
export async function renderForTicket(
  em: EntityManager,
  reply: CannedReply,
  number: number,
  agentName: string,
): Promise<{ body: string; locale: string } | undefined> {
  const [row] = await em.execute<{ customer: string; locale: string; account: string; subject: string; queue: LocalisedText }[]>(
    `select o.name as customer, o.locale, a.name as account, t.subject, q.name as queue from ticket t
        join app_user o on o.id = t.opened_by_id join account a on a.id = t.account_id join queue q on q.id = t.queue_id where t.number = ?`,
    [number],
  );
  if (!row) return undefined;
  const locale = reply.body[row.locale] === undefined ? 'en' : row.locale;
  const body = renderCannedReply(inLocale(reply.body, locale), {
    'customer.name': row.customer,
    'account.name': row.account,
    'ticket.number': spellTicketNumber(number),
    'ticket.subject': row.subject,
    'ticket.queue': inLocale(row.queue, locale),
    'agent.name': agentName,
  });
  return { body, locale };
}

/** The text as it would read to somebody made up, in this language. */
export function renderSample(reply: CannedReply, wanted: Locale, agentName: string): { body: string; locale: string } {
  const locale = reply.body[wanted] === undefined ? 'en' : wanted;
  const body = renderCannedReply(inLocale(reply.body, locale), { ...sampleValues[wanted], 'agent.name': agentName });
  return { body, locale };
}

const sampleValues: Readonly<Record<Locale, Record<Exclude<CannedReplyVariable, 'agent.name'>, string>>> = {
  en: {
    'customer.name': 'Anna Petrova',
    'account.name': 'Vega Ltd',
    'ticket.number': 'CS-000123',
    'ticket.subject': 'Panel does not start',
    'ticket.queue': 'Technical',
  },
  ru: {
    'customer.name': 'Анна Петрова',
    'account.name': 'ООО «Вега»',
    'ticket.number': 'CS-000123',
    'ticket.subject': 'Панель не запускается',
    'ticket.queue': 'Технические вопросы',
  },
};

async function faultOf(em: EntityManager, { body, categories }: WrittenCannedReply): Promise<Refusal | undefined> {
  for (const text of Object.values(body)) {
    const variable = unknownVariable(text);
    if (variable !== undefined) return refuse('canned_reply.variable_unknown', { variable: `{{${variable.slice(0, 100)}}}` });
  }
  for (const category of categories ?? []) {
    const [known] = await em.execute<unknown[]>('select 1 from queue where category = ?', [category]);
    if (!known) return refuse('ticket.category_unknown', { category });
  }
  return undefined;
}

/** How many there are, and who has a shortcut, is read before it is used. */
async function oneWriterAtATime(em: EntityManager): Promise<void> {
  await em.execute(`select pg_advisory_xact_lock(hashtextextended('canned_reply', 0))`);
}

async function tooMany(em: EntityManager): Promise<Refusal | undefined> {
  const [row] = await em.execute<{ n: number }[]>('select count(*)::integer as n from canned_reply where withdrawn_at is null');
  return row!.n >= maxCannedReplies ? refuse('canned_reply.too_many') : undefined;
}

/** Holds the row until the transaction ends. */
async function stands(em: EntityManager, id: string, revision: number | undefined): Promise<Refusal | undefined> {
  const [row] = await em.execute<{ revision: number }[]>(
    'select revision from canned_reply where id = ? and withdrawn_at is null for no key update',
    [id],
  );
  if (!row) return refuse('canned_reply.not_found');
  return revision !== undefined && row.revision !== revision ? refuse('request.stale') : undefined;
}

async function hasShortcut(em: EntityManager, shortcut: string, otherThan: string): Promise<boolean> {
  const [row] = await em.execute<unknown[]>('select 1 from canned_reply where shortcut = ? and withdrawn_at is null and id <> ?', [
    shortcut,
    otherThan,
  ]);
  return row !== undefined;
}

function shortcutTaken({ shortcut }: WrittenCannedReply): Refusal {
  return refuse('canned_reply.shortcut_taken', { shortcut: shortcut ?? '' });
}

function valuesOf({ title, body, shortcut, categories }: WrittenCannedReply): (string | null)[] {
  return [
    JSON.stringify(title),
    JSON.stringify(body),
    shortcut,
    categories && `{${categories.map((one) => JSON.stringify(one)).join(',')}}`,
  ];
}

function read(row: Row): CannedReply {
  return { ...row, updatedAt: new Date(row.updatedAt), withdrawnAt: row.withdrawnAt === null ? null : new Date(row.withdrawnAt) };
}
