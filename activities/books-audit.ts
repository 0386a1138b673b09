/**
 * What the workflow of an audit may do (SPEC B10): a batch of its stage, and say how far it has come. The provider is asked
 * outside any transaction; what he said is compared in one, together with where the audit stands. So each may run again, beside
 * one that was given up as lost: whoever comes second finds the audit further on and throws his away (key: the audit's cursor).
 */
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { AuditStage } from '../domain/books-audit.ts';
import type { Clock } from '../domain/clock.ts';
import { looksLikeId } from '../domain/ids.ts';
import type { Database } from '../db/database.ts';
import type { OutboxBell } from '../db/outbox-bell.ts';
import {
  endStage,
  find,
  giveUp,
  lockAudit,
  noteAway,
  noteBatch,
  readAuditFacts,
  readAuditProgress,
  type AuditFacts,
  type BatchDone,
} from '../db/repositories/books-audits.ts';
import { checkBooks } from '../db/repositories/books-check.ts';
import {
  comparePaymentPage,
  compareRefund,
  hasAnythingToCompare,
  missPayment,
  missRefund,
  unlistedPayments,
  unlistedRefunds,
  type Unlisted,
} from '../db/repositories/books-comparing.ts';
import type { BooksAuditActivities } from '../workflows/books-audit/contract.ts';
import { noProvider } from './payment-provider/none.ts';
import type { Page, PaymentProvider, ProviderAnswer, ProviderPayment, ProviderRefund } from './payment-provider/port.ts';

interface Parts {
  readonly database: Database;
  readonly clock: Clock;
  readonly bell: OutboxBell;
  readonly provider: PaymentProvider;
}

/** A batch's measure: long enough to cost few events, short enough for people to see it get on. */
const batchMs = 15_000;

export function booksAuditActivities(parts: Parts): BooksAuditActivities {
  const turn = (stage: AuditStage, step: Step) => async (id: string) => {
    if (!looksLikeId('booksAudit', id)) throw ApplicationFailure.nonRetryable('not the id of an audit', 'books_audit.not_found');
    const context = Context.current();
    const beat = setInterval(() => context.heartbeat(), 5_000);
    try {
      const endsAt = performance.now() + batchMs;
      while (performance.now() < endsAt && !context.cancellationSignal.aborted) {
        const audit = await readAuditFacts(parts.database.fork(), id);
        if (audit?.state !== 'running' || audit.stage !== stage) break;
        if ((await step(parts, audit)) === 'away') break;
      }
      return await readAuditProgress(parts.database.fork(), id);
    } finally {
      clearInterval(beat);
      parts.bell.ring();
    }
  };
  return {
    readAudit: (id) => readAuditProgress(parts.database.fork(), id),
    checkLedger: turn('ledger', checkLedger),
    comparePayments: turn('payments', comparePayments),
    compareRefunds: turn('refunds', compareRefunds),
  };
}

/** One step of each stage: small, so that little is lost when it is cut off. Tells whether the provider is away. */
type Step = (parts: Parts, audit: AuditFacts) => Promise<'on' | 'away'>;

const checkLedger: Step = async (parts, audit) => {
  const batch = await checkBooks(parts.database.fork(), audit.cursor);
  await write(parts, audit, async (em, at) => {
    for (const found of batch.findings) await find(em, at, audit.id, found);
    await noteBatch(em, at, audit, batch.next, { accounts: batch.accountsChecked });
    if (batch.next === null) await endStage(em, at, audit);
  });
  return 'on';
};

const comparePayments: Step = async (parts, audit) => {
  const { provider, database } = parts;
  if (await hasNobodyToAsk(parts, audit)) return 'on';
  const compare = (em: EntityManager, at: Date, payments: readonly ProviderPayment[]) =>
    // Money of a test shop is none, where it is not taken for money: then nothing was paid.
    comparePaymentPage(
      em,
      at,
      audit,
      provider.name,
      payments.map((there) => (there.isTest && !provider.takesTestMoney ? { ...there, state: 'canceled' } : there)),
    );
  const place = placeOf(audit);
  if (place.side === 'there')
    return takePage(parts, audit, place, await provider.listPayments(audit, place.cursor), (page) =>
      write(parts, audit, async (em, at) => noteBatch(em, at, audit, spellPlace(after(page)), await compare(em, at, page.items))),
    );
  return askForEach(parts, audit, await unlistedPayments(database.fork(), audit, provider.name, atOnce), {
    read: ({ providerId }) => provider.readPayment(providerId),
    found: (em, at, payment) => compare(em, at, [payment]),
    missing: (em, at, one) => missPayment(em, at, audit, one),
  });
};

const compareRefunds: Step = async (parts, audit) => {
  const { provider, database } = parts;
  if (await hasNobodyToAsk(parts, audit)) return 'on';
  const place = placeOf(audit);
  if (place.side === 'there')
    return takePage(parts, audit, place, await provider.listRefunds(audit, place.cursor), async (page) => {
      // Each may lock a payment: never two of them in one transaction.
      for (const there of page.items)
        await write(parts, audit, async (em, at) => noteBatch(em, at, audit, audit.cursor, await compareRefund(em, at, audit, there)));
      await write(parts, audit, (em, at) => noteBatch(em, at, audit, spellPlace(after(page)), {}));
    });
  return askForEach(parts, audit, await unlistedRefunds(database.fork(), audit, atOnce), {
    read: ({ providerId }) => provider.readRefund(providerId),
    found: (em, at, refund: ProviderRefund) => compareRefund(em, at, audit, refund),
    missing: (em, at, one) => missRefund(em, at, audit, one),
  });
};

/** An installation without a provider has nothing to compare, unless it once had one: then his silence is told. */
async function hasNobodyToAsk(parts: Parts, audit: AuditFacts): Promise<boolean> {
  if (parts.provider.name !== noProvider.name || (await hasAnythingToCompare(parts.database.fork(), audit))) return false;
  await write(parts, audit, (em, at) => endStage(em, at, audit));
  return true;
}

/** Where the comparison of a stage is: in the provider's list, or at those of ours that it lacked. */
type Place = { readonly side: 'there'; readonly cursor: string | null; readonly again?: true } | { readonly side: 'here' };

const atOnce = 20;

function placeOf({ cursor }: AuditFacts): Place {
  return cursor === null ? { side: 'there', cursor: null } : (JSON.parse(cursor) as Place);
}

function spellPlace(place: Place): string {
  return JSON.stringify(place);
}

function after({ nextCursor }: Page<unknown>): Place {
  return nextCursor === null ? { side: 'here' } : { side: 'there', cursor: nextCursor };
}

/** Takes a page of the provider's list. A cursor that it no longer knows, having been away for long, begins the list anew, once. */
async function takePage<Item>(
  parts: Parts,
  audit: AuditFacts,
  place: Extract<Place, { side: 'there' }>,
  answer: ProviderAnswer<Page<Item>>,
  take: (page: Page<Item>) => Promise<void>,
): Promise<'on' | 'away'> {
  if (answer.kind === 'answer') {
    await take(answer.found);
    return 'on';
  }
  if (answer.kind === 'unknown') return isAway(parts, audit, answer);
  const refused = answer.kind === 'refused' ? answer.code : answer.kind;
  await write(parts, audit, async (em, at) =>
    place.cursor !== null && !place.again
      ? noteBatch(em, at, audit, spellPlace({ side: 'there', cursor: null, again: true }), {})
      : giveUp(em, at, audit, refused),
  );
  return 'on';
}

/** Asks for each of ours that the list lacked: its day there may be another than here, or it is missing. */
async function askForEach<Found>(
  parts: Parts,
  audit: AuditFacts,
  missing: readonly Unlisted[],
  ask: {
    read: (one: Unlisted) => Promise<ProviderAnswer<Found>>;
    found: (em: EntityManager, at: Date, found: Found) => Promise<BatchDone>;
    missing: (em: EntityManager, at: Date, one: Unlisted) => Promise<BatchDone>;
  },
): Promise<'on' | 'away'> {
  for (const one of missing) {
    const answer = await ask.read(one);
    if (answer.kind === 'unknown') return isAway(parts, audit, answer);
    await write(parts, audit, async (em, at) => {
      const done = answer.kind === 'answer' ? await ask.found(em, at, answer.found) : await ask.missing(em, at, one);
      await noteBatch(em, at, audit, audit.cursor, done);
    });
  }
  if (missing.length === 0) await write(parts, audit, (em, at) => endStage(em, at, audit));
  return 'on';
}

async function isAway(
  parts: Parts,
  audit: AuditFacts,
  { why, retryAfterMs }: Extract<ProviderAnswer<never>, { kind: 'unknown' }>,
): Promise<'away'> {
  await write(parts, audit, (em, at) => noteAway(em, at, audit, why, retryAfterMs));
  return 'away';
}

/** Writes what a step has come to, unless another has carried the audit on meanwhile. */
async function write({ database, clock }: Parts, audit: AuditFacts, work: (em: EntityManager, at: Date) => Promise<void>): Promise<void> {
  await database.fork().transactional(async (em) => {
    if (await lockAudit(em, audit)) await work(em, clock.now());
  });
}
