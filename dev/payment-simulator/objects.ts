/** Payments and refunds as YooKassa writes them. */
import type { SimulatedPayment, SimulatedRefund } from './books.ts';

export interface Surroundings {
  readonly shopId: string;
  /** Where the simulator is reached. */
  readonly origin: string;
  readonly unknownFields: boolean;
}

export function amountOf(minor: number, currency: string): { value: string; currency: string } {
  const digits = String(minor).padStart(3, '0');
  return { value: `${digits.slice(0, -2)}.${digits.slice(-2)}`, currency };
}

/** Three and a half percent, as a fee to be told apart from. */
function afterFee(minor: number): number {
  return minor - Math.ceil((minor * 35) / 1000);
}

export function paymentObject(payment: SimulatedPayment, { shopId, origin, unknownFields }: Surroundings): Record<string, unknown> {
  const { currency } = payment;
  const amountMinor = payment.capturedMinor ?? payment.amountMinor;
  const paid = payment.status === 'succeeded' || payment.status === 'waiting_for_capture';
  return {
    id: payment.id,
    status: payment.status,
    amount: amountOf(amountMinor, currency),
    ...(payment.status === 'succeeded' && { income_amount: amountOf(afterFee(amountMinor), currency), captured_at: payment.capturedAt }),
    ...(payment.description !== undefined && { description: payment.description }),
    recipient: { account_id: shopId, gateway_id: `${shopId}0` },
    ...(payment.method && { payment_method: methodObject(payment, payment.method) }),
    created_at: payment.createdAt,
    ...(payment.expiresAt !== undefined && payment.status === 'waiting_for_capture' && { expires_at: payment.expiresAt }),
    ...(payment.status === 'pending' && {
      confirmation: { type: 'redirect', return_url: payment.returnUrl, confirmation_url: `${origin}/pay/${payment.id}` },
    }),
    test: true,
    ...(payment.returnedMinor > 0 && { refunded_amount: amountOf(payment.returnedMinor, currency) }),
    paid,
    refundable: payment.status === 'succeeded' && payment.refundedMinor < amountMinor,
    metadata: payment.metadata ?? {},
    ...(payment.cancellation && { cancellation_details: payment.cancellation }),
    ...(unknownFields && { settled_by_moon: { phase: 'waxing', percent: 42 }, loyalty: null }),
  };
}

function methodObject(payment: SimulatedPayment, method: NonNullable<SimulatedPayment['method']>): Record<string, unknown> {
  return {
    type: method.type,
    id: payment.id,
    saved: false,
    ...(method.last4 !== undefined && {
      title: `Bank card *${method.last4}`,
      card: { first6: '555555', last4: method.last4, expiry_month: '12', expiry_year: '2035', card_type: 'MasterCard' },
    }),
  };
}

export function refundObject(refund: SimulatedRefund, { unknownFields }: Surroundings): Record<string, unknown> {
  return {
    id: refund.id,
    payment_id: refund.paymentId,
    status: refund.status,
    created_at: refund.createdAt,
    amount: amountOf(refund.amountMinor, refund.currency),
    ...(refund.description !== undefined && { description: refund.description }),
    ...(refund.metadata && { metadata: refund.metadata }),
    ...(refund.cancellation && { cancellation_details: refund.cancellation }),
    ...(unknownFields && { carrier_pigeon: { ring: 'A-17' } }),
  };
}
