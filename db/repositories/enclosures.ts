import type { Diagnostics } from '../../domain/diagnostics.ts';
import { refuse, type Refusal } from '../../domain/errors.ts';
import { maxFilesPerMessage } from '../../domain/file.ts';
import type { Wish } from '../wish.ts';
import { keepDiagnostics } from './diagnostics.ts';
import { attachFiles } from './files.ts';

/** What goes with a message besides its text (SPEC T11, T12). */
export interface Enclosures {
  /** Drafts of the writer's own. */
  readonly files?: readonly string[] | undefined;
  readonly diagnostics?: Diagnostics | undefined;
}

/**
 * Gives a message, which this transaction is about to write, its files and diagnostics. To be asked before anything else is
 * written, as it may refuse; without enclosures it costs nothing. The log and the HAR that the diagnostics name are files of
 * the message like the others.
 */
export async function enclose(
  wish: Pick<Wish, 'em' | 'actor' | 'clock'>,
  messageId: string,
  { files = [], diagnostics }: Enclosures,
): Promise<Refusal | undefined> {
  const { containerLog, har } = diagnostics ?? {};
  const hars = har === undefined ? [] : [har];
  const all = [...new Set([...files, ...(containerLog === undefined ? [] : [containerLog]), ...hars])];
  if (all.length > maxFilesPerMessage) return refuse('file.too_many');
  const refusal = await attachFiles(wish, messageId, all, hars);
  if (refusal) return refusal;
  if (diagnostics) await keepDiagnostics(wish.em, messageId, diagnostics);
  return undefined;
}
