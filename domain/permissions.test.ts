import { expect, test } from 'vitest';
import { customerActions, customerMay, customerRoles, customerRule, staffActions, staffMay, tokenScopes } from './permissions.ts';

test('I8: every action has at least one role that may do it', () => {
  for (const { roles } of [...Object.values(customerActions), ...Object.values(staffActions)]) expect(roles.length).toBeGreaterThan(0);
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

test('I7: a token is never given what guards the doors', () => {
  for (const scope of tokenScopes) {
    expect(customerRule(scope).signedIn).toBeUndefined();
    expect(customerRule(scope).stepUp).toBeUndefined();
  }
  for (const guarded of ['me.password', 'me.email', 'factor.change', 'session.revoke', 'token.create', 'member.manage'] as const)
    expect(tokenScopes).not.toContain(guarded);
});

test('I10: what asks for a fresh code asks for somebody who signed in', () => {
  for (const [action, rule] of Object.entries(customerActions)) if ('stepUp' in rule) expect('signedIn' in rule, action).toBe(true);
});
