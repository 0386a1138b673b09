/** The books as staff read them (SPEC B1, A1): accounts with their balances, entries with the balance after each, transfers whole. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { LedgerAccountKind, TransferKind } from '../../domain/ledger.ts';

/** An account of the books. Sums are seen from the other side: positive is what we owe (domain/ledger). */
export interface LedgerAccountView {
  readonly id: string;
  readonly kind: LedgerAccountKind;
  /** Whose it is; null for our own. */
  readonly customer: { readonly id: string; readonly name: string } | null;
  readonly currency: string;
  readonly balanceMinor: number;
  /** How many entries it has. */
  readonly entries: number;
}

export interface TransferView {
  readonly id: string;
  readonly key: string;
  readonly kind: TransferKind;
  readonly at: Date;
  readonly by: string;
  /** Who that is, where it is a person. */
  readonly byName: string | null;
  /** Ids of what it is about, by what they name. */
  readonly about: Readonly<Record<string, string>>;
  readonly reverses: string | null;
  /** The transfer that took it back. */
  readonly reversedBy: string | null;
}

export interface LedgerEntryView {
  readonly version: number;
  readonly amountMinor: number;
  readonly balanceAfterMinor: number;
  readonly transfer: TransferView;
}

interface AccountRow {
  id: string;
  kind: LedgerAccountKind;
  account_id: string | null;
  name: string | null;
  currency: string;
  balance: string;
  entries: string;
}

const accountColumns = `a.id, a.kind, a.account_id, o.name, a.currency, a.balance_minor as balance, a.version as entries
  from ledger_account a left join account o on o.id = a.account_id`;

function accountOf({ account_id, name, balance, entries, ...row }: AccountRow): LedgerAccountView {
  const customer = account_id === null ? null : { id: account_id, name: name! };
  return { ...row, customer, balanceMinor: Number(balance), entries: Number(entries) };
}

export interface LedgerAccountFilter {
  readonly kind?: LedgerAccountKind | undefined;
  readonly customer?: string | undefined;
  /** Whether anything was ever posted to it. */
  readonly used?: boolean | undefined;
}

/** Accounts in the order of their ids, behind one. */
export async function listLedgerAccounts(
  em: EntityManager,
  { kind, customer, used }: LedgerAccountFilter,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<{ items: LedgerAccountView[]; more: boolean }> {
  const rows = await em.execute<AccountRow[]>(
    `select ${accountColumns} where a.id > ?::text collate "C" and (?::text is null or a.kind = ?) and (?::text is null or a.account_id = ?)
        and (?::boolean is null or (a.version > 0) = ?) order by a.id limit ?`,
    [after, kind ?? null, kind ?? null, customer ?? null, customer ?? null, used ?? null, used ?? null, limit + 1],
  );
  return { items: rows.slice(0, limit).map(accountOf), more: rows.length > limit };
}

export async function findLedgerAccount(em: EntityManager, id: string): Promise<LedgerAccountView | undefined> {
  const [row] = await em.execute<AccountRow[]>(`select ${accountColumns} where a.id = ?`, [id]);
  return row && accountOf(row);
}

/** What all accounts of a kind come to, by currency. */
export interface LedgerTotal {
  readonly kind: LedgerAccountKind;
  readonly currency: string;
  readonly balanceMinor: number;
  readonly accounts: number;
}

export async function sumLedger(em: EntityManager): Promise<LedgerTotal[]> {
  const rows = await em.execute<{ kind: LedgerAccountKind; currency: string; balance: string; accounts: string }[]>(
    `select kind, currency, sum(balance_minor) as balance, count(*) filter (where version > 0) as accounts from ledger_account
      group by kind, currency having count(*) filter (where version > 0) > 0 order by currency, kind`,
  );
  return rows.map(({ balance, accounts, ...row }) => ({ ...row, balanceMinor: Number(balance), accounts: Number(accounts) }));
}

interface TransferRow {
  id: string;
  key: string;
  kind: TransferKind;
  at: string;
  by: string;
  by_name: string | null;
  about: string;
  reverses: string | null;
  reversed_by: string | null;
}

const transferColumns = `t.id, t.key, t.kind, t.at, t.by, t.about, t.reverses,
  (select r.id from ledger_transfer r where r.reverses = t.id) as reversed_by,
  (select u.name from app_user u where u.id = split_part(t.by, ':', 2)) as by_name`;

function transferOf({ at, about, by_name, reversed_by, ...row }: TransferRow): TransferView {
  return {
    ...row,
    at: new Date(at),
    about: JSON.parse(about) as Record<string, string>,
    byName: by_name,
    reversedBy: reversed_by,
  };
}

export interface LedgerEntryFilter {
  readonly kind?: TransferKind | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/**
 * Entries of an account, the latest first.
 * @param before read those that come before this one
 */
export async function listLedgerEntries(
  em: EntityManager,
  accountId: string,
  { kind, from, to }: LedgerEntryFilter,
  { before, limit }: { readonly before: number | undefined; readonly limit: number },
): Promise<{ items: LedgerEntryView[]; more: boolean }> {
  const rows = await em.execute<(TransferRow & { version: string; amount: string; balance_after: string })[]>(
    `select e.version, e.amount_minor as amount, e.balance_after_minor as balance_after, ${transferColumns}
      from ledger_entry e join ledger_transfer t on t.id = e.transfer_id
      where e.ledger_account_id = ? and (?::bigint is null or e.version < ?) and (?::text is null or t.kind = ?)
        and (?::timestamptz is null or e.at >= ?) and (?::timestamptz is null or e.at < ?)
      order by e.version desc limit ?`,
    [accountId, before ?? null, before ?? null, kind ?? null, kind ?? null, from ?? null, from ?? null, to ?? null, to ?? null, limit + 1],
  );
  const items = rows.slice(0, limit).map(({ version, amount, balance_after, ...transfer }) => ({
    version: Number(version),
    amountMinor: Number(amount),
    balanceAfterMinor: Number(balance_after),
    transfer: transferOf(transfer),
  }));
  return { items, more: rows.length > limit };
}

/** A transfer with all that it moved. */
export async function findTransfer(
  em: EntityManager,
  id: string,
): Promise<
  | (TransferView & {
      entries: { account: LedgerAccountView; version: number; amountMinor: number; balanceAfterMinor: number }[];
    })
  | undefined
> {
  const [row] = await em.execute<TransferRow[]>(`select ${transferColumns} from ledger_transfer t where t.id = ?`, [id]);
  if (!row) return undefined;
  const entries = await em.execute<(AccountRow & { version: string; amount: string; balance_after: string })[]>(
    `select e.version, e.amount_minor as amount, e.balance_after_minor as balance_after, ${accountColumns}
        join ledger_entry e on e.ledger_account_id = a.id where e.transfer_id = ? order by a.id`,
    [id],
  );
  return {
    ...transferOf(row),
    entries: entries.map(({ version, amount, balance_after, ...account }) => ({
      account: accountOf(account),
      version: Number(version),
      amountMinor: Number(amount),
      balanceAfterMinor: Number(balance_after),
    })),
  };
}
