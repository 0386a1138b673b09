/**
 * What Kontor asks of whoever takes money for it (SPEC B11). YooKassa is one implementation (`yookassa.ts`); the simulator of
 * development and tests is no other, as it speaks YooKassa's own protocol.
 *
 * Every answer is one of three: done, refused for good, or *unknown*. A 202, a 5xx, a 429 and a time-out are unknown, never
 * failed: the same is asked again under the same key with the same body (reference: yookassa, Errors).
 */
export type ProviderAnswer<Found> =
  | { readonly kind: 'answer'; readonly found: Found }
  /** The provider understood and said no; nothing was done. The code is its own word, such as `invalid_request`. */
  | { readonly kind: 'refused'; readonly code: string; readonly parameter?: string }
  /** There is no such object. */
  | { readonly kind: 'not_found' }
  /** Nobody knows what was done. */
  | {
      readonly kind: 'unknown';
      /** `not_admitted`: our credentials are not taken, which says nothing of what was asked before. */
      readonly why: 'accepted' | 'server_error' | 'throttled' | 'timeout' | 'unreachable' | 'unreadable' | 'not_admitted';
      readonly retryAfterMs?: number;
    };

export const providerPaymentStates = ['pending', 'waiting_for_capture', 'succeeded', 'canceled'] as const;
export type ProviderPaymentState = (typeof providerPaymentStates)[number];

/** A payment as the provider has it. Reasons and methods are data of his, kept as they came (reference: yookassa, trap 9). */
export interface ProviderPayment {
  readonly id: string;
  readonly state: ProviderPaymentState;
  readonly amountMinor: number;
  readonly currency: string;
  readonly createdAt: Date;
  /** Where the payer goes; null when there is nowhere to go any more. */
  readonly confirmationUrl: string | null;
  /** Our own id of it, from its metadata; null for what we did not make. */
  readonly paymentId: string | null;
  /** The shop it was paid to; null where the provider does not say. */
  readonly recipient: string | null;
  readonly isTest: boolean;
  readonly method: string | null;
  readonly cancelledBy: string | null;
  readonly cancelledFor: string | null;
  /** What reaches us after the provider's fee; null while that is not known. */
  readonly incomeMinor: number | null;
  readonly refundedMinor: number;
}

export const providerRefundStates = ['pending', 'succeeded', 'canceled'] as const;
export type ProviderRefundState = (typeof providerRefundStates)[number];

export interface ProviderRefund {
  readonly id: string;
  readonly state: ProviderRefundState;
  /** The provider's id of the payment. */
  readonly paymentId: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly createdAt: Date;
  /** Our own id of it, which we sent along; null for one that was made in the cabinet. */
  readonly refundId: string | null;
  readonly cancelledBy: string | null;
  readonly cancelledFor: string | null;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

export interface CreatePayment {
  /** Our id: goes into the metadata, by which it is found again. */
  readonly paymentId: string;
  /** At most 64 characters; lives 24 hours with the provider. */
  readonly key: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly returnUrl: string;
  /** At most 128 characters, what the payer reads. Never personal data. */
  readonly description: string;
}

export interface CreateRefund {
  readonly refundId: string;
  readonly key: string;
  /** The provider's id of the payment. */
  readonly paymentId: string;
  readonly amountMinor: number;
  readonly currency: string;
}

export interface PaymentProvider {
  /** As it stands in `payment.provider`, such as `yookassa`. */
  readonly name: string;
  /** The shop that money must be paid to. */
  readonly shopId: string;
  /** Whether money of a test shop is money: never in production. */
  readonly takesTestMoney: boolean;
  createPayment(wanted: CreatePayment): Promise<ProviderAnswer<ProviderPayment>>;
  readPayment(id: string): Promise<ProviderAnswer<ProviderPayment>>;
  /** Payments created in [from, to), a page at a time. */
  listPayments(within: { readonly from: Date; readonly to: Date }, cursor: string | null): Promise<ProviderAnswer<Page<ProviderPayment>>>;
  createRefund(wanted: CreateRefund): Promise<ProviderAnswer<ProviderRefund>>;
  readRefund(id: string): Promise<ProviderAnswer<ProviderRefund>>;
  /** Refunds created in [from, to), or of one payment. */
  listRefunds(
    within: { readonly from: Date; readonly to: Date } | { readonly paymentId: string },
    cursor: string | null,
  ): Promise<ProviderAnswer<Page<ProviderRefund>>>;
}
