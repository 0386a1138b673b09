import { describe, expect, test } from 'vitest';
import type { LetterDelivery } from '../../db/repositories/deliveries.ts';
import { changeEndings, factorChanges, letterRule, letterRules, type LetterKind } from '../../domain/letter.ts';
import { locales, type Locale } from '../../domain/locale.ts';
import { isFinanceEvent, type NotificationEvent } from '../../domain/notification.ts';
import { letterMail } from './letter-mail.ts';

const kinds = Object.keys(letterRules) as LetterKind[];
const surroundings = { publicUrl: new URL('https://desk.vega.example/'), mailDomain: 'vega.example', supportContact: '+7 495 000-00-00' };
const token = 'T0ken_of-a-link-that-is-43-characters-long-x';

function letter(kind: LetterKind, locale: Locale, more: Partial<LetterDelivery> = {}): LetterDelivery {
  return {
    about: 'letter',
    id: 'dlv_1',
    kind,
    writtenAt: new Date('2026-11-30T13:00:00Z'),
    deliverBefore: new Date('2026-11-30T13:30:00Z'),
    recipient: { name: null, email: 'anna@vega.example', locale, timeZone: 'Asia/Vladivostok' },
    facts: {
      at: '2026-11-30T12:59:00Z',
      until: '2026-12-03T12:59:00Z',
      device: 'Firefox on Windows',
      place: { en: 'Vladivostok, Russia', ru: 'Россия, Владивосток' },
      account: 'Vega Ltd',
      inviter: 'Boris Orlov',
      role: 'billing',
      oldEmail: 'a…@vega.example',
      newEmail: 'anna@mail.example',
    },
    sealed: null,
    ...more,
  };
}

function write(kind: LetterKind, locale: Locale, more: Partial<LetterDelivery> = {}) {
  const carries = letterRule(kind).secret;
  return letterMail(letter(kind, locale, more), carries === 'code' ? '314159' : carries === 'link' ? token : undefined, surroundings);
}

describe('letters', () => {
  for (const locale of locales)
    for (const kind of kinds)
      test(`C3: ${kind} says in ${locale} what happened, when, from where and with what, as text and as HTML`, async () => {
        const mail = await write(kind, locale);
        const when = locale === 'ru' ? 'понедельник, 30 ноября 2026 г. в 22:59' : 'Monday, 30 November 2026 at 22:59';
        for (const told of [mail.text, mail.html]) {
          for (const part of ['desk.vega.example', when, 'Asia/Vladivostok', 'Firefox on Windows']) expect(told).toContain(part);
          expect(told).toContain(locale === 'ru' ? 'Россия, Владивосток' : 'Vladivostok, Russia');
          expect(told).not.toMatch(/undefined|null|\[object|NaN/);
        }
        expect(mail.text.startsWith(locale === 'ru' ? 'Здравствуйте!' : 'Hello,')).toBe(true);
        expect(/[а-яё]{5}/i.test(mail.text.replace('Россия, Владивосток', ''))).toBe(locale === 'ru');
        expect(/[а-яё]/i.test(mail.subject)).toBe(locale === 'ru');
        expect(mail).toMatchObject({ language: locale, thread: null, to: { name: null, address: 'anna@vega.example' } });
        // Nobody is left with a fright and no word of what to do; and formal it is.
        expect(mail.text).toMatch(locale === 'ru' ? /если/i : /if /i);
        expect(mail.text).not.toMatch(/\b(?:ты|тебе|твой|твоя)\b/i);
      });

  for (const kind of kinds.filter((each) => letterRule(each).secret === 'code'))
    for (const locale of locales)
      test(`I3: the code of ${kind} in ${locale} stands alone on its line, not in the subject, with how long it is good`, async () => {
        const mail = await write(kind, locale);
        expect(mail.text.split('\n')).toContain('314159');
        expect(mail.html.match(/314159/g)).toHaveLength(1);
        expect(mail.subject).not.toMatch(/\d/);
        expect(mail.text).toMatch(
          locale === 'ru'
            ? /действует 2 минуты\. Никому его не сообщайте: наши сотрудники/
            : /good for 2 minutes\. Never tell it to anybody: our staff/,
        );
      });

  const pages: Partial<Record<LetterKind, string>> = {
    'registration.confirm': 'confirmation',
    'invitation.account': 'invitation',
    'invitation.staff': 'invitation',
    'password.reset': 'password-reset',
    'email.confirm': 'email-change',
    'change.veto': 'veto',
  };
  for (const kind of kinds.filter((each) => letterRule(each).secret === 'link'))
    for (const locale of locales)
      test(`the link of ${kind} in ${locale} is a button and is spelled out, its token where no server sees it`, async () => {
        const mail = await write(kind, locale);
        const link = `https://desk.vega.example/links/${pages[kind]}?lang=${locale}#${token}`;
        expect(mail.text.split('\n')).toContain(link);
        expect(mail.html.match(new RegExp(`href="${link.replaceAll(/[.?#&]/g, '\\$&')}"`, 'g'))).toHaveLength(2);
        expect(mail.text).toContain(locale === 'ru' ? 'четверг, 3 декабря 2026 г. в 22:59' : 'Thursday, 3 December 2026 at 22:59');
        expect(mail.subject + mail.messageId).not.toContain(token);
      });

  test('every letter says how to reach a person, where that is known', async () => {
    for (const kind of kinds)
      for (const locale of locales) {
        const mail = await write(kind, locale);
        expect(mail.text).toContain('+7 495 000-00-00');
        expect(mail.html).toContain('+7 495 000-00-00');
      }
  });

  test('a letter whose facts say little says no more than it knows', async () => {
    for (const locale of locales)
      for (const kind of kinds) {
        const mail = await write(kind, locale, { facts: {} });
        expect(mail.text).not.toMatch(/undefined|null|Device|Устройство|: \.|“”|«»\s*,/);
        expect(mail.text).toContain(locale === 'ru' ? '30 ноября 2026 г. в 23:00' : '30 November 2026 at 23:00');
      }
  });

  test('I3, I5: everything that can become of a factor or a change has its own words', async () => {
    for (const locale of locales) {
      const factors = await Promise.all(factorChanges.map((what) => write('factor.changed', locale, { facts: { what } })));
      expect(new Set(factors.map((mail) => mail.text)).size).toBe(factorChanges.length);
      // A used code and new codes change no factor: each has a subject of its own.
      expect(new Set(factors.map((mail) => mail.subject)).size).toBe(3);
      const ended = await Promise.all(
        (['email_change', 'factor_reset'] as const).flatMap((change) =>
          changeEndings.map((ending) => write('change.ended', locale, { facts: { change, ending } })),
        ),
      );
      expect(new Set(ended.map((mail) => mail.text)).size).toBe(2 * changeEndings.length);
      // Whoever stopped it does not want it again; he may have to fear for his password.
      const vetoed = await write('change.ended', locale, { facts: { change: 'factor_reset', ending: 'vetoed' } });
      expect(vetoed.text).toContain(`/links/password-reset?lang=${locale}`);
    }
  });

  test('I5: the letter that offers a veto says what would change, and to what', async () => {
    const address = await write('change.veto', 'en', { facts: { change: 'email_change', newEmail: 'x@evil.example' } });
    expect(address.text).toContain('x@evil.example');
    const factors = await write('change.veto', 'en', { facts: { change: 'factor_reset' } });
    expect(factors.text).toContain('second factors');
    expect(factors.subject).not.toBe(address.subject);
  });

  test('S2: the letter about a missing year names calendar and year, what happens without it, and leads to its page', async () => {
    const calendar = { id: 'cal_1', name: { en: 'Five-day <week>', ru: 'Пятидневка' }, year: 2028 };
    const english = await write('calendar.year_missing', 'en', { facts: { calendar: { ...calendar, again: '2027-11-30T21:00:00.000Z' } } });
    expect(english.subject).toBe('The working calendar “Five-day <week>” lacks 2028');
    expect(english.text).toContain('counted by plain weeks');
    expect(english.text).toContain('you are reminded: Wednesday, 1 December 2027');
    expect(english.text.split('\n')).toContain('https://desk.vega.example/admin/calendars/cal_1?year=2028');
    expect(english.html).not.toContain('<week>');
    const russian = await write('calendar.year_missing', 'ru', { facts: { calendar } });
    expect(russian.subject).toBe('В рабочем календаре «Пятидневка» нет 2028 года');
    expect(russian.text).toContain('по обычным неделям');
    expect(russian.text).not.toContain('напомним');
  });

  test('N2, B2: letters of money spell sums, months and reasons in words, and say where to look', async () => {
    const money = {
      account: 'Vega <Ltd>',
      amount: { amountMinor: 1_250_000, currency: 'RUB' },
      balance: { amountMinor: -50, currency: 'RUB' },
      payment: 'pay_1',
      order: 'ord_1',
      why: 'insufficient_funds',
      month: '2026-11',
    };
    const events = kinds.filter((kind) => isFinanceEvent(kind as NotificationEvent));
    expect(events).toHaveLength(7);
    const look: Partial<Record<LetterKind, string>> = {
      'order.not_paid': 'orders/ord_1',
      'statement.ready': 'statements/2026-11',
      'credit.overdue': 'balance',
      'spending.frozen': 'balance',
    };
    for (const locale of locales)
      for (const kind of events) {
        const mail = await write(kind, locale, { facts: { money } });
        expect(mail.text).toContain(`https://desk.vega.example/api/v1/${look[kind] ?? 'payments/pay_1'}`);
        expect(mail.text).toContain('Vega <Ltd>');
        expect(mail.html).not.toContain('<Ltd>');
        expect(mail.subject).not.toMatch(/^[^a-zа-яё]*$/i);
      }
    const failed = await write('payment.failed', 'en', { facts: { money } });
    expect(failed.subject).toBe('The payment of 12 500,00 ₽ was not made'.replaceAll(/(?<=\d) (?=\d|₽)/g, '\u00a0'));
    expect(failed.text).toContain('was not made: there was not enough money on the card');
    const statement = await write('statement.ready', 'ru', { facts: { money } });
    expect(statement.subject).toBe('Выписка за ноябрь 2026 г.');
    // The provider may say words that nobody has heard of: they are not repeated to a customer.
    const unheard = await write('payment.failed', 'ru', { facts: { money: { ...money, why: 'new_reason_2027' } } });
    expect(unheard.text).not.toContain('new_reason');
  });

  test('a name is greeted only when it is known; what members typed is told as a name, never as a message', async () => {
    const known = await write('sign_in.new_device', 'ru', {
      recipient: { name: 'Анна <b>', email: 'anna@vega.example', locale: 'ru', timeZone: 'UTC' },
    });
    expect(known.text).toContain('Здравствуйте, Анна <b>!');
    expect(known.html).not.toContain('<b>');
    const account = `Prize!\r\n\r\nhttps://evil.example ${'x'.repeat(300)}`;
    const invited = await write('invitation.account', 'en', { facts: { account, inviter: '<img src=x>\u202e', role: 'owner' } });
    expect(invited.text).not.toMatch(/Prize!\r?\n|x{100}|\u202e/);
    expect(invited.html).not.toMatch(/<img|href="https:\/\/evil/);
  });
});
