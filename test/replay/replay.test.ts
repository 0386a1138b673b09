import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, Worker, type WorkflowBundle } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { beforeAll, describe, expect, test } from 'vitest';
import { workflowBundle } from '../../worker/bundle.ts';
import { keepEngineQuiet } from '../harness/engine-log.ts';

// What does not replay is thrown, and one is meant not to.
keepEngineQuiet('ERROR');

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = `${root}/test/replay/histories`;
const histories = readdirSync(folder).map((name) => ({
  name,
  ...(JSON.parse(readFileSync(join(folder, name), 'utf8')) as { workflowId: string; history: object }),
}));

describe('recorded histories', () => {
  let bundle: WorkflowBundle;
  beforeAll(async () => {
    bundle = await workflowBundle();
  });

  test('O5: every workflow type has one, and those that may last long also one that continued as new', () => {
    for (const part of [
      'ticket-whole-life',
      'ticket-continued-as-new-first',
      'ticket-continued-as-new-last',
      'ticket-clocks',
      'notification-delivered',
      'notification-letter',
      'pending-action-taking-effect',
      'pending-action-vetoed',
      'pending-action-lapsed',
      'pending-action-continued-as-new-first',
      'pending-action-continued-as-new-last',
      'payment-told',
      'payment-asked',
      'payment-unanswered-and-declined',
      'payment-continued-as-new-first',
      'payment-continued-as-new-last',
      'refund-paid-back',
      'provider-notice-of-a-cabinet-refund',
      'books-audit-done',
      'books-audit-continued-as-new-first',
      'books-audit-continued-as-new-last',
      'job-done',
      'job-continued-as-new-first',
      'job-continued-as-new-last',
      'deadline-hold',
      'deadline-quote-expired',
      'deadline-quote-accepted',
      'deadline-access-run-out',
      'deadline-access-extended-and-ended',
    ])
      expect(
        histories.some(({ name }) => name.includes(part)),
        part,
      ).toBe(true);
  });

  for (const { name, workflowId, history } of histories) {
    test(`O5, R12: ${name} replays with today's workflows`, async () => {
      await Worker.runReplayHistory({ workflowBundle: bundle }, history, workflowId);
    });
  }

  test('O5: a change that running tickets could not follow is caught', async () => {
    const copy = mkdtempSync(join(root, 'dist', 'incompatible-'));
    try {
      for (const part of ['workflows', 'domain']) cpSync(join(root, part), join(copy, part), { recursive: true });
      const path = join(copy, 'workflows/next-steps.ts');
      const source = readFileSync(path, 'utf8');
      const changed = source.replace(
        'await condition(() => news.arrived || alarm.rang);',
        "await sleep('1s');\n    await condition(() => news.arrived || alarm.rang);",
      );
      expect(changed).not.toBe(source);
      writeFileSync(path, changed);
      const quiet = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} };
      const incompatible = await bundleWorkflowCode({ workflowsPath: join(copy, 'workflows/index.ts'), logger: quiet });
      const { history, workflowId } = histories.find(({ name }) => name.includes('ticket-whole-life'))!;
      await expect(Worker.runReplayHistory({ workflowBundle: incompatible }, history, workflowId)).rejects.toThrow(
        DeterminismViolationError,
      );
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  });
});
