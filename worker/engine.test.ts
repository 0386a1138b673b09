import { describe, expect, test } from 'vitest';
import type { OutboxMessage } from '../db/outbox.ts';
import { coalesce, overdue } from './engine.ts';

const opened: OutboxMessage = { kind: 'ticket.opened', number: 'CS-000001', category: 'general' };
const replied: OutboxMessage = {
  kind: 'ticket.happening',
  number: 'CS-000001',
  happening: 'customerReplied',
  revision: 2,
  messageId: 'msg_1',
};
const answered: OutboxMessage = { kind: 'ticket.happening', number: 'CS-000001', happening: 'staffReplied', revision: 3 };
const begun: OutboxMessage = { kind: 'pending_action.begun', id: 'pac_1', action: 'email_change' };
const confirmed: OutboxMessage = { kind: 'pending_action.happening', id: 'pac_1', happening: 'changeConfirmed' };
const approved: OutboxMessage = { kind: 'pending_action.happening', id: 'pac_1', happening: 'changeApproved' };

describe('messages of one entity that wait together come to one call', () => {
  test('several happenings are one signal, named for the last, that lists the others', () => {
    expect(coalesce([replied, answered])).toEqual({
      kind: 'signal',
      entity: 'ticket:CS-000001',
      happened: { happening: 'staffReplied', news: { revision: 3, also: ['customerReplied'] } },
    });
    expect(coalesce([confirmed, approved])).toEqual({
      kind: 'signal',
      entity: 'pending-action:pac_1',
      happened: { happening: 'changeApproved', news: { also: ['changeConfirmed'] } },
    });
  });

  test('what waits beside an opening is told with it', () => {
    expect(coalesce([opened])).toEqual({ kind: 'start', opening: opened });
    expect(coalesce([opened, replied])).toEqual({
      kind: 'start',
      opening: opened,
      then: { happening: 'customerReplied', news: { revision: 2, messageId: 'msg_1' } },
    });
    expect(coalesce([begun, confirmed])).toEqual({ kind: 'start', opening: begun, then: { happening: 'changeConfirmed', news: {} } });
  });

  test('a delivery is started, with or without a ticket’s number', () => {
    const wanted: OutboxMessage = { kind: 'delivery.wanted', deliveryId: 'dlv_1', event: 'letter.code.sign_in' };
    expect(coalesce([wanted])).toBe(wanted);
  });

  test('an overdue step is told under the name that the entity’s workflow listens to', () => {
    expect(overdue('ticket:CS-000001').happening).toBe('stepOverdue');
    expect(overdue('pending-action:pac_1').happening).toBe('changeOverdue');
  });
});
