/** The mails of the development mailbox: one .eml file each, so that they survive a restart and any mail reader opens them. */
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { simpleParser, type ParsedMail } from 'mailparser';

/** More than this many are not kept: the oldest go first. */
export const keptMails = 1_000;

export interface MailSummary {
  id: string;
  /** Instant of arrival, ISO 8601. */
  receivedAt: string;
  from: string;
  /** The addresses of the envelope: who gets it, whatever the headers say. */
  recipients: string[];
  subject: string;
  messageId: string | undefined;
}

export interface Mail extends MailSummary {
  headers: { name: string; value: string }[];
  text: string | undefined;
  html: string | undefined;
  attachments: { filename: string; contentType: string; bytes: number }[];
}

export interface MailStore {
  /** Keeps one mail, whole or not at all. */
  add(raw: Buffer, sender: string, recipients: string[]): Promise<MailSummary>;
  /** Newest first; those with a recipient containing the words, when given (letter case does not matter). */
  list(recipient?: string): MailSummary[];
  get(id: string): Promise<Mail | undefined>;
  /** The bytes as they came. */
  source(id: string): Promise<Buffer | undefined>;
}

const listingOnly = { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true };
const idForm = /^\d{13}-[0-9a-f]{8}$/;

/**
 * Opens the folder and reads what is there. The envelope is kept in front of the message as X-Envelope headers,
 * because the headers of a mail do not tell who got it.
 */
export async function openMailStore(folder: string): Promise<MailStore> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const mails = await summariesIn(folder);
  const fileOf = (id: string) => join(folder, `${id}.eml`);
  const dropOldest = async () => {
    while (mails.length > keptMails) {
      const oldest = mails.shift();
      if (oldest) await rm(fileOf(oldest.id), { force: true });
    }
  };
  await dropOldest();

  const source = async (id: string) =>
    mails.some((mail) => mail.id === id) ? await readFile(fileOf(id)).catch(() => undefined) : undefined;
  return {
    async add(raw, sender, recipients) {
      // Ids sort by arrival, also for two mails of one millisecond.
      const last = Number(mails.at(-1)?.id.slice(0, 13) ?? 0);
      const id = `${String(Math.max(Date.now(), last + 1)).padStart(13, '0')}-${randomBytes(4).toString('hex')}`;
      const envelope = [
        `X-Envelope-From: <${headerSafe(sender)}>`,
        ...recipients.map((address) => `X-Envelope-To: <${headerSafe(address)}>`),
      ];
      const bytes = Buffer.concat([Buffer.from(`${envelope.join('\r\n')}\r\n`), raw]);
      const summary = summaryOf(id, await simpleParser(bytes, listingOnly));
      // Listed before the first wait for the disk, so that ids keep their order; taken back if the disk refuses.
      mails.push(summary);
      try {
        await writeFile(`${fileOf(id)}.unfinished`, bytes, { mode: 0o600 });
        await rename(`${fileOf(id)}.unfinished`, fileOf(id));
      } catch (error) {
        mails.splice(mails.indexOf(summary), 1);
        await rm(`${fileOf(id)}.unfinished`, { force: true });
        throw error;
      }
      await dropOldest();
      return summary;
    },
    list(recipient) {
      const words = recipient?.trim().toLowerCase();
      return mails.filter((mail) => !words || mail.recipients.some((address) => address.toLowerCase().includes(words))).toReversed();
    },
    source,
    async get(id) {
      const bytes = await source(id);
      if (bytes === undefined) return undefined;
      const parsed = await simpleParser(bytes, { skipHtmlToText: true, skipTextToHtml: true });
      return {
        ...summaryOf(id, parsed),
        headers: parsed.headerLines.map(({ line }) => ({
          name: line.slice(0, line.indexOf(':')),
          value: line.slice(line.indexOf(':') + 1).trim(),
        })),
        text: parsed.text,
        html: parsed.html === false ? undefined : parsed.html,
        attachments: parsed.attachments.map((part) => ({
          filename: part.filename ?? '(no name)',
          contentType: part.contentType,
          bytes: part.size,
        })),
      };
    },
  };
}

/** Oldest first. What an interrupted arrival left is removed: it was never acknowledged. */
async function summariesIn(folder: string): Promise<MailSummary[]> {
  const mails: MailSummary[] = [];
  for (const name of (await readdir(folder)).toSorted()) {
    const id = name.replace(/\.eml$/, '');
    if (name.endsWith('.eml') && idForm.test(id))
      mails.push(summaryOf(id, await simpleParser(createReadStream(join(folder, name)), listingOnly)));
    else if (name.endsWith('.unfinished')) await rm(join(folder, name), { force: true });
  }
  return mails;
}

function summaryOf(id: string, parsed: ParsedMail): MailSummary {
  const envelopeTo = parsed.headerLines
    .filter(({ key }) => key === 'x-envelope-to')
    .map(({ line }) =>
      line
        .slice(line.indexOf(':') + 1)
        .trim()
        .replace(/^<|>$/g, ''),
    );
  return {
    id,
    receivedAt: new Date(Number(id.slice(0, 13))).toISOString(),
    from: parsed.from?.text ?? '',
    recipients: envelopeTo,
    subject: parsed.subject ?? '',
    messageId: parsed.messageId,
  };
}

function headerSafe(address: string): string {
  return address.replace(/[\r\n<>]/g, '');
}
