/** P11: what the whole product weighs at rest. */
import { readFileSync } from 'node:fs';
import { markdownTable, type Result } from './figures.ts';
import type { BenchOptions } from './options.ts';
import { until } from '../harness/until.ts';
import { descendantsOf, openFirstTicket, startWholeProduct } from './whole-product.ts';

const goalMiB = 700;
const restSeconds = 45;

export async function benchMemory(options: BenchOptions): Promise<Result> {
  const product = startWholeProduct();
  try {
    await openFirstTicket(product, 180);
    await until('it says that it is ready', () => product.said().includes('Kontor is ready'), 120);
    const rest = options.quick ? 5 : restSeconds;
    options.say(`ready; at rest for ${rest} s`);
    await new Promise((resolve) => setTimeout(resolve, rest * 1000));
    return resultOf(descendantsOf(product.pid).flatMap(weigh), rest);
  } finally {
    await product.stop();
  }
}

interface Weighed {
  readonly part: string;
  readonly pssMiB: number;
  readonly rssMiB: number;
}

/** A process that ended meanwhile weighs nothing; one we may not look into would make the sum a lie. */
function weigh(pid: number): Weighed[] {
  let command: string[];
  try {
    command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
  if (command.join('') === '') return [];
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const mebibytes = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1] ?? Number.NaN) / 1024;
  return [{ part: partOf(command.join(' ')), pssMiB: mebibytes('Pss'), rssMiB: mebibytes('Rss') }];
}

const parts: readonly (readonly [RegExp, string])[] = [
  [/api\/main\.ts/, 'API'],
  [/worker\/main\.ts/, 'worker'],
  [/dev\/mailbox\.ts/, 'mailbox'],
  [/dev\/payment-simulator/, 'payment simulator'],
  [/start-dev/, 'Temporal server with its page'],
  [/^postgres|\/postgres\b/, 'PostgreSQL, all processes'],
  [/kontor-watcher/, 'watchers'],
  [/dev\/(?:start\.js|main\.ts)/, 'supervisor'],
  [/npm/, 'npm'],
];

function partOf(command: string): string {
  return parts.find(([pattern]) => pattern.test(command))?.[1] ?? `other: ${command.slice(0, 40)}`;
}

function resultOf(weighed: readonly Weighed[], rest: number): Result {
  const sum = (list: readonly Weighed[]) => list.reduce((total, { pssMiB }) => total + pssMiB, 0);
  const total = sum(weighed);
  const byPart = [...Map.groupBy(weighed, ({ part }) => part)].toSorted(([, a], [, b]) => sum(b) - sum(a));
  return {
    id: 'P11',
    title: 'The whole product at rest, with sample data',
    lines: [
      {
        goal: 'P11',
        what: 'PSS of all processes',
        floor: '',
        ours: `${total.toFixed(0)} MiB`,
        ratio: '',
        wanted: `≤ ${goalMiB} MiB`,
        met: total <= goalMiB,
      },
    ],
    method: [
      `npm start on fresh data, one ticket opened besides the sample data, then ${rest} s of rest. PSS of the start command and all its descendants, from /proc/<pid>/smaps_rollup: shared pages are shared out, so the sum counts each once.`,
      'What runs beside it from the same files, such as tests, takes a share of its pages and makes the sum smaller: measured on a calm machine, or from an installation of its own.',
    ],
    raw: [
      markdownTable(
        ['part', 'processes', 'PSS, MiB', 'RSS, MiB'],
        [
          ...byPart.map(([part, list]) => [
            part,
            String(list.length),
            sum(list).toFixed(1),
            list.reduce((all, { rssMiB }) => all + rssMiB, 0).toFixed(1),
          ]),
          ['all', String(weighed.length), total.toFixed(1), ''],
        ],
      ),
    ],
  };
}
