/**
 * How two clerks who edit the same thing do not overwrite each other (api.md, concurrency): an answer says which revision it
 * shows, a change may say which one it was made on, and one that was made on an old one is refused with 412.
 */
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { StaffActor } from '../domain/actor.ts';
import { isRefusal, type Refusal } from '../domain/errors.ts';
import type { Locale } from '../domain/locale.ts';
import type { Wish } from '../db/wish.ts';
import type { ApiEnvironment } from './context.ts';
import { idempotencyHeader } from './route.ts';
import { answerWish } from './wish.ts';

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

interface Revised {
  readonly revision: number;
}

export function entityTag({ revision }: Revised): string {
  return `"${revision}"`;
}

/** The revision that a change was made on; undefined when the caller does not say. */
export function knownRevision(headers: { readonly 'if-match'?: string | undefined }): number | undefined {
  const revision = pattern.exec(headers['if-match'] ?? '')?.[1];
  return revision === undefined ? undefined : Number(revision);
}

/** Carries out what staff wish of one thing, and answers with the thing as it is afterwards, under the tag of its revision. */
export async function answerTagged<Thing extends Revised>(
  c: Context<ApiEnvironment>,
  status: 200 | 201,
  present: (thing: Thing, locale: Locale) => object,
  work: (wish: Wish<StaffActor>) => Promise<Thing | Refusal>,
): Promise<Response> {
  return answerWish<StaffActor>(c, async (wish) => {
    const thing = await work(wish);
    if (isRefusal(thing)) return thing;
    c.header('ETag', entityTag(thing));
    return { status, body: present(thing, c.var.locale) };
  });
}
