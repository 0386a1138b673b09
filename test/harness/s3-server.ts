/** A real S3-compatible server for tests: moto, installed by pip once. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CreateBucketCommand, ListMultipartUploadsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { freePort } from '../../dev/ports.ts';
import type { S3Place } from '../../storage/s3-storage.ts';
import { installPythonPackages, pythonEnvironment } from './python-packages.ts';
import { until } from './until.ts';

export interface S3Server {
  readonly place: S3Place;
  /** Keys of what is in the bucket, and of uploads that were begun and not ended. */
  contents(): Promise<{ keys: string[]; unfinished: string[] }>;
  stop(): Promise<void>;
}

export async function startS3(): Promise<S3Server> {
  const packages = await installPythonPackages('s3', fileURLToPath(new URL('../s3/requirements.txt', import.meta.url)));
  const home = mkdtempSync(join(tmpdir(), 'kontor-s3-'));
  const port = await freePort();
  const program = 'import sys; from moto.server import main; main(sys.argv[1:])';
  const child = spawn('python3', ['-c', program, '-H', '127.0.0.1', '-p', String(port)], {
    cwd: home,
    env: pythonEnvironment(packages, home),
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const endpoint = `http://127.0.0.1:${port}`;
  await until(
    'the S3 server answers',
    async () =>
      fetch(endpoint).then(
        () => true,
        () => false,
      ),
    60,
  );
  const place = { endpoint, region: 'us-east-1', bucket: 'kontor-files', accessKeyId: 'tests', secretAccessKey: 'tests' };
  const client = new S3Client({
    endpoint,
    region: place.region,
    forcePathStyle: true,
    credentials: { accessKeyId: place.accessKeyId, secretAccessKey: place.secretAccessKey },
  });
  await client.send(new CreateBucketCommand({ Bucket: place.bucket }));
  return {
    place,
    contents: async () => {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: place.bucket }));
      const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: place.bucket }));
      return { keys: Contents.map(({ Key }) => Key ?? ''), unfinished: Uploads.map(({ Key }) => Key ?? '') };
    },
    stop: async () => {
      client.destroy();
      child.kill();
      await ended;
      rmSync(home, { recursive: true, force: true });
    },
  };
}
