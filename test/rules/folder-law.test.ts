/** The folder law and the clock rule are checked by the linter; here a violation of each fails, and the rule's exceptions pass. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

const violations: [path: string, source: string, says: string][] = [
  ['domain/a.ts', "import { readFileSync } from 'node:fs';\nexport const a = readFileSync;", 'folder law'],
  ['domain/b.ts', "import type { Database } from '../db/database.ts';\nexport type B = Database;", 'folder law'],
  ['workflows/ticket/a.ts', "import { openDatabase } from '../../db/database.ts';\nexport const a = openDatabase;", 'folder law'],
  ['workflows/ticket/b.ts', "import { z } from 'zod';\nexport const b = z;", 'folder law'],
  ['activities/a.ts', "import { ticket } from '../workflows/ticket/workflow.ts';\nexport const a = ticket;", 'folder law'],
  [
    'db/repositories/a.ts',
    "import { deliveryActivities } from '../../activities/deliveries.ts';\nexport const a = deliveryActivities;",
    'folder law',
  ],
  ['db/repositories/e.ts', "import { openStorage } from '../../storage/open-storage.ts';\nexport const e = openStorage;", 'folder law'],
  ['storage/a.ts', "import { openDatabase } from '../db/database.ts';\nexport const a = openDatabase;", 'folder law'],
  ['storage/b.ts', "import type { ApiParts } from '../api/context.ts';\nexport type B = ApiParts;", 'folder law'],
  [
    'workflows/ticket/c.ts',
    "import type { FileStorage } from '../../storage/file-storage.ts';\nexport type C = FileStorage;",
    'folder law',
  ],
  ['admin-ui/tickets/c.ts', "import { openStorage } from '../../storage/open-storage.ts';\nexport const c = openStorage;", 'folder law'],
  ['db/repositories/b.ts', "import { createApp } from '../../api/app.ts';\nexport const b = createApp;", 'folder law'],
  ['api/routes/a.ts', "import { Dispatcher } from '../../worker/dispatcher.ts';\nexport const a = Dispatcher;", 'folder law'],
  ['api/routes/b.ts', "import { ticket } from '../../workflows/ticket/workflow.ts';\nexport const b = ticket;", 'folder law'],
  ['worker/a.ts', "import { createApp } from '../api/app.ts';\nexport const a = createApp;", 'folder law'],
  ['admin-ui/tickets/a.ts', "import { openDatabase } from '../../db/database.ts';\nexport const a = openDatabase;", 'folder law'],
  ['admin-ui/tickets/b.ts', "import { createApp } from '../../api/app.ts';\nexport const b = createApp;", 'folder law'],
  ['api/c.ts', "import { startKontor } from '../test/harness/kontor.ts';\nexport const c = startKontor;", 'folder law'],
  ['db/c.ts', "import { readConfig } from '../config.ts';\nexport const c = readConfig;", 'process entries'],
  ['db/d.ts', 'export const d = () => new Date();', 'Business time'],
  ['api/d.ts', 'export const d = () => Date.now();', 'Business time'],
  ['activities/d.ts', "export const d = 'update ticket set closed_at = now()';", 'Business time'],
  ['domain/d.ts', 'export const d = (id: string) => `select current_timestamp, ${id}`;', 'Business time'],
];

const lawful: [path: string, source: string][] = [
  ['domain/ok.ts', "import { inLocale } from './locale.ts';\nexport const ok = inLocale;"],
  [
    'workflows/ticket/ok.ts',
    "import { sleep } from '@temporalio/workflow';\nimport { nextSteps } from '../../domain/ticket-life.ts';\nexport const ok = [sleep, nextSteps];",
  ],
  ['activities/ok.ts', "import { ticketWorkflowType } from '../workflows/ticket/contract.ts';\nexport const ok = ticketWorkflowType;"],
  ['activities/stored.ts', "import type { FileStorage } from '../storage/file-storage.ts';\nexport type Stored = FileStorage;"],
  ['api/stored.ts', "import { StorageFull } from '../storage/file-storage.ts';\nexport const stored = StorageFull;"],
  [
    'storage/ok.ts',
    "import { stat } from 'node:fs/promises';\nimport { maxFileBytes } from '../domain/file.ts';\nexport const ok = [stat, maxFileBytes];",
  ],
  ['api/ok.ts', "import { ticketWorkflowId } from '../workflows/ticket/contract.ts';\nexport const ok = [ticketWorkflowId, new Date(0)];"],
  ['worker/ok.ts', "import { ticket } from '../workflows/ticket/workflow.ts';\nexport const ok = ticket;"],
  [
    'admin-ui/tickets/ok.ts',
    "import type { createApp } from '../../api/app.ts';\nimport { nextSteps } from '../../domain/ticket-life.ts';\nexport const ok: [typeof nextSteps, (typeof createApp)?] = [nextSteps];",
  ],
];

describe('the linter', () => {
  let folder: string;
  let told: Map<string, string>;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'kontor-law-'));
    for (const part of ['.oxlintrc.json', 'test/rules/ambient-time.js']) cpSync(join(root, part), join(folder, part), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const [path, source] of [...violations, ...lawful]) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), `${source}\n`);
    }
    const { stdout } = spawnSync(
      join(root, 'node_modules/.bin/oxlint'),
      ['--format', 'json', '--no-ignore', 'domain', 'workflows', 'activities', 'db', 'storage', 'api', 'worker', 'admin-ui'],
      { cwd: folder, encoding: 'utf8' },
    );
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { filename: string; code: string; message: string; help?: string }[] };
    told = new Map(
      [...Map.groupBy(diagnostics, ({ filename }) => filename)].map(([filename, found]) => [
        filename,
        found
          .filter(({ code }) => /restricted-imports|ambient-time/.test(code))
          .map(({ message, help }) => `${message} ${help ?? ''}`)
          .join('\n'),
      ]),
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  for (const [path, source, says] of violations)
    test(`refuses ${path}: ${source.split('\n')[0]}`, () => {
      expect(told.get(path) ?? '').toContain(says);
    });

  for (const [path] of lawful)
    test(`takes ${path}`, () => {
      expect(told.get(path) ?? '').toBe('');
    });
});
