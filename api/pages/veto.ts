import { html } from 'hono/html';
import { deadPhases, form, phase, said, wayOn, type Markup } from './sheet.ts';
import type { PageWords } from './words/en.ts';

/** Where the person concerned stops a change that staff began (SPEC I5, I10). It says what would happen otherwise. */
export function vetoPhases(words: PageWords): Markup[] {
  const page = words.veto;
  const asking = (name: string, what: string, button: string) =>
    phase(
      name,
      page.title,
      said(what),
      html`<p>${page.advice}</p>`,
      form({ post: '/auth/veto', along: ['token'], button }),
      said(words.goodUntil, 'hint'),
    );
  return [
    asking('email_change', page.emailChange, page.emailChangeButton),
    asking('email_change-open', page.emailChangeOpen, page.emailChangeButton),
    asking('factor_reset', page.factorReset, page.factorResetButton),
    asking('factor_reset-open', page.factorResetOpen, page.factorResetButton),
    phase('done', page.doneTitle, said(page.done), wayOn('/links/password-reset', words.askForPassword)),
    ...deadPhases(words, page.dead, wayOn('/links/password-reset', words.askForPassword)),
  ];
}
