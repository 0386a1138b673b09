/**
 * What can happen to a payment and a refund at the provider (reference: yookassa, States). Final states never change. Each
 * change is kept before anybody is told.
 */
import type { Books, SimulatedPayment, SimulatedRefund } from './books.ts';
import { cardOf, paymentMethods } from './cards.ts';
import type { Chance, Dial } from './dial.ts';

/** A payer has so long from the creation on. */
const payableMinutes = 60;
/** What waits for capture is cancelled after so many days. */
const capturableDays = 7;

export interface CashierParts {
  readonly books: Books;
  readonly now: () => Date;
  readonly dial: () => Dial;
  readonly chance: () => Chance;
  readonly happened: (event: string, about: SimulatedPayment | SimulatedRefund) => void;
}

/** Why the provider says no, as he would say it. */
export class Refusal extends Error {
  readonly parameter: string | undefined;
  constructor(description: string, parameter?: string) {
    super(description);
    this.parameter = parameter;
  }
}

export type NewPayment = Pick<SimulatedPayment, 'amountMinor' | 'currency' | 'capture' | 'description' | 'metadata' | 'returnUrl'>;

export class Cashier {
  private readonly parts: CashierParts;

  constructor(parts: CashierParts) {
    this.parts = parts;
  }

  begin(wanted: NewPayment): SimulatedPayment {
    const now = this.parts.now();
    const payment: SimulatedPayment = {
      kind: 'payment',
      id: this.newId('000f'),
      status: 'pending',
      ...wanted,
      createdAt: now.toISOString(),
      payableUntil: later(now, payableMinutes * 60),
      refundedMinor: 0,
      returnedMinor: 0,
    };
    this.parts.books.keep(payment);
    return payment;
  }

  /** Null when the number is no card's at all: the payer types again. A card that needs a second step is taken as confirmed. */
  payByCard(id: string, typed: string): SimulatedPayment | null {
    const card = cardOf(typed);
    if (card === undefined) return null;
    const method = { type: 'bank_card', last4: card.number.slice(-4) };
    return card.reason === undefined ? this.pay(id, method) : this.decline(id, card.reason, 'payment_network', method);
  }

  pay(id: string, method: SimulatedPayment['method'] = { type: 'bank_card', last4: '4444' }): SimulatedPayment {
    const payment = this.pending(id);
    if (payment.status !== 'pending') return payment;
    payment.method = method;
    if (payment.capture) return this.succeed(payment);
    payment.status = 'waiting_for_capture';
    payment.expiresAt = later(this.parts.now(), capturableDays * 86_400);
    return this.changed(payment);
  }

  /** @param party `payment_network` for a bank's no, `yoo_money` for the provider's own */
  decline(id: string, reason: string, party = 'payment_network', method?: SimulatedPayment['method']): SimulatedPayment {
    const payment = this.pending(id);
    if (payment.status !== 'pending') return payment;
    if (method) payment.method = method;
    return this.cancelled(payment, party, reason);
  }

  capture(id: string, amountMinor?: number): SimulatedPayment {
    const payment = this.payment(id);
    if (payment.status !== 'waiting_for_capture') throw new Refusal('Payment has no waiting_for_capture status');
    if (amountMinor !== undefined && amountMinor > payment.amountMinor) throw new Refusal('Incorrect capture amount', 'amount');
    if (amountMinor !== undefined && amountMinor < payment.amountMinor) payment.capturedMinor = amountMinor;
    return this.succeed(payment);
  }

  cancel(id: string): SimulatedPayment {
    const payment = this.payment(id);
    if (payment.status !== 'waiting_for_capture') throw new Refusal('Payment has no waiting_for_capture status');
    return this.cancelled(payment, 'merchant', 'canceled_by_merchant');
  }

  /** The payer had his time. */
  expire(id: string): SimulatedPayment {
    const payment = this.payment(id);
    if (payment.status === 'pending') return this.cancelled(payment, this.provider(), 'expired_on_confirmation');
    if (payment.status === 'waiting_for_capture') return this.cancelled(payment, this.provider(), 'expired_on_capture');
    return payment;
  }

  /** What has run out by now is cancelled. */
  expireWhatIsDue(): void {
    const now = this.parts.now().toISOString();
    for (const payment of this.parts.books.open.values())
      if (endOf(payment) !== undefined && endOf(payment)! <= now) this.expire(payment.id);
  }

  /** The next instant at which something runs out. */
  nextExpiry(): Date | undefined {
    let next: string | undefined;
    for (const payment of this.parts.books.open.values()) {
      const end = endOf(payment);
      if (end !== undefined && (next === undefined || end < next)) next = end;
    }
    return next === undefined ? undefined : new Date(next);
  }

  refund(
    paymentId: string,
    amountMinor: number,
    currency: string,
    along: Pick<SimulatedRefund, 'description' | 'metadata'> = {},
  ): SimulatedRefund {
    const payment = this.refundable(paymentId, amountMinor, currency);
    const { dial, chance, books, now } = this.parts;
    const refund: SimulatedRefund = {
      kind: 'refund',
      id: this.newId('0015'),
      status: 'pending',
      paymentId,
      amountMinor,
      currency,
      createdAt: now().toISOString(),
      ...along,
    };
    // Taken from what can still go back at once, or two refunds under way could give back more than was paid.
    payment.refundedMinor += amountMinor;
    books.keep(payment);
    books.keep(refund);
    if (chance().hits(dial().refundsCanceled)) return this.settleRefund(refund.id, 'canceled');
    return chance().hits(dial().refundsPending) ? refund : this.settleRefund(refund.id, 'succeeded');
  }

  /** A cancelled refund is told to nobody: there is no such event (reference: yookassa, trap 5). */
  settleRefund(id: string, status: 'succeeded' | 'canceled'): SimulatedRefund {
    const refund = this.parts.books.refunds.get(id);
    if (!refund) throw new RangeError(`there is no refund ${id}`);
    if (refund.status !== 'pending') return refund;
    refund.status = status;
    const payment = this.payment(refund.paymentId);
    if (status === 'canceled') {
      refund.cancellation = { party: this.provider(), reason: 'general_decline' };
      payment.refundedMinor -= refund.amountMinor;
    } else payment.returnedMinor += refund.amountMinor;
    this.parts.books.keep(payment);
    this.parts.books.keep(refund);
    if (status === 'succeeded') this.parts.happened('refund.succeeded', refund);
    return refund;
  }

  private refundable(paymentId: string, amountMinor: number, currency: string): SimulatedPayment {
    const payment = this.parts.books.payments.get(paymentId);
    if (!payment) throw new Refusal('Payment is not found', 'payment_id');
    if (payment.status !== 'succeeded') throw new Refusal('Payment is not succeeded', 'payment_id');
    if (currency !== payment.currency) throw new Refusal('Incorrect currency', 'amount.currency');
    const paid = payment.capturedMinor ?? payment.amountMinor;
    if (amountMinor > paid - payment.refundedMinor)
      throw new Refusal('The refund amount is more than what is left of the payment', 'amount.value');
    const method = paymentMethods.find(({ type }) => type === payment.method?.type);
    const days = method?.refundDays ?? 365;
    if (this.parts.now().getTime() - new Date(payment.capturedAt ?? payment.createdAt).getTime() > days * 86_400_000)
      throw new Refusal('The time in which this payment can be refunded is over', 'payment_id');
    if (method?.partialRefunds === false && amountMinor !== paid)
      throw new Refusal('This method of payment is refunded as a whole only', 'amount.value');
    return payment;
  }

  private succeed(payment: SimulatedPayment): SimulatedPayment {
    payment.status = 'succeeded';
    payment.capturedAt = this.parts.now().toISOString();
    return this.changed(payment);
  }

  private cancelled(payment: SimulatedPayment, party: string, reason: string): SimulatedPayment {
    payment.status = 'canceled';
    payment.cancellation = { party: party === 'yoo_money' ? this.provider() : party, reason };
    return this.changed(payment);
  }

  private changed(payment: SimulatedPayment): SimulatedPayment {
    this.parts.books.keep(payment);
    this.parts.happened(`payment.${payment.status}`, payment);
    return payment;
  }

  private pending(id: string): SimulatedPayment {
    this.expireWhatIsDue();
    return this.payment(id);
  }

  private payment(id: string): SimulatedPayment {
    const payment = this.parts.books.payments.get(id);
    if (!payment) throw new RangeError(`there is no payment ${id}`);
    return payment;
  }

  private provider(): string {
    return this.parts.chance().hits(this.parts.dial().olderParty) ? 'yoo_kassa' : 'yoo_money';
  }

  /** In the provider's own form; never one that was given before. */
  private newId(middle: string): string {
    const { chance, books } = this.parts;
    for (;;) {
      const id = `${chance().hex(8)}-${middle}-5000-8000-${chance().hex(12)}`;
      if (!books.payments.has(id) && !books.refunds.has(id)) return id;
    }
  }
}

function endOf(payment: SimulatedPayment): string | undefined {
  if (payment.status === 'pending') return payment.payableUntil;
  return payment.status === 'waiting_for_capture' ? payment.expiresAt : undefined;
}

function later(from: Date, seconds: number): string {
  return new Date(from.getTime() + seconds * 1000).toISOString();
}
