/** A quote as an order delivers it (SPEC T16, B4): paying for it is accepting it. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { isRefusal, type Refusal } from '../../domain/errors.ts';
import { spellMoney, type Money } from '../../domain/money.ts';
import { moveQuote } from '../../domain/quote.ts';
import { paidWorkCategory } from '../../domain/tax-rate.ts';
import type { Fulfilment, Held, Offer } from './order-fulfilments.ts';
import { moveByAnswer, recordAnswer } from './quote-answers.ts';
import { lockQuote, readQuote, settleQuote, type QuoteView } from './quote-row.ts';
import type { Deed } from './ticket-deed.ts';
import { aboutTicket } from './ticket-refusals.ts';
import { lockTicket, type LockedTicket } from './ticket-row.ts';

export const quoteFulfilment: Fulfilment = {
  hold: async (em, id, accountId) => {
    for (let moves = 0; moves < maxMoves; moves += 1) {
      // Read at the beginning of time: whether a hold keeps it is asked when it is held, at the instant that counts.
      const known = await readQuote(em, id, new Date(0));
      if (!known || (accountId !== undefined && known.account.id !== accountId)) return undefined;
      await em.execute('savepoint hold_quote');
      const locked = await lockTicket(em, known.ticketNumber);
      if (locked && (await lockQuote(em, known.ticketNumber, id, new Date(0)))) return heldQuote(em, locked, id);
      // A merge took it along. Its former ticket is let go first: two tickets are held in the order of their numbers alone.
      await em.execute('rollback to savepoint hold_quote');
    }
    throw new Error(`${id} moves from ticket to ticket`);
  },
};

/** How often a quote may be taken along by a merge while somebody waits for it. */
const maxMoves = 5;

/** A quote whose ticket and row this transaction holds. */
export async function heldQuote(em: EntityManager, locked: LockedTicket, id: string): Promise<Held> {
  return new HeldQuote(em, locked, (await readQuote(em, id, new Date(0)))!);
}

class HeldQuote implements Held {
  readonly accountId: string;
  readonly #em: EntityManager;
  readonly #locked: LockedTicket;
  readonly #id: string;

  constructor(em: EntityManager, locked: LockedTicket, { id, account }: QuoteView) {
    this.accountId = account.id;
    this.#em = em;
    this.#locked = locked;
    this.#id = id;
  }

  async offer(at: Date): Promise<Offer | Refusal> {
    const quote = await this.#readAt(at);
    const state = moveQuote(quote.life, 'accept', at);
    if (isRefusal(state)) return state;
    const life = moveByAnswer(this.#locked, at);
    if (isRefusal(life)) return aboutTicket(life, this.#locked.ticket);
    const { amountMinor: listMinor, currency, description } = quote;
    return { listMinor, currency, description, taxCategory: paidWorkCategory };
  }

  async deliver(deed: Deed, paid: Money): Promise<void> {
    const { at } = deed;
    const life = moveByAnswer(this.#locked, at);
    if (isRefusal(life)) throw new Error(`${this.#id} was not on offer: ${life.refused}`);
    const quote = await this.#readAt(at);
    await recordAnswer(this.#em, deed, this.#locked, quote, { state: 'accepted', life, told: { paid: spellMoney(paid) } });
    await this.#em.execute('update quote set charged_at = ? where id = ?', [at, this.#id]);
  }

  /** Work that is not done yet is taken back; what is done stays done. */
  async end(deed: Deed): Promise<void> {
    const quote = await this.#readAt(deed.at);
    if (quote.state !== 'accepted') return;
    await this.#em.execute('update quote set charged_at = null where id = ?', [this.#id]);
    await settleQuote(this.#em, deed, this.#locked.ticket, quote, 'withdrawn');
  }

  async #readAt(at: Date): Promise<QuoteView> {
    return (await readQuote(this.#em, this.#id, at))!;
  }
}
