/** The simulator's only shop. A production configuration refuses it by its secret (config.ts). */
export const testShop = { shopId: '100500', secret: 'test_simulator-only' } as const;
