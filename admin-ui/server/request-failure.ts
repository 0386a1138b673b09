/**
 * Why a request has no good answer. `unreachable`: nothing came back, so whether it was carried out is unknown;
 * `unavailable`: the server says that it cannot now and has changed nothing; `refused`: a rule or a right says no;
 * `cancelled`: the reader himself turned away when a fresh code was asked for, and need not be told.
 */
export type FailureKind = 'unreachable' | 'unavailable' | 'signed_out' | 'not_permitted' | 'not_found' | 'refused' | 'broken' | 'cancelled';

/** What is wrong with one field, in the reader's language. */
export interface FieldFailure {
  readonly field: string;
  readonly code: string;
  readonly message: string;
}

interface FailureFields {
  readonly kind: FailureKind;
  readonly status: number;
  readonly code: string;
  readonly requestId: string;
  readonly message: string;
  readonly details?: readonly FieldFailure[] | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly answer?: unknown;
}

export class RequestFailure extends Error {
  readonly kind: FailureKind;
  /** HTTP status; 0 when nothing came back. react-admin reads it. */
  readonly status: number;
  /** The API's stable code, such as `ticket.archived`. */
  readonly code: string;
  readonly requestId: string;
  /** Empty unless single fields are at fault. */
  readonly details: readonly FieldFailure[];
  /** How long to wait before trying again, where the server says. */
  readonly retryAfterSeconds: number | undefined;
  /** Whatever came beside the refusal, such as the newer state of what was to be changed. */
  readonly answer: unknown;

  constructor({ kind, status, code, requestId, message, details = [], retryAfterSeconds, answer }: FailureFields) {
    super(message);
    this.name = 'RequestFailure';
    this.kind = kind;
    this.status = status;
    this.code = code;
    this.requestId = requestId;
    this.details = details;
    this.retryAfterSeconds = retryAfterSeconds;
    this.answer = answer;
  }
}

export function isRequestFailure(error: unknown): error is RequestFailure {
  return error instanceof RequestFailure;
}

/** Whether the reader turned away himself: nothing was done, and there is nothing to tell him. */
export function isCancelled(error: unknown): boolean {
  return isRequestFailure(error) && error.kind === 'cancelled';
}

/** Whether whoever looks after Kontor may want the request's id: not where the reader mistyped something or must only wait. */
export function isWorthReporting(error: unknown): boolean {
  if (!isRequestFailure(error)) return true;
  return error.kind !== 'refused' && error.code !== 'auth.invalid_credentials' && error.code !== 'auth.busy';
}

export function failureKindOf(status: number): FailureKind {
  if (status === 401) return 'signed_out';
  if (status === 403) return 'not_permitted';
  if (status === 404) return 'not_found';
  if (status === 502 || status === 503 || status === 504) return 'unavailable';
  return status >= 500 ? 'broken' : 'refused';
}
