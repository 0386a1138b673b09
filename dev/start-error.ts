/**
 * Something a person can put right: a busy port, a full disk, a missing program. The message is one whole sentence
 * for them; whoever catches it at the top prints the message alone, without a stack.
 */
export class StartError extends Error {
  override name = 'StartError';
}

/**
 * The sentence to print for any failure: the message of a {@link StartError}, a plain sentence for the faults of a
 * machine (disk full, no permission, too many open files), or undefined when it is a fault of the program itself.
 */
export function sentenceFor(error: unknown): string | undefined {
  if (error instanceof StartError) return error.message;
  if (!(error instanceof Error)) return undefined;
  const { code, path } = error as NodeJS.ErrnoException;
  const where = path === undefined ? '' : ` (${path})`;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return `The disk is full${where}: make room and start again.`;
    case 'EACCES':
    case 'EPERM':
      return `No permission${where}: this user may not read or write it; give it to this user or start as its owner.`;
    case 'EROFS':
      return `The file system is read-only${where}: Kontor needs a place to write its data.`;
    case 'EMFILE':
    case 'ENFILE':
      return 'Too many open files: raise the limit (ulimit -n) and start again.';
    default:
      return undefined;
  }
}

/** True when the output of another program says that the disk is full, in the words of the operating system. */
export function saysDiskFull(output: string): boolean {
  return /No space left on device|Disk quota exceeded|database or disk is full/i.test(output);
}
