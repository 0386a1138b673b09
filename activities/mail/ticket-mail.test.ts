import { expect, test } from 'vitest';
import type { TicketDelivery } from '../../db/repositories/deliveries.ts';
import { staffNotificationEvents, ticketNotificationEvents } from '../../domain/notification.ts';
import { locales } from '../../domain/locale.ts';
import { ticketMail } from './ticket-mail.ts';

const site = { mailDomain: 'kontor.example', publicUrl: new URL('https://desk.kontor.example/') };

const delivery: TicketDelivery = {
  about: 'ticket',
  id: 'dlv_1',
  event: 'ticket.answered',
  deliverBefore: new Date('2026-12-01T00:00:00Z'),
  recipient: { name: 'Анна <b>', email: 'anna@vega.example', locale: 'en', timeZone: 'Asia/Vladivostok' },
  ticket: {
    number: 123,
    subject: 'Panel & <script>',
    closedBy: null,
    isArchived: false,
    closesAt: new Date('2026-11-30T13:39:00Z'),
    archivesAt: null,
  },
  body: 'Try **this**: <img src=x onerror=alert(1)> [here](javascript:alert(1)) https://kontor.example',
};

test('C3: what people wrote is shown in a mail, never obeyed', async () => {
  const { html } = await ticketMail(delivery, site);
  expect(html).not.toMatch(/<img|<script|<b>|href="javascript:/i);
  expect(html).toContain('<strong>this</strong>');
  expect(html).toContain('href="https://kontor.example"');
});

test('N3: mails of a ticket hang on one thread; the first is the thread', async () => {
  const first = await ticketMail({ ...delivery, event: 'ticket.created' }, site);
  const next = await ticketMail(delivery, site);
  expect(first).toMatchObject({ thread: null, subject: '[CS-000123] Panel & <script>' });
  expect(next).toMatchObject({ thread: first.messageId, subject: 'Re: [CS-000123] Panel & <script>' });
  expect(next.messageId).not.toBe(first.messageId);
});

test('C3: instants are told in the reader’s zone and language', async () => {
  expect((await ticketMail(delivery, site)).text).toContain('Monday, 30 November 2026 at 23:39 (Asia/Vladivostok)');
  const russian = await ticketMail({ ...delivery, recipient: { ...delivery.recipient, locale: 'ru', timeZone: 'Europe/Moscow' } }, site);
  expect(russian.text).toContain('понедельник, 30 ноября 2026 г. в 16:39 (Europe/Moscow)');
});

test('T4: a ticket that silence closed is not called resolved; one closed by hand is', async () => {
  const closed = { ...delivery, event: 'ticket.closed', body: null } as const;
  expect((await ticketMail({ ...closed, ticket: { ...closed.ticket, closedBy: 'time' } }, site)).text).toContain('have not heard from you');
  expect((await ticketMail({ ...closed, ticket: { ...closed.ticket, closedBy: 'staff' } }, site)).text).toContain('is resolved and closed');
});

test('N2: every event has words in every language', async () => {
  for (const event of [...ticketNotificationEvents, ...staffNotificationEvents])
    for (const locale of locales) {
      const { text, subject } = await ticketMail({ ...delivery, event, recipient: { ...delivery.recipient, locale } }, site);
      expect(text.length).toBeGreaterThan(60);
      expect(subject).toContain('CS-000123');
      expect(/[а-яё]{4}/i.test(text.replace('Анна', ''))).toBe(locale === 'ru');
    }
});

test('N1: what staff are mailed leads to the ticket in the console; what customers are mailed never does', async () => {
  const address = 'https://desk.kontor.example/admin/tickets/CS-000123/show';
  for (const event of staffNotificationEvents) {
    const mail = await ticketMail({ ...delivery, event, body: null }, site);
    expect(mail.text).toContain(address);
    expect(mail.text).not.toContain('closes by itself');
  }
  for (const event of ticketNotificationEvents) expect((await ticketMail({ ...delivery, event }, site)).html).not.toContain('/admin/');
});

test('S5, N3: a deadline is told with what was promised, by which plan, since when it is over in the reader’s zone, and how late that is told', async () => {
  const thing = {
    kind: 'deadline',
    clock: 'first_response',
    dueAt: new Date('2026-11-03T11:00:00Z'),
    isOver: true,
    target: { amount: 16, unit: 'hours' },
    plan: { en: 'Enterprise', ru: 'Предприятие' },
    byAgreement: true,
    lateMs: 7_500_000,
  } as const;
  const missed = { ...delivery, event: 'staff.deadline_missed', body: null, thing } as const;
  const { text } = await ticketMail(missed, site);
  expect(text).toContain('The first response was due on Tuesday, 3 November 2026 at 21:00 (Asia/Vladivostok).');
  expect(text).toContain('Promised: 16 working hours, by the account’s agreement on the plan Enterprise.');
  expect(text).toContain('This message comes 2 h 5 min late.');
  expect(text).toContain('https://desk.kontor.example/admin/tickets/CS-000123/show');
  const near = { ...thing, clock: 'fix', isOver: false, byAgreement: false, lateMs: null } as const;
  const recipient = { ...delivery.recipient, locale: 'ru', timeZone: 'Europe/Moscow' } as const;
  const warned = (await ticketMail({ ...missed, event: 'staff.deadline_near', recipient, thing: near }, site)).text;
  expect(warned).toContain('Устранение критической неисправности. Срок: вторник, 3 ноября 2026 г. в 14:00 (Europe/Moscow).');
  expect(warned).toContain('Обещано: 16 рабочих часов, по плану Предприятие.');
  expect(warned).not.toContain('опоздало');
});
