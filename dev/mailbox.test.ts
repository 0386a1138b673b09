import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { stepOfCode } from '../api/auth/totp.ts';
import { keptMails, type Mail, type MailSummary } from './mail-store.ts';
import { startMailbox, type Mailbox } from './mailbox.ts';
import { sampleApps } from './sample-authenticator.ts';

const folder = mkdtempSync(join(tmpdir(), 'kontor-mailbox-'));
let mailbox: Mailbox;
beforeEach(async () => {
  mailbox = await startMailbox({ folder, smtpPort: 0, webPort: 0 });
});
afterEach(() => mailbox.stop());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function send(mail: {
  to: string;
  subject?: string;
  text?: string;
  html?: string;
  bcc?: string;
  attachments?: { filename: string; content: Buffer | string }[];
}) {
  const transport = createTransport({ host: '127.0.0.1', port: mailbox.smtpPort, secure: false, ignoreTLS: true });
  return await transport.sendMail({ from: 'Kontor <support@kontor.example>', ...mail });
}

async function messages(to = ''): Promise<MailSummary[]> {
  const answer = await fetch(`${mailbox.webUrl}/api/messages?to=${encodeURIComponent(to)}`);
  return ((await answer.json()) as { data: MailSummary[] }).data;
}

async function page(path: string) {
  const answer = await fetch(mailbox.webUrl + path);
  return {
    status: answer.status,
    policy: answer.headers.get('content-security-policy') ?? '',
    type: answer.headers.get('content-type'),
    body: await answer.text(),
  };
}

test('O1: a mail sent by real SMTP is there, whole, newest first, and found by its recipient', async () => {
  await send({ to: 'anna@example.com', subject: 'Первое письмо', text: 'Здравствуйте!' });
  await send({
    to: 'boris@example.com',
    bcc: 'Vera@Example.com',
    subject: 'Second',
    text: 'Hello',
    html: '<p>Hello</p>',
    attachments: [{ filename: 'a.txt', content: 'abc' }],
  });

  expect((await messages()).slice(0, 2).map(({ subject }) => subject)).toEqual(['Second', 'Первое письмо']);
  expect((await messages('ANNA@')).map(({ subject }) => subject)).toEqual(['Первое письмо']);
  const [second] = await messages('vera@example.com');
  const { data } = (await (await fetch(`${mailbox.webUrl}/api/messages/${second?.id}`)).json()) as { data: Mail };
  expect(data).toMatchObject({
    subject: 'Second',
    html: '<p>Hello</p>',
    recipients: ['boris@example.com', 'Vera@example.com'],
    attachments: [{ filename: 'a.txt', bytes: 3 }],
  });
  expect(data.text?.trim()).toBe('Hello');
  expect(data.headers.map(({ name }) => name.toLowerCase())).toContain('message-id');
});

test('O1: mails survive a restart of the mailbox', async () => {
  await send({ to: 'kept@example.com', subject: 'Kept', text: 'x' });
  const before = await messages();
  await mailbox.stop();
  mailbox = await startMailbox({ folder, smtpPort: 0, webPort: 0 });
  expect(await messages()).toEqual(before);
});

test('O1: whatever a mail says is text on the pages: no element, no attribute, no script of it', async () => {
  const evil = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>`;
  await send({
    to: '"<b>x</b>" <evil@example.com>',
    subject: evil,
    text: `${evil} https://kontor.example/"onmouseover="alert(1)`,
    html: `<p>${evil}</p>`,
    attachments: [{ filename: '<i>f</i>.txt', content: 'x' }],
  });
  const [mail] = await messages('evil@');
  for (const path of ['/', `/?to=${encodeURIComponent(evil)}`, `/messages/${mail?.id}`]) {
    const { body, policy } = await page(path);
    expect(body).not.toMatch(/<script>|<img|<b>|<i>|"onmouseover|alert\(1\)<\/script>/);
    expect(policy).toMatch(/^default-src 'none'/);
    expect(policy).not.toMatch(/unsafe/);
  }
});

test('O1: the HTML of a mail is served to a sandbox that runs nothing and fetches nothing', async () => {
  await send({ to: 'html@example.com', subject: 'H', html: '<p>Hi <img src="https://tracker.example/p.gif"></p>' });
  const [mail] = await messages('html@');
  expect((await page(`/messages/${mail?.id}`)).body).toContain(
    `<iframe sandbox="allow-popups allow-popups-to-escape-sandbox" title="The mail as HTML" src="/messages/${mail?.id}/html">`,
  );
  const html = await page(`/messages/${mail?.id}/html`);
  expect(html.policy).toMatch(/^sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'/);
  expect(html.policy).not.toMatch(/allow-scripts|allow-same-origin|allow-top|https?:|script-src/);
  const source = await page(`/messages/${mail?.id}/source`);
  expect(source.type).toBe('text/plain; charset=utf-8');
  expect(source.body).toContain('X-Envelope-To: <html@example.com>');
});

test('O1: the page answers to names of this machine only, and to reading only', async () => {
  const status = await new Promise((resolve, reject) => {
    request(mailbox.webUrl, { headers: { host: 'attacker.example' } }, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end();
  });
  expect(status).toBe(421);
  expect((await fetch(`${mailbox.webUrl}/api/messages`, { method: 'DELETE' })).status).toBe(405);
});

test('I3: the sample staff’s codes are on a page that says what it is for, and one by one for a shell', async () => {
  const { status, policy, body } = await page('/authenticator');
  expect(status).toBe(200);
  expect(policy).toMatch(/^default-src 'none'/);
  expect(body).toMatch(/exists in the embedded stack of npm start only/);
  expect(body).toMatch(/id="left" data-seconds="([1-9]|[12]\d|30)"/);
  for (const app of sampleApps) {
    expect(body).toContain(app.email);
    const { body: code, type } = await page(`/authenticator/${app.email}`);
    expect({ code, type }).toEqual({ code: expect.stringMatching(/^\d{6}$/), type: 'text/plain; charset=utf-8' });
    // The product takes it, at this moment or, should the half minute just have passed, at the last.
    expect(await stepOfCode(app.secret, code, new Date())).toBeTypeOf('number');
  }
  for (const path of ['/authenticator/vera@kontor.example', '/authenticator/%E0', '/authenticator/a/b'])
    expect((await page(path)).status).toBe(404);
});

test('O1: an unknown mail, a path out of the folder and an unknown page are 404', async () => {
  for (const path of [
    '/messages/1234567890123-00000000',
    '/messages/..%2f..%2fetc%2fpasswd',
    '/api/messages/none',
    '/constructor',
    '/messages/x/source',
  ])
    expect((await page(path)).status).toBe(404);
});

test('O1: a mail of more than 25 MB is refused and nothing is kept of it', async () => {
  const before = await messages();
  await expect(
    send({ to: 'large@example.com', subject: 'Large', attachments: [{ filename: 'large.bin', content: Buffer.alloc(20 * 1024 * 1024) }] }),
  ).rejects.toMatchObject({ responseCode: 552 });
  expect(await messages()).toEqual(before);
});

test(`O1: the newest ${keptMails} mails are kept, older ones go with their files`, async () => {
  const first = (await messages()).at(-1);
  for (let count = 0; count < keptMails; count++)
    await mailbox.store.add(Buffer.from(`Subject: ${count}\r\n\r\nx`), 'a@example.com', ['bulk@example.com']);
  const kept = await messages();
  expect(kept).toHaveLength(keptMails);
  expect(kept.every(({ recipients }) => recipients[0] === 'bulk@example.com')).toBe(true);
  expect((await page(`/messages/${first?.id}`)).status).toBe(404);
  expect(readdirSync(folder)).toHaveLength(keptMails);
});
