/** A new wording while it is written, kept in this browser: such a text is long, and weeks may pass over it. */
import { useState } from 'react';
import type { ConsentWording } from '../server/answers.ts';

export const draftFields = ['titleEn', 'bodyEn', 'titleRu', 'bodyRu'] as const;
export type ConsentDraft = Readonly<Record<(typeof draftFields)[number], string>>;

/** The wording that stands, to begin from. */
export function draftOf({ title, body }: ConsentWording): ConsentDraft {
  return { titleEn: title.en, bodyEn: body.en, titleRu: title.ru ?? '', bodyRu: body.ru ?? '' };
}

export function isSameDraft(one: ConsentDraft, other: ConsentDraft): boolean {
  return draftFields.every((field) => one[field].trim() === other[field].trim());
}

/** The draft that was begun from this version, with its setters; one of an older version is begun anew. */
export function useConsentDraft(readerId: string, wording: ConsentWording) {
  const place = `kontor.draft.${readerId}.consent.${wording.purpose}.${wording.version}`;
  const [draft, setDraft] = useState(() => load(place) ?? draftOf(wording));
  return {
    draft,
    write: (change: Partial<ConsentDraft>) => {
      const next = { ...draft, ...change };
      setDraft(next);
      store(place, next);
    },
    discard: () => {
      setDraft(draftOf(wording));
      store(place, undefined);
    },
  };
}

function load(place: string): ConsentDraft | undefined {
  try {
    const read = JSON.parse(localStorage.getItem(place) ?? 'null') as ConsentDraft | null;
    return read && draftFields.every((field) => typeof read[field] === 'string') ? read : undefined;
  } catch {
    return undefined;
  }
}

function store(place: string, draft: ConsentDraft | undefined): void {
  try {
    if (draft === undefined) localStorage.removeItem(place);
    else localStorage.setItem(place, JSON.stringify(draft));
  } catch {
    // The browser's storage is full or closed: the text lives in the page alone then, which is what is left.
  }
}
