import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { checkedKey, StorageFull, type ByteRange, type FileStorage } from './file-storage.ts';

export interface S3Place {
  /** Address of the service; undefined for Amazon's own. */
  readonly endpoint: string | undefined;
  readonly region: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The least that S3 takes as a part: a file of 10 MiB goes in two, and of each upload one part is in memory. */
const partBytes = 5 * 1024 * 1024;

/** What services that keep S3's protocol answer when there is no room. */
const fullNames = new Set(['QuotaExceeded', 'XMinioStorageFull', 'InsufficientCapacity', 'ServiceQuotaExceededException']);

/** Files in a bucket of S3 or of anything that speaks its protocol. */
export class S3Storage implements FileStorage {
  private readonly client: S3Client;
  private readonly bucket: string;

  constructor({ endpoint, region, bucket, accessKeyId, secretAccessKey }: S3Place) {
    this.bucket = bucket;
    this.client = new S3Client({
      region,
      credentials: { accessKeyId, secretAccessKey },
      // Services besides Amazon's seldom have a host name for each bucket.
      ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
      // Other services know few of the newer checksums; what was kept is checked by length and our own hash.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      requestHandler: { connectionTimeout: 3_000, socketTimeout: 30_000 },
      maxAttempts: 2,
    });
  }

  /** An object appears when it is whole; of an upload that fails the parts are taken away. */
  async put(key: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    try {
      await new Upload({
        client: this.client,
        params: { Bucket: this.bucket, Key: checkedKey(key), Body: Readable.from(content, { objectMode: false }) },
        partSize: partBytes,
        queueSize: 1,
        leavePartsOnError: false,
      }).done();
    } catch (error) {
      // What could not be taken away now is when the file is purged.
      await this.remove(key).catch(() => undefined);
      throw isFull(error) ? new StorageFull(error) : error;
    }
  }

  async open(key: string, range?: ByteRange): Promise<Readable | undefined> {
    try {
      const { Body } = await this.client.send(
        new GetObjectCommand({
          Bucket: this.bucket,
          Key: checkedKey(key),
          ...(range ? { Range: `bytes=${range.first}-${range.last}` } : {}),
        }),
      );
      return Body as Readable;
    } catch (error) {
      if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404) return undefined;
      throw error;
    }
  }

  async remove(key: string): Promise<void> {
    const place = { Bucket: this.bucket, Key: checkedKey(key) };
    await this.client.send(new DeleteObjectCommand(place));
    // Parts of an upload whose process died are no object, and are paid for all the same.
    const { Uploads } = await this.client.send(new ListMultipartUploadsCommand({ Bucket: this.bucket, Prefix: key }));
    for (const { UploadId } of Uploads ?? []) await this.client.send(new AbortMultipartUploadCommand({ ...place, UploadId }));
  }

  close(): void {
    this.client.destroy();
  }
}

function isFull(error: unknown): boolean {
  if (!(error instanceof S3ServiceException)) return false;
  return error.$metadata.httpStatusCode === 507 || fullNames.has(error.name);
}
