import { spellTicketNumber } from '../../domain/ids.ts';
import type { Locale } from '../../domain/locale.ts';
import { isStaffEvent, type StaffNotificationEvent, type TicketNotificationEvent } from '../../domain/notification.ts';
import type { TicketDelivery } from '../../db/repositories/deliveries.ts';
import { frame, linkToFollow, paragraph, quotation } from './mail-frame.ts';
import { spellForReader } from './reader-time.ts';
import type { OutgoingMail } from './smtp.ts';
import { accessEndedToo, partsAbout } from './told-thing.ts';

/**
 * Writes the mail of one delivery in the recipient's language and time zone (SPEC C3, N3). All mails of a ticket hang
 * on one thread: they name the ticket's own message id in `References`, and carry its number in the subject.
 */
export async function ticketMail(
  delivery: TicketDelivery,
  { mailDomain: domain, publicUrl }: { mailDomain: string; publicUrl: URL },
): Promise<OutgoingMail> {
  const { recipient, ticket, event } = delivery;
  const number = spellTicketNumber(ticket.number);
  const words = wording[recipient.locale];
  const thread = `<${number.toLowerCase()}.ticket@${domain}>`;
  const opening = event === 'ticket.created';
  const lead =
    event === 'ticket.closed' && ticket.closedBy === 'time'
      ? words.closedBySilence(number, ticket.subject)
      : opening && delivery.splitFrom
        ? words.splitOff(number, ticket.subject, spellTicketNumber(delivery.splitFrom))
        : opening && delivery.writtenDown
          ? words.writtenDown(number, ticket.subject)
          : words.lead[event](number, ticket.subject);
  const after = whatHappensNext(delivery);
  return {
    to: { name: recipient.name, address: recipient.email },
    subject: `${opening ? '' : 'Re: '}[${number}] ${words.mark[event] ?? ''}${ticket.subject}`,
    ...(await frame(recipient.locale, {
      greeting: words.greeting(recipient.name),
      parts: [
        paragraph(lead),
        ...(delivery.body === null ? [] : [quotation(delivery.body)]),
        ...(delivery.thing === undefined ? [] : partsAbout(delivery.thing, recipient, event)),
        ...(delivery.accessEnded ? [accessEndedToo(recipient.locale)] : []),
        ...(after === undefined ? [] : [paragraph(after)]),
        ...(isStaffEvent(event) ? [linkToFollow(words.toConsole, new URL(`/admin/tickets/${number}/show`, publicUrl).href)] : []),
      ],
      foot: isStaffEvent(event) ? words.staffFoot : words.foot(number),
    })),
    messageId: opening ? thread : `<${delivery.id}.${number.toLowerCase()}@${domain}>`,
    thread: opening ? null : thread,
    language: recipient.locale,
  };
}

/** The sentence that keeps the promise visible: when the ticket closes or leaves for the archive by itself. */
function whatHappensNext({ event, ticket, recipient }: TicketDelivery): string | undefined {
  const words = wording[recipient.locale];
  if (event === 'ticket.closed') {
    if (ticket.isArchived) return words.isArchived;
    return ticket.archivesAt ? words.archives(spellForReader(ticket.archivesAt, recipient)) : undefined;
  }
  if (event === 'problem.answered') return words.isArchived;
  if (event === 'ticket.created' || isStaffEvent(event) || !ticket.closesAt) return undefined;
  return words.closes(spellForReader(ticket.closesAt, recipient));
}

interface Wording {
  greeting(name: string): string;
  lead: Readonly<Record<TicketNotificationEvent | StaffNotificationEvent, (number: string, subject: string) => string>>;
  /** What stands before the subject, where whoever is called must see on a telephone how urgent it is. */
  mark: Readonly<Partial<Record<TicketNotificationEvent | StaffNotificationEvent, string>>>;
  /** Instead of the lead of `ticket.closed` when nobody called it resolved. */
  closedBySilence(number: string, subject: string): string;
  /** Instead of the lead of `ticket.created` when staff opened it on the customer's behalf, or split it off another. */
  writtenDown(number: string, subject: string): string;
  splitOff(number: string, subject: string, from: string): string;
  closes(when: string): string;
  archives(when: string): string;
  isArchived: string;
  foot(number: string): string;
  /** What the link to the ticket's page in the console says, and the foot of what staff are mailed. */
  toConsole: string;
  staffFoot: string;
}

const wording: Readonly<Record<Locale, Wording>> = {
  en: {
    greeting: (name) => `Hello ${name},`,
    lead: {
      'ticket.created': (number, subject) => `we have received your request ${number}, “${subject}”. This is what you wrote:`,
      'ticket.answered': (number, subject) => `there is an answer to your request ${number}, “${subject}”:`,
      'ticket.about_to_close': (number, subject) => `your request ${number}, “${subject}”, waits for your answer.`,
      'ticket.closed': (number, subject) => `your request ${number}, “${subject}”, is resolved and closed.`,
      'problem.answered': (number, subject) => `there is news about what you asked in your request ${number}, “${subject}”:`,
      'quote.offered': (number, subject) => `we offer you paid work in your request ${number}, “${subject}”.`,
      'quote.expired': (number, subject) => `nobody answered our quote in your request ${number}, “${subject}”: it has expired.`,
      'server_access.viewed': (number, subject) =>
        `one of our staff looked at the access to your server in your request ${number}, “${subject}”.`,
      'server_access.ended': (number, subject) => `the access to your server in your request ${number}, “${subject}”, has ended.`,
      'staff.assigned': (number, subject) => `ticket ${number}, “${subject}”, was assigned to you.`,
      'staff.customer_replied': (number, subject) => `the customer wrote in your ticket ${number}, “${subject}”.`,
      'staff.critical_claimed': (number, subject) => `a customer says that ticket ${number}, “${subject}”, is critical. Please look now.`,
      'staff.quote_answered': (number, subject) => `the customer has answered your quote in ticket ${number}, “${subject}”.`,
      'staff.deadline_near': (number, subject) => `three quarters of the time promised for ticket ${number}, “${subject}”, are over.`,
      'staff.deadline_missed': (number, subject) => `the time promised for ticket ${number}, “${subject}”, is over.`,
    },
    mark: { 'staff.deadline_near': 'Due soon: ', 'staff.deadline_missed': 'Overdue: ', 'staff.critical_claimed': 'Critical: ' },
    closedBySilence: (number, subject) =>
      `your request ${number}, “${subject}”, is closed, as we have not heard from you since our answer.`,
    writtenDown: (number, subject) =>
      `we have opened the request ${number}, “${subject}”, for you. This is what we wrote down of what you told us:`,
    splitOff: (number, subject, from) =>
      `part of your request ${from} is about something else and has become the request ${number}, “${subject}”:`,
    closes: (when) => `If you write nothing, it closes by itself on ${when}.`,
    archives: (when) =>
      `Was it not solved? Write in it until ${when} and it opens again. After that, please open a new request and cite its number.`,
    isArchived: 'It is in the archive now. To come back to it, please open a new request and cite its number.',
    foot: (number) =>
      `Please give the number ${number} when you contact support. Nobody reads answers to this mail: write in the request itself.`,
    toConsole: 'Open the ticket',
    staffFoot: 'You have this mail as a member of staff. Nobody reads answers to it: write in the ticket itself.',
  },
  ru: {
    greeting: (name) => `Здравствуйте, ${name}!`,
    lead: {
      'ticket.created': (number, subject) => `Мы получили ваш запрос ${number} «${subject}». Вот что вы написали:`,
      'ticket.answered': (number, subject) => `В вашем запросе ${number} «${subject}» новый ответ:`,
      'ticket.about_to_close': (number, subject) => `Ваш запрос ${number} «${subject}» ожидает вашего ответа.`,
      'ticket.closed': (number, subject) => `Ваш запрос ${number} «${subject}» решён и закрыт.`,
      'problem.answered': (number, subject) => `Есть новости по вашему запросу ${number} «${subject}»:`,
      'quote.offered': (number, subject) => `В вашем запросе ${number} «${subject}» мы предлагаем платную работу.`,
      'quote.expired': (number, subject) => `На наше предложение в вашем запросе ${number} «${subject}» никто не ответил, его срок истёк.`,
      'server_access.viewed': (number, subject) => `Сотрудник посмотрел доступ к вашему серверу в вашем запросе ${number} «${subject}».`,
      'server_access.ended': (number, subject) => `Доступ к вашему серверу в вашем запросе ${number} «${subject}» завершён.`,
      'staff.assigned': (number, subject) => `Вам назначен запрос ${number} «${subject}».`,
      'staff.customer_replied': (number, subject) => `Клиент написал в вашем запросе ${number} «${subject}».`,
      'staff.critical_claimed': (number, subject) =>
        `Клиент сообщил, что запрос ${number} «${subject}» критический. Посмотрите его сейчас.`,
      'staff.quote_answered': (number, subject) => `Клиент ответил на ваше предложение в запросе ${number} «${subject}».`,
      'staff.deadline_near': (number, subject) => `Прошло три четверти обещанного времени по запросу ${number} «${subject}».`,
      'staff.deadline_missed': (number, subject) => `Обещанное время по запросу ${number} «${subject}» истекло.`,
    },
    mark: { 'staff.deadline_near': 'Срок близко: ', 'staff.deadline_missed': 'Просрочено: ', 'staff.critical_claimed': 'Критический: ' },
    closedBySilence: (number, subject) => `Ваш запрос ${number} «${subject}» закрыт, так как после нашего ответа вы не писали.`,
    writtenDown: (number, subject) => `Мы создали для вас запрос ${number} «${subject}». Вот что мы записали с ваших слов:`,
    splitOff: (number, subject, from) =>
      `Часть вашего запроса ${from} касается другого вопроса и стала отдельным запросом ${number} «${subject}»:`,
    closes: (when) => `Если вы ничего не напишете, запрос закроется автоматически: ${when}.`,
    archives: (when) =>
      `Вопрос не решён? Напишите в запрос до этого времени, и он снова откроется: ${when}. Позже создайте новый запрос и укажите номер этого.`,
    isArchived: 'Запрос уже в архиве. Чтобы вернуться к нему, создайте новый запрос и укажите номер этого.',
    foot: (number) => `При обращении в поддержку называйте номер ${number}. Ответы на это письмо никто не читает: пишите в самом запросе.`,
    toConsole: 'Открыть запрос',
    staffFoot: 'Вы получили это письмо как сотрудник. Ответы на него никто не читает: пишите в самом запросе.',
  },
};
