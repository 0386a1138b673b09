import { codeSeconds, type LetterKind, type MoneyFacts } from '../../domain/letter.ts';
import { inLocale, type Locale } from '../../domain/locale.ts';
import { spellMoney } from '../../domain/money.ts';
import { spellMonth } from '../../domain/statement.ts';
import type { LetterDelivery } from '../../db/repositories/deliveries.ts';
import { letterWords as english } from './letter-words-en.ts';
import { letterWords as russian } from './letter-words-ru.ts';
import type { Told } from './letter-words.ts';
import { codeToType, frame, linkToFollow, paragraph, type MailPart } from './mail-frame.ts';
import { spellForReader } from './reader-time.ts';
import type { OutgoingMail } from './smtp.ts';

const words = { en: english, ru: russian } as const;

/** What writers of mails know besides the delivery. */
export interface MailSurroundings {
  /** Where people reach Kontor; links lead there. */
  readonly publicUrl: URL;
  /** Right side of message ids. */
  readonly mailDomain: string;
  /** How somebody who cannot sign in reaches a person; undefined when nobody said. */
  readonly supportContact: string | undefined;
}

/**
 * Writes a letter about a person's own doors, or a setting that he keeps, in his language and time zone (SPEC I1–I6, S2, C3). A code stands alone on its
 * line; a link is a button and is spelled out, with until when it is good. The subject holds neither: it is shown on
 * locked screens.
 * @param secret the code, or the link's token; undefined when the letter's kind carries none
 */
export async function letterMail(
  delivery: LetterDelivery,
  secret: string | undefined,
  { publicUrl, mailDomain, supportContact }: MailSurroundings,
): Promise<OutgoingMail> {
  const { recipient } = delivery;
  const { locale } = recipient;
  const spoken = words[locale];
  const told = toldBy(delivery, publicUrl);
  const letter = spoken.letters[delivery.kind](told);
  const parts: MailPart[] = letter.lead.map(paragraph);
  if (secret !== undefined && letter.link)
    parts.push(
      linkToFollow(letter.link.label, linkAddress(publicUrl, letter.link.page, locale, secret)),
      paragraph(spoken.goodUntil(told.until)),
    );
  else if (secret !== undefined) parts.push(codeToType(secret), paragraph(spoken.aboutCodes(codeSeconds / 60)));
  if (letter.inConsole) parts.push(linkToFollow(letter.inConsole.label, new URL(`/admin/${letter.inConsole.path}`, publicUrl).href));
  parts.push(...[spoken.circumstances(told), ...letter.then].filter((sentence) => sentence !== '').map(paragraph));
  return {
    to: { name: recipient.name, address: recipient.email },
    subject: letter.subject,
    ...(await frame(locale, { greeting: spoken.greeting(recipient.name), parts, foot: spoken.foot(told.site, supportContact) })),
    messageId: `<${delivery.id}@${mailDomain}>`,
    thread: null,
    language: locale,
  };
}

/** The token is in the fragment, which browsers keep to themselves: no server log ever holds it. */
function linkAddress(publicUrl: URL, page: string, locale: string, token: string): string {
  const address = new URL(`/links/${page}`, publicUrl);
  address.searchParams.set('lang', locale);
  address.hash = token;
  return address.href;
}

function toldBy(delivery: LetterDelivery, publicUrl: URL): Told {
  const { facts, writtenAt, deliverBefore, recipient } = delivery;
  const instant = (text: string | undefined, otherwise: Date) => spellForReader(text === undefined ? otherwise : new Date(text), recipient);
  return {
    facts: {
      ...facts,
      ...(facts.account ? { account: named(facts.account) } : {}),
      ...(facts.inviter ? { inviter: named(facts.inviter) } : {}),
    },
    site: publicUrl.host,
    when: instant(facts.at, writtenAt),
    until: instant(facts.until, deliverBefore),
    device: facts.device ?? '',
    place: facts.place?.[recipient.locale] ?? '',
    newPasswordAt: `${new URL('/links/password-reset', publicUrl).href}?lang=${recipient.locale}`,
    ...(facts.money ? { money: moneyTold(facts.money, delivery.kind, recipient.locale, publicUrl) } : {}),
    ...(facts.calendar
      ? {
          calendar: {
            name: named(inLocale(facts.calendar.name, recipient.locale)),
            year: facts.calendar.year,
            again: facts.calendar.again === undefined ? '' : spellForReader(new Date(facts.calendar.again), recipient),
          },
        }
      : {}),
  };
}

function moneyTold(money: MoneyFacts, kind: LetterKind, locale: Locale, publicUrl: URL): NonNullable<Told['money']> {
  const paths: Partial<Record<LetterKind, string | undefined>> = {
    'order.not_paid': money.order && `orders/${money.order}`,
    'statement.ready': money.month && `statements/${money.month}`,
    'credit.overdue': 'balance',
    'spending.frozen': 'balance',
  };
  const path = paths[kind] ?? (money.payment && `payments/${money.payment}`);
  return {
    account: named(money.account),
    amount: money.amount ? spellMoney(money.amount) : '',
    balance: money.balance ? spellMoney(money.balance) : '',
    payment: money.payment ?? '',
    order: money.order ?? '',
    month: money.month ? spellMonth(money.month, locale) : '',
    lookAt: path ? new URL(`/api/v1/${path}`, publicUrl).href : '',
  };
}

const longestName = 80;

/** A name that somebody chose: told as a name, too short and too plain to be a message of its own. */
function named(name: string): string {
  const plain = name.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim();
  return plain.length > longestName ? `${plain.slice(0, longestName)}…` : plain;
}
