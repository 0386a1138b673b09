import { html } from 'hono/html';
import { field, form, knownAddress, newPassword, perhaps, phase, said, signInByApi, wayOn, type Markup } from './sheet.ts';
import type { PageWords } from './words/en.ts';

/**
 * Where a password is reset (SPEC I4), by customers and staff alike. Without a link, or with one that is dead, it is where
 * one asks for a link.
 */
export function passwordResetPhases(words: PageWords): Markup[] {
  const page = words.passwordReset;
  const request = form(
    { post: '/auth/password-reset', along: [], button: page.requestButton },
    field({ name: 'email', label: words.email, hint: words.emailHint, autocomplete: 'username', type: 'email' }),
  );
  return [
    phase(
      'ask',
      page.title,
      form(
        { post: '/auth/password-reset/confirmation', along: ['token'], button: page.button },
        knownAddress(words),
        newPassword(words, words.newPassword),
        html`<p class="hint">${page.ends}</p>`,
      ),
      said(words.goodUntil, 'hint'),
    ),
    phase('done', page.doneTitle, said(page.done), signInByApi(words)),
    phase('done-staff', page.doneTitle, said(page.done), wayOn('/admin/', words.staffConsole)),
    phase('request', page.requestTitle, html`<p>${page.requestLede}</p>`, request),
    phase('dead', page.requestTitle, perhaps(words), html`<p class="notice">${page.requestDead}</p>`, request),
    phase('sent', page.sentTitle, said(page.sent), html`<p>${page.sentNext}</p>`, backTo('request', words)),
  ];
}

/** Leads back to a form, with what was typed. */
export function backTo(name: string, words: PageWords): Markup {
  return html`<button type="button" class="quiet" data-go="${name}">${words.backToForm}</button>`;
}
