import {
  allHandlersFinished,
  condition,
  defineSignal,
  makeContinueAsNewFunc,
  proxyActivities,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { auditStory, type AuditProgress, type AuditStage } from '../../domain/books-audit.ts';
import { moneyHappenings } from '../../domain/money-entity.ts';
import { steadyWork } from '../activity-options.ts';
import { defaultContinueAfterEvents } from '../next-steps.ts';
import { showOperators } from '../operators-view.ts';
import { booksAuditWorkflowType, type BooksAuditActivities, type BooksAuditInput } from './contract.ts';

const { readAudit, checkLedger, comparePayments, compareRefunds } = proxyActivities<BooksAuditActivities>(steadyWork);

/**
 * An audit of the books (SPEC B1, B10).
 *
 * First our own ledger is checked, then the provider's payments are compared with ours, then refunds; what differs becomes a
 * case, and nothing is corrected in silence. How far it has come is written with each batch, so that this process only asks for
 * the next one. While the provider is away it waits, longer each time; after a day the audit is given up, and a case says so.
 */
export async function booksAudit(input: BooksAuditInput): Promise<void> {
  // A nudge that the work seems to stand still: asking goes on by itself, nothing is to be done.
  for (const happening of moneyHappenings) setHandler(defineSignal(happening), () => undefined);

  let audit = await readAudit(input.id);
  while (audit?.state === 'running') {
    tellOperators(audit);
    if (audit.againAt !== undefined) await waitForProvider(audit.againAt);
    audit = await turns[audit.stage](input.id);
    if (audit?.state === 'running' && isLong(input)) {
      await condition(allHandlersFinished);
      await makeContinueAsNewFunc<typeof booksAudit>({ workflowType: booksAuditWorkflowType })(input);
    }
  }
  if (audit) tellOperators(audit);
}

const turns: Readonly<Record<AuditStage, (id: string) => Promise<AuditProgress | undefined>>> = {
  ledger: checkLedger,
  payments: comparePayments,
  refunds: compareRefunds,
  over: readAudit,
};

async function waitForProvider(againAt: string): Promise<void> {
  const milliseconds = new Date(againAt).getTime() - Date.now();
  if (milliseconds > 0) await sleep(milliseconds, { summary: 'the provider is away: asks again' });
}

function isLong({ continueAfterEvents }: BooksAuditInput): boolean {
  return workflowInfo().historyLength >= (continueAfterEvents ?? defaultContinueAfterEvents);
}

function tellOperators(audit: AuditProgress): void {
  showOperators({ story: auditStory(audit), status: audit.state === 'running' ? audit.stage : audit.state, next: undefined });
}
