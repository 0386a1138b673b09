import { ApiError } from './errors.ts';

/**
 * A cursor names the last row of a page and the order it was read in. It is opaque to the caller, not secret: whoever
 * makes one up sees nothing that the list would not show him.
 */
export function spellCursor(order: string, value: string | number | null, key: string | number): string {
  return Buffer.from(JSON.stringify([order, value, key])).toString('base64url');
}

/** Whether it says of itself that it is of this order. */
export function isCursorOf(cursor: string | undefined, order: string): boolean {
  return cursor !== undefined && parse(cursor)?.[0] === order;
}

/** Reads a cursor of this order, or refuses with `request.cursor_invalid`. */
export function readCursor<Value extends 'instant' | 'instantOrNull' | 'integer', Key extends keyof typeof keyFits>(
  cursor: string | undefined,
  order: string,
  kinds: { value: Value; key: Key },
): { value: CursorValue<Value>; key: Key extends 'integer' ? number : string } | undefined {
  if (cursor === undefined) return undefined;
  const read = parse(cursor);
  if (!read || read[0] !== order) throw new ApiError('request.cursor_invalid');
  const [, value, key] = read;
  const valueFits = kinds.value === 'integer' ? isInt32(value) : isInstant(value) || (value === null && kinds.value === 'instantOrNull');
  if (!valueFits || !keyFits[kinds.key](key)) throw new ApiError('request.cursor_invalid');
  return { value, key } as never;
}

/** What the key of a row may be: an id, a number, or several words that whoever spelled them reads. */
const keyFits = {
  string: (key: unknown) => typeof key === 'string' && /^[a-z]{3}_[0-9a-z]{26}$/.test(key),
  integer: isInt32,
  words: (key: unknown) => typeof key === 'string' && /^[\w .:-]{1,100}$/.test(key),
} as const;

type CursorValue<Value> = Value extends 'integer' ? number : Value extends 'instant' ? string : string | null;

function parse(cursor: string): [unknown, unknown, unknown] | undefined {
  try {
    const read: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(read) && read.length === 3 ? (read as [unknown, unknown, unknown]) : undefined;
  } catch {
    return undefined;
  }
}

function isInt32(value: unknown): boolean {
  return Number.isInteger(value) && Math.abs(value as number) <= 2_147_483_647;
}

/** As we spell instants. JavaScript also reads 31 February and the year 0; PostgreSQL refuses them. */
function isInstant(value: unknown): boolean {
  if (typeof value !== 'string' || !/^(?!0000)\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(value)) return false;
  const at = new Date(value);
  return !Number.isNaN(at.getTime()) && at.toISOString() === value;
}

/** The row after which a page begins, in a list ordered by instant and id. */
export function readWindow(cursor: string | undefined, order: string): { at: string; id: string } | undefined {
  const read = readCursor(cursor, order, { value: 'instant', key: 'string' });
  return read && { at: read.value, id: read.key };
}

/** The cursor after the last of these items; null when nothing follows. */
export function nextWindow<Item extends { id: string }>(
  order: string,
  { items, more }: { items: readonly Item[]; more: boolean },
  instantOf: (item: Item) => Date,
): string | null {
  const last = items.at(-1);
  return more && last ? spellCursor(order, instantOf(last).toISOString(), last.id) : null;
}
