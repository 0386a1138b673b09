import { describe, expect, test } from 'vitest';
import { customerActions, customerRoles, staffActions, staffRoles } from '../../domain/permissions.ts';
import { en } from '../words/en.ts';
import { ru } from '../words/ru.ts';

describe.each([
  ['English', en.kontor],
  ['Russian', ru.kontor],
])('the table of roles in %s', (_language, words) => {
  test('I8: every action has its words, and the words name no action that is gone', () => {
    expect(Object.keys(words.permission.staff)).toEqual(Object.keys(staffActions));
    expect(Object.keys(words.permission.customer)).toEqual(Object.keys(customerActions));
    for (const text of [...Object.values(words.permission.staff), ...Object.values(words.permission.customer)]) expect(text).not.toBe('');
  });

  test('I8: two actions are never called the same', () => {
    for (const named of [words.permission.staff, words.permission.customer])
      expect(new Set(Object.values(named)).size).toBe(Object.keys(named).length);
  });

  test('I8: every role has a name, and staff are told what it means', () => {
    for (const role of staffRoles) expect([words.person.roles[role], words.roles.what[role]]).not.toContain(undefined);
    for (const role of customerRoles) expect(words.roles.customer[role]).toBeTruthy();
  });

  test('I8: what the actions are about has a name too', () => {
    const subjects = [...Object.keys(staffActions), ...Object.keys(customerActions)].map((action) => action.split('.')[0]!);
    for (const subject of subjects) expect(Object.keys(words.subject)).toContain(subject);
  });
});
