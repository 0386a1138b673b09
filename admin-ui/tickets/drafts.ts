/** Texts not sent yet, kept in this browser as they are typed: for each reader, ticket and kind of text. */
import { useCallback, useState } from 'react';

export type ComposerTab = 'reply' | 'note';

export interface Draft {
  readonly body: string;
  readonly nextStepBy: 'customer' | 'staff';
  /**
   * The Idempotency-Key under which exactly this was sent, kept until the answer is known: whoever sends it again, even
   * after the page was loaded anew, sends it once. Another text gets another key.
   */
  readonly key?: string | undefined;
}

export interface DraftInHand {
  readonly draft: Draft;
  readonly write: (change: Partial<Omit<Draft, 'key'>>) => void;
  /** The key under which this text is sent, made at the first time. */
  readonly keyToSend: () => string;
  readonly forgetKey: () => void;
  readonly discard: () => void;
}

const emptyDraft: Draft = { body: '', nextStepBy: 'customer' };

/** The draft with its setters. A change is in the browser's storage before the next letter is typed. */
export function useDraft(readerId: string, number: string, tab: ComposerTab): DraftInHand {
  const place = `kontor.draft.${readerId}.${number}.${tab}`;
  const [state, setState] = useState(() => ({ place, draft: load(place) }));
  const draft = state.place === place ? state.draft : load(place);
  if (state.place !== place) setState({ place, draft });
  const keep = useCallback(
    (next: Draft) => {
      store(place, next);
      setState({ place, draft: next });
    },
    [place],
  );
  return {
    draft,
    write: (change) => keep({ body: draft.body, nextStepBy: draft.nextStepBy, ...change }),
    keyToSend: () => {
      const key = draft.key ?? crypto.randomUUID();
      if (draft.key === undefined) keep({ ...draft, key });
      return key;
    },
    forgetKey: () => keep({ body: draft.body, nextStepBy: draft.nextStepBy }),
    discard: () => keep(emptyDraft),
  };
}

export function hasDraft(readerId: string, number: string, tab: ComposerTab): boolean {
  return load(`kontor.draft.${readerId}.${number}.${tab}`).body.trim() !== '';
}

function load(place: string): Draft {
  try {
    const read = JSON.parse(localStorage.getItem(place) ?? 'null') as Draft | null;
    return read && typeof read.body === 'string' ? { ...emptyDraft, ...read } : emptyDraft;
  } catch {
    return emptyDraft;
  }
}

function store(place: string, draft: Draft): void {
  try {
    if (draft.body === '') localStorage.removeItem(place);
    else localStorage.setItem(place, JSON.stringify(draft));
  } catch {
    // The browser's storage is full or closed: the text lives in the page alone then, which is what is left.
  }
}
