import type { FileStorage } from './file-storage.ts';
import { FolderStorage } from './folder-storage.ts';
import type { S3Place } from './s3-storage.ts';

/** Where files are: a bucket when one is named, else the folder. */
export interface StorageSettings {
  readonly folder: string;
  readonly s3?: S3Place | undefined;
}

/** Opens the storage. S3's library is loaded only where it is used: it takes some 30 MB of memory. */
export async function openStorage({ folder, s3 }: StorageSettings): Promise<FileStorage> {
  if (!s3) return new FolderStorage(folder);
  const { S3Storage } = await import('./s3-storage.ts');
  return new S3Storage(s3);
}
