/**
 * `npm run reset`: empties the data of a copy (tickets, people, workflows, mails) after asking. Programs that were
 * fetched once are kept. `--yes` does not ask; `--data-folder` as for npm start.
 */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { removeCluster } from './postgres-server.ts';
import { endLeftovers, runningSupervisor } from './run-record.ts';
import { sentenceFor, StartError } from './start-error.ts';
import { readStartOptions } from './start-options.ts';
import { endTemporalOf } from './temporal-server.ts';

// Named one by one: the folder may be one that holds other things too.
const emptied = ['temporal', 'mailbox', 'payments', 'logs', 'database-passwords.json', 'secrets-key', 'sample-data-made', 'processes.json'];

/**
 * Empties the data folder.
 * @throws StartError when the product runs on it
 */
export async function reset(dataFolder: string, say: (line: string) => void): Promise<void> {
  refuseWhenRunning(dataFolder);
  await endLeftovers(dataFolder, [], say);
  await endTemporalOf(join(dataFolder, 'temporal/temporal.db'), say);
  await removeCluster(join(dataFolder, 'postgres'));
  for (const name of emptied) rmSync(join(dataFolder, name), { recursive: true, force: true });
}

function refuseWhenRunning(dataFolder: string): void {
  const running = runningSupervisor(dataFolder);
  if (running)
    throw new StartError(
      `Kontor is running on ${dataFolder} (process ${running.pid}): stop it first, with Ctrl-C in its window or kill ${running.pid}.`,
    );
}

async function main(): Promise<void> {
  const yes = process.argv.includes('--yes');
  const { dataFolder } = readStartOptions(
    process.argv.slice(2).filter((argument) => argument !== '--yes'),
    {},
  );
  if (!existsSync(dataFolder)) return void process.stdout.write(`There are no data in ${dataFolder}.\n`);
  refuseWhenRunning(dataFolder);
  if (!yes) {
    if (!process.stdin.isTTY)
      throw new StartError('Nobody is here to be asked: run “npm run reset -- --yes” to empty the data without asking.');
    const prompt = createInterface({ input: process.stdin, output: process.stdout });
    const answer = await prompt.question(
      `Empty all data in ${dataFolder} (tickets, people, workflows, mails)? There is no way back. [yes/no] `,
    );
    prompt.close();
    if (!/^y(es)?$/i.test(answer.trim())) return void process.stdout.write('Nothing was changed.\n');
  }
  await reset(dataFolder, (line) => process.stdout.write(`${line}\n`));
  process.stdout.write('The data are empty; npm start begins anew.\n');
}

if (import.meta.main)
  main().catch((error: unknown) => {
    process.stderr.write(`${sentenceFor(error) ?? (error instanceof Error ? error.stack : String(error))}\n`);
    process.exitCode = 1;
  });
