/**
 * One text that is being written: in this browser's storage before the next letter is typed, and on the server a moment
 * later (SPEC T13). The server's is the truth; the copy here is what is left while it cannot be reached.
 */
import type { z } from 'zod';
import type { draftSchema } from '../../api/routes/staff/drafts.ts';
import { request } from '../server/request.ts';
import { isRequestFailure } from '../server/request-failure.ts';
import { inPath } from '../server/wish.ts';

export type ComposerTab = 'reply' | 'note';

export interface Draft {
  readonly body: string;
  readonly nextStepBy: 'customer' | 'staff';
  /** Ids of files that were uploaded for it. */
  readonly files: readonly string[];
  /**
   * The Idempotency-Key under which exactly this was sent, kept until the answer is known: whoever sends it again, even
   * after the page was loaded anew, sends it once. Another text gets another key.
   */
  readonly key?: string | undefined;
}

type ServersDraft = z.infer<typeof draftSchema>;

/** What is kept in the browser: the text, which state of the server's it goes back to, and whether the server has it. */
interface LocalDraft extends Draft {
  readonly revision?: string | undefined;
  readonly unsaved?: boolean | undefined;
}

export interface KeeperState {
  readonly draft: Draft;
  /** What another window of this person wrote meanwhile; empty when it sent its text or threw it away. */
  readonly other: Draft | undefined;
}

const emptyDraft: Draft = { body: '', nextStepBy: 'customer', files: [] };
const saveAfterMilliseconds = 700;
const tryAgainAfterMilliseconds = 10_000;

export class DraftKeeper {
  /** Who is signed in. A text that waits for another reader waits until he is back. */
  static reader: string | undefined;

  private readonly readerId: string;
  private readonly place: string;
  private readonly address: string;
  private readonly tab: ComposerTab;
  private readonly watchers = new Set<() => void>();
  private local: LocalDraft;
  private state: KeeperState;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private underWay: Promise<void> = Promise.resolve();
  /** The text of another window, and which state of the server's it is. */
  private other: Draft | undefined;
  private others = '0';

  constructor(readerId: string, number: string, tab: ComposerTab) {
    this.readerId = readerId;
    this.place = placeOf(readerId, number, tab);
    this.address = `/tickets/${inPath(number)}/draft`;
    this.tab = tab;
    this.local = load(this.place);
    this.state = { draft: this.local, other: undefined };
    // Another tab of this browser wrote: as long as nothing waits here its text is shown here too.
    window.addEventListener('storage', ({ key }) => {
      if (key === this.place && !this.local.unsaved) this.show(load(this.place));
    });
  }

  readonly watch = (watcher: () => void): (() => void) => {
    // Whoever begins to look sees what the server has by now: it may have been written on elsewhere.
    if (this.watchers.size === 0) this.next(() => this.compare());
    this.watchers.add(watcher);
    return () => void this.watchers.delete(watcher);
  };

  readonly current = (): KeeperState => this.state;

  /** Another text, from now on. */
  write(change: Partial<Omit<Draft, 'key'>>): void {
    const { body, nextStepBy, files, revision } = this.local;
    this.keep({ body, nextStepBy, files, revision, ...change, unsaved: true });
    this.saveIn(saveAfterMilliseconds);
  }

  /** The key under which this text is sent, made at the first time. */
  keyToSend(): string {
    // What is being sent is not saved beside: the server lets go of a draft that was sent, and would take the saving for another's.
    clearTimeout(this.timer);
    const key = this.local.key ?? crypto.randomUUID();
    if (this.local.key === undefined) this.keep({ ...this.local, key });
    return key;
  }

  forgetKey(): void {
    this.keep({ ...this.local, key: undefined });
    if (this.local.unsaved) this.saveIn(saveAfterMilliseconds);
  }

  /** It was sent, or is thrown away. */
  discard(): void {
    clearTimeout(this.timer);
    this.other = undefined;
    this.keep({ ...emptyDraft, revision: '0' });
    // After what is on its way, which would bring it back.
    this.next(() => request('DELETE', this.address, { query: { kind: this.tab } }));
  }

  /** Of two texts the reader chose one, or one after the other. */
  choose(which: 'mine' | 'other' | 'both'): void {
    const { other } = this;
    if (!other) return;
    this.other = undefined;
    const { body, files } = this.local;
    const both = { body: `${body.trimEnd()}\n\n${other.body}`, files: [...new Set([...files, ...other.files])].slice(0, 10) };
    const chosen = which === 'other' ? other : { ...this.local, ...(which === 'both' ? both : {}), key: undefined };
    this.keep({ ...chosen, revision: this.others, unsaved: which !== 'other' });
    if (which !== 'other') this.saveIn(0);
  }

  /** What the server has, beside what is here. */
  private async compare(): Promise<void> {
    const stored = await request<ServersDraft>('GET', this.address, { query: { kind: this.tab } });
    const { body, files, unsaved, revision, key } = this.local;
    const same = stored.body === body && stored.files.join() === files.join();
    if (!unsaved || same) return this.keep({ ...textOf(stored), key, revision: stored.revision });
    // Nothing is stored for what was never saved, or what is stored is what this text goes back to.
    if (stored.revision === (revision ?? '0')) return this.saveIn(0);
    this.others = stored.revision;
    this.other = textOf(stored);
    this.show(this.local);
  }

  private saveIn(milliseconds: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.next(() => this.save()), milliseconds);
  }

  private async save(): Promise<void> {
    // Which of two texts it is to be has to be said first.
    if (this.other || !this.local.unsaved) return;
    const { body, nextStepBy, files, revision = '0' } = this.local;
    try {
      const kept = await request<ServersDraft>('PUT', this.address, { body: { kind: this.tab, body, nextStepBy, files, revision } });
      const { local } = this;
      const unsaved = local.body !== body || local.nextStepBy !== nextStepBy || local.files !== files;
      // Discarded meanwhile: what was kept goes with the request that follows.
      if (local.unsaved) this.keep({ ...local, revision: kept.revision, unsaved });
    } catch (error) {
      if (isRequestFailure(error) && error.status === 412) await this.compare();
      else throw error;
    }
  }

  /** One after the other, or they would overtake each other. What fails is tried again; the text is here meanwhile. */
  private next(work: () => Promise<unknown>): void {
    this.underWay = this.underWay.then(async () => {
      if (DraftKeeper.reader !== this.readerId) return;
      try {
        await work();
      } catch (error) {
        const mayHeal = !isRequestFailure(error) || error.kind === 'unreachable' || error.kind === 'unavailable';
        if (mayHeal && this.local.unsaved) this.saveIn(tryAgainAfterMilliseconds);
      }
    });
  }

  private keep(local: LocalDraft): void {
    store(this.place, local);
    this.show(local);
  }

  private show(local: LocalDraft): void {
    this.local = local;
    this.state = { draft: local, other: this.other };
    for (const watcher of this.watchers) watcher();
  }
}

function textOf({ body, nextStepBy, files }: ServersDraft): Draft {
  return { body, nextStepBy, files };
}

export function placeOf(readerId: string, number: string, tab: ComposerTab): string {
  return `kontor.draft.${readerId}.${number}.${tab}`;
}

export function load(place: string): LocalDraft {
  try {
    const read = JSON.parse(localStorage.getItem(place) ?? 'null') as LocalDraft | null;
    return read && typeof read.body === 'string' ? { ...emptyDraft, unsaved: true, ...read } : emptyDraft;
  } catch {
    return emptyDraft;
  }
}

function store(place: string, draft: LocalDraft): void {
  try {
    if (draft.body === '' && draft.files.length === 0 && !draft.unsaved) localStorage.removeItem(place);
    else localStorage.setItem(place, JSON.stringify(draft));
  } catch {
    // The browser's storage is full or closed: the text lives in the page and on the server then.
  }
}
