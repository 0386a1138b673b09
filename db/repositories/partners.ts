/** Who may help where support does not (SPEC T15): written by administrators, told with a refusal. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { StaffActor } from '../../domain/actor.ts';
import { refuse, type Refusal } from '../../domain/errors.ts';
import type { LocalisedText } from '../../domain/locale.ts';
import { partnersFor, type TellablePartner } from '../../domain/support-scope.ts';
import { auditWish } from '../audit.ts';
import { givenIn, type Change } from '../change.ts';
import { newId } from '../new-id.ts';
import type { Wish } from '../wish.ts';

/** Partners there may be: they are read whole. */
export const maxPartners = 200;

export interface Partner extends TellablePartner {
  readonly id: string;
  readonly withdrawn: boolean;
  readonly revision: number;
  readonly updatedAt: Date;
}

const columns = `id, name, city, skills, address, text, withdrawn_at is not null as withdrawn, revision, updated_at as "updatedAt"`;

type Row = Omit<Partner, 'updatedAt'> & { updatedAt: string };

function partnerOf(row: Row): Partner {
  return { ...row, updatedAt: new Date(row.updatedAt) };
}

/** Partners by name; those that were withdrawn are left out unless asked for. */
export async function listPartners(em: EntityManager, withdrawn = false): Promise<Partner[]> {
  const rows = await em.execute<Row[]>(
    `select ${columns} from partner where withdrawn_at is ${withdrawn ? 'not null' : 'null'} order by lower(name), id limit ?`,
    [maxPartners],
  );
  return rows.map(partnerOf);
}

/** Those a customer of this city is told of, his own city first. */
export async function partnersOfCity(em: EntityManager, city: string | null): Promise<Partner[]> {
  return partnersFor(await listPartners(em), city);
}

async function findPartner(em: EntityManager, id: string): Promise<Partner | undefined> {
  const [row] = await em.execute<Row[]>(`select ${columns} from partner where id = ?`, [id]);
  return row && partnerOf(row);
}

export interface PartnerWords {
  readonly name: string;
  readonly city: LocalisedText;
  readonly skills: readonly LocalisedText[];
  readonly address: string;
  readonly text: LocalisedText | null;
}

export async function addPartner(wish: Wish<StaffActor>, wanted: PartnerWords): Promise<Partner | Refusal> {
  const { em } = wish;
  const at = wish.clock.now();
  await em.execute(`select pg_advisory_xact_lock(hashtextextended('partner', 0))`);
  const [whole] = await em.execute<{ partners: number }[]>('select count(*)::integer as partners from partner');
  if (whole!.partners >= maxPartners) return refuse('partner.too_many');
  const id = newId('partner', at);
  await em.execute(
    `insert into partner (id, name, city, skills, address, text, revision, created_at, updated_at)
      values (?, ?, ?::jsonb, ?::jsonb, ?, ?::jsonb, 1, ?, ?)`,
    [id, wanted.name, JSON.stringify(wanted.city), JSON.stringify(wanted.skills), wanted.address, spelled(wanted.text), at, at],
  );
  await auditWish(wish, 'partner.add', `partner:${id}`, at);
  return (await findPartner(em, id))!;
}

export type PartnerChange = Change<PartnerWords & { readonly withdrawn: boolean }>;

/**
 * Changes a partner, withdraws him or brings him back.
 * @param known the revision that the change was made on; undefined when the caller does not say
 */
export async function changePartner(
  wish: Wish<StaffActor>,
  id: string,
  known: number | undefined,
  change: PartnerChange,
): Promise<Partner | Refusal> {
  const { em } = wish;
  const at = wish.clock.now();
  await em.execute('select 1 from partner where id = ? for update', [id]);
  const before = await findPartner(em, id);
  if (!before) return refuse('partner.not_found');
  if (known !== undefined && known !== before.revision) return refuse('request.stale');
  const after = { ...before, ...givenIn(change) };
  await em.execute(
    `update partner set name = ?, city = ?::jsonb, skills = ?::jsonb, address = ?, text = ?::jsonb,
        withdrawn_at = case when ? then coalesce(withdrawn_at, ?::timestamptz) end, revision = revision + 1, updated_at = ? where id = ?`,
    [after.name, JSON.stringify(after.city), JSON.stringify(after.skills), after.address, spelled(after.text), after.withdrawn, at, at, id],
  );
  await auditWish(wish, 'partner.change', `partner:${id}`, at, {
    before: { withdrawn: String(before.withdrawn) },
    after: { withdrawn: String(after.withdrawn) },
  });
  return (await findPartner(em, id))!;
}

function spelled(text: LocalisedText | null): string | null {
  return text === null ? null : JSON.stringify(text);
}
