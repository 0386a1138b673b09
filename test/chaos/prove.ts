/**
 * Shows of each fault program that it can fail (QUALITY, R): in a copy of the tree, the line that a fault tests is taken
 * away, and the fault must turn red. A line that is no longer there fails its proof, so that none goes stale.
 */
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cloneFolder } from '../../dev/start-options.ts';

interface Proof {
  /** What the product is without. */
  readonly without: string;
  readonly file: string;
  readonly line: string;
  readonly instead: string;
  /** What must turn red: arguments of Node. */
  readonly red: readonly string[];
}

const chaos = (...words: string[]) => ['test/chaos/main.ts', ...words, '--rounds', '1'];
const outages = (title: string) => [
  'node_modules/vitest/vitest.mjs',
  'run',
  '--project',
  'integration',
  'test/integration/outages.test.ts',
  '-t',
  title,
];

const proofs: readonly Proof[] = [
  {
    without: 'the idempotency claim',
    file: 'db/wish.ts',
    line: '    if (earlier) return earlier;\n',
    instead: '',
    red: chaos('same-key'),
  },
  {
    without: 'the idempotency claim (API killed)',
    file: 'db/wish.ts',
    line: '    if (earlier) return earlier;\n',
    instead: '',
    red: chaos('kill', '--only', 'API: after the COMMIT'),
  },
  {
    without: 'an answer kept to the letter',
    file: 'db/migrations/0005-answers-to-the-letter.ts',
    line: 'alter column answer type json using answer::json',
    instead: 'alter column answer type jsonb using answer::jsonb',
    red: chaos('same-key'),
  },
  {
    without: 'signal before the row goes',
    file: 'worker/dispatcher.ts',
    line: "      const outcomes = await inParallel(entities, parallelEntities, (messages) => this.deliver(messages), 'engine_away');\n",
    instead: `      await removeDelivered(this.options.database, waiting.map((each) => each.id));
      const outcomes = await inParallel(entities, parallelEntities, (messages) => this.deliver(messages), 'engine_away');\n`,
    red: chaos('kill', '--only', 'dispatcher: after the row went'),
  },
  {
    without: 'the happening beside a start told again',
    file: 'worker/engine.ts',
    line: "{ kind: 'start', opening, then: happened }",
    instead: "{ kind: 'start', opening }",
    red: chaos('kill', '--only', 'then an answer comes'),
  },
  {
    without: 'the timed look into the outbox',
    file: 'worker/dispatcher.ts',
    line: "if (drained === 'empty') await this.pause((sweepAt - performance.now()) / 1000);",
    instead: "if (drained === 'empty') await this.bell.promise;",
    red: chaos('kill', '--only', 'before the bell'),
  },
  {
    without: 'the row that says a mail was sent',
    file: 'db/repositories/deliveries.ts',
    line: "  if (row.state !== 'pending') return row.state;\n",
    instead: '',
    red: chaos('kill', '--only', 'after the row of a mail'),
  },
  {
    without: 'the breach that a clock remembers',
    file: 'domain/ticket-clocks.ts',
    line: '({ ...clock, breachedAt: at, warnsAt: null })',
    instead: '({ ...clock, warnsAt: null })',
    red: chaos('escalation', '--only', 'after the COMMIT of a breach'),
  },
  {
    without: 'the warning that its breach overtakes',
    file: 'db/repositories/escalations.ts',
    line: 'mailed: !overtaken',
    instead: 'mailed: true',
    red: chaos('escalation', '--only', 'away over'),
  },
  {
    without: 'the limit of money that is spent',
    file: 'db/migrations/0016-ledger.ts',
    line: '      if spender.after < may_reach then',
    instead: '      if false then',
    red: chaos('spends'),
  },
  {
    without: 'our own key of money that is asked for',
    file: 'activities/payments.ts',
    line: 'key: paymentId,',
    instead: 'key: crypto.randomUUID(),',
    red: chaos('top-ups', '--only', 'before the COMMIT that remembers'),
  },
  {
    without: 'the nudge of overdue steps',
    file: 'worker/dispatcher.ts',
    line: "        if ((await engine.signalEntity(entity, overdue(entity))) === 'not_found') await this.makeGood(entity);\n",
    instead: '',
    red: chaos('engine-lost'),
  },
  {
    without: 'the nudge of late deliveries',
    file: 'worker/dispatcher.ts',
    line: "        if ((await engine.startNotification({ deliveryId: id, event }, number)) === 'ended') await this.reportUnfinished(id);\n",
    instead: '',
    red: chaos('engine-lost'),
  },
  {
    without: 'the distinction of an engine that is away',
    file: 'worker/dispatcher.ts',
    line: "      if (isEngineAway(error)) return 'engine_away';\n      const [first]",
    instead: '      const [first]',
    red: outages('R3: an engine whose namespace'),
  },
  {
    without: 'broken connections given back',
    file: 'db/mikro-orm.config.ts',
    line: ', onPoolCreated: giveBackBrokenConnections',
    instead: '',
    red: ['test/chaos/main.ts', 'database', '--rounds', '4'],
  },
  {
    without: '503 for a database that is away',
    file: 'api/middleware/failures.ts',
    line: '  if (isDatabaseAway(thrown)) ',
    instead: '  if (false) ',
    red: chaos('database'),
  },
  {
    without: 'the lock on the ticket’s row',
    file: 'db/repositories/ticket-row.ts',
    line: ' for update of t`',
    instead: '`',
    red: outages('T4:'),
  },
  {
    without: 'the election of one dispatcher',
    file: 'worker/dispatcher.ts',
    line: 'return rows[0]?.elected === true;',
    instead: 'return true || rows;',
    red: outages('of two dispatchers'),
  },
  {
    without: 'setting a poison message aside',
    file: 'db/repositories/outbox-queue.ts',
    line: 'const parked = attempts >= maxAttempts;',
    instead: 'const parked = false;',
    red: outages('R11:'),
  },
];

/**
 * @param only words that a proof must have in its name
 * @returns the exit code: 0 when every proof turned its fault red
 */
export async function prove(say: (line: string) => void, only: string): Promise<number> {
  const chosen = proofs.filter((proof) => proof.without.includes(only));
  const tree = mkdtempSync(join(tmpdir(), 'kontor-proof-'));
  let failed = 0;
  try {
    copyTree(tree);
    for (const proof of chosen) {
      const began = performance.now();
      const outcome = await tryProof(tree, proof);
      if (outcome.failure) failed += 1;
      const seconds = ((performance.now() - began) / 1000).toFixed(0);
      say(
        `${outcome.failure ? 'NOT PROVEN' : 'red, as it must be'}: without ${proof.without} (${proof.file}; ${seconds} s)\n    ${outcome.failure ?? outcome.seen}`,
      );
    }
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
  say(`chaos: ${chosen.length - failed} faults shown to fail, ${failed} not`);
  return failed ? 1 : 0;
}

async function tryProof(tree: string, proof: Proof): Promise<{ failure?: string; seen: string }> {
  const path = join(tree, proof.file);
  const whole = readFileSync(join(cloneFolder, proof.file), 'utf8');
  if (whole.split(proof.line).length !== 2) return { failure: 'the line is not there, or not once: this proof is stale', seen: '' };
  writeFileSync(
    path,
    whole.replace(proof.line, () => proof.instead),
  );
  try {
    const { code, output } = await run(tree, proof.red);
    const seen = /^ *(?:FAILED .*|.*(?:AssertionError|Error): .*)$/m.exec(output)?.[0].trim();
    if (code === 1 && seen) return { seen };
    return { failure: `it ended with ${code}: ${output.trim().split('\n').at(-1)}`, seen: '' };
  } finally {
    writeFileSync(path, whole);
  }
}

/** Our sources as they are on the disk, beside the packages of this clone. */
function copyTree(tree: string): void {
  const listed = execFileSync('git', ['ls-files', '-z', '--', '.', ':!docs', ':!admin-ui'], { cwd: cloneFolder, encoding: 'utf8' });
  const bundles = globSync('dist/workflows-*.cjs', { cwd: cloneFolder });
  for (const file of [...listed.split('\0'), ...bundles]) {
    if (!file || !existsSync(join(cloneFolder, file))) continue;
    mkdirSync(dirname(join(tree, file)), { recursive: true });
    cpSync(join(cloneFolder, file), join(tree, file));
  }
  symlinkSync(join(cloneFolder, 'node_modules'), join(tree, 'node_modules'));
}

async function run(tree: string, args: readonly string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, args, {
    cwd: tree,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 420_000,
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}
