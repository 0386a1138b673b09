import { Foundation } from './0001-foundation.ts';
import { StandardQueues } from './0002-standard-queues.ts';
import { DeadlinesAsInstants } from './0003-deadlines-as-instants.ts';
import { LateDeliveries } from './0004-late-deliveries.ts';
import { AnswersToTheLetter } from './0005-answers-to-the-letter.ts';
import { Identity } from './0006-identity.ts';
import { PromisesOfTheirOwn } from './0007-promises-of-their-own.ts';
import { Files } from './0008-files.ts';
import { Live } from './0009-live.ts';
import { Search } from './0010-search.ts';
import { Timing } from './0011-timing.ts';
import { DeskMoves } from './0012-desk-moves.ts';
import { QuotesAndAccess } from './0013-quotes-and-access.ts';
import { ScopeAndProblems } from './0014-scope-and-problems.ts';
import { ServiceLevels } from './0015-service-levels.ts';
import { Ledger } from './0016-ledger.ts';
import { Payments } from './0017-payments.ts';

/** Every migration, in order. The names are recorded in the database: they are never changed. */
export const migrations = [
  { name: '0001-foundation', class: Foundation },
  { name: '0002-standard-queues', class: StandardQueues },
  { name: '0003-deadlines-as-instants', class: DeadlinesAsInstants },
  { name: '0004-late-deliveries', class: LateDeliveries },
  { name: '0005-answers-to-the-letter', class: AnswersToTheLetter },
  { name: '0006-identity', class: Identity },
  { name: '0007-promises-of-their-own', class: PromisesOfTheirOwn },
  { name: '0008-files', class: Files },
  { name: '0009-live', class: Live },
  { name: '0010-search', class: Search },
  { name: '0011-timing', class: Timing },
  { name: '0012-desk-moves', class: DeskMoves },
  { name: '0013-quotes-and-access', class: QuotesAndAccess },
  { name: '0014-scope-and-problems', class: ScopeAndProblems },
  { name: '0015-service-levels', class: ServiceLevels },
  { name: '0016-ledger', class: Ledger },
  { name: '0017-payments', class: Payments },
];
