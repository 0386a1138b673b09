/** The table of tax rates (SPEC B13). Rows are added and, before their day, taken away again; what is in force stays. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { StaffActor } from '../../domain/actor.ts';
import { refuse, type Refusal } from '../../domain/errors.ts';
import { sellersDay, taxOf, type AppliedTax, type TaxedCustomer, type TaxRate } from '../../domain/tax-rate.ts';
import { auditWish } from '../audit.ts';
import { newId } from '../new-id.ts';
import type { Wish } from '../wish.ts';

/** Rows there may be: they are read whole. */
export const maxTaxRates = 1_000;

export interface StoredTaxRate extends TaxRate {
  readonly id: string;
  readonly createdAt: Date;
}

const columns = `id, seller, category, customer_kind as "customerKind", country, to_char(valid_from, 'YYYY-MM-DD') as "validFrom",
  rate_bp as "rateBp", inside, created_at as "createdAt"`;

/** All rates: by category, the latest first. */
export async function listTaxRates(em: EntityManager): Promise<StoredTaxRate[]> {
  const rows = await em.execute<(Omit<StoredTaxRate, 'createdAt'> & { createdAt: string })[]>(
    `select ${columns} from tax_rate order by seller, category, valid_from desc, country nulls last, customer_kind nulls last, id limit ?`,
    [maxTaxRates],
  );
  return rows.map((row) => ({ ...row, createdAt: new Date(row.createdAt) }));
}

/** Tells what each customer's purchases of each category are taxed at, at this instant. */
export async function taxReader(
  em: EntityManager,
  at: Date,
): Promise<(seller: string, category: string, customer: TaxedCustomer) => AppliedTax> {
  const rates = await listTaxRates(em);
  const day = sellersDay(at);
  return (seller, category, customer) => taxOf(rates, seller, category, customer, day);
}

/** Adds a rate. Of one seller, category, kind and country there is one for a day. */
export async function addTaxRate(wish: Wish<StaffActor>, wanted: TaxRate): Promise<StoredTaxRate | Refusal> {
  const { em } = wish;
  const at = wish.clock.now();
  // A rate of a day that has begun would change what is paid for from now on, which is what it is for; nothing issued changes.
  await holdTable(em);
  const rates = await listTaxRates(em);
  if (rates.length >= maxTaxRates || rates.some((rate) => isSameRow(rate, wanted))) return refuse('tax_rate.exists');
  const id = newId('taxRate', at);
  await em.execute(
    `insert into tax_rate (id, seller, category, customer_kind, country, valid_from, rate_bp, inside, created_at)
      values (?, ?, ?, ?, ?, ?::date, ?, ?, ?)`,
    [id, wanted.seller, wanted.category, wanted.customerKind, wanted.country, wanted.validFrom, wanted.rateBp, wanted.inside, at],
  );
  await auditWish(wish, 'tax_rate.add', `tax_rate:${id}`, at, { after: told(wanted) });
  return { ...wanted, id, createdAt: at };
}

/** Takes away a rate whose day has not come. One that is in force stays: a later one follows it. */
export async function removeTaxRate(wish: Wish<StaffActor>, id: string): Promise<{ id: string } | Refusal> {
  const { em } = wish;
  const at = wish.clock.now();
  await holdTable(em);
  const [rate] = await em.execute<TaxRate[]>(`select ${columns} from tax_rate where id = ?`, [id]);
  if (!rate) return refuse('tax_rate.not_found');
  if (rate.validFrom <= sellersDay(at)) return refuse('tax_rate.in_force');
  await em.execute('delete from tax_rate where id = ?', [id]);
  await auditWish(wish, 'tax_rate.remove', `tax_rate:${id}`, at, { before: told(rate) });
  return { id };
}

/** One change at a time: it is looked at whole before. */
async function holdTable(em: EntityManager): Promise<void> {
  await em.execute(`select pg_advisory_xact_lock(hashtextextended('tax_rate', 0))`);
}

function isSameRow(a: TaxRate, b: TaxRate): boolean {
  return (
    a.seller === b.seller &&
    a.category === b.category &&
    a.customerKind === b.customerKind &&
    a.country === b.country &&
    a.validFrom === b.validFrom
  );
}

function told({ category, customerKind, country, validFrom, rateBp, inside }: TaxRate): Record<string, string | null> {
  return { category, customerKind, country, validFrom, rateBp: rateBp === null ? null : String(rateBp), inside: String(inside) };
}
