/** A file on its way to somebody who may read it (SPEC T11): as an attachment, in pieces as fast as he takes them, or a part of it. */
import { Readable } from 'node:stream';
import type { Context } from 'hono';
import type { FileView } from '../../db/repositories/files.ts';
import type { ByteRange } from '../../storage/file-storage.ts';
import type { ApiEnvironment } from '../context.ts';
import { ApiError } from '../errors.ts';

export async function answerDownload(c: Context<ApiEnvironment>, file: FileView): Promise<Response> {
  const etag = `"${file.sha256}"`;
  c.header('ETag', etag);
  c.header('Accept-Ranges', 'bytes');
  // What is behind an id never changes; whether somebody may still read it does.
  c.header('Cache-Control', 'private, no-cache');
  if (matches(c.req.header('if-none-match'), etag)) return c.body(null, 304);
  const range = rangeOf(c.req.header('range'), c.req.header('if-range'), etag, file.sizeBytes);
  if (range === 'unsatisfiable') {
    c.header('Content-Range', `bytes */${file.sizeBytes}`);
    throw new ApiError('file.range_invalid');
  }
  const body = c.req.method === 'HEAD' ? null : await open(c, file, range);
  c.header('Content-Type', file.mediaType.startsWith('text/') ? `${file.mediaType}; charset=utf-8` : file.mediaType);
  c.header('Content-Disposition', `attachment; filename*=UTF-8''${encodedName(file.name)}`);
  c.header('Content-Length', String(range ? range.last - range.first + 1 : file.sizeBytes));
  if (range) c.header('Content-Range', `bytes ${range.first}-${range.last}/${file.sizeBytes}`);
  const status = range ? 206 : 200;
  return body ? c.body(body, status) : c.body(null, status);
}

async function open(c: Context<ApiEnvironment>, { id, storageKey }: FileView, range: ByteRange | undefined): Promise<ReadableStream> {
  const { storage, log } = c.var.parts;
  const stream = await storage.open(storageKey, range).catch((error: Error) => {
    log.error({ requestId: c.var.requestId, error: error.name }, 'the storage of files failed');
    throw new ApiError('file.storage_unavailable', { retryAfterSeconds: 5 });
  });
  if (stream) return Readable.toWeb(stream) as ReadableStream;
  log.error({ requestId: c.var.requestId, about: id }, 'a file’s bytes are not in storage');
  throw new ApiError('file.not_found');
}

/**
 * The one range that is asked for (RFC 9110, 14.2). Several at once, another unit or what cannot be read are as if nothing
 * were asked for: the whole file is an answer to each.
 */
export function rangeOf(
  header: string | undefined,
  ifRange: string | undefined,
  etag: string,
  sizeBytes: number,
): ByteRange | 'unsatisfiable' | undefined {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '') ?? [];
  if ((from === '' && to === '') || (ifRange !== undefined && ifRange !== etag)) return undefined;
  if (from === '') return Number(to) === 0 ? 'unsatisfiable' : { first: Math.max(0, sizeBytes - Number(to)), last: sizeBytes - 1 };
  if (to !== '' && Number(to) < Number(from)) return undefined;
  if (Number(from) >= sizeBytes) return 'unsatisfiable';
  return { first: Number(from), last: to === '' ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1) };
}

function matches(header: string | undefined, etag: string): boolean {
  return header?.split(',').some((given) => ['*', etag, `W/${etag}`].includes(given.trim())) ?? false;
}

/** RFC 8187: of the name only letters, digits and a few signs stand for themselves. */
function encodedName(name: string): string {
  return encodeURIComponent(name).replaceAll(/['()*!]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
