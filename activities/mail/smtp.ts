import nodemailer from 'nodemailer';

/** Mails on their way at once: as many connections as deliveries run in parallel, so that none waits behind another's slow server. */
export const parallelMails = 8;

/** A mail to one person. */
export interface OutgoingMail {
  readonly to: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly messageId: string;
  /** Message id of the conversation's first mail; null for that mail itself. */
  readonly thread: string | null;
  readonly language: string;
}

/** The mail server, or the mailbox behind it, said no for good (a 5xx answer): trying again would say the same. */
export class MailRefused extends Error {}

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
      maxConnections: parallelMails,
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
      try {
        await transport.sendMail({
          to: { name: mail.to.name, address: mail.to.address },
          subject: mail.subject,
          text: mail.text,
          html: mail.html,
          messageId: mail.messageId,
          ...(mail.thread ? { inReplyTo: mail.thread, references: [mail.thread] } : {}),
          // RFC 3834: answering machines must not answer this.
          headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': mail.language },
        });
      } catch (error) {
        if (isPermanent(error)) throw new MailRefused('the mail server refused it', { cause: error });
        throw error;
      }
    },
    close: () => transport.close(),
  };
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
