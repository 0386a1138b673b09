import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';

export interface MailSink {
  readonly url: string;
  readonly mails: readonly ParsedMail[];
  /** Every mailbox that the server was asked to deliver to, whatever the headers say. */
  readonly recipients: readonly string[];
  /** Mails to this address, in the order they came. */
  to(address: string): ParsedMail[];
  /** From now on every mail is answered with this SMTP code; null takes them again. */
  refuseWith(code: number | null): void;
  close(): Promise<void>;
}

/** A real SMTP server on loopback that keeps what it is given. */
export async function startMailSink(): Promise<MailSink> {
  const mails: ParsedMail[] = [];
  const recipients: string[] = [];
  let refusal: number | null = null;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    logger: false,
    onRcptTo: (_address, _session, done) =>
      done(refusal === null ? undefined : Object.assign(new Error('refused by the test'), { responseCode: refusal })),
    onData: (stream, session, done) => {
      recipients.push(...session.envelope.rcptTo.map(({ address }) => address));
      simpleParser(stream).then(
        (mail) => {
          mails.push(mail);
          done();
        },
        (error: Error) => done(error),
      );
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.server.address() as { port: number };
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    recipients,
    to: (address) => mails.filter((mail) => [mail.to].flat().some((to) => to?.value.some((mailbox) => mailbox.address === address))),
    refuseWith: (code) => {
      refusal = code;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
