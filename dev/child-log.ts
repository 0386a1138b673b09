/** The log file of a child: bounded without the child's doing, and its last words at hand when it fails. */
import { closeSync, copyFileSync, fstatSync, openSync, readSync, statSync, truncateSync } from 'node:fs';

const largestLogBytes = 10 * 1024 * 1024;

/** Moves what a log holds aside to `<file>.1` once it exceeds 10 MB. The child appends, so it goes on in the emptied file. */
export function boundLog(file: string): void {
  try {
    if (statSync(file).size <= largestLogBytes) return;
    copyFileSync(file, `${file}.1`);
    truncateSync(file, 0);
  } catch {
    // No log yet, or no room for the copy: neither may stop the product.
  }
}

/** The last lines of a log that was written since `fromByte`, without what is older. Empty when there are none. */
export function lastLines(file: string, count: number, fromByte = 0): string[] {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return [];
  }
  try {
    const { size } = fstatSync(descriptor);
    const start = Math.max(fromByte <= size ? fromByte : 0, size - 32_768);
    const bytes = Buffer.alloc(size - start);
    readSync(descriptor, bytes, 0, bytes.length, start);
    return bytes
      .toString('utf8')
      .split('\n')
      .filter((line) => line.trim() !== '')
      .slice(-count);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * What a person should read of a child's last words, best line last: without stack traces and closing brackets, and
 * ending with the last line that tells of an error when there is one.
 */
export function essence(lines: readonly string[], count: number): string[] {
  const told = lines.filter((line) => !/^\s*at |^\s*node:|^Node\.js v|^[\s{}[\]^~,]*$|^\s*(code|requireStack): /.test(line));
  const telling = told.findLastIndex((line) => /error|fatal|panic|cannot|"level":(50|60)/i.test(line));
  return told.slice(0, telling === -1 ? told.length : telling + 1).slice(-count);
}

/** The present length of a log, to tell later lines from earlier ones. 0 when there is none. */
export function logLength(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}
