import { describe, expect, test } from 'vitest';
import { Vault } from './vault.ts';

const first = 'a1'.repeat(32);
const second = 'b2'.repeat(32);
const place = { table: 'factor', row: 'usr_1', field: 'secret' };

describe('sealed secrets', () => {
  test('E: what is sealed opens in its place', () => {
    const vault = new Vault(first);
    expect(vault.open(place, vault.seal(place, 'секрет'))).toBe('секрет');
    expect(vault.seal(place, 'same')).not.toBe(vault.seal(place, 'same'));
  });

  test('E: copied to another row, field or table it does not open', () => {
    const vault = new Vault(first);
    const sealed = vault.seal(place, 'secret');
    for (const other of [{ row: 'usr_2' }, { field: 'code' }, { table: 'letter' }])
      expect(() => vault.open({ ...place, ...other }, sealed)).toThrow(/authenticate/);
  });

  test('E: changed by one bit it does not open', () => {
    const vault = new Vault(first);
    const sealed = vault.seal(place, 'secret');
    const body = Buffer.from(sealed.split('.')[3]!, 'base64url');
    body[0]! ^= 1;
    const changed = [...sealed.split('.').slice(0, 3), body.toString('base64url')].join('.');
    expect(() => vault.open(place, changed)).toThrow(/authenticate/);
    expect(() => vault.open(place, 'nonsense')).toThrow(/no key/);
  });

  test('E: a new key seals, and the old one still opens until it is taken away', () => {
    const old = new Vault(first).seal(place, 'secret');
    const rotated = new Vault(`${second},${first}`);
    expect(rotated.open(place, old)).toBe('secret');
    expect(() => new Vault(second).open(place, old)).toThrow(/no key/);
    expect(() => new Vault(first).open(place, rotated.seal(place, 'secret'))).toThrow(/no key/);
  });

  test('E: a fingerprint is of its attempt and its key', () => {
    const vault = new Vault(first);
    expect(vault.fingerprint('attempt 1', '123456')).toBe(vault.fingerprint('attempt 1', '123456'));
    expect(vault.fingerprint('attempt 1', '123456')).not.toBe(vault.fingerprint('attempt 2', '123456'));
    expect(vault.fingerprint('attempt 1', '123456')).not.toBe(new Vault(second).fingerprint('attempt 1', '123456'));
  });

  test('E: a key that is too short is none', () => {
    expect(() => new Vault('a1')).toThrow(RangeError);
  });
});
