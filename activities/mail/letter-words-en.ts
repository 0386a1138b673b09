import type { ChangeEnding, FactorChange } from '../../domain/letter.ts';
import type { PendingActionKind } from '../../domain/pending-action.ts';
import { financeLetters } from './finance-letters-en.ts';
import type { LetterWords, Told } from './letter-words.ts';

const accountRoles: Readonly<Record<string, string>> = { owner: 'owner', technical: 'technical contact', billing: 'billing contact' };
const staffRoles: Readonly<Record<string, string>> = { support: 'support', billing: 'billing', administrator: 'administrator' };

const factorWords: Readonly<Record<FactorChange, string>> = {
  totp_set: 'An authenticator app was set up as the second factor of your account.',
  totp_removed: 'The authenticator app was removed from your account: it is not asked for any more.',
  email_set: 'Codes by e-mail were set up as a second factor of your account.',
  email_removed: 'Codes by e-mail were removed from your account: they are not asked for any more.',
  recovery_codes_made: 'New recovery codes were made for your account. The earlier ones are good for nothing now.',
  recovery_code_used: 'A recovery code of your account was used. It is good for nothing now.',
  reset_by_staff:
    'The second factors of your account were removed at your request to our staff, and every device was signed out. Please sign in with your password and set up a second factor again.',
};

function factorSubject(what: FactorChange | undefined): string {
  if (what === 'recovery_codes_made') return 'New recovery codes were made';
  return what === 'recovery_code_used' ? 'A recovery code was used' : 'The second factor of your account was changed';
}

const changeWords: Readonly<Record<PendingActionKind, string>> = {
  email_change: 'the change of the address you sign in with',
  factor_reset: 'the removal of the second factors of your account',
};

const endings: Readonly<Record<ChangeEnding, string>> = {
  vetoed: 'was stopped by you',
  withdrawn: 'was taken back',
  lapsed: 'was not confirmed in time',
  not_possible: 'could not be carried out',
};

const alarm = ({ newPasswordAt }: Told) =>
  `If it was not you, choose a new password at once (${newPasswordAt}): that signs out every device. Then write to our support.`;

const nothingHappens = 'If it was not you, you need not do anything: nothing changes.';

export const letterWords: LetterWords = {
  greeting: (name) => (name === null ? 'Hello,' : `Hello ${name},`),
  goodUntil: (when) => `The link is good once, until ${when}.`,
  aboutCodes: (minutes) => `It is good for ${minutes} minutes. Never tell it to anybody: our staff never ask for it.`,
  circumstances: ({ when, device, place }) =>
    [`When: ${when}.`, device && `Device: ${device}.`, place && `From: ${place}.`].filter(Boolean).join(' '),
  foot: (site, support) => `Sent by ${site}. Nobody reads answers to this mail.${support ? ` Our support: ${support}` : ''}`,
  letters: {
    'registration.confirm': ({ site }) => ({
      subject: 'Please confirm your address',
      lead: [
        `Somebody gave this address to open an account at ${site}. If it was you, please confirm that the mailbox is yours, and choose a password there.`,
      ],
      link: { page: 'confirmation', label: 'Confirm the address' },
      then: ['If it was not you, you need not do anything: without the confirmation no account is made.'],
    }),
    'registration.known': ({ site, newPasswordAt }) => ({
      subject: 'Your address is in use already',
      lead: [`Somebody gave this address at ${site}, where it belongs to an account already. Nothing was made and nothing was changed.`],
      then: [
        `If it was you, sign in with it as usual. If you forgot the password, you can choose a new one: ${newPasswordAt}. If it was not you, you need not do anything.`,
      ],
    }),
    'invitation.account': ({ facts, site }) => ({
      subject: 'You are invited to an account',
      lead: [
        `${facts.inviter ?? 'Somebody'} invites you to ${facts.account ? `the account “${facts.account}”` : 'an account'} at ${site}, as its ${accountRoles[facts.role ?? ''] ?? 'member'}.`,
      ],
      link: { page: 'invitation', label: 'See the invitation' },
      then: ['If you do not know who invites you, you need not do anything: nobody joins an account without accepting.'],
    }),
    'invitation.staff': ({ facts, site }) => ({
      subject: 'You are invited to the staff',
      lead: [
        `${facts.inviter ?? 'An administrator'} invites you to the staff at ${site}, in the role “${staffRoles[facts.role ?? ''] ?? 'staff'}”. At your first sign-in you will set up an authenticator app.`,
      ],
      link: { page: 'invitation', label: 'See the invitation' },
      then: ['If you do not know who invites you, you need not do anything.'],
    }),
    'password.reset': ({ site }) => ({
      subject: 'Choose a new password',
      lead: [`Somebody asked for a new password for your account at ${site}. If it was you, you can choose it here:`],
      link: { page: 'password-reset', label: 'Choose a new password' },
      then: [
        'A second factor, if you have set one up, stays and will be asked for. If it was not you, you need not do anything: your password stays as it is.',
      ],
    }),
    'password.reset_unknown': ({ site }) => ({
      subject: 'A new password was asked for',
      lead: [`Somebody asked for a new password for this address at ${site}. We know no account with it, so nothing was changed.`],
      then: ['If it was you, perhaps you registered with another address. If it was not you, you need not do anything.'],
    }),
    'password.changed': (told) => ({
      subject: 'Your password was changed',
      lead: [`The password of your account at ${told.site} was changed.`],
      then: [`If it was you, there is nothing to do. ${alarm(told)}`],
    }),
    'code.sign_in': ({ site, newPasswordAt }) => ({
      subject: 'Your code to sign in',
      lead: [`Somebody gave your password at ${site}. If it was you, this is the code to finish signing in:`],
      then: [
        `If it was not you, somebody knows your password: choose a new one at once (${newPasswordAt}). Without the code nobody gets in.`,
      ],
    }),
    'code.step_up': (told) => ({
      subject: 'Your code to confirm',
      lead: [`This is the code to confirm what you are about to do at ${told.site}:`],
      then: [alarm(told)],
    }),
    'code.factor': (told) => ({
      subject: 'Your code to set up codes by e-mail',
      lead: [`This is the code to set up codes by e-mail as a second factor of your account at ${told.site}:`],
      then: [alarm(told)],
    }),
    'sign_in.new_device': (told) => ({
      subject: 'A sign-in from a new device',
      lead: [`Somebody signed in to your account at ${told.site} from a device that we have not seen there before.`],
      then: [`If it was you, there is nothing to do. ${alarm(told)}`],
    }),
    'factor.changed': (told) => ({
      subject: factorSubject(told.facts.what),
      lead: [told.facts.what ? factorWords[told.facts.what] : `A second factor of your account at ${told.site} was changed.`],
      then: [
        told.facts.what === 'reset_by_staff'
          ? 'If you did not ask for it, write to our support at once.'
          : `If it was you, there is nothing to do. ${alarm(told)}`,
      ],
    }),
    'token.created': (told) => ({
      subject: 'A new API token acts for you',
      lead: [`Somebody who is signed in to your account at ${told.site} made an API token. A program that has it can act for you.`],
      then: [`If it was you, there is nothing to do. If not, revoke the token. ${alarm(told)}`],
    }),
    'sign_in.wrong_codes': (told) => ({
      subject: 'Somebody knows your password',
      lead: [`Somebody gave your right password at ${told.site}, and then five wrong codes. Nobody got in by that.`],
      then: [`If it was you, there is nothing to do. ${alarm(told)}`],
    }),
    'email.confirm': ({ facts, site }) => ({
      subject: 'Please confirm your new address',
      lead: [
        facts.begunBy === 'staff'
          ? `Our staff were asked to make this the address to sign in with at ${site}. If it was you who asked, please confirm that the mailbox is yours. The change then takes effect when the time is over in which the earlier address may stop it.`
          : `Somebody wants to sign in with this address at ${site}. If it was you, please confirm that the mailbox is yours: from then on it is your address to sign in with.`,
      ],
      link: { page: 'email-change', label: 'Confirm the address' },
      then: [nothingHappens],
    }),
    'email.change_begun': (told) => ({
      subject: 'Your address is about to change',
      lead: [
        `Somebody who is signed in to your account at ${told.site} asked to change the address you sign in with to ${told.facts.newEmail ?? 'another one'}. It changes as soon as the new address is confirmed, which must happen by ${told.until}.`,
      ],
      then: [
        `If it was you, there is nothing to do here. If it was not you, choose a new password at once (${told.newPasswordAt}): that stops the change and signs out every device. Then write to our support.`,
      ],
    }),
    'email.changed': ({ facts, site }) => ({
      subject: 'Your address was changed',
      lead: [
        `The address to sign in with at ${site} was changed from ${facts.oldEmail ?? 'the earlier one'} to ${facts.newEmail ?? 'another one'}. ${facts.begunBy === 'staff' ? 'Every device was signed out.' : 'Other devices were signed out.'}`,
      ],
      then: ['If you asked for it, there is nothing to do. If you did not, write to our support at once.'],
    }),
    'change.veto': ({ facts, site, until }) => ({
      subject: facts.change === 'factor_reset' ? 'Your second factors are about to be removed' : 'Your address is about to change',
      lead: [
        facts.change === 'factor_reset'
          ? `Our staff were asked to remove the second factors of your account at ${site}. That happens on ${until}, or sooner if a second member of our staff agrees. From then on the password alone lets you in until you set one up again.`
          : `Our staff were asked to change the address you sign in with at ${site} to ${facts.newEmail ?? 'another one'}. It changes when the new address has been confirmed, and not before ${until} unless a second member of our staff agrees.`,
        'If you asked for it, there is nothing to do here. If you did not, please stop it:',
      ],
      link: { page: 'veto', label: 'Stop the change' },
      then: ['Until it is decided, no keys are made for your account, and its second factors cannot be changed.'],
    }),
    'change.ended': ({ facts, site, newPasswordAt }) => ({
      subject: facts.change === 'factor_reset' ? 'Your second factors stay' : 'Your address stays as it is',
      lead: [
        `At ${site}, ${changeWords[facts.change ?? 'email_change']} ${endings[facts.ending ?? 'lapsed']}. Everything stays as it was.`,
      ],
      then: [
        facts.ending === 'vetoed'
          ? `If you had not asked for it, somebody may have pretended to be you: tell our support, and choose a new password (${newPasswordAt}).`
          : 'If you still want it, please begin it again, or ask our support.',
      ],
    }),
    'calendar.year_missing': ({ facts, calendar }) => ({
      subject: calendar ? `The working calendar “${calendar.name}” lacks ${calendar.year}` : 'A working calendar lacks a year',
      lead: [
        calendar
          ? `The working calendar “${calendar.name}” does not know ${calendar.year}: its days off, worked weekends and short days are missing.`
          : 'A working calendar lacks a year: its days off, worked weekends and short days are missing.',
        'Until somebody adds the year, deadlines in it are counted by plain weeks: public holidays count as working days, and what was promised to customers falls due too early.',
      ],
      inConsole: {
        path: facts.calendar ? `calendars/${facts.calendar.id}?year=${facts.calendar.year}` : 'calendars',
        label: 'Add the year',
      },
      then: [
        'If the official calendar is published, add the year now; open deadlines can be moved to it afterwards, in one step.',
        calendar?.again ? `As long as the year is missing, you are reminded: ${calendar.again}.` : '',
      ],
    }),
    ...financeLetters,
  },
};
