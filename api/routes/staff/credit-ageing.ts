import { OpenAPIHono, z } from '@hono/zod-openapi';
import { listCreditAgeing, sumCreditAgeing, type AgeingRow, type AgeingSums } from '../../../db/repositories/credit-ageing.ts';
import type { ApiEnvironment } from '../../context.ts';
import { readCursor, spellCursor } from '../../cursor.ts';
import { jsonAnswer, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import { cursorQuery, instant, limitQuery, moneySchema, pageOf, personSchema } from '../../schemas.ts';

const buckets = {
  total: moneySchema.openapi({ description: 'Credit that is used.' }),
  notDue: moneySchema.openapi({ description: 'Not past its day, or without one.' }),
  days1to30: moneySchema.openapi({ description: 'Past its day by up to 30 days.' }),
  days31to60: moneySchema,
  days61to90: moneySchema,
  daysOver90: moneySchema,
};

export const creditAgeingSchema = z
  .object({
    account: personSchema,
    ...buckets,
    creditLimit: moneySchema,
    creditTermDays: z.int().nullable(),
    earliestDueAt: instant.nullable().openapi({ description: 'Null where no use has a day.' }),
  })
  .openapi('CreditAgeingRow');

const listRoute = staffRoute('finance.read', {
  method: 'get',
  path: '/credit-ageing',
  tags: ['Customers’ finances'],
  summary: 'Who owes what, and since when',
  description: 'Accounts that use credit, by how long it is past its day; whose is due the earliest comes first.',
  request: { query: z.strictObject({ limit: limitQuery, cursor: cursorQuery }) },
  responses: {
    200: jsonAnswer(
      pageOf(creditAgeingSchema, 'CreditAgeingPage')
        .extend({ sums: z.array(z.object(buckets)).openapi({ description: 'Of all accounts, one for each currency.' }) })
        .openapi('CreditAgeing'),
      'A page of accounts',
    ),
  },
});

/** The ageing list (SPEC B3). */
export function staffCreditAgeing(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(listRoute, async (c) => {
    const { limit, cursor } = c.req.valid('query');
    const after = readCursor(cursor, 'credit-ageing', { value: 'instantOrNull', key: 'string' });
    const { database, clock } = c.var.parts;
    const em = database.fork();
    const now = clock.now();
    const { items, more } = await listCreditAgeing(em, now, { limit, after: after && { at: after.value, id: after.key } });
    const last = items.at(-1);
    const sums = (await sumCreditAgeing(em, now)).map((sum) => moneysOf(sum, sum.currency));
    const nextCursor = more && last ? spellCursor('credit-ageing', last.earliestDueAt?.toISOString() ?? null, last.account.id) : null;
    return c.json({ items: items.map(present), nextCursor, sums }, 200);
  });
  return app;
}

function present(row: AgeingRow): z.infer<typeof creditAgeingSchema> {
  return {
    account: row.account,
    ...moneysOf(row, row.currency),
    creditLimit: { amountMinor: row.creditLimitMinor, currency: row.currency },
    creditTermDays: row.creditTermDays,
    earliestDueAt: row.earliestDueAt?.toISOString() ?? null,
  };
}

function moneysOf(sums: AgeingSums & { readonly totalMinor: number }, currency: string) {
  const money = (amountMinor: number) => ({ amountMinor, currency });
  return {
    total: money(sums.totalMinor),
    notDue: money(sums.notDue),
    days1to30: money(sums.days1to30),
    days31to60: money(sums.days31to60),
    days61to90: money(sums.days61to90),
    daysOver90: money(sums.daysOver90),
  };
}
