/**
 * Every word of the pages that mailed links lead to, in English. `{email}` and the like are put in by the page's script,
 * as text. What the API answers is said by the API.
 */
export const en = {
  languageName: 'English',
  languages: 'Language',
  loading: 'One moment…',
  noScript:
    'This page needs JavaScript: the secret in your link stays in your browser until you press a button. Allow JavaScript for this site, or use another browser, and open the link from the mail once more.',
  goodUntil: 'This link is good until {expires}.',
  email: 'E-mail',
  emailHint: 'For example anna@vega.example.',
  name: 'Your name',
  nameHint: 'As people here should address you.',
  password: 'Password',
  newPassword: 'New password',
  repeat: 'The same password again',
  show: 'Show',
  hide: 'Hide',
  showPassword: 'Show the password',
  language: 'Language of your mails',
  consents: 'Your consent',
  consentsHint: 'Tick what you agree to, each for itself.',
  needed: 'needed',
  optional: 'if you like',
  busy: 'Sending…',
  backToForm: 'Use another address',
  staffConsole: 'Open the staff console',
  apiDocs: 'Sign in by the API’s page',
  askForPassword: 'Ask for a new password',
  register: 'Register',
  accountRoles: { owner: 'owner', technical: 'technical contact', billing: 'billing contact' },
  staffRoles: { support: 'support', billing: 'billing', administrator: 'administrator' },

  /** Said by the script; `passwordMin` is filled in by the server. */
  problems: {
    empty: 'Please fill this in.',
    emailShape: 'Write the whole address, such as anna@vega.example.',
    tooShort: 'At least {min} characters are needed.',
    mismatch: 'The two passwords differ. Type the second one again.',
    consentNeeded: 'We cannot go on without what is marked “needed”.',
    consentChanged: 'The texts have changed since this page was opened. Please read the new ones and tick them again.',
    check: 'Please look at what is marked below.',
    offline: 'We could not be reached. Check your connection and press the button again. What you typed is still here.',
    away: 'We are out of service for a moment. Wait a little and press the button again. What you typed is still here.',
    tooMany: 'Too many tries. Try again {wait}; what you typed is still here.',
    unexpected: 'Something went wrong on our side. Try again; if it stays so, write to us and quote this number: {requestId}',
    unexpectedUnnumbered: 'Something went wrong on our side. Try again in a few minutes.',
  },

  away: {
    title: 'We cannot be reached',
    offline: 'Check your connection and try again. Nothing is lost.',
    away: 'We are out of service for a moment. Wait a little and try again. Nothing is lost.',
    tryAgain: 'Try again',
  },

  dead: {
    title: 'This link no longer works',
    perhaps: 'You pressed the button before and our answer was lost on its way: what you wanted may well be done. Try that first.',
  },

  bare: {
    title: 'Open the link from your mail',
    advice:
      'This page only works by the link that we mailed, and forgets it when it is loaded anew. Open the link from the mail once more: looking at the page does not use it up.',
  },

  passwordHint: 'At least {min} characters, any you like, spaces too. A short sentence is easy to remember. Pasting is fine.',

  confirmation: {
    title: 'Choose your password',
    lede: 'Your registration is nearly done. This is the password you will sign in with.',
    button: 'Open my account',
    doneTitle: 'Your account is open',
    done: 'Sign in as {email} in the program you use for your account, or try it in the browser by the API’s page.',
    doneNext: 'At your first sign-in you will be offered a second factor. Take it: a password alone can be guessed or stolen.',
    dead: 'A confirmation link is good for 30 minutes and for one use. If you used it already, your account is open and you can sign in. If not, please register again: nothing was made of the first time.',
    deadButton: 'Register again',
  },

  invitation: {
    title: 'You are invited',
    customerLede: 'Join {account} as {role}. Say who you are and choose a password.',
    staffLede: 'Join the staff as {role}. Say who you are and choose a password.',
    customerButton: 'Join {account}',
    staffButton: 'Join the staff',
    knownLede: 'You already sign in as {email}. Your name and password stay as they are.',
    knownButton: 'Join {account} as {role}',
    knownStaffButton: 'Join the staff as {role}',
    doneTitle: 'Welcome',
    doneCustomer:
      'You belong to {account} now. Sign in as {email} in the program you use for the account, or try it in the browser by the API’s page.',
    doneCustomerNext: 'If you belong to several accounts, choose which one you work for after signing in.',
    doneStaff:
      'Sign in as {email} at the staff console. It will first help you set up an authenticator app on your phone: have the phone at hand.',
    dead: 'It was used already, taken back, or is older than 7 days. Ask the person who invited you for a new invitation. If you accepted it before, simply sign in.',
  },

  passwordReset: {
    title: 'Choose a new password',
    ends: 'Afterwards you are signed out everywhere, and sign in with the new password.',
    button: 'Set the new password',
    doneTitle: 'Your password is set',
    done: 'You were signed out everywhere. Sign in with the new password; if you have a second factor, it is still asked for.',
    requestTitle: 'Forgotten your password?',
    requestLede: 'We mail you a link by which you choose a new one.',
    requestDead: 'This link no longer works: it is good for 30 minutes and for one use. Ask for a new one here.',
    requestButton: 'Send me the link',
    sentTitle: 'Look into your mailbox',
    sent: 'If somebody signs in as {sentTo}, a mail with a link is on its way there. The link is good for 30 minutes.',
    sentNext: 'No mail after some minutes? Look among unwanted mail, and check the address.',
  },

  emailChange: {
    title: 'Confirm your new address',
    lede: 'From now on you want to sign in as {newEmail}. Please confirm that this mailbox is yours.',
    button: 'Confirm {newEmail}',
    doneTitle: 'Your address is changed',
    done: 'Sign in as {newEmail} from now on. Your password and your second factor stay as they are.',
    laterTitle: 'Confirmed',
    later:
      'Our staff began this change, so it waits: it takes effect on {takesEffect}. Until then sign in with your old address, which may still stop the change.',
    held: 'The change is held back for the moment and takes effect by itself afterwards. Until then sign in with your old address.',
    dead: 'It was used already, the change was stopped, or it is older than 7 days. If you pressed the button before, your new address is confirmed. If not, begin the change anew, or ask our support to.',
  },

  veto: {
    title: 'Stop this change?',
    emailChange:
      'Our staff were asked to make {newEmail} the address you sign in with, instead of {email}. It changes when the new address has been confirmed, and not before {takesEffect} unless a second member of our staff agrees.',
    emailChangeOpen: 'Our staff were asked to make {newEmail} the address you sign in with, instead of {email}.',
    factorReset:
      'Our staff were asked to remove the second factors of {email}. That happens on {takesEffect}, or sooner if a second member of our staff agrees. From then on the password alone would let you in.',
    factorResetOpen: 'Our staff were asked to remove the second factors of {email}. From then on the password alone would let you in.',
    advice: 'If you asked for it, leave this page: there is nothing to do. If you did not, stop it.',
    emailChangeButton: 'Stop the change of address',
    factorResetButton: 'Keep my second factors',
    doneTitle: 'Stopped',
    done: 'Nothing was changed: you sign in as before, as {email}. Somebody may have pretended to be you, so please tell our support, and choose a new password.',
    dead: 'The change was stopped or withdrawn already, or it has taken effect. If it took effect and you did not ask for it, write to our support at once and choose a new password.',
  },

  paymentReturn: {
    title: 'You are back',
    lede: 'Whether the payment went through we hear from the payment provider, not from this page. That takes seconds as a rule.',
    next: 'Your balance shows the money as soon as it is there, and a mail says so. If the payment failed, nothing was taken, and a mail says that too.',
    button: 'Look at the balance on the API’s page',
  },

  registration: {
    title: 'Register',
    lede: 'We mail you a link to confirm your address. You choose the password there.',
    accountName: 'Name of the account',
    accountNameHint: 'Your company, or your own name. Others can be invited later.',
    button: 'Send me the link',
    sentTitle: 'Look into your mailbox',
    sent: 'A mail for {sentTo} is on its way. The link in it is good for 30 minutes.',
    sentNext: 'No mail after some minutes? Look among unwanted mail, and check the address.',
    known: 'Registered before, and the password forgotten?',
  },
};

type Spoken<Words> = { readonly [Key in keyof Words]: Words[Key] extends string ? string : Spoken<Words[Key]> };

/** What every language has to say. */
export type PageWords = Spoken<typeof en>;
