import { mkdirSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Where the browser is: CHROMIUM_PATH when set, else the one that comes as a package (Linux x64). */
export async function chromiumPath(): Promise<string> {
  const given = process.env['CHROMIUM_PATH'];
  if (given) return given;
  // Said before the package is loaded: it then unpacks its own libraries and letters, so that a bare machine will do.
  process.env['AWS_LAMBDA_JS_RUNTIME'] ??= 'nodejs24.x';
  // It unpacks to the folder for temporary files under fixed names, where another user's would be in the way.
  const shared = process.env['TMPDIR'];
  process.env['TMPDIR'] = ownTemporaryFolder();
  try {
    const { default: packed } = await import('@sparticuz/chromium');
    return await packed.executablePath();
  } finally {
    if (shared === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = shared;
  }
}

/** A folder for what browser tests keep between runs, this user's alone. */
export function ownTemporaryFolder(): string {
  const folder = join(tmpdir(), `kontor-e2e-${userInfo().uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

export const chromiumFlags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
