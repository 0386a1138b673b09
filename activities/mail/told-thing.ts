/** The part of a mail that tells of a quote, a look at a secret, an access that ended, or a deadline (SPEC T16, T17, S5). */
import { inLocale, type Locale } from '../../domain/locale.ts';
import { spellMoney } from '../../domain/money.ts';
import type { ClockKind } from '../../domain/service-clock.ts';
import { stretchInWords, targetInWords } from '../../domain/service-words.ts';
import type { ToldThing } from '../../db/repositories/told-things.ts';
import { paragraph, quotation, type MailPart } from './mail-frame.ts';
import { spellForReader } from './reader-time.ts';

/**
 * Tells the particulars in the reader's language and zone. A secret is never among them, and the reason that staff gave
 * stands there as text: it is no place for links.
 */
export function partsAbout(
  thing: ToldThing,
  reader: { readonly locale: Locale; readonly timeZone: string },
  event: string,
): readonly MailPart[] {
  const words = wording[reader.locale];
  switch (thing.kind) {
    case 'quote':
      return [
        paragraph(words.sum(spellMoney(thing.amount))),
        quotation(thing.description),
        ...(event === 'quote.offered' ? [paragraph(words.answer(spellForReader(thing.validUntil, reader)))] : []),
      ];
    case 'look':
      return [
        paragraph(words.look(thing.by, thing.server, spellForReader(thing.at, reader))),
        paragraph(words.reason(thing.reason)),
        paragraph(words.unexpected),
      ];
    case 'access':
      return [
        paragraph(thing.endedBy === 'staff' ? words.endedByStaff(thing.server) : words.ranOut(thing.server)),
        ...(thing.way === 'secret' ? [paragraph(words.destroyed)] : [paragraph(words.switchOff)]),
      ];
    case 'deadline': {
      const { clock, dueAt, isOver, target, plan, byAgreement, lateMs } = thing;
      const when = spellForReader(dueAt, reader);
      return [
        paragraph(isOver ? words.wasDue(words.clock[clock], when) : words.isDue(words.clock[clock], when)),
        paragraph(words.promised(targetInWords(target, reader.locale), inLocale(plan, reader.locale), byAgreement)),
        ...(lateMs === null ? [] : [paragraph(words.late(stretchInWords(lateMs, reader.locale)))]),
      ];
    }
  }
}

/** What a closing ended besides: told in the closing's own mail, as one cause is one mail. */
export function accessEndedToo(locale: Locale): MailPart {
  return paragraph(wording[locale].endedWithIt);
}

interface Wording {
  sum(amount: string): string;
  answer(until: string): string;
  look(by: string, server: string, when: string): string;
  reason(text: string): string;
  unexpected: string;
  ranOut(server: string): string;
  endedByStaff(server: string): string;
  destroyed: string;
  switchOff: string;
  endedWithIt: string;
  /** Which promise it is. */
  readonly clock: Readonly<Record<ClockKind, string>>;
  isDue(what: string, when: string): string;
  wasDue(what: string, when: string): string;
  promised(target: string, plan: string, byAgreement: boolean): string;
  late(by: string): string;
}

const wording: Readonly<Record<Locale, Wording>> = {
  en: {
    sum: (amount) => `Sum: ${amount}`,
    answer: (until) =>
      `An owner of your account, or a member in charge of billing, can accept or decline it in the request until ${until}. Without an answer it expires, and nothing is charged.`,
    look: (by, server, when) => `${by} looked at the secret of ${server} on ${when}.`,
    reason: (text) => `The reason given: “${text}”`,
    unexpected: 'If that surprises you, end the access in the request and change the password on the server.',
    ranOut: (server) => `The access to ${server} has run out.`,
    endedByStaff: (server) => `Our staff need the access to ${server} no longer and have ended it.`,
    destroyed: 'Its secret is destroyed here. To be safe, change the password on the server.',
    switchOff: 'You can switch support access off in the panel now.',
    endedWithIt:
      'The access to a server that you had granted in it has ended too, and its secret is destroyed here. To be safe, change the password on the server.',
    clock: { first_response: 'The first response', next_response: 'The response', fix: 'The fix of the critical fault' },
    isDue: (what, when) => `${what} is due on ${when}.`,
    wasDue: (what, when) => `${what} was due on ${when}.`,
    promised: (target, plan, byAgreement) => `Promised: ${target}, by ${byAgreement ? 'the account’s agreement on ' : ''}the plan ${plan}.`,
    late: (by) => `This message comes ${by} late.`,
  },
  ru: {
    sum: (amount) => `Сумма: ${amount}`,
    answer: (until) =>
      `Принять или отклонить его может владелец аккаунта или ответственный за оплату в самом запросе до этого времени: ${until}. Без ответа оно истечёт, и ничего не спишется.`,
    look: (by, server, when) => `Секрет сервера ${server} просмотрен. Кто: ${by}. Когда: ${when}.`,
    reason: (text) => `Указанная причина: «${text}»`,
    unexpected: 'Если вы этого не ожидали, завершите доступ в запросе и смените пароль на сервере.',
    ranOut: (server) => `Срок доступа к ${server} истёк.`,
    endedByStaff: (server) => `Доступ к ${server} больше не нужен, и сотрудники его завершили.`,
    destroyed: 'Его секрет у нас уничтожен. Для надёжности смените пароль на сервере.',
    switchOff: 'Теперь доступ для поддержки можно выключить в панели.',
    endedWithIt:
      'Предоставленный в нём доступ к серверу тоже завершён, его секрет у нас уничтожен. Для надёжности смените пароль на сервере.',
    clock: { first_response: 'Первый ответ', next_response: 'Ответ', fix: 'Устранение критической неисправности' },
    isDue: (what, when) => `${what}. Срок: ${when}.`,
    wasDue: (what, when) => `${what}. Срок истёк: ${when}.`,
    promised: (target, plan, byAgreement) =>
      `Обещано: ${target}, ${byAgreement ? `по соглашению с аккаунтом (план ${plan})` : `по плану ${plan}`}.`,
    late: (by) => `Это сообщение опоздало на ${by}.`,
  },
};
