import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { ApiEnvironment } from './context.ts';
import { ApiError } from './errors.ts';
import { idempotencyHeader } from './route.ts';

/**
 * Where money moves a request names itself (api.md): whoever heard no answer sends it again under the same key, and pays
 * once. Throws `money.key_required`, 400.
 */
export function requireMoneyKey(c: Context<ApiEnvironment>): void {
  if (c.req.header('idempotency-key') === undefined) throw new ApiError('money.key_required');
}

/** Nothing is begun that nobody could take the money for: without a provider a payment is refused at the door. */
export function requireProvider(c: Context<ApiEnvironment>): void {
  if (c.var.parts.payments === undefined) throw new ApiError('payment.unavailable');
}

/** The header of such a route. Without it the answer is a code of ours, so that the schema lets it be missing; the document does not. */
export const moneyKeyHeader = z.object({
  'idempotency-key': idempotencyHeader.shape['idempotency-key'].openapi({
    param: { name: 'idempotency-key', in: 'header', required: true },
  }),
});
