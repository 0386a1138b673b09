/** Tickets found by their words, the newest message first (SPEC T10). How the index is made: docs/decisions/0010-search.md. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { excerptOf, markWords, type Mark } from '../../domain/found-words.ts';
import { ticketStatuses, type TicketStatus } from '../../domain/ticket-life.ts';
import { countTickets, listTickets, type TicketFilter, type TicketView } from './ticket-reads.ts';
import type { TicketReader } from './unread.ts';

/** Totals of a search are exact up to here. A count looks at each ticket it counts, and a search may read 2,000 pages (QUALITY P5). */
const searchTotalBound = 250;
/** Whether somebody has read a ticket is asked of each by itself, which costs more. */
export const unreadTotalBound = 50;
/** A filter that the index does not know is asked of each candidate; after so many batches the page ends short, and reads on. */
const mostBatches = 8;
/** Words are counted in every seventeenth ticket: a number that nothing else goes by. */
const ticketsPerSeen = 17;
/** What occurs in no more tickets is looked for by itself. */
const mostForRare = 300;
const newestMessagesShown = 8;
const charactersLookedThrough = 4_000;

/** What somebody looks for, as the index spells it. */
export interface Question {
  /** Each must occur; of the words of one group any will do, as they are forms of one that is being typed. */
  readonly groups: readonly WordGroup[];
}

interface WordGroup {
  readonly words: readonly string[];
  /** About how many tickets hold one of them. */
  readonly tickets: number;
}

/**
 * Reads what somebody typed: every word must occur, in whatever form, and the last may be the beginning of one. Signs mean
 * nothing: quotes, operators and wildcards are not words.
 * @returns undefined when nothing is left to look for, as with words that every text has
 */
export async function readQuestion(em: EntityManager, text: string): Promise<Question | undefined> {
  const [, before = '', last = ''] = /^(.*?)(\S*)$/su.exec(text.trim()) ?? [];
  const begun = /^\p{L}{3,30}$/u.test(last) ? last : null;
  const [read] = await em.execute<{ words: string[]; last: string[]; forms: string[]; seen: Record<string, number> | null }[]>(
    `with read as (select tsvector_to_array(search_words(?)) as words, tsvector_to_array(search_words(?)) as last,
        array(select word from (select word from search_word where word >= search_fold(?) collate "C" and word < (search_fold(?) || U&'\\+10FFFF') collate "C" order by word limit 2000) near
          order by length(word), word limit 24) as forms)
      select words, last, forms, (select jsonb_object_agg(word, seen) from search_word where word = any (words || last || forms)) as seen from read`,
    [before, last, begun, begun],
  );
  const { words = [], last: lastWords = [], forms = [] } = read ?? {};
  const group = (those: readonly string[]): WordGroup => ({
    words: those,
    tickets: those.reduce((sum, word) => sum + ticketsPerSeen * (read?.seen?.[word] ?? 0), 0),
  });
  const groups = words.map((word) => group([word]));
  // A word that says nothing by itself is not looked for by its beginning either, nor one that many tickets hold as it is.
  if (begun !== null && lastWords.length === 1 && group(lastWords).tickets <= mostForRare)
    groups.push(group([...new Set([...lastWords, ...forms])]));
  else groups.push(...lastWords.map((word) => group([word])));
  return groups.length ? { groups } : undefined;
}

export interface FoundTicket extends TicketView {
  readonly hit: {
    /** Where in the subject the words stand. */
    readonly subject: readonly Mark[];
    /** The newest message that shows one of the words, around it; null when only the subject or an older message does. */
    readonly excerpt: { readonly text: string; readonly marks: readonly Mark[]; readonly note: boolean } | null;
  };
}

/** The place of a ticket in the order of a search. */
export interface FoundPlace {
  readonly at: string;
  readonly number: number;
}

export interface Search {
  readonly question: Question | undefined;
  /** A ticket that the question names by its number: it comes first, whatever its words. */
  readonly named: number | undefined;
  readonly filter: TicketFilter;
  readonly reader: TicketReader;
  readonly limit: number;
  readonly after: FoundPlace | undefined;
}

export interface Found {
  readonly views: readonly FoundTicket[];
  /** Where the page ends; undefined when nothing follows. */
  readonly end: FoundPlace | undefined;
}

/** Before every ticket: where a page ends that had room for the named ticket only. */
const beginning: FoundPlace = { at: '9999-12-31T23:59:59.999Z', number: 2_147_483_647 };

/**
 * One page of what a question finds.
 * @param newest what {@link readNewest} found, where it was asked already: it saves asking again
 */
export async function searchTickets(em: EntityManager, search: Search, at: Date, newest: readonly FoundPlace[] = []): Promise<Found> {
  const { question, named, reader } = search;
  const first = named === undefined || search.after ? [] : await pick(em, search, [named], at);
  const limit = search.limit - first.length;
  const shown: { view: TicketView; place: FoundPlace }[] = [];
  const asked = await spellSearch(em, search);
  let place = search.after;
  let more = asked !== undefined;
  let known = place ? newest.filter((candidate) => isAfter(candidate, place!)) : [...newest];
  for (let batch = 0; asked !== undefined && more && shown.length <= limit && batch < mostBatches; batch += 1) {
    const candidates = known.length > search.limit ? known : await readCandidates(em, asked, place, search.limit + 1);
    known = [];
    more = candidates.length > search.limit;
    place = candidates.at(-1);
    // The filter is asked once more of the tickets themselves: a document is a moment behind them.
    while (candidates.length && shown.length <= limit) {
      const some = candidates.splice(0, limit + 1);
      const numbers = some.map(({ number }) => number);
      const views = new Map((await pick(em, search, numbers, at)).map((view) => [view.ticket.number, view]));
      for (const candidate of some) {
        const view = candidate.number === named ? undefined : views.get(candidate.number);
        if (view) shown.push({ view, place: candidate });
      }
    }
  }
  const end = shown.length > limit ? (shown[limit - 1]?.place ?? beginning) : more ? place : undefined;
  const views = [...first, ...shown.slice(0, limit).map(({ view }) => view)];
  return { views: await withHits(em, views, question, reader), end };
}

/** The newest candidates of all, as many as a total is told of and one more. */
export async function readNewest(em: EntityManager, search: Search): Promise<FoundPlace[]> {
  const asked = await spellSearch(em, search);
  return asked === undefined ? [] : readCandidates(em, asked, undefined, totalBoundOf(search.filter) + 1);
}

/** How many tickets a search finds: exactly, or that there are more than the bound. */
export async function countFound(
  em: EntityManager,
  search: Search,
  at: Date,
  newest: readonly FoundPlace[],
): Promise<{ total: number; exact: boolean }> {
  const { named, filter, reader } = search;
  const bound = totalBoundOf(filter);
  const first = named === undefined ? 0 : (await pick(em, search, [named], at)).length;
  const numbers = newest.slice(0, bound + 1).flatMap(({ number }) => (number === named ? [] : [number]));
  // What the index does not know is asked of the tickets themselves, of as many of the newest as may be looked at.
  const asked = isInIndex(filter) ? numbers.length : await countTickets(em, { ...filter, numbers }, bound + 1, reader);
  const total = first + asked;
  return { total: Math.min(total, bound), exact: total <= bound && (isInIndex(filter) || newest.length <= bound) };
}

function isInIndex(filter: TicketFilter): boolean {
  const { unread, snoozed, numbers, breached, breachesBefore, createdFrom, createdBefore } = filter;
  return [unread, snoozed, numbers, breached, breachesBefore, createdFrom, createdBefore].every((asked) => asked === undefined);
}

function totalBoundOf(filter: TicketFilter): number {
  return isInIndex(filter) ? searchTotalBound : unreadTotalBound;
}

function isAfter(candidate: FoundPlace, place: FoundPlace): boolean {
  return candidate.at < place.at || (candidate.at === place.at && candidate.number < place.number);
}

async function pick(em: EntityManager, { filter, reader }: Search, numbers: readonly number[], at: Date): Promise<TicketView[]> {
  const wanted = filter.numbers ? numbers.filter((number) => filter.numbers!.includes(number)) : numbers;
  if (wanted.length === 0) return [];
  const page = { sort: 'number', descending: false, limit: wanted.length } as const;
  return (await listTickets(em, { ...filter, numbers: wanted }, page, at, reader)).views;
}

/** @returns at least `enough` of the newest, if there are so many */
async function readCandidates(
  em: EntityManager,
  { asked, rare }: SpelledQuestion,
  after: FoundPlace | undefined,
  enough: number,
): Promise<FoundPlace[]> {
  const rows = await em.execute<{ number: number; at: string }[]>(
    'select number, last_message_at as at from search_tickets(?::tsquery, ?::tsquery, ?::timestamptz, ?::integer, ?) order by last_message_at desc, number desc',
    [asked, rare, after?.at ?? null, after?.number ?? null, enough],
  );
  return rows.map(({ number, at }) => ({ number, at: new Date(at).toISOString() }));
}

interface SpelledQuestion {
  readonly asked: string;
  /** The part of it that few tickets have; null where none is known to be rare. */
  readonly rare: string | null;
}

async function spellSearch(em: EntityManager, { question, reader, filter }: Search): Promise<SpelledQuestion | undefined> {
  if (!question) return undefined;
  const facets = await facetsOf(em, filter);
  const ofStaff = (words: readonly string[]) => (reader.side === 'staff' ? words.flatMap((word) => [word, `#${word}`]) : words);
  const rarest = question.groups.reduce((one, other) => (other.tickets < one.tickets ? other : one));
  const account = filter.accountId !== undefined && rarest.tickets > mostForRare && (await isSmall(em, filter.accountId));
  const rare = rarest.tickets <= mostForRare ? ofStaff(rarest.words) : account ? [`@a:${filter.accountId}`] : undefined;
  const asked = [...question.groups.map(({ words }) => ofStaff(words)), ...facets].map(spellAny).join('&');
  return { asked, rare: rare ? spellAny(rare) : null };
}

async function isSmall(em: EntityManager, accountId: string): Promise<boolean> {
  const rows = await em.execute<unknown[]>('select 1 from ticket where account_id = ? limit ?', [accountId, mostForRare + 1]);
  return rows.length <= mostForRare;
}

function spellAny(lexemes: readonly string[]): string {
  return `(${lexemes.map(quote).join('|')})`;
}

function quote(lexeme: string): string {
  return `'${lexeme.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

/** What the index knows of the filter, spelled as `search_facets` does: of each group one must stand in the document. */
async function facetsOf(em: EntityManager, filter: TicketFilter): Promise<string[][]> {
  const facets: string[][] = [];
  if (filter.accountId !== undefined) facets.push([`@a:${filter.accountId}`]);
  if (filter.category !== undefined) {
    const [queue] = await em.execute<{ id: string }[]>('select id from queue where category = ?', [filter.category]);
    facets.push([`@q:${queue?.id ?? 'none'}`]);
  }
  if (filter.severities) facets.push(filter.severities.map((state) => `@v:${state}`));
  if (filter.priority !== undefined) facets.push([`@p:${filter.priority}`]);
  if (filter.assigneeId !== undefined) facets.push([`@w:${filter.assigneeId ?? 'none'}`]);
  const statuses = ticketStatuses.filter((status) => mayBe(filter, status));
  if (statuses.length < ticketStatuses.length) facets.push(statuses.length ? statuses.map((status) => `@s:${status}`) : ['@s:none']);
  return facets;
}

function mayBe({ archived, closed, statuses, unread }: TicketFilter, status: TicketStatus): boolean {
  if (archived !== undefined && archived !== (status === 'archived')) return false;
  if (closed === false && status === 'closed') return false;
  if (unread === true && status === 'archived') return false;
  return statuses?.includes(status) ?? true;
}

/** Shows where the words stand. Looked for in the text itself, as the index knows no places. */
async function withHits(
  em: EntityManager,
  views: readonly TicketView[],
  question: Question | undefined,
  reader: TicketReader,
): Promise<FoundTicket[]> {
  const stems = question?.groups.flatMap(({ words }) => words) ?? [];
  const bodies =
    stems.length && views.length ? await readHits(em, views, stems, reader) : new Map<number, { body: string; note: boolean }>();
  return views.map((view) => {
    const said = bodies.get(view.ticket.number);
    const excerpt = said && excerptOf(said.body, stems);
    return {
      ...view,
      hit: { subject: markWords(view.ticket.subject, stems), excerpt: excerpt && said ? { ...excerpt, note: said.note } : null },
    };
  });
}

/** For each ticket its newest message that holds one of the stems, of the newest few; they are long enough to read through. */
async function readHits(
  em: EntityManager,
  views: readonly TicketView[],
  stems: readonly string[],
  reader: TicketReader,
): Promise<Map<number, { body: string; note: boolean }>> {
  const patterns = stems.map((stem) => `%${stem.replaceAll(/[\\%_]/g, (special) => `\\${special}`)}%`);
  const rows = await em.execute<{ number: number; body: string; note: boolean }[]>(
    `select t.number, hit.body, hit.note from unnest(?::integer[]) as t (number) cross join lateral (
        select left(body, ${charactersLookedThrough}) as body, visibility = 'internal' as note from (
          select m.* from message m where m.ticket_number = t.number ${reader.side === 'staff' ? '' : `and m.visibility = 'public'`}
            order by m.created_at desc, m.id desc limit ${newestMessagesShown}) newest
        where search_fold(left(body, ${charactersLookedThrough})) like any (array(select jsonb_array_elements_text(?::jsonb)))
        order by created_at desc, id desc limit 1) hit`,
    [`{${views.map(({ ticket }) => ticket.number).join(',')}}`, JSON.stringify(patterns)],
  );
  return new Map(rows.map(({ number, body, note }) => [number, { body, note }]));
}
