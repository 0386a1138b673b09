/** What others may know of the workflow of an audit of the books: its name, its input, its signals. Its id is the entity's name. */
import type { AuditProgress } from '../../domain/books-audit.ts';
import type { MoneyHappening } from '../../domain/money-entity.ts';

export const booksAuditWorkflowType = 'booksAudit';

export interface BooksAuditInput {
  /** Such as `bka_01jd3y8k2m5n7p9q1r3s5t7v9w`. */
  readonly id: string;
  /** Events after which a run hands over to a fresh one. Tests set it low; the default is in `workflows/next-steps`. */
  readonly continueAfterEvents?: number;
}

/** What a signal carries besides its name: the happenings that waited together with it. The workflow reads the facts themselves. */
export interface BooksAuditNews {
  readonly also?: readonly MoneyHappening[];
}

/** What the workflow asks of the world; implemented in `activities/books-audit`. Each says how far the audit is; undefined when there is none. */
export interface BooksAuditActivities {
  readAudit(id: string): Promise<AuditProgress | undefined>;
  /** A batch of our own invariants. */
  checkLedger(id: string): Promise<AuditProgress | undefined>;
  /** A batch of the provider's payments against ours, both ways. */
  comparePayments(id: string): Promise<AuditProgress | undefined>;
  /** The same of refunds. */
  compareRefunds(id: string): Promise<AuditProgress | undefined>;
}
