import { failureKindOf, RequestFailure, type FieldFailure } from '../server/request-failure.ts';
import { spokenLocale } from '../words/spoken-locale.ts';

/** What the API answers to an upload. */
export interface UploadedFile {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
}

export interface RunningUpload {
  readonly done: Promise<UploadedFile>;
  abort(): void;
}

/**
 * Sends a file and tells how far it has come, which `fetch` cannot. The promise rejects with a RequestFailure; an aborted one
 * never settles.
 * @param key under which the same file sent again is kept once
 */
export function startUpload(file: Blob, name: string, key: string, onProgress: (share: number) => void): RunningUpload {
  const request = new XMLHttpRequest();
  const requestId = crypto.randomUUID();
  const done = new Promise<UploadedFile>((resolve, reject) => {
    request.open('POST', `/api/staff/v1/files?${new URLSearchParams({ name }).toString()}`);
    request.setRequestHeader('Accept-Language', spokenLocale());
    request.setRequestHeader('X-Request-Id', requestId);
    request.setRequestHeader('Idempotency-Key', key);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total));
    request.addEventListener('load', () => {
      if (request.status === 201) resolve(JSON.parse(request.responseText) as UploadedFile);
      else reject(failureOf(request.status, request.responseText, requestId));
    });
    request.addEventListener('error', () => reject(failureOf(0, '', requestId)));
    request.send(file);
  });
  return { done, abort: () => request.abort() };
}

function failureOf(status: number, text: string, requestId: string): RequestFailure {
  const { code, message, details } = envelopeIn(text) ?? {};
  const kind = status === 0 ? 'unreachable' : failureKindOf(status);
  return new RequestFailure({
    kind,
    status,
    code: code ?? (status === 0 ? 'network.unreachable' : 'service.internal'),
    requestId,
    message: message ?? `kontor.failure.${kind}`,
    details,
  });
}

function envelopeIn(text: string): { code: string; message: string; details?: FieldFailure[] } | undefined {
  try {
    return (JSON.parse(text) as { error?: { code: string; message: string; details?: FieldFailure[] } }).error;
  } catch {
    return undefined;
  }
}
