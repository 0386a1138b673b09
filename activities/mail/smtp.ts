import nodemailer from 'nodemailer';
import { readEmailAddress } from '../../domain/email-address.ts';

/**
 * Mails on their way at once, by the engine's hand and by the dispatcher's. There are connections for both, so that none
 * waits behind another's slow server: a code that waited in a queue would go out when it is good for nothing.
 */
export const parallelMails = 8;

/** A mail to one person. */
export interface OutgoingMail {
  /** One mailbox. The name is for the header; null for somebody we do not know. */
  readonly to: { readonly name: string | null; readonly address: string };
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly messageId: string;
  /** Message id of the conversation's first mail; null for that mail itself. */
  readonly thread: string | null;
  readonly language: string;
}

/**
 * The mail server, or the mailbox behind it, said no for good (a 5xx answer), or we do, as the address is not one mailbox:
 * trying again would say the same.
 */
export class MailRefused extends Error {
  readonly why: 'smtp' | 'address';

  constructor(why: 'smtp' | 'address', options?: ErrorOptions) {
    super(why === 'smtp' ? 'the mail server refused it' : 'the address is not one mailbox', options);
    this.why = why;
  }
}

export interface MailSender {
  /** Hands the mail to the SMTP server. Throws {@link MailRefused}, or another error when it is worth trying again. */
  send(mail: OutgoingMail): Promise<void>;
  close(): void;
}

/**
 * Sends through a real SMTP server.
 * @param from sender, as `Name <address>`
 */
export function smtpSender(url: string, from: string): MailSender {
  const transport = nodemailer.createTransport(
    {
      url,
      pool: true,
      maxConnections: parallelMails * 2,
      connectionTimeout: 10_000,
      greetingTimeout: 10_000,
      socketTimeout: 11 * 60_000,
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from },
  );
  return {
    send: async (mail) => {
      if (!isOneMailbox(mail.to.address)) throw new MailRefused('address');
      try {
        await transport.sendMail({
          to: { name: oneLine(mail.to.name ?? ''), address: mail.to.address },
          subject: oneLine(mail.subject),
          text: mail.text,
          html: mail.html,
          messageId: mail.messageId,
          ...(mail.thread ? { inReplyTo: mail.thread, references: [mail.thread] } : {}),
          // RFC 3834: answering machines must not answer this.
          headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': mail.language },
        });
      } catch (error) {
        if (isPermanent(error)) throw new MailRefused('smtp', { cause: error });
        throw error;
      }
    },
    close: () => transport.close(),
  };
}

/**
 * Whether the address is one mailbox and nothing else. A crafted one (`a@x.example, b@y.example`, `"b@y.example" <a@…>`)
 * could reach a second one through a mail library's own reading (ASVS 1.3.11). Letter case is kept as it was written.
 */
function isOneMailbox(address: string): boolean {
  return readEmailAddress(address) === address.toLowerCase();
}

/** A header is one line, whatever somebody typed as his name. */
function oneLine(words: string): string {
  return words.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}

/**
 * A 5xx answer to the recipient or to the mail itself is final (RFC 5321, 4.2.1). One to our sign-in or our sender (530,
 * 550 at MAIL FROM) is our setting's fault: it is mended, and then the mail still goes.
 */
function isPermanent(error: unknown): boolean {
  const { responseCode, command } = error as { responseCode?: number; command?: string };
  return (
    responseCode !== undefined &&
    responseCode >= 500 &&
    responseCode < 600 &&
    responseCode !== 530 &&
    (command === 'RCPT TO' || command === 'DATA')
  );
}

/** The domain of a sender such as `Kontor <support@kontor.example>`: the right side of our message ids (RFC 5322, 3.6.4). */
export function mailDomain(from: string): string {
  return /@([^\s>]+)/.exec(from)?.[1] ?? 'kontor.invalid';
}
