import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { ledgerAccountKinds, transferKinds } from '../../../domain/ledger.ts';
import { writeStatement } from '../../../db/ledger-statement.ts';
import { exportJournal } from '../../../db/repositories/ledger-export.ts';
import {
  findLedgerAccount,
  findTransfer,
  listLedgerAccounts,
  listLedgerEntries,
  sumLedger,
  type LedgerAccountView,
  type TransferView,
} from '../../../db/repositories/ledger-reads.ts';
import type { ApiEnvironment } from '../../context.ts';
import { readCursor, spellCursor } from '../../cursor.ts';
import { ApiError } from '../../errors.ts';
import { existingId } from '../../existing-id.ts';
import { jsonAnswer, staffRoute } from '../../route.ts';
import { newRouter } from '../../router.ts';
import {
  cursorQuery,
  flagQuery,
  givenInstant,
  idOf,
  idParam,
  idQuery,
  instant,
  limitQuery,
  moneySchema,
  orNull,
  pageOf,
} from '../../schemas.ts';
import { textAnswer } from '../../text-stream.ts';

const sign = 'Seen from the other side: positive is what we owe, so what the provider holds for us is negative.';
const accountId = z.string().openapi({ example: 'paid:acc_01jd3y8k2m5n7p9q1r3s5t7v9w' });

const accountSchema = z
  .object({
    id: accountId,
    kind: z.enum(ledgerAccountKinds),
    customer: orNull(z.object({ id: idOf('account'), name: z.string() }).openapi('LedgerCustomer')),
    balance: moneySchema.openapi({ description: sign }),
    entries: z.int().openapi({ description: 'How many it has.' }),
  })
  .openapi('LedgerAccount');

const transferSchema = z
  .object({
    id: idOf('transfer'),
    kind: z.enum(transferKinds),
    key: z.string().openapi({ description: 'It happens once for each.', example: 'payment:pay_01jd3y8k2m5n7p9q1r3s5t7v9w' }),
    at: instant,
    by: z.string().openapi({ example: 'provider', description: '`customer:…`, `staff:…`, `provider` or `time`.' }),
    byName: z.string().nullable(),
    about: z.record(z.string(), z.string()).openapi({ description: 'Ids of what it is about.' }),
    reverses: z.string().nullable().openapi({ description: 'The transfer that it takes back.' }),
    reversedBy: z.string().nullable(),
  })
  .openapi('LedgerTransfer');

const entrySchema = z
  .object({ version: z.int(), amount: moneySchema.openapi({ description: sign }), balanceAfter: moneySchema, transfer: transferSchema })
  .openapi('LedgerEntry');

const transferPageSchema = transferSchema
  .extend({
    entries: z.array(z.object({ account: accountSchema, version: z.int(), amount: moneySchema, balanceAfter: moneySchema })),
  })
  .openapi('LedgerTransferPage');

const totalSchema = z
  .object({ kind: z.enum(ledgerAccountKinds), balance: moneySchema.openapi({ description: sign }), accounts: z.int() })
  .openapi('LedgerTotal');

const tags = ['Ledger'];
const text = (type: string, description: string) => ({ description, content: { [type]: { schema: z.string() } } });

const accountsRoute = staffRoute('ledger.read', {
  method: 'get',
  path: '/ledger-accounts',
  tags,
  summary: 'Accounts of the books',
  description: 'Two for each customer, paid money and bonus, and our own, each of which is spread over sixteen rows.',
  request: {
    query: z.strictObject({
      kind: z.enum(ledgerAccountKinds).optional(),
      customer: idQuery('account').optional(),
      used: flagQuery.optional().openapi({ description: 'Whether anything was ever posted to it.' }),
      cursor: cursorQuery,
      limit: limitQuery,
    }),
  },
  responses: { 200: jsonAnswer(pageOf(accountSchema, 'LedgerAccounts'), 'A page of them, in the order of their ids') },
});

const totalsRoute = staffRoute('ledger.read', {
  method: 'get',
  path: '/ledger/totals',
  tags,
  summary: 'What all accounts of each kind come to',
  description: 'All of one currency add up to zero.',
  responses: { 200: jsonAnswer(z.object({ items: z.array(totalSchema) }).openapi('LedgerTotals'), 'By currency and kind') },
});

const entriesRoute = staffRoute('ledger.read', {
  method: 'get',
  path: '/ledger-accounts/{id}/entries',
  tags,
  summary: 'The entries of an account, the latest first, with the balance after each',
  request: {
    params: z.object({ id: idParam }),
    query: z.strictObject({
      kind: z.enum(transferKinds).optional(),
      from: givenInstant.optional(),
      to: givenInstant.optional().openapi({ description: 'Not this instant itself.' }),
      cursor: cursorQuery,
      limit: limitQuery,
    }),
  },
  responses: {
    200: jsonAnswer(pageOf(entrySchema, 'LedgerEntriesPage').extend({ account: accountSchema }).openapi('LedgerEntries'), 'A page of them'),
  },
});

const transferRoute = staffRoute('ledger.read', {
  method: 'get',
  path: '/ledger/transfers/{id}',
  tags,
  summary: 'A transfer with all its entries',
  request: { params: z.object({ id: idParam }) },
  responses: { 200: jsonAnswer(transferPageSchema, 'It') },
});

const statementRoute = staffRoute('ledger.export', {
  method: 'get',
  path: '/ledger-accounts/{id}/statement',
  tags,
  summary: 'All entries of an account with their hashes',
  description: 'A line of JSON for each, which `npm run verify-ledger` proves without a database.',
  request: { params: z.object({ id: idParam }) },
  responses: { 200: text('application/x-ndjson', 'As a file') },
});

const exportRoute = staffRoute('ledger.export', {
  method: 'get',
  path: '/ledger/export',
  tags,
  summary: 'The books as a journal for hledger',
  description: 'Ids alone, dates in UTC; the signs are an accountant’s: what we have is positive.',
  request: {
    query: z.strictObject({
      before: givenInstant.optional().openapi({ description: 'Transfers before this instant; now when left out.' }),
    }),
  },
  responses: { 200: text('text/plain', 'As a file') },
});

/** The books (SPEC B1, A1). */
export function staffLedger(): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  app.openapi(accountsRoute, async (c) => {
    const { cursor, limit, ...filter } = c.req.valid('query');
    const after = readCursor(cursor, 'ledger-accounts', { value: 'instantOrNull', key: 'words' })?.key ?? '';
    const { items, more } = await listLedgerAccounts(c.var.parts.database.fork(), filter, { after, limit });
    const last = items.at(-1);
    const nextCursor = more && last ? spellCursor('ledger-accounts', null, last.id) : null;
    return c.json({ items: items.map(presentAccount), nextCursor }, 200);
  });
  app.openapi(totalsRoute, async (c) => {
    const totals = await sumLedger(c.var.parts.database.fork());
    const items = totals.map(({ balanceMinor, currency, ...total }) => ({ ...total, balance: { amountMinor: balanceMinor, currency } }));
    return c.json({ items }, 200);
  });
  app.openapi(entriesRoute, async (c) => {
    const account = await existingAccount(c, c.req.valid('param').id);
    const { cursor, limit, ...filter } = c.req.valid('query');
    const before = readCursor(cursor, 'ledger-entries', { value: 'instantOrNull', key: 'integer' })?.key;
    const { items, more } = await listLedgerEntries(c.var.parts.database.fork(), account.id, filter, { before, limit });
    const { currency } = account;
    const last = items.at(-1);
    return c.json(
      {
        account: presentAccount(account),
        items: items.map(({ version, amountMinor, balanceAfterMinor, transfer }) => ({
          version,
          amount: { amountMinor, currency },
          balanceAfter: { amountMinor: balanceAfterMinor, currency },
          transfer: presentTransfer(transfer),
        })),
        nextCursor: more && last ? spellCursor('ledger-entries', null, last.version) : null,
      },
      200,
    );
  });
  app.openapi(transferRoute, async (c) => {
    const id = existingId('transfer', c.req.valid('param').id, 'ledger.transfer_not_found');
    const transfer = await findTransfer(c.var.parts.database.fork(), id);
    if (!transfer) throw new ApiError('ledger.transfer_not_found');
    const entries = transfer.entries.map(({ account, version, amountMinor, balanceAfterMinor }) => ({
      account: presentAccount(account),
      version,
      amount: { amountMinor, currency: account.currency },
      balanceAfter: { amountMinor: balanceAfterMinor, currency: account.currency },
    }));
    return c.json({ ...presentTransfer(transfer), entries }, 200);
  });
  app.openapi(statementRoute, async (c) => {
    const { id } = await existingAccount(c, c.req.valid('param').id);
    const name = `kontor-statement-${id.replaceAll(':', '-')}.jsonl`;
    return textAnswer(c, name, 'application/x-ndjson', writeStatement(c.var.parts.database, id));
  });
  app.openapi(exportRoute, async (c) => {
    const { database, clock } = c.var.parts;
    const before = c.req.valid('query').before ?? clock.now();
    return textAnswer(c, 'kontor-books.journal', 'text/plain', exportJournal(database, before));
  });
  return app;
}

async function existingAccount(c: Context<ApiEnvironment>, id: string): Promise<LedgerAccountView> {
  const account = /^[\w:]{1,100}$/.test(id) ? await findLedgerAccount(c.var.parts.database.fork(), id) : undefined;
  if (!account) throw new ApiError('ledger.account_not_found');
  return account;
}

function presentAccount({ currency, balanceMinor, ...account }: LedgerAccountView): z.infer<typeof accountSchema> {
  return { ...account, balance: { amountMinor: balanceMinor, currency } };
}

function presentTransfer({ id, kind, key, at, by, byName, about, reverses, reversedBy }: TransferView): z.infer<typeof transferSchema> {
  return { id, kind, key, at: at.toISOString(), by, byName, about: { ...about }, reverses, reversedBy };
}
