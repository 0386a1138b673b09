import type { ErrorHandler, NotFoundHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { DriverException } from '@mikro-orm/core';
import type { ApiEnvironment } from '../context.ts';
import { ApiError, envelope, statusOf } from '../errors.ts';

const databaseRetrySeconds = 2;

/** Turns whatever was thrown into the one envelope. The message of an unexpected error stays here (STYLE 6). */
export const answerFailure: ErrorHandler<ApiEnvironment> = (thrown, c) => {
  const error = asApiError(thrown);
  if (error.retryAfterSeconds !== undefined) c.header('Retry-After', String(error.retryAfterSeconds));
  if (error.code === 'auth.required') c.header('WWW-Authenticate', 'Bearer realm="kontor"');
  if (error.code === 'service.internal') {
    // Name and place suffice to find it; the message may quote what a person wrote.
    const place = thrown.stack
      ?.split('\n')
      .filter((line) => line.startsWith('    at '))
      .slice(0, 8);
    c.var.parts.log.error(
      { requestId: c.var.requestId, error: thrown.name, code: (thrown as { code?: string }).code, place },
      'unexpected error',
    );
  }
  return c.json(envelope({ refused: error.code, about: error.about }, c.var.locale, c.var.requestId, error.details), statusOf(error.code));
};

function asApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (isDatabaseAway(thrown)) return new ApiError('service.unavailable', { retryAfterSeconds: databaseRetrySeconds });
  if (thrown instanceof HTTPException && thrown.status === 400) return new ApiError('request.malformed');
  if (thrown instanceof HTTPException && thrown.status === 415) return new ApiError('request.unsupported_content_type');
  return new ApiError('service.internal');
}

/**
 * SQLSTATEs of a server that is gone, going, starting or full, of one that gave up waiting (55P03, 57014, 25P03) or that
 * asks to try again (40001, 40P01); and the errors of a socket that broke.
 */
const awayStates = /^(08|53|57P0|55P03|57014|25P03|40001|40P01)/;
const awayErrnos = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND']);

function isDatabaseAway(thrown: unknown): boolean {
  for (
    let cause = thrown as { code?: unknown; message?: unknown; cause?: unknown } | undefined, depth = 0;
    cause && depth < 5;
    cause = cause.cause as typeof cause, depth += 1
  ) {
    if (typeof cause.code === 'string' && (awayStates.test(cause.code) || awayErrnos.has(cause.code))) return true;
    if (
      typeof cause.message === 'string' &&
      /Connection terminated|timeout exceeded when trying to connect|connection timeout/i.test(cause.message) &&
      (cause instanceof DriverException || cause instanceof Error)
    )
      return true;
  }
  return false;
}

/** Nothing at this address, or nothing for this method. */
export function answerUnknown(methodsOf: (path: string) => string[]): NotFoundHandler<ApiEnvironment> {
  return (c) => {
    const methods = methodsOf(c.req.path);
    const code = methods.length ? 'request.method_not_allowed' : 'request.not_found';
    if (methods.length) c.header('Allow', methods.join(', '));
    return c.json(envelope({ refused: code }, c.var.locale, c.var.requestId), statusOf(code));
  };
}
