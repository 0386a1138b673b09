import type { LetterFacts, LetterKind } from '../../domain/letter.ts';

/** What a letter tells, spelled for its reader. */
export interface Told {
  readonly facts: LetterFacts;
  /** The host people reach Kontor at. */
  readonly site: string;
  readonly when: string;
  readonly until: string;
  /** Empty where it is not known. */
  readonly device: string;
  readonly place: string;
  /** Where a new password is asked for. */
  readonly newPasswordAt: string;
  /** Money that moved, spelled; empty where it is not told. */
  readonly money?: {
    readonly account: string;
    readonly amount: string;
    readonly balance: string;
    readonly payment: string;
    readonly order: string;
    /** A statement's month in words, such as `November 2026`. */
    readonly month: string;
    /** Where the customer's programs read of it. */
    readonly lookAt: string;
  };
  /** The calendar that lacks a year, by its name; when that is looked for again, empty where it is not. */
  readonly calendar?: { readonly name: string; readonly year: number; readonly again: string };
}

/** One letter: what happened, then the code or the link if it carries one, then what to do. */
export interface LetterText {
  readonly subject: string;
  readonly lead: readonly string[];
  /** The page its link leads to, and the button's words; left out where it carries a code or nothing. */
  readonly link?: { readonly page: 'confirmation' | 'invitation' | 'password-reset' | 'email-change' | 'veto'; readonly label: string };
  /** A page of the console, for staff: its address there, and the button's words. */
  readonly inConsole?: { readonly path: string; readonly label: string };
  readonly then: readonly string[];
}

/** Everything one language has to say. */
export interface LetterWords {
  greeting(name: string | null): string;
  goodUntil(when: string): string;
  aboutCodes(minutes: number): string;
  /** When it happened, with what, and from where; the empty string when nothing but the instant is known. */
  circumstances(told: Told): string;
  /** @param support how to reach a person, where that is known */
  foot(site: string, support: string | undefined): string;
  readonly letters: Readonly<Record<LetterKind, (told: Told) => LetterText>>;
}
