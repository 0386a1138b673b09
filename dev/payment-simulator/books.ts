/**
 * What the simulator remembers. Each change is a line of a journal in the data folder; at the next start the lines are read, and
 * the journal is written anew without what has been overtaken. Without a folder nothing outlives the process.
 */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { calm, type Dial } from './dial.ts';

export interface SimulatedPayment {
  readonly kind: 'payment';
  readonly id: string;
  status: 'pending' | 'waiting_for_capture' | 'succeeded' | 'canceled';
  readonly amountMinor: number;
  /** What was captured, when that is less. */
  capturedMinor?: number;
  readonly currency: string;
  readonly createdAt: string;
  /** Until when the payer may pay; afterwards it is cancelled. */
  readonly payableUntil: string;
  readonly capture: boolean;
  readonly description?: string;
  readonly metadata?: Record<string, string>;
  readonly returnUrl: string;
  method?: { readonly type: string; readonly last4?: string };
  /** Until when it can be captured. */
  expiresAt?: string;
  capturedAt?: string;
  cancellation?: { readonly party: string; readonly reason: string };
  /** Given back, or about to be. */
  refundedMinor: number;
  /** Given back. */
  returnedMinor: number;
}

export interface SimulatedRefund {
  readonly kind: 'refund';
  readonly id: string;
  status: 'pending' | 'succeeded' | 'canceled';
  readonly paymentId: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly createdAt: string;
  readonly description?: string;
  readonly metadata?: Record<string, string>;
  cancellation?: { readonly party: string; readonly reason: string };
}

/** What was answered under an idempotence key, for 24 hours. */
export interface KeptAnswer {
  readonly kind: 'key';
  readonly id: string;
  readonly bodyHash: string;
  readonly at: string;
  readonly answer: unknown;
}

export interface Notification {
  readonly kind: 'notification';
  readonly id: string;
  readonly event: string;
  readonly object: unknown;
  readonly firstAt: string;
  dueAt: string;
  attempts: number;
  /** Waits for one that came later. */
  held?: boolean;
  /** Acknowledged, lost, or given up after 24 hours: not to be sent any more. */
  over?: 'acknowledged' | 'lost' | 'given_up';
}

/** By how much the clock has been moved. */
interface MovedClock {
  readonly kind: 'clock';
  readonly id: 'clock';
  readonly movedMs: number;
}

/** How the dial stands. */
interface TurnedDial {
  readonly kind: 'dial';
  readonly id: 'dial';
  readonly dial: Dial;
}

type Line = SimulatedPayment | SimulatedRefund | KeptAnswer | Notification | MovedClock | TurnedDial;

/** More than so many are not remembered: the oldest go first. */
const rememberedAtMost = 20_000;

export class Books {
  readonly payments = new Map<string, SimulatedPayment>();
  readonly refunds = new Map<string, SimulatedRefund>();
  readonly keys = new Map<string, KeptAnswer>();
  readonly notifications = new Map<string, Notification>();
  /** Those of the payments that something may still become of by itself. */
  readonly open = new Map<string, SimulatedPayment>();
  movedMs = 0;
  dial: Dial = calm;
  private journal: number | undefined;

  constructor(folder: string | undefined) {
    if (folder === undefined) return;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, 'journal.jsonl');
    if (existsSync(file)) for (const text of readFileSync(file, 'utf8').split('\n')) this.remember(text);
    this.forgetTheOldest();
    const fresh = `${file}.new`;
    writeFileSync(
      fresh,
      this.lines()
        .map((line) => `${JSON.stringify(line)}\n`)
        .join(''),
      { mode: 0o600, flush: true },
    );
    renameSync(fresh, file);
    this.journal = openSync(file, 'a', 0o600);
  }

  /** Keeps it, also on the disk before this returns: a provider does not forget what it has answered. */
  keep(line: Line): void {
    this.place(line);
    if (this.journal === undefined) return;
    writeSync(this.journal, `${JSON.stringify(line)}\n`);
    fsyncSync(this.journal);
  }

  moveClock(byMs: number): void {
    this.keep({ kind: 'clock', id: 'clock', movedMs: this.movedMs + byMs });
  }

  turnDial(dial: Dial): void {
    this.keep({ kind: 'dial', id: 'dial', dial });
  }

  close(): void {
    if (this.journal !== undefined) closeSync(this.journal);
    this.journal = undefined;
  }

  private remember(text: string): void {
    if (text === '') return;
    try {
      this.place(JSON.parse(text) as Line);
    } catch {
      // The last line of a process that was killed while writing: it had answered nobody yet.
    }
  }

  private place(line: Line): void {
    switch (line.kind) {
      case 'payment':
        this.payments.set(line.id, line);
        if (line.status === 'pending' || line.status === 'waiting_for_capture') this.open.set(line.id, line);
        else this.open.delete(line.id);
        break;
      case 'refund':
        this.refunds.set(line.id, line);
        break;
      case 'key':
        this.keys.set(line.id, line);
        break;
      case 'notification':
        if (line.over === undefined) this.notifications.set(line.id, line);
        else this.notifications.delete(line.id);
        break;
      case 'clock':
        this.movedMs = line.movedMs;
        break;
      case 'dial':
        this.dial = { ...calm, ...line.dial };
        break;
    }
  }

  private forgetTheOldest(): void {
    for (const map of [this.payments, this.refunds, this.keys] as Map<string, unknown>[])
      for (const id of map.keys()) {
        if (map.size <= rememberedAtMost) break;
        map.delete(id);
        this.open.delete(id);
      }
  }

  private lines(): Line[] {
    return [
      ...this.payments.values(),
      ...this.refunds.values(),
      ...this.keys.values(),
      ...this.notifications.values(),
      { kind: 'clock', id: 'clock', movedMs: this.movedMs },
      { kind: 'dial', id: 'dial', dial: this.dial },
    ];
  }
}
