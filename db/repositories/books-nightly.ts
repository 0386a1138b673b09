/** The promise that the books are audited each night (SPEC B10). */
import { nextAudit } from '../../domain/books-audit.ts';
import { timedEntity } from '../../domain/timed-entity.ts';
import { beginBooksAudit } from './books-audits.ts';
import { planTimedStep, type TimedRule } from './timed-entities.ts';

const nightly = 'nightly';

/** Begins an audit, unless one still runs, which then covers what this one would have; and plans the next. */
export const booksRule: TimedRule = {
  async describe(_em, id) {
    return id === nightly ? { state: 'stands', story: 'The books are audited each night at 03:30 in Moscow.', over: false } : undefined;
  },
  async take(em, id, at) {
    await beginBooksAudit(em, at, null);
    await planTimedStep(em, at, {
      entity: timedEntity('books', id),
      accountId: null,
      kind: 'audit_books',
      dueAt: nextAudit(at),
      rule: 'nightly 03:30',
    });
  },
};
