import { deadPhases, form, knownAddress, newPassword, phase, said, signInByApi, wayOn, type Markup } from './sheet.ts';
import type { PageWords } from './words/en.ts';

/** Where a registration is confirmed (SPEC I1): the password is chosen here, by whoever has the mailbox. */
export function confirmationPhases(words: PageWords): Markup[] {
  const page = words.confirmation;
  return [
    phase(
      'ask',
      page.title,
      said(page.lede),
      form({ post: '/auth/confirmation', along: ['token'], button: page.button }, knownAddress(words), newPassword(words, words.password)),
      said(words.goodUntil, 'hint'),
    ),
    phase('done', page.doneTitle, said(page.done), said(page.doneNext), signInByApi(words)),
    ...deadPhases(words, page.dead, wayOn('/links/registration', page.deadButton)),
  ];
}
