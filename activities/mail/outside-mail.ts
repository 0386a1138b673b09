import { spellTicketNumber } from '../../domain/ids.ts';
import type { Locale } from '../../domain/locale.ts';
import type { OutsideDelivery } from '../../db/repositories/outside-copies.ts';
import { frame, paragraph, quotation } from './mail-frame.ts';
import type { OutgoingMail } from './smtp.ts';

/**
 * Writes the copy of an answer for an outside address (SPEC T1). It opens nothing and leads nowhere: it says whose request
 * it is, why the reader has it, and whom to ask to be left out.
 */
export async function outsideMail(delivery: OutsideDelivery, { mailDomain }: { mailDomain: string }): Promise<OutgoingMail> {
  const { recipient, ticket, addedBy } = delivery;
  const number = spellTicketNumber(ticket.number);
  const words = wording[recipient.locale];
  return {
    to: { name: recipient.name, address: recipient.email },
    subject: `Re: [${number}] ${ticket.subject}`,
    ...(await frame(recipient.locale, {
      greeting: words.greeting(recipient.name),
      parts: [paragraph(words.lead(number, ticket.subject, ticket.account, delivery.author)), quotation(delivery.body)],
      foot: addedBy.side === 'staff' ? words.footByStaff(ticket.account) : words.foot(addedBy.name, ticket.account),
    })),
    messageId: `<${delivery.id}.${number.toLowerCase()}@${mailDomain}>`,
    thread: `<${number.toLowerCase()}.ticket@${mailDomain}>`,
    language: recipient.locale,
  };
}

interface Wording {
  greeting(name: string | null): string;
  lead(number: string, subject: string, account: string, author: string): string;
  foot(addedBy: string, account: string): string;
  footByStaff(account: string): string;
}

const wording: Readonly<Record<Locale, Wording>> = {
  en: {
    greeting: (name) => (name === null ? 'Hello,' : `Hello ${name},`),
    lead: (number, subject, account, author) =>
      `this is a copy of what ${author} of support wrote to ${account} in ${number}, “${subject}”:`,
    foot: (addedBy, account) =>
      `You get this because ${addedBy} of ${account} asked us to send you copies. It gives you access to nothing. To get no more of them, ask ${addedBy}. Nobody reads answers to this mail.`,
    footByStaff: (account) =>
      `You get this because our support was asked on behalf of ${account} to send you copies. It gives you access to nothing. To get no more of them, ask ${account} or our support. Nobody reads answers to this mail.`,
  },
  ru: {
    greeting: (name) => (name === null ? 'Здравствуйте!' : `Здравствуйте, ${name}!`),
    lead: (number, subject, account, author) =>
      `Это копия ответа, который поддержка (${author}) отправила клиенту ${account} в запросе ${number} «${subject}»:`,
    foot: (addedBy, account) =>
      `Копии этой переписки отправляются вам по просьбе участника: ${addedBy} (${account}). Доступа оно ни к чему не даёт. Чтобы больше их не получать, обратитесь к отправителю просьбы: ${addedBy}. Ответы на это письмо никто не читает.`,
    footByStaff: (account) =>
      `Вы получили это письмо, потому что нашу поддержку попросили от имени ${account} отправлять вам копии. Доступа оно ни к чему не даёт. Чтобы больше их не получать, обратитесь в ${account} или в нашу поддержку. Ответы на это письмо никто не читает.`,
  },
};
