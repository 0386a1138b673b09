import type { MailSink } from './mail-sink.ts';
import { until } from './until.ts';

/** The last mail to an address whose text holds this, once it has come. */
export async function mailTo(mail: MailSink, address: string, holding: RegExp): Promise<{ subject: string; text: string }> {
  return until(`a mail to ${address}`, async () => {
    const found = mail.to(address).findLast((one) => holding.test(`${one.subject}\n${one.text}`));
    return found && { subject: found.subject ?? '', text: found.text ?? '' };
  });
}

/** The token of the link that leads to this page, out of the last mail that has one. */
export async function mailedLink(mail: MailSink, address: string, page: string): Promise<string> {
  const link = new RegExp(`/links/${page}\\?lang=\\w+#([\\w-]{43})`);
  const { text } = await mailTo(mail, address, link);
  return link.exec(text)![1]!;
}

/** The six digits of the code that was mailed to this address last, once so many were. */
export async function mailedCode(mail: MailSink, address: string, codes = 1): Promise<string> {
  const code = /^\s*(\d{3} ?\d{3})\s*$/m;
  const found = await until(`code ${codes} to ${address}`, async () => {
    const mailed = mail.to(address).flatMap((one) => code.exec(one.text ?? '')?.[1] ?? []);
    return mailed.length >= codes && mailed.at(-1);
  });
  return found.replaceAll(' ', '');
}
