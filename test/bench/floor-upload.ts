/** The floor of an upload: a bare server that writes each body to a file, synced, and counts nothing. Ends with its parent. */
import { createWriteStream } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

const [folder = ''] = process.argv.slice(2);
let files = 0;
const server = createServer((request, response) => {
  files += 1;
  pipeline(request, createWriteStream(join(folder, String(files)), { flush: true })).then(
    () => response.writeHead(201).end('{}'),
    () => response.destroy(),
  );
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit(0));
