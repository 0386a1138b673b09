/**
 * How two clerks who edit the same thing do not overwrite each other (api.md, concurrency): an answer says which revision it
 * shows, a change may say which one it was made on, and one that was made on an old one is refused with 412.
 */
import { z } from '@hono/zod-openapi';
import { idempotencyHeader } from './route.ts';

/** As RFC 9110 spells a tag, and the bare number too: some programs take the quotes away. */
const pattern = /^"?(\d{1,9})"?$/;

/** Headers of a change: `If-Match` may be left out, and then the last one wins. */
export const ifMatchHeader = idempotencyHeader.extend({
  'if-match': z
    .string()
    .regex(pattern)
    .optional()
    .openapi({ description: 'The `ETag` that the change was made on. When it has changed since: 412 `request.stale`.', example: '"3"' }),
});

export function entityTag({ revision }: { readonly revision: number }): string {
  return `"${revision}"`;
}

/** The revision that a change was made on; undefined when the caller does not say. */
export function knownRevision(headers: { readonly 'if-match'?: string | undefined }): number | undefined {
  const revision = pattern.exec(headers['if-match'] ?? '')?.[1];
  return revision === undefined ? undefined : Number(revision);
}
