/**
 * The trivial authenticated route of P2, as a process of its own like the product's API: the same HTTP server, one
 * token look-up, then the bare transaction. It says its port to who started it.
 */
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { floorClose, floorCustomerReply, floorOpen, floorStaffReply, floorTokenOwner, openFloorPool, type FloorPeople } from './floor.ts';

const people = JSON.parse(process.env['FLOOR_PEOPLE']!) as FloorPeople;
const pool = openFloorPool(process.env['FLOOR_DATABASE_URL']!, Number(process.env['FLOOR_DATABASE_POOL']));
const app = new Hono();

app.use(async (c, next) => {
  const owner = await floorTokenOwner(pool, c.req.header('authorization')?.slice('Bearer '.length) ?? '');
  if (!owner) return c.json({ error: 'auth' }, 401);
  return next();
});
app.post('/tickets', async (c) => {
  const { body } = await c.req.json<{ body: string }>();
  return c.json({ number: await floorOpen(pool, people, body) }, 201);
});
app.post('/tickets/:number/customer', async (c) => {
  const { body } = await c.req.json<{ body: string }>();
  await floorCustomerReply(pool, people, Number(c.req.param('number')), body);
  return c.json({ number: c.req.param('number') }, 201);
});
app.post('/tickets/:number/staff', async (c) => {
  const { body } = await c.req.json<{ body: string }>();
  await floorStaffReply(pool, people, Number(c.req.param('number')), body);
  return c.json({ number: c.req.param('number') }, 201);
});
app.post('/tickets/:number/closing', async (c) => {
  await floorClose(pool, people, Number(c.req.param('number')));
  return c.json({ number: c.req.param('number') }, 200);
});

const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.env['FLOOR_PORT']) });
for (const signal of ['SIGTERM', 'disconnect'] as const)
  process.on(signal, () => {
    server.close();
    void pool.end().finally(() => process.exit(0));
  });
