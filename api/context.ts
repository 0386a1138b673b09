import type { Actor } from '../domain/actor.ts';
import type { CustomerAction } from '../domain/permissions.ts';
import type { Clock } from '../domain/clock.ts';
import type { Locale } from '../domain/locale.ts';
import type { Database } from '../db/database.ts';
import type { OutboxBell } from '../db/outbox-bell.ts';
import type { Vault } from '../db/vault.ts';
import type { Log } from '../log.ts';
import type { FileStorage } from '../storage/file-storage.ts';
import type { PasswordCheck } from './auth/passwords.ts';
import type { LivePages } from './live/live-pages.ts';
import type { LiveSession, Sessions } from './auth/sessions.ts';
import type { Throttle } from './auth/throttle.ts';

/** What the API is made of; handed to it by its process entry or by a test. */
export interface ApiParts {
  readonly database: Database;
  readonly bell: OutboxBell;
  readonly clock: Clock;
  /** Streams to open pages. */
  readonly live: LivePages;
  readonly log: Log;
  readonly passwords: PasswordCheck;
  readonly sessions: Sessions;
  readonly throttle: Throttle;
  readonly vault: Vault;
  /** Where the bytes of attachments are. */
  readonly storage: FileStorage;
  /** Most tickets that one wish may re-time. */
  readonly maxJobItems: number;
  /** Who takes money for us, and where his notifications come from (addresses and networks); undefined when nobody can pay. */
  readonly payments: { readonly provider: string; readonly notifierNetworks: readonly string[] } | undefined;
  /** Reverse proxies whose word on the caller's address is believed. */
  readonly proxyHops: number;
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
  /** Set when the caller signed in and came with a cookie; null with a token. */
  readonly session: LiveSession | null;
  /** What the token may do; null for somebody who signed in, who may do what his role does. */
  readonly scopes: readonly CustomerAction[] | null;
}

export interface ApiEnvironment {
  Variables: {
    parts: ApiParts;
    requestId: string;
    /** Network address the request came from. */
    address: string;
    locale: Locale;
    caller: Caller;
  };
}
