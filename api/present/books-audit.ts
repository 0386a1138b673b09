/** Audits of the books, as they look in answers (SPEC B10). */
import { z } from '@hono/zod-openapi';
import { auditStages, auditStates } from '../../domain/books-audit.ts';
import type { AuditFindingView, AuditView } from '../../db/repositories/books-audits.ts';
import { idOf, instant, orNull, personSchema } from '../schemas.ts';

export const booksAuditSchema = z
  .object({
    id: idOf('booksAudit'),
    state: z
      .enum(auditStates)
      .openapi({ description: '`failed`: the provider could not be asked for a day; the next audit makes up for it.' }),
    stage: z.enum(auditStages).openapi({ description: 'Our own ledger, then the provider’s payments, then his refunds.' }),
    begunAt: instant,
    begunBy: orNull(personSchema).openapi({ description: 'Null: it began by itself, as each night.' }),
    from: instant.openapi({ description: 'What is compared with the provider: made from this instant on.' }),
    to: instant.openapi({ description: 'And before this one.' }),
    accountsChecked: z.int().openapi({ description: 'Accounts of the ledger.' }),
    paymentsCompared: z.int(),
    refundsCompared: z.int(),
    findings: z.int().openapi({ description: 'Cases that it came upon, among them those that stood already.' }),
    feesMinor: z.int().openapi({ description: 'What the provider kept of the payments compared, in kopecks.' }),
    endedAt: instant.nullable(),
    awaySince: instant.nullable().openapi({ description: 'Since when the provider does not answer; null while it does.' }),
    againAt: instant.nullable().openapi({ description: 'When it is asked again.' }),
  })
  .openapi('BooksAudit');

export const booksAuditPageSchema = booksAuditSchema
  .extend({
    cases: z
      .array(
        z.object({
          id: idOf('case'),
          kind: z.string().openapi({ example: 'books.payment_not_credited' }),
          about: z.string().openapi({ example: 'payment:pay_01jd3y8k2m5n7p9q1r3s5t7v9w' }),
          detail: z.record(z.string(), z.string()),
          openedAt: instant,
          settledAt: instant.nullable(),
        }),
      )
      .openapi({ description: 'What it found, open cases first; 200 at the most.' }),
  })
  .openapi('BooksAuditPage');

export function presentBooksAudit(audit: AuditView): z.infer<typeof booksAuditSchema> {
  const { begunAt, from, to, endedAt, awaySince, againAt, ...facts } = audit;
  return {
    ...facts,
    begunAt: begunAt.toISOString(),
    from: from.toISOString(),
    to: to.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    awaySince: awaySince?.toISOString() ?? null,
    againAt: againAt?.toISOString() ?? null,
  };
}

export function presentFinding({ openedAt, settledAt, ...found }: AuditFindingView): z.infer<typeof booksAuditPageSchema>['cases'][number] {
  return { ...found, openedAt: openedAt.toISOString(), settledAt: settledAt?.toISOString() ?? null };
}
