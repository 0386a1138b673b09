/**
 * `npm run bench [P1 P2 P4 P5 P7 P8 P9 P11 I2 S3 S8 T8 T11 T18]`: our figure beside the floor, measured in the same run (QUALITY, P). Without names
 * it runs them all. Each result is printed and written to docs/measurements/. A missed goal is a line of the table, not
 * a failure: the exit code is 0 unless a bench could not be carried out.
 *
 *   --quick            a few samples, to see that it runs; writes nothing
 *   --sizes 10000,…    how many tickets P5 asks, the fewest first; 10,000, 100,000 and 1,000,000 when left out. S8 takes the last
 *   --profile FOLDER   the product's processes leave CPU profiles there; writes nothing
 */
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { tableOf, type Result } from './figures.ts';
import type { BenchOptions } from './options.ts';
import { machineNow, writeResult } from './record.ts';
import { openStage, type Stage } from './stage.ts';

type Bench = (stage: Stage, options: BenchOptions) => Promise<Result>;

/** Loaded when asked for: each imports servers and clients of its own. */
const onStage: Readonly<Record<string, () => Promise<Bench>>> = {
  P1: async () => (await import('./p1-reply.ts')).benchReply,
  P2: async () => (await import('./p2-mix.ts')).benchMix,
  I2: async () => (await import('./i2-identity.ts')).benchIdentity,
  P4: async () => (await import('./p4-history.ts')).benchHistory,
  P7: async () => (await import('./p7-ledger.ts')).benchLedger,
  T8: async () => (await import('./t8-retiming.ts')).benchRetiming,
  T11: async () => (await import('./t11-uploads.ts')).benchUploads,
  T18: async () => (await import('./t18-live.ts')).benchLive,
};
/** These start the whole product by its own command, or nothing at all. */
const onTheirOwn: Readonly<Record<string, () => Promise<(options: BenchOptions) => Promise<Result>>>> = {
  P5: async () => (await import('./p5-search.ts')).benchSearch,
  S8: async () => (await import('./s8-reports.ts')).benchReports,
  P8: async () => (await import('./p8-start.ts')).benchStart,
  P9: async () => (await import('./p9-console.ts')).benchConsole,
  P11: async () => (await import('./p11-memory.ts')).benchMemory,
  S3: async () => (await import('./s3-calendar.ts')).benchCalendar,
};
const known = [...Object.keys(onStage), ...Object.keys(onTheirOwn)];

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, profile: { type: 'string' }, sizes: { type: 'string' } },
});
const wanted = positionals.length ? positionals.map((name) => name.toUpperCase()) : known;
const unknown = wanted.filter((id) => !known.includes(id));
if (unknown.length) {
  process.stderr.write(`There is no bench ${unknown.join(', ')}: choose of ${known.join(', ')}.\n`);
  process.exit(64);
}
const profileFolder = values.profile === undefined ? undefined : resolve(values.profile);
if (profileFolder) mkdirSync(profileFolder, { recursive: true });
const startedAt = performance.now();
const say = (line: string) => process.stdout.write(`${((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${line}\n`);
const sizes = values.sizes?.split(',').map(Number);
if (sizes?.some((size) => !Number.isInteger(size) || size < 1_000)) {
  process.stderr.write('Sizes are whole numbers from 1000 on, with commas.\n');
  process.exit(64);
}
const options: BenchOptions = { quick: values.quick, profileFolder, sizes, say };

for (const id of wanted) {
  const before = machineNow();
  say(`${id}: begins (load ${before.load})`);
  const { result, durability } = await run(id);
  process.stdout.write(`\n${result.id}: ${result.title}\n${tableOf(result.lines)}\n\n${result.raw.join('\n\n')}\n\n`);
  if (!options.quick && !profileFolder) say(`written to ${writeResult(result, before, durability)}`);
}

async function run(id: string): Promise<{ result: Result; durability: string | undefined }> {
  const alone = onTheirOwn[id];
  if (alone) return { result: await (await alone())(options), durability: undefined };
  return runOnStage(await onStage[id]!());
}

async function runOnStage(bench: Bench): Promise<{ result: Result; durability: string }> {
  const stage = await openStage(say);
  const stop = () => void stage.stop().finally(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  try {
    return { result: await bench(stage, options), durability: stage.durability };
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop);
    await stage.stop();
  }
}
