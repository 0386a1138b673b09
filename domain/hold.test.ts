import { expect, test } from 'vitest';
import { stops, type Hold } from './hold.ts';

const at = new Date('2026-11-23T10:00:00Z');
const hold: Hold = { id: 'hld_1', scope: 'all', scopeId: null, kinds: null, from: new Date('2026-11-23T09:00:00Z'), until: null };
const step = { kind: 'auto_close', entity: 'ticket:CS-000001', accountId: 'acc_1' };

test('M3: a hold on everything stops every step, from its beginning to its end', () => {
  expect(stops(hold, step, at)).toBe(true);
  expect(stops(hold, step, new Date('2026-11-23T08:59:59Z'))).toBe(false);
  expect(stops({ ...hold, until: at }, step, at)).toBe(false);
  expect(stops({ ...hold, until: new Date(at.getTime() + 1) }, step, at)).toBe(true);
});

test('M3: a hold on an account or a ticket stops that one only', () => {
  expect(stops({ ...hold, scope: 'account', scopeId: 'acc_1' }, step, at)).toBe(true);
  expect(stops({ ...hold, scope: 'account', scopeId: 'acc_2' }, step, at)).toBe(false);
  expect(stops({ ...hold, scope: 'entity', scopeId: 'ticket:CS-000001' }, step, at)).toBe(true);
  expect(stops({ ...hold, scope: 'entity', scopeId: 'ticket:CS-000002' }, step, at)).toBe(false);
});

test('M3: a hold may name the kinds it stops', () => {
  expect(stops({ ...hold, kinds: ['auto_close'] }, step, at)).toBe(true);
  expect(stops({ ...hold, kinds: ['archive'] }, step, at)).toBe(false);
  expect(stops({ ...hold, kinds: ['reminders'] }, { ...step, kind: 'warn' }, at)).toBe(true);
});
