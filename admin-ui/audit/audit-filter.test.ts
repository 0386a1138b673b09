import { describe, expect, test } from 'vitest';
import { auditAddress, changesOf, pageOfObject, readAuditFilter, readObject } from './audit-filter.ts';

const user = 'usr_01jd3y8k2m5n7p9q1r3s5t7v9w';
const change = 'pac_01jd3y8k2m5n7p9q1r3s5t7v9w';

describe('searching the audit', () => {
  test('I9: a thing is found by what people have of it: a number, an id, or the audit’s own word', () => {
    expect(readObject(' cs-123 ')).toBe('ticket:CS-000123');
    expect(readObject('123')).toBe('ticket:CS-000123');
    expect(readObject(user)).toBe(`user:${user}`);
    expect(readObject(change)).toBe(`pending-action:${change}`);
    expect(readObject('factor:totp')).toBe('factor:totp');
    for (const text of ['', 'the panel', 'usr_short', 'ticket:', "ticket:' or true"]) expect(readObject(text)).toBeUndefined();
  });

  test('I9: an address may hold any filter; only what the audit knows is asked for', () => {
    expect(readAuditFilter({ person: user, action: '', object: 7, page: '2', from: undefined })).toEqual({ person: user });
    const address = new URL(auditAddress({ person: user }), 'http://kontor.example');
    expect(JSON.parse(address.searchParams.get('filter')!)).toEqual({ person: user });
  });

  test('I9: tickets, accounts and waiting changes lead to their pages; a factor has none', () => {
    expect(pageOfObject('ticket:CS-000123')).toBe('/tickets/CS-000123/show');
    expect(pageOfObject('account:acc_1')).toBe('/customers/acc_1/show');
    expect(pageOfObject(`pending-action:${change}`)).toBe('/pending-actions');
    expect(pageOfObject('factor:totp')).toBeUndefined();
  });

  test('I9: before and after are one change of each field; what stayed is not told', () => {
    expect(changesOf({ before: { role: 'support', state: 'same' }, after: { role: 'billing', state: 'same', by: null } })).toEqual([
      { field: 'role', before: 'support', after: 'billing' },
      { field: 'by', before: undefined, after: null },
    ]);
    expect(changesOf({ before: null, after: null })).toEqual([]);
    expect(changesOf({ before: { role: 'owner' }, after: null })).toEqual([{ field: 'role', before: 'owner', after: undefined }]);
  });
});
