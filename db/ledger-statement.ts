/**
 * An account's entries as a file that proves itself (SPEC M10): a line of JSON that says where it begins, then one for each entry
 * with everything that its hash is of. Whoever has the file, and the hash of a later entry from another source, needs neither
 * database nor network to know that nothing in it was changed.
 */
import { beforeTheFirst, followEntry, type ChainedEntry, type ChainLink } from '../domain/ledger-chain.ts';
import type { Database } from './database.ts';
import { hashEntry, readEntries } from './repositories/ledger-entries.ts';

const format = 'kontor-statement/1';
const entriesAtOnce = 500;

interface Beginning {
  readonly format: typeof format;
  readonly account: string;
  /** Where the account stood before the first entry of the file. */
  readonly before: ChainLink;
}

/** Writes the lines of an account's whole statement, some hundreds in memory at a time. */
export async function* writeStatement(database: Database, account: string): AsyncGenerator<string> {
  const beginning: Beginning = { format, account, before: beforeTheFirst };
  yield `${JSON.stringify(beginning)}\n`;
  for (let version = 0; ;) {
    const entries = await readEntries(database.fork(), { account, version }, entriesAtOnce, account);
    for (const { entryAt: _, ...entry } of entries) yield `${JSON.stringify(entry)}\n`;
    if (entries.length < entriesAtOnce) return;
    version = entries.at(-1)!.version;
  }
}

/** What a statement comes to: how many entries were followed and where the account stands, or which line is wrong and why. */
export type StatementVerdict =
  | { readonly right: true; readonly account: string; readonly entries: number; readonly end: ChainLink }
  | { readonly right: false; readonly line: number; readonly why: string };

const faults = {
  not_next: 'its number is not the next one',
  balance_wrong: 'the balance after it is not the balance before it and its amount',
  hash_wrong: 'it is not what was hashed when it was posted',
} as const;

/** Follows a statement line by line, up to the first that is wrong. */
export async function verifyStatement(lines: AsyncIterable<string>): Promise<StatementVerdict> {
  let beginning: Beginning | undefined;
  let link = beforeTheFirst;
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (line === '') continue;
    const read = parse(line);
    if (!read) return { right: false, line: number, why: 'it cannot be read' };
    if (!beginning) {
      if (!isBeginning(read)) return { right: false, line: number, why: 'it is not the beginning of a statement' };
      beginning = read;
      link = read.before;
      continue;
    }
    if (!isEntry(read)) return { right: false, line: number, why: 'it is no entry' };
    if (read.account !== beginning.account) return { right: false, line: number, why: 'it is of another account' };
    const { after, fault } = followEntry(link, read, hashEntry(link.hash, read));
    if (fault) return { right: false, line: number, why: `entry ${read.version}: ${faults[fault]}` };
    link = after;
  }
  if (!beginning) return { right: false, line: 1, why: 'the file is empty' };
  return { right: true, account: beginning.account, entries: link.version - beginning.before.version, end: link };
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const read: unknown = JSON.parse(line);
    return typeof read === 'object' && read !== null ? (read as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function isBeginning(read: Record<string, unknown>): read is Record<string, unknown> & Beginning {
  const before = read['before'] as Partial<ChainLink> | undefined;
  return read['format'] === format && typeof read['account'] === 'string' && Number.isSafeInteger(before?.version) && isHash(before?.hash);
}

const texts = ['account', 'currency', 'transfer', 'key', 'request', 'kind', 'at', 'by', 'about'] as const;

function isEntry(read: Record<string, unknown>): read is Record<string, unknown> & ChainedEntry {
  const areTexts = texts.every((name) => typeof read[name] === 'string' && !/[\r\n]/u.test(read[name]));
  const areNumbers = ['version', 'amountMinor', 'balanceAfterMinor'].every((name) => Number.isSafeInteger(read[name]));
  const { reverses, hash } = read;
  return areTexts && areNumbers && isHash(hash) && hash !== '' && (reverses === null || typeof reverses === 'string');
}

function isHash(text: unknown): boolean {
  return typeof text === 'string' && /^(?:[0-9a-f]{64})?$/u.test(text);
}
