import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
  UploadPartCommand,
  type CompletedPart,
} from '@aws-sdk/client-s3';
import { checkedKey, StorageFull, type ByteRange, type FileStorage } from './file-storage.ts';

export interface S3Place {
  /** Address of the service; undefined for Amazon's own. */
  readonly endpoint: string | undefined;
  readonly region: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The least that S3 takes as a part. Of what comes without its length two parts are in memory at the most. */
const partBytes = 5 * 1024 * 1024;

const silent = { debug() {}, info() {}, warn() {}, error() {} };

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
      // It would write to the console; what fails is told to whoever asked, and logged there.
      logger: silent,
    });
  }

  /** An object appears when it is whole; of an upload that fails the parts are taken away. */
  async put(key: string, content: AsyncIterable<Uint8Array>, sizeBytes?: number): Promise<void> {
    const place = { Bucket: this.bucket, Key: checkedKey(key) };
    try {
      if (sizeBytes === undefined) await this.putInParts(place, content);
      else await this.putAsItComes(place, content, sizeBytes);
    } catch (error) {
      // What could not be taken away now is when the file is purged.
      await this.remove(key).catch(() => undefined);
      throw isFull(error) ? new StorageFull(error) : error;
    }
  }

  /** The library does not hear of a source that breaks, and would wait for the rest of it. */
  private async putAsItComes(place: Place, content: AsyncIterable<Uint8Array>, sizeBytes: number): Promise<void> {
    const body = Readable.from(content, { objectMode: false });
    const broken = new AbortController();
    body.once('error', (error) => broken.abort(error));
    try {
      await this.client.send(new PutObjectCommand({ ...place, Body: body, ContentLength: sizeBytes }), { abortSignal: broken.signal });
    } finally {
      body.destroy();
    }
  }

  /**
   * One part after the other, as each needs its length. (The library's own upload begins a second thing while the first is
   * under way, and leaves it behind when the source breaks in that moment.)
   */
  private async putInParts(place: Place, content: AsyncIterable<Uint8Array>): Promise<void> {
    const parts = inParts(content);
    const first = await parts.next();
    const second = first.done ? first : await parts.next();
    if (second.done) {
      await this.client.send(new PutObjectCommand({ ...place, Body: first.done ? Buffer.alloc(0) : first.value }));
      return;
    }
    const { UploadId } = await this.client.send(new CreateMultipartUploadCommand(place));
    const stored: CompletedPart[] = [];
    const store = async (body: Buffer) => {
      const PartNumber = stored.length + 1;
      const { ETag } = await this.client.send(new UploadPartCommand({ ...place, UploadId, PartNumber, Body: body }));
      stored.push({ ETag, PartNumber });
    };
    await store(first.value);
    await store(second.value);
    for await (const part of parts) await store(part);
    await this.client.send(new CompleteMultipartUploadCommand({ ...place, UploadId, MultipartUpload: { Parts: stored } }));
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

interface Place {
  readonly Bucket: string;
  readonly Key: string;
}

/** Gathers pieces into parts of the least size that S3 takes; the last may be smaller. */
async function* inParts(content: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let gathered: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of content) {
    gathered.push(piece);
    bytes += piece.length;
    if (bytes < partBytes) continue;
    const part = Buffer.concat(gathered);
    gathered = [];
    bytes = 0;
    yield part;
  }
  if (bytes > 0) yield Buffer.concat(gathered);
}

function isFull(error: unknown): boolean {
  if (!(error instanceof S3ServiceException)) return false;
  return error.$metadata.httpStatusCode === 507 || fullNames.has(error.name);
}
