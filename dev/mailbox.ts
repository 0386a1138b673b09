/**
 * The development mailbox: a real SMTP server on loopback that takes everything, keeps it, shows it on a page and
 * sends nothing on. As a process: `node dev/mailbox.ts FOLDER SMTP_PORT WEB_PORT`.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { assets, listPage, mailPage, missingPage } from './mailbox-page.ts';
import { openMailStore, type MailStore } from './mail-store.ts';
import { sentenceFor } from './start-error.ts';

/** RFC 5321 leaves the limit to the server; this one is what large mail providers take. */
const largestMailBytes = 25 * 1024 * 1024;

export interface Mailbox {
  smtpPort: number;
  webUrl: string;
  store: MailStore;
  stop(): Promise<void>;
}

/**
 * Opens both servers on 127.0.0.1; port 0 chooses a free one. A mail is acknowledged once it is on the disk.
 * `/authenticator` shows the sample staff's codes, `/authenticator/EMAIL` one of them as text, for a shell.
 * JSON for tests: `GET /api/messages[?to=words]` → `{data: MailSummary[]}`, `GET /api/messages/ID` → `{data: Mail}`.
 */
export async function startMailbox(options: { folder: string; smtpPort: number; webPort: number }): Promise<Mailbox> {
  const store = await openMailStore(options.folder);
  const smtp = smtpServerInto(store);
  const web = createServer((request, response) => {
    answer(store, request, response).catch((error: unknown) => {
      process.stderr.write(`${sentenceFor(error) ?? String(error)}\n`);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    smtp.server.once('error', reject);
    smtp.listen(options.smtpPort, '127.0.0.1', resolve);
  });
  await new Promise<void>((resolve, reject) => {
    web.once('error', reject);
    web.listen(options.webPort, '127.0.0.1', resolve);
  });
  return {
    smtpPort: (smtp.server.address() as AddressInfo).port,
    webUrl: `http://127.0.0.1:${(web.address() as AddressInfo).port}`,
    store,
    async stop() {
      web.closeAllConnections();
      await Promise.all([new Promise<void>((resolve) => web.close(() => resolve())), new Promise<void>((resolve) => smtp.close(resolve))]);
    },
  };
}

function smtpServerInto(store: MailStore): SMTPServer {
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: largestMailBytes,
    closeTimeout: 2_000,
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      let bytes = 0;
      stream.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        // The protocol has the rest of the mail still to come: it is read, and forgotten.
        if (bytes > largestMailBytes) chunks.length = 0;
        else chunks.push(chunk);
      });
      stream.on('end', () => {
        if (bytes > largestMailBytes) return callback(smtpRefusal(552, 'The mail is larger than 25 MB'));
        const sender = session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address;
        const recipients = session.envelope.rcptTo.map(({ address }) => address);
        store.add(Buffer.concat(chunks), sender, recipients).then(
          ({ id }) => callback(null, `Kept as ${id}`),
          (error: unknown) => {
            process.stderr.write(`A mail could not be kept: ${sentenceFor(error) ?? String(error)}\n`);
            callback(smtpRefusal(452, 'The mail could not be kept'));
          },
        );
      });
    },
  });
  // A client that hangs up in the middle is the client's matter.
  server.on('error', () => {});
  return server;
}

function smtpRefusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

const pagePolicy =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
// A mail's own HTML: no scripts, nothing fetched from anywhere (nobody is told that it was opened), inline styles only.
// Its links open in a window of their own, so that they can be tried.
const mailPolicy =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'";

async function answer(store: MailStore, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const send = (status: number, type: string, content: string | Buffer, policy = pagePolicy) => {
    response.writeHead(status, {
      'content-type': type,
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    response.end(request.method === 'HEAD' ? undefined : content);
  };
  const sendJson = (status: number, value: unknown) => send(status, 'application/json; charset=utf-8', JSON.stringify(value));
  const sendPage = (status: number, html: string) => send(status, 'text/html; charset=utf-8', html);

  // Another site whose name resolves to 127.0.0.1 must not read the mails through the browser of who visits it.
  if (!/^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(request.headers.host ?? ''))
    return sendJson(421, { error: { message: 'This page is for this machine only.' } });
  if (request.method !== 'GET' && request.method !== 'HEAD') return sendJson(405, { error: { message: 'There is only reading here.' } });
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const search = url.searchParams.get('to') ?? '';
  const asset = Object.hasOwn(assets, url.pathname) ? assets[url.pathname] : undefined;
  if (asset) return send(200, asset.type, asset.content);
  if (url.pathname === '/') return sendPage(200, listPage(store.list(search), search));
  if (url.pathname === '/api/messages') return sendJson(200, { data: store.list(search) });
  const [, asksCodes, codeFor] = /^\/(authenticator)(?:\/([^/]+))?$/.exec(url.pathname) ?? [];
  if (asksCodes) {
    // Loaded when somebody looks: most never do, and this process stays small.
    const authenticator = await import('./authenticator-page.ts');
    if (codeFor === undefined) return sendPage(200, await authenticator.authenticatorPage(new Date()));
    const code = await authenticator.codeOf(codeFor, new Date());
    return send(code ? 200 : 404, 'text/plain; charset=utf-8', code ?? 'The sample staff has nobody with this address and an app.');
  }

  const [, api, id, part] = /^(\/api)?\/messages\/([^/]+)(?:\/(html|source))?$/.exec(url.pathname) ?? [];
  const mail = id === undefined ? undefined : await store.get(id);
  if (mail === undefined) return api ? sendJson(404, { error: { message: 'There is no such mail.' } }) : sendPage(404, missingPage());
  if (api) return sendJson(200, { data: mail });
  if (part === 'html') return send(200, 'text/html; charset=utf-8', `<base target="_blank">${mail.html ?? ''}`, mailPolicy);
  if (part === 'source') return send(200, 'text/plain; charset=utf-8', (await store.source(mail.id)) ?? '');
  return sendPage(200, mailPage(mail));
}

async function main(): Promise<void> {
  const [folder, smtpPort, webPort] = process.argv.slice(2);
  if (folder === undefined || !/^\d+$/.test(smtpPort ?? '') || !/^\d+$/.test(webPort ?? '')) {
    process.stderr.write('Usage: node dev/mailbox.ts FOLDER SMTP_PORT WEB_PORT\n');
    process.exit(64);
  }
  const mailbox = await startMailbox({ folder, smtpPort: Number(smtpPort), webPort: Number(webPort) });
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    void mailbox.stop().then(() => process.exit(0));
  };
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(event, stop);
  process.stdout.write(`SMTP on 127.0.0.1:${mailbox.smtpPort}, page on ${mailbox.webUrl}\n`);
  process.send?.('ready');
}

if (import.meta.main)
  main().catch((error: unknown) => {
    const code = (error as NodeJS.ErrnoException).code;
    const sentence = code === 'EADDRINUSE' ? 'A port of the mailbox is in use by another program' : sentenceFor(error);
    process.stderr.write(`The mailbox cannot start: ${sentence ?? String(error)}\n`);
    process.exit(1);
  });
