/**
 * Files on their way to a message that is not sent yet. They go on uploading when the ticket's page is left. Those that have
 * come are named by the message's draft, which is on the server: what it names is here, and what it names no more is gone.
 */
import { maxFileBytes, maxFilesPerMessage } from '../../domain/file.ts';
import { isRequestFailure } from '../server/request-failure.ts';
import { request } from '../server/request.ts';
import { startUpload, type RunningUpload, type UploadedFile } from './upload.ts';

export interface Upload {
  readonly key: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly state: 'uploading' | 'ready' | 'failed';
  /** From 0 to 1. */
  readonly share: number;
  /** The draft's id, once it is one. */
  readonly id?: string;
  /** Why it failed: a word of ours for what is never sent, else the failure. */
  readonly failure?: 'tooLarge' | 'empty' | Error;
}

export class UploadKeeper {
  private keep: (ids: readonly string[]) => void = () => {};
  private uploads: readonly Upload[] = [];
  private readonly files = new Map<string, { file: Blob; running?: RunningUpload }>();
  private readonly watchers = new Set<() => void>();

  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  readonly current = (): readonly Upload[] => this.uploads;

  /** @param keep tells the draft which files have come */
  answerTo(keep: (ids: readonly string[]) => void): void {
    this.keep = keep;
  }

  /** @returns whether all of them were taken: a message has so many files at the most */
  add(files: readonly { readonly file: Blob; readonly name: string }[]): boolean {
    const taken = files.slice(0, maxFilesPerMessage - this.uploads.length);
    for (const { file, name } of taken) {
      const key = crypto.randomUUID();
      const failure = file.size > maxFileBytes ? 'tooLarge' : file.size === 0 ? 'empty' : undefined;
      const known = { key, name, sizeBytes: file.size, share: 0 } as const;
      this.files.set(key, { file });
      this.change([...this.uploads, failure ? { ...known, state: 'failed', failure } : { ...known, state: 'uploading' }]);
      if (!failure) void this.send(key);
    }
    return taken.length === files.length;
  }

  /** What is on its way is stopped; an upload that nobody uses is purged by the server. */
  remove(key: string): void {
    const known = this.uploads.find((upload) => upload.key === key)?.id !== undefined;
    this.drop(key);
    if (known) this.keep(this.ids());
  }

  /** Follows the draft: another window, an earlier visit or the sending of the message changed what it names. */
  follow(named: readonly string[]): void {
    for (const { key, id } of this.uploads) if (id !== undefined && !named.includes(id)) this.drop(key);
    const unknown = named.filter((id) => !this.uploads.some((upload) => upload.id === id));
    if (unknown.length === 0) return;
    this.change([...this.uploads, ...unknown.map((id): Upload => ({ key: id, id, name: '…', sizeBytes: 0, state: 'ready', share: 1 }))]);
    for (const id of unknown) void this.look(id);
  }

  ids(): string[] {
    return this.uploads.flatMap(({ id }) => (id === undefined ? [] : [id]));
  }

  retry(key: string): void {
    this.update(key, { state: 'uploading', share: 0, failure: undefined });
    void this.send(key);
  }

  /** What the draft names is purged after a day, or belongs to a message by now. */
  private async look(id: string): Promise<void> {
    try {
      const { name, sizeBytes, state } = await request<UploadedFile & { state: string }>('GET', `/files/${id}`);
      if (state === 'draft') this.update(id, { name, sizeBytes });
      else this.remove(id);
    } catch (error) {
      if (isRequestFailure(error) && error.kind === 'not_found') this.remove(id);
    }
  }

  private drop(key: string): void {
    this.files.get(key)?.running?.abort();
    this.files.delete(key);
    this.change(this.uploads.filter((upload) => upload.key !== key));
  }

  private async send(key: string): Promise<void> {
    const kept = this.files.get(key);
    const upload = this.uploads.find((each) => each.key === key);
    if (!kept || !upload) return;
    const running = startUpload(kept.file, upload.name, key, (share) => this.update(key, { share }));
    this.files.set(key, { ...kept, running });
    try {
      const { id, name, sizeBytes } = await running.done;
      // Removed while the answer was on its way.
      if (!this.files.has(key)) return;
      this.update(key, { state: 'ready', share: 1, id, name, sizeBytes });
      this.keep(this.ids());
    } catch (error) {
      this.update(key, { state: 'failed', failure: error instanceof Error ? error : new Error('failed') });
    }
  }

  private update(key: string, change: Partial<Omit<Upload, 'failure'>> & { failure?: Upload['failure'] | undefined }): void {
    this.change(
      this.uploads.map((upload) => {
        if (upload.key !== key) return upload;
        const { failure: _former, ...rest } = upload;
        const { failure, ...changed } = change;
        return { ...rest, ...changed, ...(failure === undefined ? {} : { failure }) };
      }),
    );
  }

  private change(uploads: readonly Upload[]): void {
    this.uploads = uploads;
    for (const watcher of this.watchers) watcher();
  }
}
