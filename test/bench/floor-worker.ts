/**
 * The floor of the engine, as a process of its own like the product's worker: a worker with the options of
 * `worker/worker.ts`, and signals sent with the parallelism of `worker/dispatcher.ts`. Told what to do over IPC.
 */
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { floorReadRow, openFloorPool } from './floor.ts';

/** A range of workflows, each named for the ticket whose row it reads. */
export type FloorOrder = { verb: 'start' | 'signal'; numbers: number[] };

const parallelEntities = 24;
const address = process.env['FLOOR_TEMPORAL_ADDRESS']!;
const namespace = process.env['FLOOR_TEMPORAL_NAMESPACE']!;
const taskQueue = 'kontor-floor';
const callTimeoutMs = 5_000;

Runtime.install({ logger: new DefaultLogger('ERROR') });
const pool = openFloorPool(process.env['FLOOR_DATABASE_URL']!, Number(process.env['FLOOR_DATABASE_POOL']));
const connection = await NativeConnection.connect({ address });
const client = new Client({ connection: Connection.lazy({ address }), namespace });
const logger = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} };
const worker = await Worker.create({
  connection,
  namespace,
  taskQueue,
  workflowBundle: await bundleWorkflowCode({ workflowsPath: fileURLToPath(new URL('floor-workflow.ts', import.meta.url)), logger }),
  activities: { readRow: (number: number) => floorReadRow(pool, number) },
  maxCachedWorkflows: 500,
  stickyQueueScheduleToStartTimeout: '2s',
  workflowTaskPollerBehavior: { type: 'autoscaling', minimum: 2, initial: 4, maximum: 10 },
  shutdownGraceTime: 5_000,
});
const running = worker.run();

process.on('message', (order: FloorOrder) => void carryOut(order));
for (const signal of ['SIGTERM', 'disconnect'] as const) process.on(signal, () => void stop());
process.send?.('ready');

async function carryOut({ verb, numbers }: FloorOrder): Promise<void> {
  const waiting = [...numbers];
  const lane = async () => {
    for (let number = waiting.shift(); number !== undefined; number = waiting.shift()) await tell(verb, number);
  };
  await Promise.all(Array.from({ length: parallelEntities }, lane));
  process.send?.('done');
}

async function tell(verb: FloorOrder['verb'], number: number): Promise<void> {
  const workflowId = `floor:${number}`;
  await client.withDeadline(Date.now() + callTimeoutMs, async () => {
    if (verb === 'signal') await client.workflow.getHandle(workflowId).signal('news');
    else await client.workflow.start('floor', { workflowId, taskQueue, args: [number], workflowTaskTimeout: '5s' });
  });
}

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  worker.shutdown();
  await running;
  await connection.close();
  await pool.end();
  process.exit(0);
}
