/** The catalogue of what support does, does for money and does not do (SPEC T15): read by all, written by administrators. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { StaffActor } from '../../domain/actor.ts';
import { refuse, type Refusal } from '../../domain/errors.ts';
import type { LocalisedText } from '../../domain/locale.ts';
import type { Edition, ScopeStance } from '../../domain/support-scope.ts';
import { auditWish } from '../audit.ts';
import { givenIn, type Change } from '../change.ts';
import { newId } from '../new-id.ts';
import type { Wish } from '../wish.ts';

/** Items the catalogue may have: it is read whole. */
export const maxScopeItems = 500;

export interface ScopeItem {
  readonly id: string;
  /** The category of tickets it is about. */
  readonly category: string;
  /** A product's code; null: every product. Licences, when they exist, name theirs. */
  readonly product: string | null;
  readonly edition: Edition | null;
  /** The heading it stands under. */
  readonly section: LocalisedText;
  readonly stance: ScopeStance;
  readonly title: LocalisedText;
  readonly text: LocalisedText;
  readonly position: number;
  readonly withdrawn: boolean;
  readonly revision: number;
  readonly updatedAt: Date;
}

export interface ScopeFilter {
  readonly category?: string | undefined;
  /** Also finds what stands for every product. */
  readonly product?: string | undefined;
  readonly edition?: Edition | undefined;
  readonly stance?: ScopeStance | undefined;
  readonly withdrawn?: boolean | undefined;
}

const columns = `id, category, product, edition, section, stance, title, text, position, withdrawn_at is not null as withdrawn, revision, updated_at as "updatedAt"`;

type Row = Omit<ScopeItem, 'updatedAt'> & { updatedAt: string };

function itemOf(row: Row): ScopeItem {
  return { ...row, updatedAt: new Date(row.updatedAt) };
}

/** The catalogue in its order; what was withdrawn is left out unless asked for. */
export async function listScope(em: EntityManager, filter: ScopeFilter): Promise<ScopeItem[]> {
  const sql = [filter.withdrawn ? 'withdrawn_at is not null' : 'withdrawn_at is null'];
  const values: unknown[] = [];
  const add = (condition: string, value: unknown) => {
    sql.push(condition);
    values.push(value);
  };
  if (filter.category !== undefined) add('category = ?', filter.category);
  if (filter.product !== undefined) add('(product is null or product = ?)', filter.product);
  if (filter.edition !== undefined) add('(edition is null or edition = ?)', filter.edition);
  if (filter.stance !== undefined) add('stance = ?', filter.stance);
  const rows = await em.execute<Row[]>(
    `select ${columns} from support_scope_item where ${sql.join(' and ')} order by position, id limit ?`,
    [...values, maxScopeItems],
  );
  return rows.map(itemOf);
}

export async function findScopeItem(em: EntityManager, id: string): Promise<ScopeItem | undefined> {
  const [row] = await em.execute<Row[]>(`select ${columns} from support_scope_item where id = ?`, [id]);
  return row && itemOf(row);
}

export type ScopeItemWords = Pick<ScopeItem, 'category' | 'product' | 'edition' | 'section' | 'stance' | 'title' | 'text' | 'position'>;

/** Adds an item, at the end unless its place is given; a category must be one that tickets can have. */
export async function addScopeItem(
  wish: Wish<StaffActor>,
  wanted: Omit<ScopeItemWords, 'position'> & { readonly position?: number | undefined },
): Promise<ScopeItem | Refusal> {
  const { em } = wish;
  const at = wish.clock.now();
  if (!(await categoryExists(em, wanted.category))) return refuse('ticket.category_unknown', { category: wanted.category });
  // One at a time: the bound and the last place are read before they are used.
  await em.execute(`select pg_advisory_xact_lock(hashtextextended('support_scope_item', 0))`);
  const [whole] = await em.execute<{ items: number; last: number }[]>(
    'select count(*)::integer as items, coalesce(max(position), 0) as last from support_scope_item',
  );
  if (whole!.items >= maxScopeItems) return refuse('scope_item.too_many');
  const id = newId('scopeItem', at);
  await em.execute(
    `insert into support_scope_item (id, category, product, edition, section, stance, title, text, position, revision, created_at, updated_at)
      values (?, ?, ?, ?, ?::jsonb, ?, ?::jsonb, ?::jsonb, ?, 1, ?, ?)`,
    [
      id,
      wanted.category,
      wanted.product,
      wanted.edition,
      JSON.stringify(wanted.section),
      wanted.stance,
      JSON.stringify(wanted.title),
      JSON.stringify(wanted.text),
      wanted.position ?? whole!.last + 10,
      at,
      at,
    ],
  );
  await auditWish(wish, 'scope_item.add', `scope_item:${id}`, at, { after: { stance: wanted.stance, category: wanted.category } });
  return (await findScopeItem(em, id))!;
}

export type ScopeItemChange = Change<ScopeItemWords & { readonly withdrawn: boolean }>;

/**
 * Changes an item, withdraws it or brings it back. What customers were sent before stays as it was sent.
 * @param known the revision that the change was made on; undefined when the caller does not say
 */
export async function changeScopeItem(
  wish: Wish<StaffActor>,
  id: string,
  known: number | undefined,
  change: ScopeItemChange,
): Promise<ScopeItem | Refusal> {
  const { em } = wish;
  const at = wish.clock.now();
  await em.execute('select 1 from support_scope_item where id = ? for update', [id]);
  const before = await findScopeItem(em, id);
  if (!before) return refuse('scope_item.not_found');
  if (known !== undefined && known !== before.revision) return refuse('request.stale');
  if (change.category !== undefined && !(await categoryExists(em, change.category)))
    return refuse('ticket.category_unknown', { category: change.category });
  const after = { ...before, ...givenIn(change) };
  await em.execute(
    `update support_scope_item set category = ?, product = ?, edition = ?, section = ?::jsonb, stance = ?, title = ?::jsonb, text = ?::jsonb,
        position = ?, withdrawn_at = case when ? then coalesce(withdrawn_at, ?::timestamptz) end, revision = revision + 1, updated_at = ? where id = ?`,
    [
      after.category,
      after.product,
      after.edition,
      JSON.stringify(after.section),
      after.stance,
      JSON.stringify(after.title),
      JSON.stringify(after.text),
      after.position,
      after.withdrawn,
      at,
      at,
      id,
    ],
  );
  await auditWish(wish, 'scope_item.change', `scope_item:${id}`, at, { before: told(before), after: told(after) });
  return (await findScopeItem(em, id))!;
}

function told({ stance, category, withdrawn }: ScopeItem): Record<string, string> {
  return { stance, category, withdrawn: String(withdrawn) };
}

async function categoryExists(em: EntityManager, category: string): Promise<boolean> {
  return (await em.execute<unknown[]>('select 1 from queue where category = ?', [category])).length > 0;
}
