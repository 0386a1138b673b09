import type { Context } from 'hono';
import type { ApiEnvironment } from '../context.ts';
import { ApiError } from '../errors.ts';
import { faultOf } from '../field-faults.ts';
import { networkOf } from './client-address.ts';
import { passwordFault } from './password-rules.ts';

/**
 * Judges a password that somebody chose and hashes it, in its turn among the sign-ins.
 * @param about what it must not merely repeat: his name, his address
 */
export async function hashChosenPassword(c: Context<ApiEnvironment>, password: string, about: readonly string[]): Promise<string> {
  const fault = passwordFault(password, about);
  if (fault === 'too_common') throw new ApiError('password.too_common');
  if (fault)
    throw new ApiError('request.invalid', { details: [faultOf('password', fault, c.var.locale, fault === 'too_short' ? 12 : 1_000)] });
  const hash = await c.var.parts.passwords.hash(password, networkOf(c.var.address));
  if (hash === undefined) throw new ApiError('auth.busy', { retryAfterSeconds: 2 });
  return hash;
}
