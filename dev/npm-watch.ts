/** Notices that the npm which started us is gone: killed, it passes nothing on, and nobody is left to press Ctrl-C. */
import { readFileSync } from 'node:fs';

/**
 * Calls back, once, within two seconds after npm has ended without us. Does nothing when npm did not start us: then
 * losing a parent may be meant (nohup).
 */
export function whenNpmIsGone(callback: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const before = lineage();
  const timer = setInterval(() => {
    if (lineage() === before) return;
    clearInterval(timer);
    callback();
  }, 2_000);
  timer.unref();
}

/** Our parent; and when that is the shell which npm runs scripts with, its parent too, which is npm. */
function lineage(): string {
  const parent = process.ppid;
  try {
    const [shell, flag] = readFileSync(`/proc/${parent}/cmdline`, 'utf8').split('\0');
    if (!shell?.endsWith('sh') || flag !== '-c') return String(parent);
    const stat = readFileSync(`/proc/${parent}/stat`, 'utf8');
    return `${parent} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]}`;
  } catch {
    return String(parent);
  }
}
