/** Follows one ticket to its archive and counts what became of it: every fact, every notification, every mail. */
import { randomUUID } from 'node:crypto';
import type { ApiDriver } from '../harness/api-driver.ts';
import type { TestCustomer, TestPerson } from '../harness/people.ts';
import { until } from '../harness/until.ts';
import type { Checks } from './checks.ts';
import { insist, type KeyedRequest } from './client.ts';
import type { Desk } from './desk.ts';

/** The wish of a round. */
export type WishKind = 'opening' | 'customer reply' | 'staff reply';

interface Cast {
  readonly customer: TestCustomer;
  readonly staff: TestPerson;
  readonly category: string;
}

interface BeforeWish {
  readonly by: ApiDriver;
  /** The ticket the wish is about; empty when it is about to be opened. */
  readonly number: string;
  /** The request of the wish, which carries this text as its body. */
  readonly wishAs: (text: string) => KeyedRequest;
}

/** Brings a ticket to where the wish can be made, and what the worker has to do for it to an end. */
export async function lifeAfter(desk: Desk, wish: WishKind, { customer, staff, category }: Cast): Promise<BeforeWish> {
  const key = randomUUID();
  const told = async () =>
    until('the engine has heard of everything', async () => (await desk.query('select 1 from outbox')).length === 0, 45);
  if (wish === 'opening') {
    await told();
    return {
      by: customer,
      number: '',
      wishAs: (body) => ({ path: '/tickets', body: { subject: 'A page is blank', body, category }, key }),
    };
  }
  const number = await openTicket(customer, category, 'A page is blank');
  if (wish === 'customer reply') await answer(staff, number);
  await told();
  // Not all deliveries of the desk: those of earlier rounds may wait for their next try.
  const unsettled = `select 1 from delivery d join notification n on n.id = d.notification_id where n.recipient_id = $1 and d.state = 'pending'`;
  await until('the customer’s mails are sent', async () => (await desk.query(unsettled, [customer.id])).length === 0);
  return {
    by: wish === 'staff reply' ? staff : customer,
    number,
    wishAs: (body) => ({ path: `/tickets/${number}/messages`, body: { body }, key }),
  };
}

export async function openTicket(customer: ApiDriver, category: string, subject: string): Promise<string> {
  const { answer } = await insist(customer, { path: '/tickets', body: { subject, body: 'What now?', category }, key: randomUUID() });
  if (answer.status !== 201) throw new Error(`opening a ticket answered ${answer.status}`);
  return answer.body.number as string;
}

export async function answer(staff: ApiDriver, number: string): Promise<void> {
  const { answer: answered } = await insist(staff, {
    path: `/tickets/${number}/messages`,
    body: { body: 'Please try again.' },
    key: randomUUID(),
  });
  if (answered.status !== 201) throw new Error(`answering ${number} answered ${answered.status}`);
}

/** What a ticket's history must read in the end, and the mails its customer must have. */
const lives: Readonly<Record<WishKind, { history: readonly string[]; told: readonly string[] }>> = {
  opening: {
    history: ['customer opened', 'staff staff_message', 'time auto_close', 'time archive'],
    told: ['ticket.created', 'ticket.answered', 'ticket.closed'],
  },
  'customer reply': {
    history: [
      'customer opened',
      'staff staff_message',
      'customer customer_message',
      'staff staff_message',
      'time auto_close',
      'time archive',
    ],
    told: ['ticket.created', 'ticket.answered', 'ticket.answered', 'ticket.closed'],
  },
  'staff reply': {
    history: ['customer opened', 'staff staff_message', 'time auto_close', 'time archive'],
    told: ['ticket.created', 'ticket.answered', 'ticket.closed'],
  },
};

/**
 * Lets the ticket live on to its archive, then counts. That nothing came twice is shown by a marker: a ticket opened
 * afterwards, whose mail goes the same way; once it is there, what is not there will not come.
 * @returns mails that came more than once (with a Message-ID that had come before)
 */
export async function checkLife(
  checks: Checks,
  desk: Desk,
  seen: { wish: WishKind; customer: TestCustomer; staff: TestPerson; number: string; autoClose: number; answered: boolean },
): Promise<number> {
  const { wish, customer, staff, number, autoClose } = seen;
  if (wish !== 'staff reply' && !seen.answered) await answer(staff, number);
  const page = async () => (await staff.get(`/tickets/${number}`)).body;
  const closed = await until(
    `${number} closes`,
    async () => {
      const now = await page();
      return now.closedAt === null ? false : now;
    },
    autoClose + 60,
  );
  checks.equal(`${number} was closed by time`, closed.closedBy, 'time');
  const silence = (new Date(closed.closedAt).getTime() - new Date(closed.lastMessageAt).getTime()) / 1000;
  checks.holds(
    `${number} closed ${autoClose} s after the last answer, not before`,
    silence >= autoClose && silence < autoClose + 60,
    silence,
  );
  await until(`${number} is archived`, async () => (await page()).status === 'archived', 60);
  await desk.calm(100);
  await desk.engine.workflow.getHandle(`ticket:${number}`).result();

  const marker = await openTicket(customer, 'technical', 'Marker');
  await until('the marker’s mail is there', () => desk.mail.to(customer.email).some((mail) => mail.subject === `[${marker}] Marker`), 75);
  return countEverything(checks, desk, { wish, customer, staff, number, marker });
}

async function countEverything(
  checks: Checks,
  desk: Desk,
  { wish, customer, staff, number, marker }: { wish: WishKind; customer: TestCustomer; staff: TestPerson; number: string; marker: string },
): Promise<number> {
  const { history, told } = lives[wish];
  const events = (await staff.get(`/tickets/${number}/history`)).body.items as { what: string; by: { side: string } }[];
  checks.equal(
    `the history of ${number}`,
    events.map((event) => `${event.by.side} ${event.what}`),
    history,
  );
  const messages = (await staff.get(`/tickets/${number}/messages`)).body.items as unknown[];
  checks.equal(`the messages of ${number}`, messages.length, history.filter((line) => /opened|message/.test(line)).length);

  const notifications = (await customer.get('/notifications')).body.items as { event: string; ticket: string }[];
  checks.equal(
    'the customer’s tickets',
    (await customer.get('/tickets?archived=true')).body.items.length + (await customer.get('/tickets')).body.items.length,
    2,
  );
  checks.equal(
    `in-app notifications of ${number}`,
    notifications
      .filter((each) => each.ticket === number)
      .map((each) => each.event)
      .toSorted(),
    told.toSorted(),
  );
  const mails = desk.mail.to(customer.email).filter((mail) => mail.subject !== `[${marker}] Marker`);
  const different = new Set(mails.map((mail) => mail.messageId));
  checks.equal(`mails about ${number}, by Message-ID`, different.size, told.length);
  checks.holds(
    'all mails are about that ticket',
    mails.every((mail) => mail.subject?.includes(number)),
  );
  return mails.length - different.size;
}
