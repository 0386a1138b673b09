/** Texts not sent yet: for each reader, ticket and kind of text. */
import { useSyncExternalStore } from 'react';
import { DraftKeeper, load, placeOf, type ComposerTab, type Draft } from './draft-keeper.ts';
import { noteWriting } from './writing-now.ts';

export type { ComposerTab, Draft } from './draft-keeper.ts';

export interface DraftInHand {
  readonly draft: Draft;
  readonly write: (change: Partial<Omit<Draft, 'key'>>) => void;
  /** The key under which this text is sent, made at the first time. */
  readonly keyToSend: () => string;
  readonly forgetKey: () => void;
  readonly discard: () => void;
  /** What another window of this reader wrote meanwhile; undefined while they agree. */
  readonly other: Draft | undefined;
  readonly choose: (which: 'mine' | 'other' | 'both') => void;
}

/** Who is signed in with this window; nobody's texts are sent under another's name. */
export function keepDraftsOf(readerId: string | undefined): void {
  DraftKeeper.reader = readerId;
}

const keepers = new Map<string, DraftKeeper>();

/** What is written in one window is kept by one keeper, which goes on saving when the ticket's page is left. */
function keeperOf(readerId: string, number: string, tab: ComposerTab): DraftKeeper {
  const place = placeOf(readerId, number, tab);
  const known = keepers.get(place);
  if (known) return known;
  const keeper = new DraftKeeper(readerId, number, tab);
  keepers.set(place, keeper);
  return keeper;
}

/** The draft with its setters. A change is in the browser's storage before the next letter is typed. */
export function useDraft(readerId: string, number: string, tab: ComposerTab): DraftInHand {
  keepDraftsOf(readerId);
  const keeper = keeperOf(readerId, number, tab);
  const { draft, other } = useSyncExternalStore(keeper.watch, keeper.current);
  return {
    draft,
    other,
    write: (change) => {
      if (change.body !== undefined) noteWriting(number, change.body.trim() !== '');
      keeper.write(change);
    },
    keyToSend: () => keeper.keyToSend(),
    forgetKey: () => keeper.forgetKey(),
    discard: () => {
      noteWriting(number, false);
      keeper.discard();
    },
    choose: (which) => keeper.choose(which),
  };
}

export function hasDraft(readerId: string, number: string, tab: ComposerTab): boolean {
  return load(placeOf(readerId, number, tab)).body.trim() !== '';
}
