import fc from 'fast-check';
import { expect, test } from 'vitest';
import { passwordFault } from './password-rules.ts';

const nobody: string[] = [];

test('ASVS 6.2.1: a password has 12 to 1,000 characters, counted as people see them', () => {
  expect(passwordFault('kdj4 8fhsk2', nobody)).toBe('too_short');
  expect(passwordFault('kdj4 8fhsk2!', nobody)).toBeUndefined();
  // Eleven characters in twenty-two code units.
  expect(passwordFault('😀🐈🎹🌵🚲🧭🪁🧵🍋🗿🛶', nobody)).toBe('too_short');
  expect(passwordFault('😀🐈🎹🌵🚲🧭🪁🧵🍋🗿🛶🥁', nobody)).toBeUndefined();
  // Twelve code points that are eleven characters once composed.
  expect(passwordFault('kdj4 8fhske\u0301', nobody)).toBe('too_short');
  const long = Array.from({ length: 1_000 }, (_, index) => String.fromCodePoint(0x4e00 + index)).join('');
  expect(passwordFault(long, nobody)).toBeUndefined();
  expect(passwordFault(`${long}x`, nobody)).toBe('too_long');
});

test('ASVS 6.2.4: what is tried first is refused, in any letter case and said twice', () => {
  for (const common of [
    'qazwsxedcrfv',
    'QazWsxEdcRfv',
    'leavemealone',
    'leavemealoneleavemealone',
    'abcdefabcdef',
    'pass1pass1pass1',
    'pass1pass1pass',
    'aaaaaaaaaaaaaa',
    'abababababab',
    '            ',
    'qwertyuiopas',
    'qwertyuiop[]',
    '123456789012',
    '098765432109',
    'abcdefghijklmnop',
    'zyxwvutsrqponm',
    'йцукенгшщзхъ',
    'ЙЦУКЕНфывап2026',
    'aaabbbcccddd',
    '1qaz2wsx3edc',
    'qwerty123456!',
    'password123456',
    'Password12345!!',
    'мой пароль 12345',
    '１２３４５６７８９０１２',
  ])
    expect(passwordFault(common, nobody), common).toBe('too_common');
});

test('I2: one’s own address, one’s own name and the product’s name are refused, with a year too', () => {
  const anna = ['anna.petrova@vega.example', 'Anna Petrova'];
  for (const own of [
    'anna.petrova@vega.example',
    'ANNA.PETROVA',
    'Anna Petrova',
    'petrova-anna',
    'annapetrova1',
    'AnnaPetrova2026',
    'petrova-123456789',
    'kontorkontor',
    'kontor.kontor',
    'My Kontor 26',
    'kontor vega anna',
  ])
    expect(passwordFault(own, anna), own).toBe('too_common');
  expect(passwordFault('anna петь любит', anna)).toBeUndefined();
  expect(passwordFault('Anna Petrova', ['boris@altair.example', 'Boris'])).toBeUndefined();
  expect(passwordFault('Анна Петрова 1', ['x@vega.example', 'Анна Петрова'])).toBe('too_common');
});

test('I2: there is no rule of composition', () => {
  for (const password of [
    'kontor sample password',
    'an ordinary long password',
    'correct horse battery staple',
    'лошадь ходит по воде',
    'onlylowercaseletters',
    '{}~^<>|`"\\$#',
    'kдж\u0000\n\t ё4 8fhs',
    '749302857164',
  ])
    expect(passwordFault(password, nobody), password).toBeUndefined();
});

test('ASVS 6.2.4: any short part said over and over is refused, however it ends', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...'aZЯё19 _é😀'), { minLength: 1, maxLength: 11 }), fc.nat({ max: 10 }), (part, more) => {
      const said = [...Array.from({ length: Math.ceil(24 / part.length) }, () => part).flat(), ...part.slice(0, more)].join('');
      expect(passwordFault(said, nobody)).toBe('too_common');
    }),
  );
});

test('ASVS 6.2.2: whatever is long, random and nobody’s is taken, in any script', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 200 }), fc.integer({ min: 0x21, max: 0xa000 }), (bytes, base) => {
      fc.pre(new Set(bytes).size > 10);
      const text = [...bytes].map((byte) => String.fromCodePoint(base + byte)).join('');
      fc.pre([...text.normalize('NFKC').toLowerCase()].length >= 12 && new Set(text.normalize('NFKC').toLowerCase()).size > 10);
      expect(passwordFault(text, ['anna@vega.example', 'Anna'])).not.toBe('too_short');
    }),
  );
});

test('the rule is quick on the longest text', () => {
  const started = performance.now();
  for (const text of ['a'.repeat(999), 'abcdefghijklmnopqrstuvwxyz0123456789'.repeat(27).slice(0, 1_000), 'ab1'.repeat(333)])
    passwordFault(text, [text]);
  expect(performance.now() - started).toBeLessThan(500);
});
