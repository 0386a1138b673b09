import { randomBytes } from 'node:crypto';
import { spellId, type IdKind } from '../domain/ids.ts';

/** A new id of this kind, unguessable and sorting by the instant it was made. */
export function newId(kind: IdKind, at: Date): string {
  return spellId(kind, at, randomBytes(10));
}
