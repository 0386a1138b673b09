/**
 * `npm run verify-ledger` proves the books (SPEC M10): every entry of every account follows from the one before it, from the
 * first to the last, and everything adds up. With the name of a statement's file it proves that file, without a database.
 *
 *   npm run verify-ledger                      the database of KONTOR_DATABASE_URL
 *   npm run verify-ledger -- statement.jsonl   a file
 *
 * The exit code is 0 where all is right, 1 where something is wrong, and 2 where it could not be looked at.
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { openDatabase } from './database.ts';
import { verifyStatement } from './ledger-statement.ts';
import { checkAllBooks, type BooksFinding } from './repositories/books-check.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);

try {
  const [file] = process.argv.slice(2);
  process.exitCode = (await (file === undefined ? verifyDatabase() : verifyFile(file))) ? 0 : 1;
} catch (error) {
  process.stderr.write(`The books could not be looked at: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}

async function verifyFile(file: string): Promise<boolean> {
  const verdict = await verifyStatement(createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity }));
  if (!verdict.right) {
    say(`Line ${verdict.line} is wrong: ${verdict.why}.`);
    return false;
  }
  const { account, entries, end } = verdict;
  say(`${account}: ${entries} entries follow from each other. The balance is ${end.balanceMinor}, the last hash ${end.hash || '-'}.`);
  return true;
}

async function verifyDatabase(): Promise<boolean> {
  // Read only here, so that a file can be proven where there are no settings.
  const { configOrExit } = await import('../config.ts');
  const database = await openDatabase(configOrExit().KONTOR_DATABASE_URL, 1);
  const counted = { accounts: 0, entries: 0, findings: 0 };
  try {
    for await (const batch of checkAllBooks(database.fork())) {
      for (const finding of batch.findings) say(sentenceOf(finding));
      counted.accounts += batch.accountsChecked;
      counted.entries += batch.entriesChecked;
      counted.findings += batch.findings.length;
    }
  } finally {
    await database.close();
  }
  say(
    `${counted.accounts} accounts, ${counted.entries} entries: ${counted.findings === 0 ? 'all is right' : `${counted.findings} things are wrong`}.`,
  );
  return counted.findings === 0;
}

function sentenceOf({ kind, about, detail }: BooksFinding): string {
  const { entry, transfer, why, ...sums } = detail;
  const facts = Object.entries(sums).map(([name, value]) => `${name} ${value}`);
  switch (kind) {
    case 'ledger.entry_wrong':
      return `${about}, entry ${entry} (${transfer}): ${why}.`;
    case 'ledger.account_wrong':
    case 'ledger.use_wrong':
      return `${about}: ${why} (${facts.join(', ')}).`;
    case 'ledger.transfer_wrong':
      return `${about} does not add up (${facts.join(', ')}).`;
    case 'ledger.currency_wrong':
      return `${about} does not add up over all accounts (${facts.join(', ')}).`;
  }
}
