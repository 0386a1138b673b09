import type { Locale } from '../../domain/locale.ts';
import {
  consentBoxes,
  deadPhases,
  field,
  form,
  knownAddress,
  languageField,
  newPassword,
  phase,
  said,
  signInByApi,
  wayOn,
  type FormPlan,
  type Markup,
} from './sheet.ts';
import type { PageWords } from './words/en.ts';

/** Where an invitation is accepted (SPEC I1): by somebody new to an account, new to the staff, or known already. */
export function invitationPhases(words: PageWords, locale: Locale): Markup[] {
  const page = words.invitation;
  const plan = { post: '/auth/invitation', along: ['token'] } as const;
  const person = [
    knownAddress(words),
    field({ name: 'name', label: words.name, hint: words.nameHint, autocomplete: 'name' }),
    newPassword(words, words.password),
    languageField(words, locale),
  ];
  const asking = (name: string, lede: string, how: FormPlan, ...fields: Markup[]) =>
    phase(name, page.title, said(lede), form(how, ...fields), said(words.goodUntil, 'hint'));
  return [
    asking(
      'customer',
      page.customerLede,
      { ...plan, along: ['token', 'timeZone', 'consents'], button: page.customerButton },
      ...person,
      consentBoxes(words),
    ),
    asking('staff', page.staffLede, { ...plan, along: ['token', 'timeZone'], button: page.staffButton }, ...person),
    asking('known', page.knownLede, { ...plan, button: page.knownButton }),
    asking('known-staff', page.knownLede, { ...plan, button: page.knownStaffButton }),
    phase('done', page.doneTitle, said(page.doneCustomer), said(page.doneCustomerNext), signInByApi(words)),
    phase('done-staff', page.doneTitle, said(page.doneStaff), wayOn('/admin/', words.staffConsole)),
    ...deadPhases(words, page.dead),
  ];
}
