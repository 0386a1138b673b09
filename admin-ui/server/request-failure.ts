/**
 * Why a request has no good answer. `unreachable`: nothing came back, so whether it was carried out is unknown;
 * `unavailable`: the server says that it cannot now and has changed nothing; `refused`: a rule or a right says no.
 */
export type FailureKind = 'unreachable' | 'unavailable' | 'signed_out' | 'not_permitted' | 'not_found' | 'refused' | 'broken';

export class RequestFailure extends Error {
  readonly kind: FailureKind;
  /** HTTP status; 0 when nothing came back. react-admin reads it. */
  readonly status: number;
  /** The API's stable code, such as `ticket.archived`. */
  readonly code: string;
  readonly requestId: string;

  constructor(fields: { kind: FailureKind; status: number; code: string; requestId: string; message: string }) {
    super(fields.message);
    this.name = 'RequestFailure';
    this.kind = fields.kind;
    this.status = fields.status;
    this.code = fields.code;
    this.requestId = fields.requestId;
  }
}

export function isRequestFailure(error: unknown): error is RequestFailure {
  return error instanceof RequestFailure;
}

export function failureKindOf(status: number): FailureKind {
  if (status === 401) return 'signed_out';
  if (status === 403) return 'not_permitted';
  if (status === 404) return 'not_found';
  if (status === 502 || status === 503 || status === 504) return 'unavailable';
  return status >= 500 ? 'broken' : 'refused';
}
