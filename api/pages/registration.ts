import { html } from 'hono/html';
import { backTo } from './password-reset.ts';
import { consentBoxes, field, form, phase, said, type Markup } from './sheet.ts';
import type { PageWords } from './words/en.ts';

/** Where one begins without a program of one's own (SPEC I1, D2). It says the same whoever has the address. */
export function registrationPhases(words: PageWords): Markup[] {
  const page = words.registration;
  return [
    phase(
      'ask',
      page.title,
      html`<p>${page.lede}</p>`,
      form(
        { post: '/auth/registration', along: ['locale', 'timeZone', 'consents'], button: page.button },
        field({ name: 'email', label: words.email, hint: words.emailHint, autocomplete: 'username', type: 'email' }),
        field({ name: 'name', label: words.name, hint: words.nameHint, autocomplete: 'name' }),
        field({ name: 'accountName', label: page.accountName, hint: page.accountNameHint, autocomplete: 'organization' }),
        consentBoxes(words),
      ),
      html`<p class="hint">${page.known} <a href="/links/password-reset">${words.askForPassword}</a></p>`,
    ),
    phase('sent', page.sentTitle, said(page.sent), html`<p>${page.sentNext}</p>`, backTo('ask', words)),
  ];
}
