/**
 * Where the bytes of attachments are (SPEC T11): a folder of this machine, or S3. What they are and whose, the database
 * says; here are only keys and bytes. No file is ever held in memory: everything goes through in pieces.
 */
import type { Readable } from 'node:stream';

export interface FileStorage {
  /**
   * Keeps what comes under this key, whole or not at all: it is there for good when this returns, and nothing of it is
   * when this throws, be it that the source broke; unless the storage itself has gone away, when {@link remove} takes the
   * rest. Each piece is asked for when there is room for it.
   * @param sizeBytes how much it will be, where that is sure: less or more is an error of the source
   * @throws StorageFull when there is no room
   */
  put(key: string, content: AsyncIterable<Uint8Array>, sizeBytes?: number): Promise<void>;
  /**
   * Opens what is kept under this key, or the bytes from `first` to `last`, both included, of it.
   * @returns undefined when there is no such thing
   */
  open(key: string, range?: ByteRange): Promise<Readable | undefined>;
  /** Takes away what is under this key, and what an interrupted {@link put} left of it. Nothing there is fine. */
  remove(key: string): Promise<void>;
  /** Gives back connections. */
  close(): void;
}

export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** The disk is full, or the quota used up. */
export class StorageFull extends Error {
  constructor(cause: unknown) {
    super('there is no room for the file', { cause });
    this.name = 'StorageFull';
  }
}

/** Keys are ours: letters and digits only, so that none can lead out of the folder. */
export function checkedKey(key: string): string {
  if (!/^[0-9a-z]{16,64}$/.test(key)) throw new RangeError('not a key of the storage');
  return key;
}
