import { html, raw } from 'hono/html';
import MarkdownIt from 'markdown-it';
import { spellTicketNumber } from '../../domain/ids.ts';
import type { Locale } from '../../domain/locale.ts';
import type { NotificationEvent } from '../../domain/notification.ts';
import type { PendingDelivery } from '../../db/repositories/deliveries.ts';
import type { OutgoingMail } from './smtp.ts';

/** HTML inside a message is shown, never obeyed; links are made only of safe schemes. */
const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true });

/**
 * Writes the mail of one delivery in the recipient's language and time zone (SPEC C3, N3). All mails of a ticket hang
 * on one thread: they name the ticket's own message id in `References`, and carry its number in the subject.
 */
export async function ticketMail(delivery: PendingDelivery, domain: string): Promise<OutgoingMail> {
  const { recipient, ticket, event } = delivery;
  const number = spellTicketNumber(ticket.number);
  const words = wording[recipient.locale];
  const thread = `<${number.toLowerCase()}.ticket@${domain}>`;
  const opening = event === 'ticket.created';
  const lead =
    event === 'ticket.closed' && ticket.closedBy === 'time'
      ? words.closedBySilence(number, ticket.subject)
      : words.lead[event](number, ticket.subject);
  const after = whatHappensNext(delivery, recipient.locale);
  const foot = words.foot(number);
  const page = await html`<!doctype html>
    <html lang="${recipient.locale}">
      <body style="font:15px/1.5 system-ui,sans-serif;color:#1c2430;max-width:42em;margin:2em auto;padding:0 1em">
        <p>${words.greeting(recipient.name)}</p>
        <p>${lead}</p>
        ${delivery.body === null ? '' : html`<div style="border-left:3px solid #c8d0da;padding-left:1em">${raw(markdown.render(delivery.body))}</div>`}
        ${after ? html`<p>${after}</p>` : ''}
        <p style="color:#5c6773;font-size:13px">${foot}</p>
      </body>
    </html>`;
  return {
    to: { name: recipient.name, address: recipient.email },
    subject: `${opening ? '' : 'Re: '}[${number}] ${ticket.subject}`,
    text: [words.greeting(recipient.name), lead, delivery.body === null ? '' : quoted(delivery.body), after ?? '', foot]
      .filter(Boolean)
      .join('\n\n'),
    html: page.toString(),
    messageId: opening ? thread : `<${delivery.id}.${number.toLowerCase()}@${domain}>`,
    thread: opening ? null : thread,
    language: recipient.locale,
  };
}

function quoted(body: string): string {
  return body
    .split(/\r?\n/)
    .map((line) => `> ${line}`)
    .join('\n');
}

/** The sentence that keeps the promise visible: when the ticket closes or leaves for the archive by itself. */
function whatHappensNext({ event, ticket, recipient }: PendingDelivery, locale: Locale): string | undefined {
  const words = wording[locale];
  if (event === 'ticket.closed') {
    if (ticket.isArchived) return words.isArchived;
    return ticket.archivesAt ? words.archives(spell(ticket.archivesAt, locale, recipient.timeZone)) : undefined;
  }
  if (event === 'ticket.created' || !ticket.closesAt) return undefined;
  return words.closes(spell(ticket.closesAt, locale, recipient.timeZone));
}

function spell(at: Date, locale: Locale, timeZone: string): string {
  return (
    new Intl.DateTimeFormat(locale === 'ru' ? 'ru-RU' : 'en-GB', { dateStyle: 'full', timeStyle: 'short', timeZone }).format(at) +
    ` (${timeZone})`
  );
}

interface Wording {
  greeting(name: string): string;
  lead: Readonly<Record<NotificationEvent, (number: string, subject: string) => string>>;
  /** Instead of the lead of `ticket.closed` when nobody called it resolved. */
  closedBySilence(number: string, subject: string): string;
  closes(when: string): string;
  archives(when: string): string;
  isArchived: string;
  foot(number: string): string;
}

const wording: Readonly<Record<Locale, Wording>> = {
  en: {
    greeting: (name) => `Hello ${name},`,
    lead: {
      'ticket.created': (number, subject) => `we have received your request ${number}, “${subject}”. This is what you wrote:`,
      'ticket.answered': (number, subject) => `there is an answer to your request ${number}, “${subject}”:`,
      'ticket.about_to_close': (number, subject) => `your request ${number}, “${subject}”, waits for your answer.`,
      'ticket.closed': (number, subject) => `your request ${number}, “${subject}”, is resolved and closed.`,
    },
    closedBySilence: (number, subject) =>
      `your request ${number}, “${subject}”, is closed, as we have not heard from you since our answer.`,
    closes: (when) => `If you write nothing, it closes by itself on ${when}.`,
    archives: (when) =>
      `Was it not solved? Write in it until ${when} and it opens again. After that, please open a new request and cite its number.`,
    isArchived: 'It is in the archive now. To come back to it, please open a new request and cite its number.',
    foot: (number) =>
      `Please give the number ${number} when you contact support. Nobody reads answers to this mail: write in the request itself.`,
  },
  ru: {
    greeting: (name) => `Здравствуйте, ${name}!`,
    lead: {
      'ticket.created': (number, subject) => `Мы получили ваш запрос ${number} «${subject}». Вот что вы написали:`,
      'ticket.answered': (number, subject) => `В вашем запросе ${number} «${subject}» новый ответ:`,
      'ticket.about_to_close': (number, subject) => `Ваш запрос ${number} «${subject}» ожидает вашего ответа.`,
      'ticket.closed': (number, subject) => `Ваш запрос ${number} «${subject}» решён и закрыт.`,
    },
    closedBySilence: (number, subject) => `Ваш запрос ${number} «${subject}» закрыт, так как после нашего ответа вы не писали.`,
    closes: (when) => `Если вы ничего не напишете, запрос закроется автоматически: ${when}.`,
    archives: (when) =>
      `Вопрос не решён? Напишите в запрос до этого времени, и он снова откроется: ${when}. Позже создайте новый запрос и укажите номер этого.`,
    isArchived: 'Запрос уже в архиве. Чтобы вернуться к нему, создайте новый запрос и укажите номер этого.',
    foot: (number) => `При обращении в поддержку называйте номер ${number}. Ответы на это письмо никто не читает: пишите в самом запросе.`,
  },
};
