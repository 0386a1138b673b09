import type { EntityManager } from '@mikro-orm/postgresql';
import type { StaffActor } from '../../domain/actor.ts';
import { isRefusal, refuse, type Refusal } from '../../domain/errors.ts';
import { refusableBy, scopeRefusalText } from '../../domain/support-scope.ts';
import type { Wish } from '../wish.ts';
import { partnersOfCity } from './partners.ts';
import { findScopeItem, type ScopeItem } from './support-scope.ts';
import { deedOf, tellHistory } from './ticket-deed.ts';
import { lockTicket } from './ticket-row.ts';
import { replyAsStaff } from './ticket-wishes.ts';

export interface ScopeRefusal {
  readonly itemId: string;
  readonly withPartners: boolean;
  /** What the agent adds, in the customer's language; it stands before the catalogue's text. */
  readonly comment: string | null;
}

export interface ScopeRefusalPreview {
  readonly body: string;
  /** The language of whoever opened the ticket: the message is written in it. */
  readonly locale: string;
}

/**
 * Says no by the catalogue (SPEC T15): one public message made of the item's text, of partners and of what the agent adds,
 * after which the ticket waits for the customer. The history names the item.
 */
export async function refuseByScope(
  wish: Wish<StaffActor>,
  number: number,
  wanted: ScopeRefusal,
): Promise<{ messageId: string } | Refusal> {
  const { em } = wish;
  if (!(await lockTicket(em, number))) return refuse('ticket.not_found');
  const item = await findScopeItem(em, wanted.itemId);
  if (!item) return refuse('scope_item.not_found');
  const objection = refusableBy(item);
  if (objection) return objection;
  const words = await wordsFor(em, number, item, wanted);
  if (!words) return refuse('ticket.not_found');
  const written = await replyAsStaff(wish, number, words.body, 'customer');
  if (isRefusal(written)) return written;
  await tellHistory(em, deedOf(wish, wish.clock.now()), written.ticket.ticket, {
    kind: 'scope_refused',
    data: { item: item.id, messageId: written.messageId, ...titlesOf(item.title) },
    audited: { item: item.id },
  });
  return { messageId: written.messageId };
}

/** Exactly what the customer would be sent now. */
export async function previewScopeRefusal(em: EntityManager, number: number, wanted: ScopeRefusal): Promise<ScopeRefusalPreview | Refusal> {
  const item = await findScopeItem(em, wanted.itemId);
  if (!item) return refuse('scope_item.not_found');
  return refusableBy(item) ?? (await wordsFor(em, number, item, wanted)) ?? refuse('ticket.not_found');
}

async function wordsFor(
  em: EntityManager,
  number: number,
  { text }: ScopeItem,
  { withPartners, comment }: ScopeRefusal,
): Promise<ScopeRefusalPreview | undefined> {
  const [reader] = await em.execute<{ locale: string; city: string | null }[]>(
    'select o.locale, a.city from ticket t join app_user o on o.id = t.opened_by_id join account a on a.id = t.account_id where t.number = ?',
    [number],
  );
  if (!reader) return undefined;
  const { locale, city } = reader;
  const partners = withPartners ? await partnersOfCity(em, city) : [];
  return { body: scopeRefusalText({ text, partners, comment }, locale), locale };
}

/** A title in each language, as a line of history keeps it. */
export function titlesOf(title: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(title).map(([locale, words]) => [`title.${locale}`, words]));
}
