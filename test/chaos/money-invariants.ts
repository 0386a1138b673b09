/**
 * What must hold of the money of any desk at rest, whatever was done to it (SPEC B1–B7): the books add up, and everything
 * that moved money has moved it once. Asked in SQL of its own, beside the product's check of its books.
 */
import { createHash } from 'node:crypto';
import type { Checks } from './checks.ts';
import type { Desk } from './desk.ts';

/** Each of these finds what must not be. */
const findings: Readonly<Record<string, string>> = {
  'the books of a currency do not add up to zero':
    'select currency, sum(balance_minor) from ledger_account group by 1 having sum(balance_minor) <> 0',
  'a transfer does not add up': 'select transfer_id from ledger_entry group by 1 having sum(amount_minor) <> 0 or count(*) < 2',
  'an account is not the sum of its entries': `
    select a.id from ledger_account a left join ledger_entry e on e.ledger_account_id = a.id
      group by a.id having a.balance_minor <> coalesce(sum(e.amount_minor), 0) or a.version <> count(e.version)`,
  'a balance does not follow from the one before': `
    select * from (select ledger_account_id, version, amount_minor, balance_after_minor,
        lag(balance_after_minor, 1, 0) over w as before, row_number() over w as place from ledger_entry window w as (partition by ledger_account_id order by version)) x
      where balance_after_minor <> before + amount_minor or version <> place`,
  'a purchase went below the limit': `
    select e.* from ledger_entry e join ledger_transfer t on t.id = e.transfer_id and t.kind = 'purchase' join ledger_account a on a.id = e.ledger_account_id
      join billing b on b.account_id = a.account_id where a.kind = 'paid' and e.balance_after_minor < -b.credit_limit_minor`,
  'paid money is not what is unspent less what is on credit': `
    select a.account_id, a.balance_minor from ledger_account a where a.kind = 'paid' and a.balance_minor <>
      (select coalesce(sum(unspent_minor), 0) from money_in i where i.account_id = a.account_id)
      - (select coalesce(sum(on_credit_minor), 0) from money_out o where o.account_id = a.account_id)`,
  'money is used that is not there, or forgotten': `
    select i.transfer_id from money_in i left join money_allocation m on m.in_id = i.transfer_id
      group by i.transfer_id having i.amount_minor - i.unspent_minor <> coalesce(sum(m.amount_minor), 0)`,
  'a payment that came in has no transfer of its own, or another sum': `
    select p.id from payment p left join ledger_transfer t on t.key = 'payment:' || p.id left join money_in i on i.transfer_id = t.id
      where p.state = 'succeeded' and (i.amount_minor is distinct from p.amount_minor or i.payment_id is distinct from p.id)`,
  'money came in for a payment that did not': `
    select t.key from ledger_transfer t where t.kind = 'top_up' and not exists (select 1 from payment p where t.key = 'payment:' || p.id and p.state = 'succeeded')`,
  'an order that is paid has no purchase, or another sum': `
    select o.id from sales_order o left join ledger_transfer t on t.key = 'order:' || o.id and t.kind = 'purchase'
      where o.state = 'paid' and o.total_minor > 0 and (t.id is null or o.total_minor <>
        (select sum(e.amount_minor) from ledger_entry e where e.transfer_id = t.id and e.amount_minor > 0))`,
  'something was bought without an order that is paid': `
    select t.key from ledger_transfer t where t.kind = 'purchase' and not exists (select 1 from sales_order o where t.key = 'order:' || o.id and o.state = 'paid')`,
  'a quote is accepted and not charged, or charged and not accepted': `
    select q.id, q.state from quote q where (q.state in ('accepted', 'done')) <> exists (
      select 1 from order_line l join sales_order o on o.id = l.order_id and o.state = 'paid' where l.fulfilment = 'quote' and l.about = q.id)`,
  'a quote was paid twice': `
    select l.about from order_line l join sales_order o on o.id = l.order_id and o.state = 'paid' where l.fulfilment = 'quote' group by 1 having count(*) > 1`,
  'a promo code was used more often than it may be': `
    select c.id from promo_code c join promo_reservation r on r.promo_code_id = c.id and r.state <> 'released' group by c.id having count(*) > c.total_cap`,
  'a use of a promo code outlives its order': `
    select r.id from promo_reservation r join sales_order o on o.id = r.order_id
      where (r.state = 'reserved') <> (o.state = 'open') or (r.state = 'used') <> (o.state = 'paid')`,
};

/** Checks them all. The desk must have come to rest. */
export async function checkMoney(checks: Checks, desk: Desk): Promise<void> {
  for (const [what, sql] of Object.entries(findings)) checks.equal(what, await desk.query(sql), []);
  await checkChains(checks, desk);
}

/** Every entry follows from the one before it on its account. */
async function checkChains(checks: Checks, desk: Desk): Promise<void> {
  const entries = await desk.query<Record<string, string> & { head: Buffer; hash: Buffer }>(
    `select e.ledger_account_id as account, a.currency, encode(t.request_hash, 'hex') as request, e.version::text, e.amount_minor::text as amount, e.balance_after_minor::text as after, t.id as transfer, t.key, t.kind,
        coalesce(t.reverses, '-') as reverses, to_char(t.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, t.by, t.about, e.hash, a.head
      from ledger_entry e join ledger_transfer t on t.id = e.transfer_id join ledger_account a on a.id = e.ledger_account_id order by e.ledger_account_id, e.version`,
  );
  let account = '';
  let last = Buffer.alloc(0);
  const broken: string[] = [];
  for (const [place, entry] of entries.entries()) {
    if (entry['account'] !== account) last = Buffer.alloc(0);
    account = entry['account']!;
    const { currency, version, amount, after, transfer, key, request, kind, reverses, at, by, about } = entry as Record<string, string>;
    last = createHash('sha256')
      .update(last)
      .update(
        [
          'kontor-entry/1',
          account,
          currency!,
          version!,
          amount!,
          after!,
          transfer!,
          key!,
          request!,
          kind!,
          reverses!,
          at!,
          by!,
          about!,
        ].join('\n'),
      )
      .digest();
    const isLast = entries[place + 1]?.['account'] !== account;
    if (!last.equals(entry.hash) || (isLast && !last.equals(entry.head))) broken.push(`${account} ${version}`);
  }
  checks.equal('every entry follows from the one before', broken, []);
}
