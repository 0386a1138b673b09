/**
 * The books as a journal that hledger reads, so that a program which is not ours can balance them (SPEC B1). Ids alone, dates in
 * UTC; the signs are an accountant's: what we have is positive, what we owe and what we earned negative. After each entry of a
 * customer's account stands what its balance must then be, which hledger checks as well.
 */
import type { LedgerAccountKind } from '../../domain/ledger.ts';
import type { Database } from '../database.ts';

const transfersAtOnce = 500;

interface Row {
  id: string;
  at: string;
  kind: string;
  key: string;
  by: string;
  entries: { account: string; kind: LedgerAccountKind; owner: string | null; currency: string; amount: string; after: string }[];
}

/**
 * Writes the journal transfer after transfer, in the order of their instants, some hundreds in memory at a time.
 * @param before transfers of this instant and later are left out: those that come while it is written would be half of them
 */
export async function* exportJournal(database: Database, before: Date): AsyncGenerator<string> {
  yield `; Kontor, the books before ${before.toISOString()}\ndecimal-mark .\n\n`;
  let after = { at: '-infinity', id: '' };
  for (;;) {
    const rows = await database.fork().execute<Row[]>(
      `select t.id, to_char(t.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, t.kind, t.key, t.by, (
          select json_agg(json_build_object('account', a.id, 'kind', a.kind, 'owner', a.account_id, 'currency', a.currency,
            'amount', e.amount_minor::text, 'after', e.balance_after_minor::text) order by a.id)
          from ledger_entry e join ledger_account a on a.id = e.ledger_account_id where e.transfer_id = t.id) as entries
        from ledger_transfer t where (t.at, t.id) > (?::timestamptz, ?) and t.at < ? order by t.at, t.id limit ?`,
      [after.at, after.id, before, transfersAtOnce],
    );
    for (const row of rows) yield spellTransfer(row);
    const last = rows.at(-1);
    if (!last || rows.length < transfersAtOnce) return;
    after = { at: last.at, id: last.id };
  }
}

function spellTransfer({ id, at, kind, key, by, entries }: Row): string {
  const postings = entries.map(({ account, kind: of, owner, currency, amount, after }) => {
    const asserted = owner === null ? '' : ` = ${spellMinor(-BigInt(after), currency)}`;
    return `    ${nameOf(of, owner, account)}  ${spellMinor(-BigInt(amount), currency)}${asserted}\n`;
  });
  return `${at.slice(0, 10)} (${id}) ${kind}\n    ; key: ${key}\n    ; at: ${at}\n    ; by: ${by}\n${postings.join('')}\n`;
}

const ownNames = {
  clearing: 'assets:provider',
  fees: 'expenses:provider-fees',
  revenue: 'revenues:sales',
  refunds_payable: 'liabilities:refunds-payable',
  adjustments: 'equity:adjustments',
  bonus_granted: 'expenses:bonus',
  opening: 'equity:opening',
} as const;

function nameOf(kind: LedgerAccountKind, owner: string | null, account: string): string {
  if (kind === 'paid' || kind === 'bonus') return `liabilities:customers:${owner}:${kind}`;
  return `${ownNames[kind]}:${account.split(':')[2]}`;
}

const digitsOf = new Map<string, number>();

/** An exact decimal number and its currency. */
function spellMinor(minor: bigint, currency: string): string {
  const digits =
    digitsOf.get(currency) ?? new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  digitsOf.set(currency, digits);
  const all = String(minor < 0n ? -minor : minor).padStart(digits + 1, '0');
  const whole = digits === 0 ? all : `${all.slice(0, -digits)}.${all.slice(-digits)}`;
  return `${minor < 0n ? '-' : ''}${whole} ${currency}`;
}
