/** T11, T12: what twenty people who upload at once cost the API's process, beside a bare server that writes the same bytes. */
import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { maxFileBytes } from '../../domain/file.ts';
import type { TestCustomer } from '../harness/people.ts';
import { startS3 } from '../harness/s3-server.ts';
import { markdownTable, type Result } from './figures.ts';
import type { BenchOptions } from './options.ts';
import { hirePeople, startProduct, type Product } from './product.ts';
import type { Stage } from './stage.ts';

const clients = 20;
/** What the twenty files alone would take if each were held whole. */
const goalMiB = 200;

interface Round {
  readonly what: string;
  readonly restMiB: number;
  readonly peakMiB: number;
  readonly files: number;
  readonly sentMiB: number;
  readonly seconds: number;
}

export async function benchUploads(stage: Stage, options: BenchOptions): Promise<Result> {
  const each = options.quick ? 1 : 10;
  const text = Buffer.alloc(maxFileBytes, 'A line of a log that somebody sends.\n');
  const har = harOf10MiB();
  const folder = join(stage.folder, 'files');
  const rounds: Round[] = [await floorRound(stage, options, text, each)];
  const product = await startProduct(stage, options.profileFolder, { KONTOR_FILES_FOLDER: folder });
  try {
    const { customers } = await hirePeople(product, clients);
    await upload(product.origin, customers[0]!.credentials, 'warm.txt', Buffer.from('warm'));
    rounds.push(await round(options, 'folder: text', product, customers, 'a.txt', text, each));
    await empty(stage, folder);
    rounds.push(await downloads(options, product, customers, text, each));
    await empty(stage, folder);
    rounds.push(await round(options, 'folder: one HAR at a time', product, customers.slice(0, 1), 'a.har', har, options.quick ? 1 : 5));
    rounds.push(await round(options, 'folder: HARs, cleaned', product, customers, 'a.har', har, options.quick ? 1 : 2));
    await empty(stage, folder);
  } finally {
    await product.stop();
  }
  rounds.push(await s3Round(stage, options, text));
  return resultOf(rounds);
}

/** So many clients, each with so many files, one after the other. */
async function round(
  options: BenchOptions,
  what: string,
  { origin, apiProcess }: Pick<Product, 'origin' | 'apiProcess'>,
  customers: readonly Pick<TestCustomer, 'credentials'>[],
  name: string,
  content: Buffer,
  each: number,
): Promise<Round> {
  options.say(`${what}: ${customers.length} clients with ${each} files each`);
  return weighed(what, apiProcess, customers.length * each, content.length, () =>
    Promise.all(
      customers.map(async ({ credentials }) => {
        for (let file = 0; file < each; file += 1) await upload(origin, credentials, name, content);
      }),
    ),
  );
}

async function downloads(
  options: BenchOptions,
  product: Product,
  customers: readonly TestCustomer[],
  content: Buffer,
  each: number,
): Promise<Round> {
  const ids = await Promise.all(customers.map(async ({ credentials }) => (await upload(product.origin, credentials, 'a.txt', content)).id));
  options.say('folder: downloads');
  return weighed('folder: downloads', product.apiProcess, customers.length * each, content.length, () =>
    Promise.all(
      customers.map(async ({ credentials }, index) => {
        for (let file = 0; file < each; file += 1) {
          const answer = await fetch(`${product.origin}/api/v1/files/${ids[index]}/content`, { headers: credentials });
          let bytes = 0;
          for await (const piece of answer.body!) bytes += piece.length;
          if (bytes !== content.length) throw new Error(`a download had ${bytes} bytes`);
        }
      }),
    ),
  );
}

async function floorRound(stage: Stage, options: BenchOptions, content: Buffer, each: number): Promise<Round> {
  const folder = join(stage.folder, 'floor-files');
  mkdirSync(folder);
  const child: ChildProcess = fork(fileURLToPath(new URL('floor-upload.ts', import.meta.url)), [folder]);
  const port = await new Promise((resolve) => child.once('message', resolve));
  const anybody = Array.from({ length: clients }, () => ({ credentials: {} }));
  const bare = { origin: `http://127.0.0.1:${String(port)}`, apiProcess: child.pid! };
  const measured = await round(options, 'floor: a bare server', bare, anybody, 'a.txt', content, each);
  child.disconnect();
  rmSync(folder, { recursive: true });
  return measured;
}

async function s3Round(stage: Stage, options: BenchOptions, content: Buffer): Promise<Round> {
  const s3 = await startS3();
  const { endpoint, region, bucket, accessKeyId, secretAccessKey } = s3.place;
  const product = await startProduct(stage, options.profileFolder, {
    KONTOR_FILES_S3_BUCKET: bucket,
    KONTOR_FILES_S3_ENDPOINT: endpoint!,
    KONTOR_FILES_S3_REGION: region,
    KONTOR_FILES_S3_ACCESS_KEY_ID: accessKeyId,
    KONTOR_FILES_S3_SECRET_ACCESS_KEY: secretAccessKey,
  });
  try {
    const { customers } = await hirePeople(product, clients);
    await upload(product.origin, customers[0]!.credentials, 'warm.txt', Buffer.from('warm'));
    // The server of the tests keeps what it has in memory: few files.
    return await round(options, 'S3: text', product, customers, 'a.txt', content, options.quick ? 1 : 2);
  } finally {
    await product.stop();
    await s3.stop();
  }
}

/** Sends the bytes as a program would that has them in a file, as fast as they are taken. */
async function upload(
  origin: string,
  credentials: Readonly<Record<string, string>>,
  name: string,
  content: Buffer,
): Promise<{ id: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${origin}/api/v1/files?name=${name}`,
      { method: 'POST', headers: { ...credentials, 'content-length': content.length } },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (piece) => (text += piece));
        answer.on('end', () =>
          answer.statusCode === 201 ? resolve(JSON.parse(text)) : reject(new Error(`an upload answered ${answer.statusCode}: ${text}`)),
        );
      },
    );
    sent.once('error', reject);
    sent.end(content);
  });
}

/** The most that the process had in memory meanwhile, from the kernel's own mark. */
async function weighed(what: string, pid: number, files: number, bytesEach: number, work: () => Promise<unknown>): Promise<Round> {
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  // Writing 5 sets the high-water mark to what is there now (proc(5), clear_refs).
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
  const restMiB = memoryMiB(pid, 'VmRSS');
  const begun = performance.now();
  await work();
  const seconds = (performance.now() - begun) / 1000;
  return { what, restMiB, peakMiB: memoryMiB(pid, 'VmHWM'), files, sentMiB: (files * bytesEach) / 1024 / 1024, seconds };
}

function memoryMiB(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

/** Unused uploads of a person are bounded: the next round begins without the former one's. */
async function empty(stage: Stage, folder: string): Promise<void> {
  await stage.product.query(`delete from file where message_id is null`);
  rmSync(folder, { recursive: true, force: true });
}

/** Entries as browsers write them, with bodies of some kilobytes. */
function harOf10MiB(): Buffer {
  const headers = Array.from({ length: 15 }, (_, n) => ({ name: `x-header-${n}`, value: 'value '.repeat(8) }));
  const entry = (n: number) =>
    JSON.stringify({
      startedDateTime: '2026-11-23T10:00:00.000Z',
      time: 12.3,
      request: {
        method: 'GET',
        url: `https://panel.example/api/${n}?token=${n}`,
        httpVersion: 'h2',
        cookies: [],
        headers,
        queryString: [],
        headersSize: -1,
        bodySize: 0,
      },
      response: {
        status: 200,
        statusText: 'OK',
        httpVersion: 'h2',
        cookies: [],
        headers,
        content: { size: 4000, mimeType: 'text/html', text: '<p>body</p>'.repeat(360) },
        redirectURL: '',
        headersSize: -1,
        bodySize: 4000,
      },
      cache: {},
      timings: { send: 1, wait: 10, receive: 1.3 },
    });
  const entries: string[] = [];
  for (let bytes = 200; ; entries.push(entry(entries.length))) {
    bytes += entry(entries.length).length + 1;
    if (bytes > maxFileBytes) break;
  }
  return Buffer.from(`{"log":{"version":"1.2","creator":{"name":"bench","version":"1"},"entries":[${entries.join(',')}]}}`);
}

function resultOf(rounds: readonly Round[]): Result {
  const growth = ({ restMiB, peakMiB }: Round) => peakMiB - restMiB;
  const [floor, ...ours] = rounds;
  const line = (round: Round) => ({
    goal: round.what.includes('HAR') ? 'T12' : 'T11',
    what: `${round.what}: ${round.files} files, memory above rest`,
    floor: `${growth(floor!).toFixed(0)} MiB`,
    ours: `${growth(round).toFixed(0)} MiB`,
    ratio: (growth(round) / growth(floor!)).toFixed(2),
    wanted: `≤ ${goalMiB} MiB`,
    met: growth(round) <= goalMiB,
  });
  return {
    id: 'T11',
    title: 'Memory of uploads, downloads and the cleaning of HARs',
    lines: ours.map(line),
    method: [
      `${clients} clients at once, files of 10 MiB each, one after the other for each client, sent as fast as they are taken; the floor is a bare node:http server that writes each body to a synced file. Memory is the API process’s resident set: what it was at rest, and the kernel’s high-water mark (VmHWM, set back before each round). S3 is the tests’ server, which is slow and on the same machine.`,
    ],
    raw: [
      markdownTable(
        ['round', 'files', 'sent, MiB', 'seconds', 'MiB/s', 'at rest, MiB', 'most, MiB', 'above rest, MiB'],
        rounds.map((round) => [
          round.what,
          String(round.files),
          round.sentMiB.toFixed(0),
          round.seconds.toFixed(1),
          (round.sentMiB / round.seconds).toFixed(0),
          round.restMiB.toFixed(0),
          round.peakMiB.toFixed(0),
          growth(round).toFixed(0),
        ]),
      ),
    ],
  };
}
