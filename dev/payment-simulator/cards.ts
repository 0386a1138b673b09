/** The provider's test cards and ways to pay. What they do is his documents' word; what we leave out falls under "declined". */

export interface TestCard {
  readonly number: string;
  /** The payer confirms in a second step. */
  readonly secure?: boolean;
  /** Why it is declined; paid when there is none. */
  readonly reason?: string;
}

export const testCards: readonly TestCard[] = [
  { number: '5555555555554444' },
  { number: '5555555555554477', secure: true },
  { number: '4111111111111111' },
  { number: '2202474301322987' },
  { number: '5555555555554600', reason: 'insufficient_funds' },
  { number: '5555555555554543', reason: 'card_expired' },
  { number: '5555555555554592', reason: '3d_secure_failed' },
  { number: '5555555555554535', reason: 'call_issuer' },
  { number: '5555555555554568', reason: 'fraud_suspected' },
  { number: '5555555555554527', reason: 'general_decline' },
  { number: '5555555555554618', reason: 'invalid_card_number' },
];

/** What is no test card is declined, as the provider's test shop does; undefined for what is no card number. */
export function cardOf(typed: string): TestCard | undefined {
  const number = typed.replaceAll(/[\s-]/g, '');
  if (!/^\d{12,19}$/.test(number)) return undefined;
  return testCards.find((card) => card.number === number) ?? { number, reason: 'invalid_card_number' };
}

export interface PaymentMethod {
  readonly type: string;
  /** Days in which money can go back. The documents say one to three years. */
  readonly refundDays: number;
  /** Whether a part can go back. */
  readonly partialRefunds: boolean;
}

export const paymentMethods: readonly PaymentMethod[] = [
  { type: 'bank_card', refundDays: 1095, partialRefunds: true },
  { type: 'sbp', refundDays: 365, partialRefunds: true },
  { type: 'yoo_money', refundDays: 1095, partialRefunds: true },
  { type: 'sber_loan', refundDays: 365, partialRefunds: false },
];
