/**
 * `npm run chaos`: breaks a real Kontor on purpose and checks what QUALITY.md (R) promises. Prints one table; exits with
 * 1 when a line failed. Everything runs on loopback, stops by itself, and leaves nothing behind but the logs of a failure.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startServers } from '../harness/servers.ts';
import { charges } from './charges.ts';
import { databaseKilled } from './database-killed.ts';
import { engineAway } from './engine-away.ts';
import { engineLost } from './engine-lost.ts';
import { escalations } from './escalations.ts';
import type { Fault, Line } from './fault.ts';
import { killAtBoundaries } from './kill-at-boundaries.ts';
import { moneyEngineAway } from './money-engine-away.ts';
import { notificationStorm } from './notification-storm.ts';
import { prove } from './prove.ts';
import { sameKey } from './same-key.ts';
import { spends } from './spends.ts';
import { topUps } from './top-ups.ts';

const faults: readonly Fault[] = [
  sameKey,
  killAtBoundaries,
  escalations,
  spends,
  charges,
  topUps,
  notificationStorm,
  moneyEngineAway,
  engineAway,
  engineLost,
  databaseKilled,
];

const usage = `npm run chaos -- [FAULT…] [--only WORDS] [--rounds NUMBER] [--outage-seconds NUMBER] [--notifications NUMBER] [--prove]

${faults.map((fault) => `  ${fault.name.padEnd(14)} ${fault.about}`).join('\n')}

Without names all of them run. --only: of the kills (or the proofs), those with these words in their line. --rounds: of each kind of harm (default 3). --outage-seconds: how long the engine is away
(default 20; QUALITY R3 says 300). --notifications: of the storm (default 300; QUALITY R4 says 5000). --prove: shows of each fault that it can fail: takes away, in a copy, the line that it
tests, and runs it (some ten minutes; README.md in this folder).
`;

const say = (line: string) => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '3' },
      only: { type: 'string', default: '' },
      'outage-seconds': { type: 'string', default: '20' },
      notifications: { type: 'string', default: '300' },
      prove: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const chosen = positionals.length ? faults.filter((fault) => positionals.includes(fault.name)) : faults;
  const options = {
    rounds: Number(values.rounds),
    outageSeconds: Number(values['outage-seconds']),
    notifications: Number(values.notifications),
    only: values.only,
  };
  if (
    values.help ||
    chosen.length < positionals.length ||
    !inBounds(options.rounds, 1, 100) ||
    !inBounds(options.outageSeconds, 5, 900) ||
    !inBounds(options.notifications, 1, 100_000)
  ) {
    process.stderr.write(usage);
    return values.help ? 0 : 2;
  }
  if (values.prove) return prove(say, values.only);
  const began = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'kontor-chaos-'));
  const servers = await startServers();
  const lines: Line[] = [];
  try {
    const ground = { ...servers.provided, folder };
    for (const fault of chosen) {
      say(`${fault.name}: ${fault.about}`);
      for (const line of await fault.run(ground, options)) {
        lines.push(line);
        say(line.failure ? `  FAILED ${line.fault}: ${line.failure}` : `  ok ${line.fault}`);
      }
    }
  } finally {
    await servers.stop();
  }
  say(`\n${tableOf(lines)}\n`);
  const failed = lines.filter((line) => line.failure);
  if (failed.length) say(`Logs of the processes: ${join(folder, 'logs')}`);
  else rmSync(folder, { recursive: true, force: true });
  say(`chaos: ${lines.length - failed.length} passed, ${failed.length} failed, ${((performance.now() - began) / 1000).toFixed(0)} s`);
  return failed.length ? 1 : 0;
}

function inBounds(value: number, from: number, to: number): boolean {
  return Number.isInteger(value) && value >= from && value <= to;
}

function tableOf(lines: readonly Line[]): string {
  const rows = [
    ['fault', 'rounds', 'checks', 'result', 'seconds', 'seen'],
    ...lines.map((line) => [
      line.fault,
      String(line.rounds),
      line.failure ? '-' : String(line.checks),
      line.failure ? 'FAILED' : 'passed',
      line.seconds.toFixed(1),
      line.failure ?? line.seen,
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => (column === 5 ? 0 : row[column]!.length))));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column > 0 && column < 5 && column !== 3 ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

process.exitCode = await main();
