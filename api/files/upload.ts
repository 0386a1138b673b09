/**
 * One upload, from its first byte to a draft that a message may use (SPEC T11). Between two short transactions the bytes go
 * from the wire to storage in pieces, looked at on their way; whatever goes wrong, nothing of them is left.
 */
import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { isRefusal, type Refusal } from '../../domain/errors.ts';
import { maxFileBytes } from '../../domain/file.ts';
import { beginUpload, finishUpload, forgetUpload, type UploadedContent } from '../../db/repositories/files.ts';
import { performWish, type IdempotencyClaim, type Wish } from '../../db/wish.ts';
import { StorageFull } from '../../storage/file-storage.ts';
import { stillLetIn } from '../auth/authenticate.ts';
import type { ApiEnvironment } from '../context.ts';
import { ApiError } from '../errors.ts';
import { discardRest } from '../middleware/every-request.ts';
import { presentFile } from '../present/file.ts';
import { circumstances } from '../wish.ts';
import { findContent, headBytes, isText } from './content-type.ts';
import { cleanHar, HarInvalid } from './har/clean-har.ts';

type ApiContext = Context<ApiEnvironment>;

/** Seconds after which somebody may try again when storage is away. */
const storageRetrySeconds = 5;

/** Takes the body as a file of this name and answers with the draft. Nothing is begun for what is announced as too large or empty. */
export async function answerUpload(c: ApiContext, name: string): Promise<Response> {
  const announcedBytes = announced(c);
  const { body } = c.req.raw;
  if (announcedBytes !== undefined && announcedBytes > maxFileBytes) throw new ApiError('file.too_large');
  if (announcedBytes === 0 || !body) throw new ApiError('file.empty');
  const begun = await inTransaction(c, (wish) => beginUpload(wish, { name, announcedBytes }));
  try {
    const content = await receive(c, body, { ...begun, name, announcedBytes });
    // The bytes may have taken minutes, in which his session ended or he left the account.
    if (!(await stillLetIn(c, c.var.caller.actor.kind)())) throw new ApiError('auth.required');
    const { answer, kept } = await finish(c, begun.id, name, content);
    // A repeat answers as the first did, and its own upload is one too many.
    if (!kept) await discard(c, begun);
    return answer;
  } catch (error) {
    await discard(c, begun);
    // The caller hears why only if he may say all that he has to say.
    await discardRest(body);
    throw error;
  }
}

function announced(c: ApiContext): number | undefined {
  const length = c.req.header('content-length');
  return length === undefined || c.req.header('transfer-encoding') !== undefined ? undefined : Number(length);
}

/** Sends the body to storage, and says what it was. */
async function receive(
  c: ApiContext,
  body: ReadableStream<Uint8Array>,
  { storageKey, name, announcedBytes }: { storageKey: string; name: string; announcedBytes: number | undefined },
): Promise<UploadedContent> {
  let failure: unknown;
  const measured = new Measured();
  const incoming = bounded(piecesOf(body));
  try {
    const head = await readHead(incoming);
    const found = await findContent(head, name);
    if ('refused' in found) throw new ApiError(found.refused);
    const whole = following(head, incoming);
    const wanted = found.form === 'har' ? cleanHar(onlyText(whole)) : found.form === 'text' ? onlyText(whole) : whole;
    await c.var.parts.storage.put(
      storageKey,
      noting(measured.through(bounded(wanted)), (error) => (failure = error)),
      // A body that is shorter than announced breaks off, and HTTP lets none be longer. What is cleaned has a length of its own.
      found.form === 'har' ? undefined : announcedBytes,
    );
    return { mediaType: found.mediaType, sizeBytes: measured.bytes, sha256: measured.sha256(), isHar: found.form === 'har' };
  } catch (error) {
    throw asApiError(c, failure ?? error);
  } finally {
    // Lets go of the body, however far it was read.
    await incoming.return(undefined);
  }
}

/** What went wrong with what was sent was said as such; anything else is the storage's own trouble. */
function asApiError(c: ApiContext, error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof HarInvalid) return new ApiError('file.har_invalid');
  if (error instanceof StorageFull) return new ApiError('file.storage_full');
  const { name, code } = error as { name?: string; code?: string };
  c.var.parts.log.error({ requestId: c.var.requestId, error: name, code }, 'the storage of files failed');
  return new ApiError('file.storage_unavailable', { retryAfterSeconds: storageRetrySeconds });
}

/** The second transaction: it claims the caller's key for exactly this content. */
async function finish(c: ApiContext, id: string, name: string, content: UploadedContent): Promise<{ answer: Response; kept: boolean }> {
  const { database } = c.var.parts;
  const context = { ...circumstances(c), actor: c.var.caller.actor };
  const outcome = await performWish(database, context, claimOf(c, name, content), async ({ em }) => ({
    status: 201,
    body: presentFile(await finishUpload(em, id, content)),
  }));
  if (isRefusal(outcome)) throw new ApiError(outcome.refused, { about: outcome.about });
  if (outcome.replayed) c.header('Idempotency-Replayed', 'true');
  return { answer: c.json(outcome.body, outcome.status as 201), kept: !outcome.replayed };
}

/** The body itself is nowhere to be hashed whole before it is stored: its size and its own hash stand for it. */
function claimOf(c: ApiContext, name: string, { sizeBytes, sha256 }: UploadedContent): IdempotencyClaim | undefined {
  const key = c.req.header('idempotency-key');
  const { actor } = c.var.caller;
  const tree = actor.kind === 'customer' ? actor.accountId : 'staff';
  return key === undefined
    ? undefined
    : { key, request: `${tree} ${c.req.method} ${c.req.path}\n${name}\n${sizeBytes}\n${sha256}`, keepAnswer: true };
}

/** The bytes first, the row afterwards: while the row is there, the promise to purge both stands. */
async function discard(c: ApiContext, { id, storageKey }: { id: string; storageKey: string }): Promise<void> {
  const { storage, log } = c.var.parts;
  try {
    await storage.remove(storageKey);
    await inTransaction(c, async ({ em, clock }) => forgetUpload(em, clock.now(), id));
  } catch (error) {
    log.warn({ requestId: c.var.requestId, error: (error as Error).name }, 'an upload that failed is left for its purge');
  }
}

async function inTransaction<Outcome>(c: ApiContext, work: (wish: Wish) => Promise<Outcome>): Promise<Exclude<Outcome, Refusal>> {
  const { database, bell } = c.var.parts;
  const context = { ...circumstances(c), actor: c.var.caller.actor };
  const outcome = await database.fork().transactional((em) => work({ ...context, em }));
  if (isRefusal(outcome)) throw new ApiError(outcome.refused, { about: outcome.about });
  bell.ring();
  return outcome as Exclude<Outcome, Refusal>;
}

/** Not canceled when it is left: that would close the connection before the caller has his answer. */
async function* piecesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const pieces = body.values({ preventCancel: true });
  try {
    for (;;) {
      const next = await pieces.next().catch(() => {
        throw new ApiError('file.upload_broken');
      });
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await pieces.return?.();
  }
}

async function* bounded(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.length;
    if (bytes > maxFileBytes) throw new ApiError('file.too_large');
    yield piece;
  }
}

/** The first {@link headBytes}, or all there is; what follows is left in the generator. */
async function readHead(pieces: AsyncGenerator<Uint8Array>): Promise<Uint8Array> {
  const read: Uint8Array[] = [];
  for (let bytes = 0; bytes < headBytes;) {
    const { done, value } = await pieces.next();
    if (done) break;
    read.push(value);
    bytes += value.length;
  }
  if (read.length === 0) throw new ApiError('file.empty');
  return Buffer.concat(read);
}

async function* following(head: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head;
  yield* rest;
}

async function* onlyText(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    if (!isText(piece)) throw new ApiError('file.type_refused');
    yield piece;
  }
}

async function* noting(pieces: AsyncIterable<Uint8Array>, note: (error: unknown) => void): AsyncGenerator<Uint8Array> {
  try {
    yield* pieces;
  } catch (error) {
    note(error);
    throw error;
  }
}

/** Counts and hashes what goes through. */
class Measured {
  private readonly hash = createHash('sha256');
  bytes = 0;

  async *through(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      this.bytes += piece.length;
      this.hash.update(piece);
      yield piece;
    }
  }

  sha256(): string {
    return this.hash.digest('hex');
  }
}
