import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { makeTotpSecret, stepOfCode, totpSetUp } from './totp.ts';

/** The secret of RFC 6238, appendix B: the ASCII digits 1 to 0, twice; in base 32 as apps take it. */
const rfcSecret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

/** Appendix B, SHA-1: the last six of the eight digits are the code of six. */
const vectors: readonly [seconds: number, code: string][] = [
  [59, '94287082'],
  [1_111_111_109, '07081804'],
  [1_111_111_111, '14050471'],
  [1_234_567_890, '89005924'],
  [2_000_000_000, '69279037'],
  [20_000_000_000, '65353130'],
];

const at = (seconds: number) => new Date(seconds * 1000);

describe('I3: codes of an authenticator app', () => {
  test.each(vectors)('I3: RFC 6238, appendix B: at %i seconds', async (seconds, eight) => {
    expect(await stepOfCode(rfcSecret, eight.slice(2), at(seconds))).toBe(Math.floor(seconds / 30));
  });

  test('I3: a code is taken one step early and one step late, and no more', async () => {
    const [seconds, eight] = vectors[3]!;
    const step = Math.floor(seconds / 30);
    const begin = step * 30;
    for (const within of [begin - 30, begin - 1, begin, begin + 29, begin + 30, begin + 59])
      expect(await stepOfCode(rfcSecret, eight.slice(2), at(within)), String(within - begin)).toBe(step);
    for (const without of [begin - 31, begin + 60, begin + 3600])
      expect(await stepOfCode(rfcSecret, eight.slice(2), at(without)), String(without - begin)).toBeUndefined();
  });

  test('I3: what is no code of six digits is none', async () => {
    for (const text of ['', '12345', '1234567', 'abcdef', '٠١٢٣٤٥', '12 456', '-12345', '1e5000', '12345\n'])
      expect(await stepOfCode(rfcSecret, text, at(59))).toBeUndefined();
  });

  test('I3: another program computes the same codes from what the app is told', async () => {
    const secret = makeTotpSecret();
    const { uri } = await totpSetUp(secret, 'anna@vega.example', 'Kontor desk.example');
    const told = new URL(uri);
    expect(uri).toContain('otpauth://totp/Kontor%20desk.example:anna%40vega.example?');
    const seconds = 1_795_430_407;
    // Python's standard library knows nothing of ours: base 32, HMAC-SHA-1 and the truncation of RFC 4226, 5.3.
    const program = `
import base64, hmac, struct, sys
key = base64.b32decode(sys.argv[1] + '=' * (-len(sys.argv[1]) % 8))
mac = hmac.new(key, struct.pack('>Q', int(sys.argv[2]) // 30), 'sha1').digest()
at = mac[-1] & 15
print(str((struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 1000000).zfill(6), end='')`;
    const { stdout } = spawnSync('python3', ['-c', program, told.searchParams.get('secret')!, String(seconds)], { encoding: 'utf8' });
    expect(await stepOfCode(secret, stdout, at(seconds))).toBe(Math.floor(seconds / 30));
  });

  test('I3: a secret has 160 bits and is never the same', () => {
    const secrets = Array.from({ length: 100 }, makeTotpSecret);
    expect(new Set(secrets).size).toBe(100);
    for (const secret of secrets) expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  });
});
