/** What every request passes, whatever it asks for. */
import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { HonoRequest, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { preferredLocale } from '../../domain/locale.ts';
import { clientAddress } from '../auth/client-address.ts';
import type { ApiEnvironment, ApiParts } from '../context.ts';
import { ApiError } from '../errors.ts';

/** Names the request: the caller's id when it is well-formed, else one of ours; and speaks his language. */
export function identify(parts: ApiParts): MiddlewareHandler<ApiEnvironment> {
  return async (c, next) => {
    const given = c.req.header('x-request-id');
    const requestId = given !== undefined && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
    c.set('parts', parts);
    c.set('requestId', requestId);
    c.set('address', clientAddress(c, parts.proxyHops));
    c.set('locale', preferredLocale(c.req.header('accept-language')) ?? 'en');
    c.header('X-Request-Id', requestId);
    await next();
  };
}

/** One line a request: what, which answer, how long; never a query, a body or a person. */
export function logRequest(): MiddlewareHandler<ApiEnvironment> {
  return async (c, next) => {
    const started = performance.now();
    await next();
    const { log } = c.var.parts;
    log.info(
      {
        requestId: c.var.requestId,
        method: c.req.method,
        path: c.req.path.slice(0, 200),
        status: c.res.status,
        milliseconds: Math.round(performance.now() - started),
      },
      'request',
    );
  };
}

/** Answers of the API are data: never framed, sniffed, cached or run. */
export function secureHeaders(): MiddlewareHandler<ApiEnvironment> {
  return async (c, next) => {
    await next();
    const { headers } = c.res;
    if (!headers.has('content-security-policy')) headers.set('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
    if (!headers.has('cache-control')) headers.set('Cache-Control', 'no-store');
    headers.set('X-Content-Type-Options', 'nosniff');
    headers.set('Referrer-Policy', 'no-referrer');
    if (c.var.parts.publicUrl.protocol === 'https:') headers.set('Strict-Transport-Security', 'max-age=31536000; includeSubDomains');
  };
}

/** Where the body is a file of any kind, which its route bounds and reads by itself. */
function takesFile(request: HonoRequest): boolean {
  return /^\/api\/(?:staff\/)?v1\/files$/.test(request.path);
}

/** Bodies are JSON in UTF-8 (RFC 8259). Other bytes are refused rather than kept as replacement characters. */
export function jsonOnly(): MiddlewareHandler<ApiEnvironment> {
  return async (c, next) => {
    if (announcesBody(c.req) && !takesFile(c.req)) {
      if (!isJsonInUtf8(c.req.header('content-type'))) throw new ApiError('request.unsupported_content_type');
      if (!isUtf8(new Uint8Array(await c.req.arrayBuffer()))) throw new ApiError('request.malformed');
    }
    await next();
  };
}

/** Whether a body follows (RFC 9112, 6.3): a DELETE from a browser has neither header, a POST without a body has length 0. */
function announcesBody(request: HonoRequest): boolean {
  return request.header('transfer-encoding') !== undefined || (request.header('content-length') ?? '0') !== '0';
}

function isJsonInUtf8(contentType = ''): boolean {
  const [mediaType = '', ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  return mediaType === 'application/json' && (charset === undefined || /^"?utf-?8"?$/.test(charset));
}

/** 1 MiB: the longest message, with every character escaped, fits. */
const largestBodyBytes = 1_048_576;

export function boundedBody(): MiddlewareHandler<ApiEnvironment> {
  const refuse = (): never => {
    throw new ApiError('request.too_large');
  };
  const boundedStream = bodyLimit({ maxSize: largestBodyBytes, onError: refuse });
  return async (c, next) => {
    if (takesFile(c.req)) return next();
    if (c.req.header('transfer-encoding') !== undefined) return boundedStream(c, next);
    if (Number(c.req.header('content-length') ?? 0) > largestBodyBytes) refuse();
    return next();
  };
}

/** As much of a refused body is taken from the wire before it is answered; a caller who sends more may be cut off. */
const mostDiscardedBytes = 16 * largestBodyBytes;

/**
 * Reads what a refusal left unread, so that the caller gets his answer and may use the connection again. Else it would
 * be closed under his next request.
 */
export function discardUnreadBody(): MiddlewareHandler<ApiEnvironment> {
  return async (c, next) => {
    await next();
    if (!announcesBody(c.req) || c.req.raw.bodyUsed || !c.req.raw.body) return;
    await discardRest(c.req.raw.body);
  };
}

/** Reads what is left of a body, within bounds, and forgets it. */
export async function discardRest(body: ReadableStream<Uint8Array>): Promise<void> {
  if (body.locked) return;
  const reader = body.getReader();
  try {
    for (let bytes = 0; bytes <= mostDiscardedBytes;) {
      const { done, value } = await reader.read();
      if (done) return;
      bytes += value.length;
    }
  } catch {
    // The caller went away while sending: there is nobody left to answer.
  }
}
