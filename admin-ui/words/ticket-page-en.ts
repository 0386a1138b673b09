import { clocksEn } from './clocks-en.ts';

/** The words of a ticket's page, in English: conversation, composer, history and the menu of commands. */
export const ticketPageEn = {
  quotation: 'Quoted text',
  today: 'Today',
  yesterday: 'Yesterday',
  earlier: 'Show earlier messages',
  heldNow: 'on hold',
  history: {
    filter: 'What of the history is shown',
    all: 'Everything',
    state: 'What was done',
    messages: 'Messages',
    earlier: 'Show what came before',
  },
  format: {
    label: 'Formatting',
    bold: 'Bold',
    italic: 'Italic',
    link: 'Link',
    bullets: 'List',
    numbers: 'Numbered list',
    quote: 'Quotation',
    code: 'Code',
  },
  sendAnd: {
    label: 'What follows the sending',
    take: 'Send and take the ticket',
    close: 'Send and close the ticket',
    done: { take: 'The reply is sent, and the ticket is yours.', close: 'The reply is sent, and the ticket is closed.' },
    failed: {
      take: 'The reply is sent, but the ticket is not yours: %{why}',
      close: 'The reply is sent, but the ticket is not closed: %{why}',
    },
  },
  commands: {
    label: 'Commands',
    placeholder: 'What would you like to do? Or a ticket’s number',
    none: 'Nothing here is called that.',
    toTicket: 'Go to %{number}',
  },
  canned: {
    label: 'Canned replies',
    insert: 'Canned reply (type / at the beginning of a line)',
    none: 'No canned reply is called that.',
  },
  channel: {
    label: 'Log a call',
    none: 'Written in the console',
    phone: 'Said on the phone',
    email: 'Came by e-mail',
    chat: 'Said in a chat',
    meeting: 'Said in a meeting',
    log: {
      phone: 'Logged as said on the phone. Write down what was said.',
      email: 'Logged as come by e-mail. Write down what it said.',
      chat: 'Logged as said in a chat. Write down what was said.',
      meeting: 'Logged as said in a meeting. Write down what was said.',
    },
  },
  movedOn: {
    title: '%{name} wrote while you were writing',
    titleMany: '%{smart_count} message came while you were writing |||| %{smart_count} messages came while you were writing',
    came: 'What came meanwhile',
    back: 'Go on writing',
    sendAnyway: 'Send anyway',
  },
  step: {
    warn: 'The customer is told that it will close',
    auto_close: 'Closes by itself unless the customer writes',
    archive: 'Goes to the archive unless the customer writes',
    wake: 'The snooze ends and the ticket comes back',
    ...clocksEn.step,
  },
};
