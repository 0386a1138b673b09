/**
 * Whether the books are right (SPEC B1, M10): every entry follows from the one before and is what was hashed, every account is
 * the sum of its entries, every transfer adds up, and what the entries mean agrees with them. It only looks; what it finds is a
 * person's to judge. Entries are never changed, so that it may look while others post, some thousands at a time.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import { beforeTheFirst, followEntry, type ChainFault, type ChainLink } from '../../domain/ledger-chain.ts';
import { hashEntry, readEntries, type EntryInBooks } from './ledger-entries.ts';

/**
 * An entry is not as it was posted · an account is not the sum of its entries · a transfer does not add up · what is unspent, on
 * credit or used of a payment is not what the entries say · the accounts of a currency do not add up to zero.
 */
export const booksFindingKinds = [
  'ledger.entry_wrong',
  'ledger.account_wrong',
  'ledger.transfer_wrong',
  'ledger.use_wrong',
  'ledger.currency_wrong',
] as const;
export type BooksFindingKind = (typeof booksFindingKinds)[number];

/** A case as `openCase` takes it: kind, what it is about (`ledger-account:…`, `transfer:trf_…`, `account:acc_…`, `currency:RUB`), ids and sums. */
export interface BooksFinding {
  readonly kind: BooksFindingKind;
  readonly about: string;
  readonly detail: Record<string, string>;
}

export interface BooksBatch {
  readonly findings: readonly BooksFinding[];
  /** Accounts of the ledger that this batch came to the end of: for progress. */
  readonly accountsChecked: number;
  readonly entriesChecked: number;
  /** Where the next batch goes on; null when all was looked at. */
  readonly next: string | null;
}

/** Where a check stands: its part, and the last thing it has looked at there; within an account, how far it followed its entries. */
type Place =
  | { readonly part: 'accounts'; readonly after: string; readonly within?: ChainLink & { readonly account: string } }
  | { readonly part: 'transfers' | 'uses'; readonly after: string }
  | { readonly part: 'currencies' };

/**
 * Looks at a batch of the books. Begin with null and go on with `next` until it is null; each batch reads what is committed
 * when it is asked, and needs no transaction around it.
 * @param from `next` of the batch before
 * @param entries so many of them at the most in one batch
 */
export async function checkBooks(em: EntityManager, from: string | null, entries = 10_000): Promise<BooksBatch> {
  const place: Place = from === null ? { part: 'accounts', after: '' } : (JSON.parse(from) as Place);
  switch (place.part) {
    case 'accounts':
      return checkAccounts(em, place, entries);
    case 'transfers':
      return batchOf(await checkTransfers(em, place.after, entries), (after) => ({ part: 'transfers', after }), {
        part: 'uses',
        after: '',
      });
    case 'uses':
      return batchOf(await checkUses(em, place.after, 500), (after) => ({ part: 'uses', after }), { part: 'currencies' });
    case 'currencies':
      return { findings: await checkCurrencies(em), accountsChecked: 0, entriesChecked: 0, next: null };
  }
}

/** Looks at all of the books, batch after batch, and tells of each as it ends. */
export async function* checkAllBooks(em: EntityManager, entries?: number): AsyncGenerator<BooksBatch> {
  let next: string | null = null;
  do {
    const batch = await checkBooks(em, next, entries);
    yield batch;
    ({ next } = batch);
  } while (next !== null);
}

interface Part {
  readonly findings: readonly BooksFinding[];
  /** The last thing looked at; undefined at the end. */
  readonly last: string | undefined;
}

function batchOf({ findings, last }: Part, here: (after: string) => Place, then: Place): BooksBatch {
  return { findings, accountsChecked: 0, entriesChecked: 0, next: JSON.stringify(last === undefined ? then : here(last)) };
}

interface AccountRow {
  id: string;
  currency: string;
  currency_of_owner: string | null;
  balance: string;
  version: string;
  head: string;
  /** Of its last entry, seen at the same moment. */
  last_version: string | null;
}

const accountsAtOnce = 500;

/** Follows the entries of some accounts, or some entries of one. */
async function checkAccounts(em: EntityManager, place: Extract<Place, { part: 'accounts' }>, limit: number): Promise<BooksBatch> {
  const { within } = place;
  const accounts = await em.execute<AccountRow[]>(
    `select a.id, a.currency, o.currency as currency_of_owner, a.balance_minor as balance, a.version, encode(a.head, 'hex') as head,
        (select max(version) from ledger_entry e where e.ledger_account_id = a.id) as last_version
      from ledger_account a left join account o on o.id = a.account_id
      where a.id ${within ? '>=' : '>'} ?::text collate "C" order by a.id limit ?`,
    [within?.account ?? place.after, accountsAtOnce],
  );
  const last = accounts.at(-1)?.id;
  if (last === undefined) return { findings: [], accountsChecked: 0, entriesChecked: 0, next: spell({ part: 'transfers', after: '' }) };
  const from = within ? { account: within.account, version: within.version } : { account: accounts[0]!.id, version: 0 };
  const read = await readEntries(em, from, limit, last);
  const byAccount = Map.groupBy(read, (entry) => entry.account);
  // A full page may have stopped within an account: that one is gone on with from there.
  const stoppedIn = read.length === limit ? read.at(-1)!.account : undefined;
  const findings: BooksFinding[] = [];
  let checked = 0;
  for (const account of accounts) {
    // What was posted after the account was read is for the next check.
    const entries = (byAccount.get(account.id) ?? []).filter((entry) => entry.version <= Number(account.version));
    const begun = within?.account === account.id ? within : beforeTheFirst;
    const end = follow(begun, entries, findings);
    if (account.id === stoppedIn && end.version < Number(account.version)) {
      const next = spell({ part: 'accounts', after: account.id, within: { account: account.id, ...end } });
      return { findings, accountsChecked: checked, entriesChecked: read.length, next };
    }
    findings.push(...faultsOfAccount(account, end));
    checked += 1;
    if (account.id === stoppedIn)
      return { findings, accountsChecked: checked, entriesChecked: read.length, next: spell({ part: 'accounts', after: account.id }) };
  }
  return { findings, accountsChecked: checked, entriesChecked: read.length, next: spell({ part: 'accounts', after: last }) };
}

const spell = (place: Place): string => JSON.stringify(place);

const faultWords: Readonly<Record<ChainFault | 'instant_wrong', string>> = {
  not_next: 'it does not have the number that comes next on its account',
  balance_wrong: 'the balance after it is not the balance before it and its amount',
  hash_wrong: 'it is not what was hashed when it was posted',
  instant_wrong: 'its instant is not that of its transfer',
};

function follow(begun: ChainLink, entries: readonly EntryInBooks[], findings: BooksFinding[]): ChainLink {
  let link = begun;
  for (const entry of entries) {
    const { after, fault } = followEntry(link, entry, hashEntry(link.hash, entry));
    const found = fault ?? (entry.at === entry.entryAt ? undefined : 'instant_wrong');
    if (found)
      findings.push({
        kind: 'ledger.entry_wrong',
        about: `ledger-account:${entry.account}`,
        detail: { entry: String(entry.version), transfer: entry.transfer, why: faultWords[found] },
      });
    link = after;
  }
  return link;
}

function faultsOfAccount(account: AccountRow, end: ChainLink): BooksFinding[] {
  const differs = (why: string, books: string, entries: string): BooksFinding => ({
    kind: 'ledger.account_wrong',
    about: `ledger-account:${account.id}`,
    detail: { why, books, entries },
  });
  const found: BooksFinding[] = [];
  if (Number(account.balance) !== end.balanceMinor)
    found.push(differs('its balance is not the sum of its entries', account.balance, String(end.balanceMinor)));
  if (Number(account.version) !== end.version || Number(account.last_version ?? 0) !== end.version)
    found.push(differs('it does not have as many entries as it says', account.version, account.last_version ?? '0'));
  else if (account.head !== end.hash) found.push(differs('its last entry is not the one it says', account.head, end.hash));
  if (account.currency !== (account.currency_of_owner ?? account.id.split(':')[1]))
    found.push(differs('its currency is not that of its owner', account.currency, account.currency_of_owner ?? ''));
  return found;
}

async function checkTransfers(em: EntityManager, after: string, limit: number): Promise<Part> {
  const rows = await em.execute<{ id: string; wrong: boolean; sum: string; entries: string }[]>(
    `select t.id, count(e.version) as entries, coalesce(sum(e.amount_minor), 0) as sum,
        count(e.version) < 2 or coalesce(sum(e.amount_minor), 0) <> 0 or count(distinct a.currency) <> 1 as wrong
      from (select id from ledger_transfer where id > ? order by id limit ?) t
        left join ledger_entry e on e.transfer_id = t.id left join ledger_account a on a.id = e.ledger_account_id
      group by t.id order by t.id`,
    [after, limit],
  );
  const findings = rows
    .filter((row) => row.wrong)
    .map(({ id, sum, entries }): BooksFinding => ({ kind: 'ledger.transfer_wrong', about: `transfer:${id}`, detail: { sum, entries } }));
  const last = rows.at(-1)?.id;
  return { findings: last === undefined ? findings : [...findings, ...(await withoutMeaning(em, after, last))], last };
}

/** Transfers that moved paid money, of which nothing says that it came in, went out, or was given back of what went out. */
async function withoutMeaning(em: EntityManager, after: string, upTo: string): Promise<BooksFinding[]> {
  const rows = await em.execute<{ id: string; account: string; amount: string }[]>(
    `select t.id, a.account_id as account, e.amount_minor as amount
      from ledger_transfer t join ledger_entry e on e.transfer_id = t.id join ledger_account a on a.id = e.ledger_account_id and a.kind = 'paid'
        left join money_in i on i.transfer_id = t.id and i.account_id = a.account_id
        left join money_out o on o.transfer_id = t.id and o.account_id = a.account_id
        left join money_out g on g.transfer_id = t.reverses and g.account_id = a.account_id
      where t.id > ? and t.id <= ? and coalesce(i.amount_minor, -o.amount_minor, case when g.transfer_id is not null then e.amount_minor end)
        is distinct from e.amount_minor
      order by t.id`,
    [after, upTo],
  );
  return rows.map(({ id, account, amount }) => ({
    kind: 'ledger.use_wrong',
    about: `transfer:${id}`,
    detail: { account, why: 'it moved paid money, and nothing says which', books: amount, means: '' },
  }));
}

/**
 * Per customer: paid money is what is unspent less what is on credit; each payment is used by what its allocations say, each
 * spend is met by its own, is on credit or was given back.
 */
const usesQuestion = `
with c as (select account_id from billing where account_id > ? order by account_id limit ?),
  used as (select a.in_id, sum(a.amount_minor) as used from money_allocation a join money_in i on i.transfer_id = a.in_id join c using (account_id) group by 1),
  met as (select a.out_id, sum(a.amount_minor) as met from money_allocation a join money_out o on o.transfer_id = a.out_id join c using (account_id) group by 1)
select c.account_id as id, null as transfer, 'paid money is not what is unspent less what is on credit' as why, p.balance_minor as books, x.means
  from c join ledger_account p on p.id = 'paid:' || c.account_id
    cross join lateral (select (select coalesce(sum(i.unspent_minor), 0) from money_in i where i.account_id = c.account_id)
      - (select coalesce(sum(o.on_credit_minor), 0) from money_out o where o.account_id = c.account_id) as means) x
  where p.balance_minor <> x.means
union all select c.account_id, i.transfer_id, 'what is used of it is not what its uses say', i.amount_minor - i.unspent_minor, coalesce(u.used, 0)
  from c join money_in i using (account_id) left join used u on u.in_id = i.transfer_id where i.amount_minor - i.unspent_minor <> coalesce(u.used, 0)
union all select c.account_id, o.transfer_id, 'what it spent is neither met, nor on credit, nor given back', o.amount_minor, coalesce(m.met, 0) + o.on_credit_minor + coalesce(b.back, 0)
  from c join money_out o using (account_id) left join met m on m.out_id = o.transfer_id
    left join lateral (select sum(e.amount_minor) as back from ledger_transfer r
      join ledger_entry e on e.transfer_id = r.id and e.ledger_account_id = 'paid:' || c.account_id where r.reverses = o.transfer_id) b on true
  where o.amount_minor <> coalesce(m.met, 0) + o.on_credit_minor + coalesce(b.back, 0)`;

async function checkUses(em: EntityManager, after: string, limit: number): Promise<Part> {
  const [last] = await em.execute<{ id: string | null }[]>(
    'select max(account_id) as id from (select account_id from billing where account_id > ? order by account_id limit ?) c',
    [after, limit],
  );
  if (!last?.id) return { findings: [], last: undefined };
  const rows = await em.execute<{ id: string; transfer: string | null; why: string; books: string; means: string | null }[]>(usesQuestion, [
    after,
    limit,
  ]);
  const findings = rows.map(({ id, transfer, why, books, means }): BooksFinding => ({
    kind: 'ledger.use_wrong',
    about: transfer === null ? `account:${id}` : `transfer:${transfer}`,
    detail: { account: id, why, books, means: means ?? '' },
  }));
  return { findings, last: last.id };
}

async function checkCurrencies(em: EntityManager): Promise<BooksFinding[]> {
  const rows = await em.execute<{ currency: string; sum: string }[]>(
    'select currency, sum(balance_minor) as sum from ledger_account group by currency having sum(balance_minor) <> 0',
  );
  return rows.map(({ currency, sum }) => ({ kind: 'ledger.currency_wrong', about: `currency:${currency}`, detail: { sum } }));
}
