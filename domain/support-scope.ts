/**
 * What support does, does for money, and does not do (SPEC T15), and who else may help. An item of the catalogue carries
 * the very text that a customer is sent when it is the reason why support does not do something.
 */
import { refuse, type ErrorCode, type Refusal } from './errors.ts';
import { inLocale, type LocalisedText } from './locale.ts';

export const scopeStances = ['covered', 'paid', 'not_covered'] as const;
export type ScopeStance = (typeof scopeStances)[number];

export const editions = ['cloud', 'on_premise'] as const;
export type Edition = (typeof editions)[number];

/** Furthest that a partner list in a refusal goes. */
export const maxPartnersTold = 10;

export interface TellablePartner {
  readonly name: string;
  readonly city: LocalisedText;
  readonly skills: readonly LocalisedText[];
  /** `https://…`, or an e-mail address. */
  readonly address: string;
  readonly text: LocalisedText | null;
}

/**
 * Whether a customer may be refused with this item: what support does is done, what it does for money gets a quote
 * (SPEC T16) instead of a no.
 */
export function refusableBy(item: {
  stance: ScopeStance;
  withdrawn: boolean;
}): Refusal<Extract<ErrorCode, `scope_item.${string}`>> | undefined {
  if (item.withdrawn) return refuse('scope_item.withdrawn');
  if (item.stance === 'covered') return refuse('scope_item.covered');
  return item.stance === 'paid' ? refuse('scope_item.offer_quote') : undefined;
}

/** Whether a city is the one that a customer calls his: in any language it is known by, whatever the case, with ё as е. */
export function isCity(city: LocalisedText, named: string | null): boolean {
  if (named === null) return false;
  return Object.values(city).some((name) => plain(name) === plain(named));
}

function plain(name: string): string {
  return name.normalize('NFC').trim().toLocaleLowerCase('ru').replaceAll('ё', 'е').replaceAll(/\s+/g, ' ');
}

/** The partners a customer is told of: those of his own city first, else in the order given, and no more than ten (SPEC T15). */
export function partnersFor<Partner extends TellablePartner>(partners: readonly Partner[], city: string | null): Partner[] {
  return cityFirst(partners, city).slice(0, maxPartnersTold);
}

/** All partners, those of this city before the others, else in the order given. */
export function cityFirst<Partner extends TellablePartner>(partners: readonly Partner[], city: string | null): Partner[] {
  const own = partners.filter((partner) => isCity(partner.city, city));
  return [...own, ...partners.filter((partner) => !own.includes(partner))];
}

/**
 * The message by which support says that it does not do something, as Markdown in the customer's language: what the
 * agent adds, the catalogue's text, and who may help instead.
 */
export function scopeRefusalText(
  refusal: { text: LocalisedText; partners: readonly TellablePartner[]; comment: string | null },
  locale: string,
): string {
  const parts = [...(refusal.comment === null ? [] : [refusal.comment.trim()]), inLocale(refusal.text, locale)];
  if (refusal.partners.length > 0) {
    parts.push(inLocale(partnersHelp, locale));
    parts.push(refusal.partners.map((partner) => partnerLine(partner, locale)).join('\n'));
  }
  return parts.join('\n\n');
}

const partnersHelp: LocalisedText = { en: 'These partners can help:', ru: 'С этим могут помочь партнёры:' };

function partnerLine({ name, city, skills, address, text }: TellablePartner, locale: string): string {
  const known = skills.map((skill) => inLocale(skill, locale)).join(', ');
  const said = text === null ? '' : ` ${inLocale(text, locale).replaceAll(/\s+/g, ' ').trim()}`;
  return `- **${name}**, ${inLocale(city, locale)}${known ? `: ${known}` : ''}. <${address}>${said}`;
}
