import type { ErrorCode } from '../domain/errors.ts';
import { looksLikeId, type IdKind } from '../domain/ids.ts';
import { ApiError } from './errors.ts';

/** A text that is no id of this kind names nothing: the answer is the same as for an id that nobody has. */
export function existingId(kind: IdKind, text: string, unknown: ErrorCode): string {
  if (!looksLikeId(kind, text)) throw new ApiError(unknown);
  return text;
}
