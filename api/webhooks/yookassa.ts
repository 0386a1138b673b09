/**
 * Where YooKassa tells of payments and refunds (SPEC B2; reference: yookassa, Notifications). It is no more than a knock at the
 * door: who may knock is known by his address, and what it is about is asked of the provider himself.
 */
import { isUtf8 } from 'node:buffer';
import { BlockList, isIP } from 'node:net';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import { recordNotification } from '../../db/repositories/provider-notifications.ts';
import type { ApiEnvironment } from '../context.ts';
import { ApiError } from '../errors.ts';

/** His largest notifications have a few KiB. */
const largestBodyBytes = 64 * 1024;

/** What is read of it; the rest, and what is unknown, is nobody's matter. */
const notification = z.object({
  event: z.string().regex(/^[a-z_.]{1,64}$/),
  object: z.object({
    id: z.string().regex(/^[\w-]{1,64}$/),
    metadata: z
      .object({
        paymentId: z
          .string()
          .regex(/^\w{1,64}$/)
          .optional()
          .catch(undefined),
      })
      .optional()
      .catch(undefined),
  }),
});

/** 200 when it is stored; 503 when it cannot be, and then he tells it again. */
export function yooKassaWebhook(): Hono<ApiEnvironment> {
  const app = new Hono<ApiEnvironment>();
  const tooLarge = (): never => {
    throw new ApiError('request.too_large');
  };
  app.post('/', bodyLimit({ maxSize: largestBodyBytes, onError: tooLarge }), async (c) => {
    const { payments, database, clock, bell } = c.var.parts;
    if (!payments) throw new ApiError('request.not_found');
    if (!comesFrom(payments.notifierNetworks, c.var.address)) throw new ApiError('webhook.foreign_address');
    const told = notification.safeParse(await readJson(await c.req.arrayBuffer()));
    if (!told.success) throw new ApiError('request.invalid');
    const { event, object } = told.data;
    await recordNotification(database, clock, {
      provider: payments.provider,
      event,
      objectId: object.id,
      paymentId: object.metadata?.paymentId ?? null,
    });
    bell.ring();
    return c.json({});
  });
  return app;
}

async function readJson(bytes: ArrayBuffer): Promise<unknown> {
  if (!isUtf8(new Uint8Array(bytes))) throw new ApiError('request.malformed');
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  } catch {
    throw new ApiError('request.malformed');
  }
}

const known = new WeakMap<readonly string[], BlockList>();

function comesFrom(networks: readonly string[], address: string): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  let list = known.get(networks);
  if (!list) {
    list = new BlockList();
    for (const network of networks) {
      const [base = '', bits] = network.split('/');
      const kind = isIP(base) === 6 ? 'ipv6' : 'ipv4';
      list.addSubnet(base, bits === undefined ? (kind === 'ipv6' ? 128 : 32) : Number(bits), kind);
    }
    known.set(networks, list);
  }
  return list.check(address, family === 6 ? 'ipv6' : 'ipv4');
}
