/** A real API process whose attachments lie on a disk that is soon full. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../dev/ports.ts';
import { until } from './until.ts';

const clone = fileURLToPath(new URL('../..', import.meta.url));

/** How the kernel says that there is no room: the disk is full, or a file would pass the process's limit. */
export type FullDisk = { readonly says: 'ENOSPC' | 'EFBIG'; readonly command: readonly string[] };

/**
 * A command after which a program finds so many bytes of room in the folder. As root, and for whoever may make namespaces of
 * his own, a small file system is mounted there that nobody else sees; where neither is allowed, as in some containers, the
 * kernel's limit on a file's size stands in: it refuses the same write, in other words.
 */
export function fullDisk(folder: string, bytes: number): FullDisk {
  const mounted = ['sh', '-c', `mount -t tmpfs -o size=${bytes} tmpfs "$0" && exec "$@"`, folder];
  for (const command of [
    ['unshare', '--mount', ...mounted],
    ['unshare', '--user', '--map-root-user', '--mount', ...mounted],
  ])
    if (spawnSync(command[0]!, [...command.slice(1), 'true']).status === 0) return { says: 'ENOSPC', command };
  return { says: 'EFBIG', command: ['sh', '-c', `ulimit -f ${Math.floor(bytes / 512)} && exec "$@"`, 'sh'] };
}

export interface ApiProcess {
  readonly origin: string;
  readonly filesFolder: string;
  readonly pid: number;
  /** Ends it at once, between two instructions. */
  kill(): Promise<void>;
}

/** @param under the command that comes before `node api/main.ts`; is told the folder of the attachments */
export async function startApiProcess(
  { databaseUrl, secretsKey }: { databaseUrl: string; secretsKey: string },
  under: (filesFolder: string) => readonly string[] = () => [],
): Promise<ApiProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'kontor-disk-'));
  const filesFolder = join(folder, 'files');
  mkdirSync(filesFolder);
  const port = await freePort();
  const [command, ...args] = [...under(filesFolder), process.execPath, 'api/main.ts'];
  const child: ChildProcess = spawn(command, args, {
    cwd: clone,
    stdio: 'ignore',
    env: {
      PATH: process.env['PATH'],
      KONTOR_MODE: 'embedded',
      KONTOR_DATABASE_URL: databaseUrl,
      KONTOR_SECRETS_KEY: secretsKey,
      KONTOR_HTTP_PORT: String(port),
      KONTOR_PUBLIC_URL: `http://127.0.0.1:${port}`,
      KONTOR_FILES_FOLDER: filesFolder,
      KONTOR_LOG_LEVEL: 'silent',
    },
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const origin = `http://127.0.0.1:${port}`;
  await until('the API answers', async () => (await fetch(`${origin}/health/ready`)).status === 200, 30);
  return {
    origin,
    filesFolder,
    pid: child.pid!,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
