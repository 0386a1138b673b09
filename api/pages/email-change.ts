import { deadPhases, form, phase, said, signInByApi, type Markup } from './sheet.ts';
import type { PageWords } from './words/en.ts';

/** Where the new address of a change is confirmed (SPEC I5). */
export function emailChangePhases(words: PageWords): Markup[] {
  const page = words.emailChange;
  return [
    phase(
      'ask',
      page.title,
      said(page.lede),
      form({ post: '/auth/email-change', along: ['token'], button: page.button }),
      said(words.goodUntil, 'hint'),
    ),
    phase('done', page.doneTitle, said(page.done), signInByApi(words)),
    phase('later', page.laterTitle, said(page.later)),
    phase('held', page.laterTitle, said(page.held)),
    ...deadPhases(words, page.dead),
  ];
}
