import { inPath, type Wish } from '../server/wish.ts';

/** Ends the time in which a change may be refused (SPEC I5). */
export function approval(id: string): Wish {
  return { method: 'POST', path: `/pending-actions/${inPath(id)}/approval` };
}

/** Takes a change back. */
export function withdrawal(id: string): Wish {
  return { method: 'POST', path: `/pending-actions/${inPath(id)}/withdrawal` };
}
