/**
 * Fuzzes the whole API with schemathesis (QUALITY, E): an independent tool reads the OpenAPI document that a real API
 * process serves, makes up requests that fit it and requests that do not, and holds every answer against it.
 *
 *   node test/fuzz/main.ts [--seconds 180] [--seed 20261123]
 *
 * Ends with one line of counts; the exit code is 1 when anything failed.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { outputOf, startNodeProcess } from '../../dev/node-process.ts';
import { freePort } from '../../dev/ports.ts';
import { sampleApps } from '../../dev/sample-authenticator.ts';
import { sampleSignIns } from '../../dev/sample-data.ts';
import { systemClock } from '../../system-clock.ts';
import { apiDriver, signedIn, type ApiDriver } from '../harness/api-driver.ts';
import { Authenticator } from '../harness/authenticator.ts';
import { freshDatabase } from '../harness/fresh-database.ts';
import { startServers } from '../harness/servers.ts';
import { until } from '../harness/until.ts';
import { endless, fuzzLanes, lastFuzzLanes, type Credentials, type FuzzRun } from './runs.ts';
import { installSchemathesis, runSchemathesis } from './schemathesis.ts';

/** The one ticket that some runs are about: the document's example. It is Boris's and waits for staff. */
const ticket = { number: 'CS-000123', firstNumber: 120, owner: 'boris@altair.example', staff: 'maria@kontor.example' };

const say = (line: string) => process.stdout.write(`${line}\n`);

// The seed is fixed, so that what failed once fails again; another one looks elsewhere.
const { values } = parseArgs({ options: { seconds: { type: 'string', default: '180' }, seed: { type: 'string', default: '20261123' } } });
const [seconds, seed] = [Number(values.seconds), Number(values.seed)];
if (!Number.isInteger(seconds) || seconds < 20 || !Number.isInteger(seed)) {
  process.stderr.write('Say --seconds with a whole number of at least 20, and --seed with any.\n');
  process.exit(64);
}

const folder = mkdtempSync(join(tmpdir(), 'kontor-fuzz-'));
const undo: (() => Promise<unknown>)[] = [];
try {
  const failed = await fuzz();
  process.exitCode = failed === 0 ? 0 : 1;
} finally {
  for (const step of undo.toReversed()) await step();
  rmSync(folder, { recursive: true, force: true });
}

async function fuzz(): Promise<number> {
  const tool = await installSchemathesis(say);
  const origin = await startProduct();
  const credentials = await signInAll(origin);
  const { file: document, operations } = await documentWithoutCursors(origin);
  const fuzzAll = async (lanes: FuzzRun[][]) =>
    (
      await Promise.all(
        lanes.map((runs) => fuzzInTurn(runs, (run) => fuzzOnce(tool, origin, run.cursors ? `${origin}/api/openapi.json` : document, run))),
      )
    ).flat();
  const [lanes, lastLanes] = [fuzzLanes(credentials, ticket.number), lastFuzzLanes(credentials)];
  const outcomes = await fuzzAll(lanes);
  // A run whose session was gone half way would have met nothing but 401: it would be green and hollow.
  const stillIn = await everybodyIsStillIn(origin, credentials);
  outcomes.push(...(await fuzzAll(lastLanes)));
  const sum = (of: (outcome: Outcome) => number) => outcomes.reduce((total, outcome) => total + of(outcome), 0);
  let failed = sum((outcome) => outcome.failed);
  if (!stillIn) {
    say('The sessions did not outlive the fuzzing, so it proves less than it says.');
    failed += 1;
  }
  const tested = [...lanes, ...lastLanes].flat().reduce((total, run, index) => total + (run.ticket ? 0 : outcomes[index]!.tested), 0);
  if (tested !== operations) {
    say(`The document has ${operations} operations, and ${tested} were tested: test/fuzz/runs.ts leaves some out.`);
    failed += 1;
  }
  say(`\n${outcomes.length} runs over ${tested} operations with seed ${seed}; numbers count requests that were judged.`);
  say(`fuzz: ${sum((outcome) => outcome.passed)} passed, ${failed} failed`);
  return failed;
}

/** A real API process on a fresh database, dressed for https as in production, with the sample tickets. */
async function startProduct(): Promise<string> {
  const servers = await startServers(say);
  undo.push(() => servers.stop());
  const db = await freshDatabase(servers.provided.postgresAdminUrl);
  undo.push(() => db.drop());
  await db.query(`alter sequence ticket_number_seq restart with ${ticket.firstNumber}`);
  const port = await freePort();
  const environment = {
    PATH: process.env['PATH'],
    KONTOR_DATABASE_URL: db.appUrl,
    KONTOR_FILES_FOLDER: join(folder, 'files'),
    KONTOR_HTTP_PORT: String(port),
    KONTOR_PUBLIC_URL: 'https://desk.kontor.example',
    KONTOR_SECRETS_KEY: randomBytes(32).toString('hex'),
    KONTOR_LOG_LEVEL: 'error',
  };
  const log = join(folder, 'api.log');
  const api = await startNodeProcess({ args: ['api/main.ts'], environment, logFile: log });
  undo.push(async () => {
    await api.end(5_000);
    const errors = readFileSync(log, 'utf8').trim();
    if (errors) say(`The API said:\n${errors.split('\n').slice(-20).join('\n')}`);
  });
  const origin = `http://127.0.0.1:${port}`;
  await until('the API is ready', async () => (await fetch(`${origin}/health/ready`)).ok);
  // They come after the process: with sample people in its database it would not have started.
  const sample = await outputOf(['dev/sample-data.ts', origin], { ...environment, KONTOR_DATABASE_URL: db.ownerUrl });
  if (sample.code !== 0) throw new Error(`the sample data failed: ${sample.errors}`);
  return origin;
}

async function signInAll(origin: string): Promise<Credentials> {
  const [customer, staff] = [await signInAs(origin, ticket.owner), await signInAs(origin, ticket.staff)];
  const { body } = await customer.post('/me/tokens', { name: 'fuzz' });
  return { customerCookie: customer.credentials['cookie']!, customerToken: body.token, staffCookie: staff.credentials['cookie']! };
}

async function signInAs(origin: string, email: string): Promise<ApiDriver> {
  const { password, where } = sampleSignIns.find((person) => person.email === email)!;
  const sampleApp = sampleApps.find((known) => known.email === email);
  const app = sampleApp && new Authenticator(sampleApp.secret, systemClock);
  // The sample data were made with the earliest code, and each is good for once.
  await app?.code();
  return signedIn(origin, where === 'console' ? 'staff' : 'customer', email, password, app);
}

async function everybodyIsStillIn(origin: string, { customerCookie, staffCookie }: Credentials): Promise<boolean> {
  const answers = await Promise.all([
    apiDriver(`${origin}/api/v1`, { cookie: customerCookie }).get('/me'),
    apiDriver(`${origin}/api/staff/v1`, { cookie: staffCookie }).get('/me'),
  ]);
  return answers.every((answer) => answer.status === 200);
}

/** The document that the process serves, less the cursors: to a reader they are any text, and any text is not one. */
async function documentWithoutCursors(origin: string): Promise<{ file: string; operations: number }> {
  const served = (await (await fetch(`${origin}/api/openapi.json`)).json()) as OpenApi;
  const operations = Object.values(served.paths).flatMap((path) => Object.values(path));
  for (const operation of operations)
    operation.parameters = (operation.parameters ?? []).filter((parameter) => parameter.name !== 'cursor');
  const file = join(folder, 'openapi.json');
  writeFileSync(file, JSON.stringify(served));
  const tested = Object.entries(served.paths).filter(([path]) => !new RegExp(endless).test(path));
  return { file, operations: tested.flatMap(([, path]) => Object.values(path)).length };
}

interface OpenApi {
  paths: Record<string, Record<string, { parameters?: { name: string }[] }>>;
}

interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly tested: number;
}

async function fuzzInTurn(runs: readonly FuzzRun[], fuzzRun: (run: FuzzRun) => Promise<Outcome>): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const run of runs) outcomes.push(await fuzzRun(run));
  return outcomes;
}

/** The part of the tool's report that is read here. */
interface Report {
  readonly complete: boolean;
  readonly exit_code: number;
  readonly operations: { readonly selected: number; readonly tested: number; readonly errored: number };
  readonly test_cases: { readonly generated: number; readonly with_failures: number; readonly errored: number };
}

async function fuzzOnce(tool: string, origin: string, document: string, run: FuzzRun): Promise<Outcome> {
  const workFolder = mkdtempSync(join(folder, 'run-'));
  const [settings, report] = [join(workFolder, 'schemathesis.toml'), join(workFolder, 'report.json')];
  writeFileSync(
    settings,
    `${run.ticket ? `parameters = { number = "${run.ticket}" }\n` : ''}${readFileSync(new URL('schemathesis.toml', import.meta.url), 'utf8')}`,
  );
  const skipped = [...(run.withoutChecks ?? []), ...(run.cursors ? ['positive_data_acceptance'] : [])];
  const options = ['--config-file', settings, 'run', document, `--url=${origin}`, '--workers=1', `--seed=${seed}`, '--request-timeout=10'];
  options.push(`--max-time=${Math.max(3, Math.round(seconds * run.share))}`, '--generation-database=none', '--suppress-health-check=all');
  // Credentials come in the headers below; a made-up cookie beside them would never be sent.
  options.push('--generation-with-security-parameters=false', '--continue-on-failure', '--report=json', `--report-json-path=${report}`);
  options.push(
    ...run.headers.flatMap((header) => ['--header', header]),
    ...skipped.map((check) => `--exclude-checks=${check}`),
    ...run.operations,
  );
  const { code, output } = await runSchemathesis(tool, options, workFolder, 2 * seconds + 60);
  if (!existsSync(report)) {
    say(`${run.name}: the tool ended without a report.\n${output}`);
    return { passed: 0, failed: 1, tested: 0 };
  }
  const { operations, test_cases: cases, complete } = JSON.parse(readFileSync(report, 'utf8')) as Report;
  const faults = cases.with_failures + cases.errored + operations.errored + (operations.selected - operations.tested);
  const failed = Math.max(faults, code === 0 && complete ? 0 : 1);
  if (failed > 0) say(output);
  say(`${run.name}: ${operations.tested} operations, ${cases.generated} requests, ${failed} failed`);
  return { passed: cases.generated - cases.with_failures, failed, tested: operations.tested };
}
