/** What the tests of attachments share: uploads as programs and browsers make them, and a look at all that is kept. */
import { connect, type Socket } from 'node:net';
import { readdirSync } from 'node:fs';
import type { ApiAnswer } from '../harness/api-driver.ts';
import type { Kontor } from '../harness/kontor.ts';
import type { TestPerson } from '../harness/people.ts';

export const tenMiB = 10_485_760;

export function treeOf(person: TestPerson): '/api/v1' | '/api/staff/v1' {
  return 'app' in person ? '/api/staff/v1' : '/api/v1';
}

/** Uploads the bytes as the whole body; a stream goes without its length being said. */
export async function upload(
  kontor: Pick<Kontor, 'origin'>,
  person: TestPerson,
  name: string,
  content: string | Uint8Array | ReadableStream<Uint8Array>,
  headers: Record<string, string> = {},
): Promise<ApiAnswer> {
  const response = await fetch(`${kontor.origin}${treeOf(person)}/files?${new URLSearchParams({ name })}`, {
    method: 'POST',
    headers: { ...person.credentials, ...headers },
    body: content as BodyInit,
    ...(content instanceof ReadableStream ? { duplex: 'half' } : {}),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

export async function download(
  kontor: Pick<Kontor, 'origin'>,
  person: TestPerson,
  id: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<{ status: number; headers: Headers; bytes: Buffer }> {
  const response = await fetch(`${kontor.origin}${treeOf(person)}/files/${id}/content`, {
    method,
    headers: { ...person.credentials, ...headers },
  });
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
}

/** Every file in the folder of attachments. */
export function filesOnDisk(kontor: Pick<Kontor, 'filesFolder'>): string[] {
  return readdirSync(kontor.filesFolder, { recursive: true, withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []));
}

/** All that an upload might leave: rows, next steps, bytes. */
export async function kept(kontor: Pick<Kontor, 'db' | 'filesFolder'>): Promise<{ rows: number; steps: number; onDisk: number }> {
  const [counted] = await kontor.db.query<{ rows: number; steps: number }>(
    `select (select count(*)::int from file) as rows, (select count(*)::int from obligation where entity like 'file:%') as steps`,
  );
  return { ...counted!, onDisk: filesOnDisk(kontor).length };
}

/** An upload by hand, whose bytes come as the test says; what is announced may be a lie. */
export async function rawUpload(kontor: Pick<Kontor, 'origin'>, person: TestPerson, name: string, announcedBytes: number): Promise<Socket> {
  const { hostname, port } = new URL(kontor.origin);
  const socket = connect(Number(port), hostname);
  await new Promise((resolve) => socket.once('connect', resolve));
  const credentials = Object.entries(person.credentials).map(([header, value]) => `${header}: ${value}\r\n`);
  socket.write(
    `POST ${treeOf(person)}/files?${new URLSearchParams({ name })} HTTP/1.1\r\nhost: ${hostname}\r\n${credentials.join('')}content-length: ${announcedBytes}\r\n\r\n`,
  );
  return socket;
}

/** Pieces of a stream that end, when they end, with an error. */
export function streamOf(pieces: readonly Uint8Array[], { breaks = false } = {}): ReadableStream<Uint8Array> {
  let next = 0;
  return new ReadableStream({
    pull(controller) {
      const piece = pieces[next++];
      if (piece) controller.enqueue(piece);
      else if (breaks) controller.error(new Error('the line broke'));
      else controller.close();
    },
  });
}
