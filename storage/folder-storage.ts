import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { checkedKey, StorageFull, type ByteRange, type FileStorage } from './file-storage.ts';

/** No room: the disk is full, the owner's quota is, or the file would be larger than the file system takes. */
const fullCodes = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Files in a local folder, which API and worker share. Only the user they run as can read them. */
export class FolderStorage implements FileStorage {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Written aside, synced and renamed: under its own name there is never half a file, nor one that a power cut undoes. */
  async put(key: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    const path = this.pathOf(key);
    const unfinished = unfinishedOf(path);
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeAll(unfinished, content);
      await rename(unfinished, path);
      await syncFolder(dirname(path));
    } catch (error) {
      await rm(unfinished, { force: true });
      await rm(path, { force: true });
      throw fullCodes.has((error as NodeJS.ErrnoException).code ?? '') ? new StorageFull(error) : error;
    }
  }

  async open(key: string, range?: ByteRange): Promise<Readable | undefined> {
    try {
      const file = await open(this.pathOf(key), 'r');
      return file.createReadStream(range ? { start: range.first, end: range.last } : {});
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async remove(key: string): Promise<void> {
    const path = this.pathOf(key);
    await rm(path, { force: true });
    await rm(unfinishedOf(path), { force: true });
  }

  close(): void {}

  /** A few thousand files to a folder: their keys are random, so that the folders fill evenly. */
  private pathOf(key: string): string {
    return join(this.folder, checkedKey(key).slice(0, 2), key);
  }
}

function unfinishedOf(path: string): string {
  return `${path}.unfinished`;
}

/** Writes piece by piece, asking for the next when one is written, and returns when all of it is on disk. */
async function writeAll(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The new name itself is on disk as well. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
