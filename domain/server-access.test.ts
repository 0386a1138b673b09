import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  accessSeconds,
  accessStory,
  customerAccessActionsOf,
  extendAccess,
  faultInViewing,
  isAccessOpen,
  lastEnd,
  readServerAddress,
  staffAccessActionsOf,
  type AccessLife,
} from './server-access.ts';

const grantedAt = new Date('2026-12-01T10:00:00Z');
const after = (hours: number, milliseconds = 0) => new Date(grantedAt.getTime() + hours * 3_600_000 + milliseconds);
const lent: AccessLife = { way: 'secret', grantedAt, endsAt: after(72), endedAt: null };

describe('access to a server', () => {
  test('T17: it stands for 72 hours, the last millisecond of them not included', () => {
    expect(accessSeconds).toBe(72 * 3600);
    expect(isAccessOpen(lent, after(72, -1))).toBe(true);
    expect(isAccessOpen(lent, after(72))).toBe(false);
    expect(isAccessOpen({ ...lent, endedAt: after(1) }, after(2))).toBe(false);
  });

  test('T17: its secret is shown while it stands and never after, whether or not the timer has come', () => {
    expect(faultInViewing(lent, after(71))).toBeUndefined();
    expect(faultInViewing(lent, after(72))).toEqual({ refused: 'server_access.ended' });
    expect(faultInViewing({ ...lent, endedAt: after(1) }, after(2))).toEqual({ refused: 'server_access.ended' });
    expect(faultInViewing({ ...lent, way: 'panel' }, after(1))).toEqual({ refused: 'server_access.no_secret' });
  });

  test('T17: the customer extends it to 72 hours from now, any number of times, up to 30 days in all', () => {
    expect(extendAccess(lent, after(24))).toEqual(after(24 + 72));
    expect(extendAccess({ ...lent, endsAt: after(700) }, after(690))).toEqual(after(720));
    expect(lastEnd(lent)).toEqual(after(720));
    expect(extendAccess({ ...lent, endsAt: after(720) }, after(719))).toEqual({ refused: 'server_access.extended_to_the_end' });
    expect(extendAccess(lent, grantedAt)).toEqual({ refused: 'server_access.extended_to_the_end' });
    expect(extendAccess(lent, after(72))).toEqual({ refused: 'server_access.ended' });
  });

  test('T17: no row of extensions goes beyond 30 days, and none shortens', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 71 }), { maxLength: 30 }), (pauses) => {
        let { endsAt } = lent;
        let hours = 0;
        for (const pause of pauses) {
          hours += pause;
          const longer = extendAccess({ ...lent, endsAt }, after(hours));
          if (!(longer instanceof Date)) continue;
          expect(longer.getTime()).toBeGreaterThan(endsAt.getTime());
          expect(longer.getTime()).toBeLessThanOrEqual(lastEnd(lent).getTime());
          endsAt = longer;
        }
      }),
    );
  });

  test('T17: each side is shown what it may do now', () => {
    expect(customerAccessActionsOf(lent, after(1))).toEqual(['extend', 'end']);
    expect(customerAccessActionsOf({ ...lent, endsAt: after(720) }, after(719))).toEqual(['end']);
    expect(customerAccessActionsOf(lent, after(72))).toEqual([]);
    expect(staffAccessActionsOf(lent, after(1))).toEqual(['view', 'end']);
    expect(staffAccessActionsOf({ ...lent, way: 'panel' }, after(1))).toEqual(['end']);
    expect(staffAccessActionsOf({ ...lent, endedAt: after(1) }, after(2))).toEqual([]);
  });

  test('T17, A4: operators read how it stands, and neither address nor secret', () => {
    expect(accessStory(lent, null, 'CS-000123')).toBe(
      'Access to a server for CS-000123, lent Tue 1 Dec 10:00 UTC (secret), ends Fri 4 Dec 10:00 UTC, and its secret is destroyed then.',
    );
    expect(accessStory({ ...lent, endedAt: after(1) }, 'closing', 'CS-000123')).toBe(
      'Access to a server for CS-000123, lent Tue 1 Dec 10:00 UTC (secret), ended Tue 1 Dec 11:00 UTC by closing. Its secret is destroyed.',
    );
  });
});

describe('the address of a server', () => {
  test.each([
    ['203.0.113.7', '203.0.113.7'],
    [' Panel.Vega.Example ', 'panel.vega.example'],
    ['сервер.рф', 'сервер.рф'],
    ['vps-17_a.host', 'vps-17_a.host'],
    ['localhost', 'localhost'],
    ['2001:DB8::7', '2001:db8::7'],
    ['[2001:db8::7]', '2001:db8::7'],
    ['::ffff:203.0.113.7', '::ffff:203.0.113.7'],
  ])('T17: %s is one', (text, kept) => expect(readServerAddress(text)).toBe(kept));

  test.each([
    '',
    'root@203.0.113.7',
    'root:secret@203.0.113.7',
    'ssh://203.0.113.7',
    '203.0.113.7:22',
    '203.0.113.7/secret',
    '203.0.113.256',
    '203.0.113',
    '203.0.113.07',
    'panel.vega.7',
    'panel vega',
    'panel..vega',
    '-panel.vega',
    'panel.vega-',
    'panel.vega.',
    'fe80::1%eth0',
    '2001:db8:::7',
    '12345',
    `${'a'.repeat(64)}.example`,
    `${'abcdefgh.'.repeat(29)}example`,
    'panel\nvega',
    'panel?password=1',
    'panel#1',
  ])('T17: %j is none, so that no credentials stand in it', (text) => expect(readServerAddress(text)).toBeUndefined());
});
