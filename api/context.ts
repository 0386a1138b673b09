import type { Actor } from '../domain/actor.ts';
import type { Clock } from '../domain/clock.ts';
import type { Locale } from '../domain/locale.ts';
import type { Database } from '../db/database.ts';
import type { OutboxBell } from '../db/outbox-bell.ts';
import type { Log } from '../log.ts';
import type { PasswordCheck } from './auth/passwords.ts';
import type { Sessions } from './auth/sessions.ts';

/** What the API is made of; handed to it by its process entry or by a test. */
export interface ApiParts {
  readonly database: Database;
  readonly bell: OutboxBell;
  readonly clock: Clock;
  readonly log: Log;
  readonly passwords: PasswordCheck;
  readonly sessions: Sessions;
  /** Where people reach Kontor; cookies and the cross-site check depend on it. */
  readonly publicUrl: URL;
  /** Temporal UI and namespace, to link a ticket to its workflow; undefined when not configured. */
  readonly temporalUi: { readonly url: string; readonly namespace: string } | undefined;
  /** Folder of the built console; undefined in tests that need none. */
  readonly consoleFolder: string | undefined;
}

/** The person behind a request, with what the answer's words depend on. */
export interface Caller {
  readonly actor: Actor;
  readonly locale: Locale;
  /** Set when the caller came with a cookie; null with a token. */
  readonly sessionId: string | null;
}

export interface ApiEnvironment {
  Variables: {
    parts: ApiParts;
    requestId: string;
    locale: Locale;
    caller: Caller;
  };
}
