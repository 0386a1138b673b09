import { expect, test } from 'vitest';
import { customerActionRoles, customerMay, customerRoles, staffActionRoles, staffMay } from './permissions.ts';

test('I8: every action has at least one role that may do it', () => {
  for (const roles of [...Object.values(customerActionRoles), ...Object.values(staffActionRoles)]) expect(roles.length).toBeGreaterThan(0);
});

test('I8: a billing clerk reads the desk and leaves notes, but does not answer for it', () => {
  expect(staffMay('billing', 'ticket.read')).toBe(true);
  expect(staffMay('billing', 'ticket.note')).toBe(true);
  expect(staffMay('billing', 'ticket.answer')).toBe(false);
  expect(staffMay('support', 'ticket.answer')).toBe(true);
});

test('I8: only an administrator places holds', () => {
  expect(staffMay('support', 'hold.place')).toBe(false);
  expect(staffMay('administrator', 'hold.place')).toBe(true);
});

test('I8: every member of an account may open and answer its tickets', () => {
  for (const role of customerRoles) expect(customerMay(role, 'ticket.open') && customerMay(role, 'ticket.reply')).toBe(true);
});
