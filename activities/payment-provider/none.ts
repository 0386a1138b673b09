import type { PaymentProvider, ProviderAnswer } from './port.ts';

/**
 * Stands where no provider is configured. Nobody can be asked, so every answer is unknown: what was under way when the settings
 * were taken away waits until they are back.
 */
export const noProvider: PaymentProvider = {
  name: 'none',
  shopId: '',
  takesTestMoney: false,
  createPayment: () => unreachable(),
  readPayment: () => unreachable(),
  listPayments: () => unreachable(),
  createRefund: () => unreachable(),
  readRefund: () => unreachable(),
  listRefunds: () => unreachable(),
};

function unreachable(): Promise<ProviderAnswer<never>> {
  return Promise.resolve({ kind: 'unknown', why: 'unreachable' });
}
