import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { StaffActor } from '../../../domain/actor.ts';
import { isRefusal } from '../../../domain/errors.ts';
import { customerKinds, mainSeller, taxCategoryPattern } from '../../../domain/tax-rate.ts';
import { addTaxRate, listTaxRates, removeTaxRate, type StoredTaxRate } from '../../../db/repositories/tax-rates.ts';
import type { ApiEnvironment } from '../../context.ts';
import { existingId } from '../../existing-id.ts';
import { idempotencyHeader, jsonAnswer, jsonBody, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { idOf, idParam, instant } from '../../schemas.ts';
import { answerWish } from '../../wish.ts';

const tags = ['Tax rates'];

const fields = {
  category: z
    .string()
    .max(40)
    .regex(taxCategoryPattern)
    .openapi({ description: 'What is taxed; paid work is `paid_work`.', example: 'paid_work' }),
  customerKind: z.enum(customerKinds).nullable().openapi({ description: 'Null: every kind.', example: 'company' }),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .nullable()
    .openapi({ description: 'ISO 3166; null: every country.', example: 'RU' }),
  validFrom: z.iso
    .date()
    .regex(/^2\d{3}-/)
    .openapi({ description: 'From this day on, by Moscow’s clocks.', example: '2027-01-01' }),
  rateBp: z.int().min(0).max(10_000).nullable().openapi({ description: 'Hundredths of a percent; null: without tax.', example: 2000 }),
  inside: z.boolean().openapi({ description: 'Whether prices have it in them; else it comes on top.', example: true }),
};

const rateSchema = z.object({ id: idOf('taxRate'), ...fields, createdAt: instant }).openapi('TaxRate');

const listRoute = staffRoute('tax_rate.read', {
  method: 'get',
  path: '/tax-rates',
  tags,
  summary: 'Tax rates: by category, the latest first',
  responses: { 200: jsonAnswer(z.object({ items: z.array(rateSchema) }).openapi('TaxRates'), 'All of them') },
});

const addRoute = staffRoute('tax_rate.manage', {
  method: 'post',
  path: '/tax-rates',
  tags,
  summary: 'Add a tax rate',
  description: 'What was ordered keeps the rate it was ordered at.',
  request: { headers: idempotencyHeader, ...jsonBody(z.strictObject(fields).openapi('NewTaxRate')) },
  responses: { 201: jsonAnswer(rateSchema, 'The rate') },
});

const removeRoute = staffRoute('tax_rate.manage', {
  method: 'delete',
  path: '/tax-rates/{id}',
  tags,
  summary: 'Take away a tax rate whose day has not come',
  description: 'One that is in force stays: add a later one after it.',
  request: { params: z.object({ id: idParam }), headers: idempotencyHeader },
  responses: { 204: { description: 'Gone' } },
});

/** The table of tax rates (SPEC B13). */
export function staffTaxRates(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(listRoute, async (c) => c.json({ items: (await listTaxRates(c.var.parts.database.fork())).map(presentRate) }, 200));
  app.openapi(addRoute, async (c) => {
    const wanted = { ...c.req.valid('json'), seller: mainSeller };
    return answerWish<StaffActor>(c, async (wish) => {
      const added = await addTaxRate(wish, wanted);
      return isRefusal(added) ? added : { status: 201, body: presentRate(added) };
    }) as never;
  });
  app.openapi(removeRoute, async (c) => {
    const id = existingId('taxRate', c.req.valid('param').id, 'tax_rate.not_found');
    return answerWish<StaffActor>(c, async (wish) => {
      const removed = await removeTaxRate(wish, id);
      return isRefusal(removed) ? removed : { status: 204, body: null };
    });
  });
  return app;
}

function presentRate({
  id,
  category,
  customerKind,
  country,
  validFrom,
  rateBp,
  inside,
  createdAt,
}: StoredTaxRate): z.infer<typeof rateSchema> {
  return { id, category, customerKind, country, validFrom, rateBp, inside, createdAt: createdAt.toISOString() };
}
