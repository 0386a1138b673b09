import { readFileSync } from 'node:fs';
import { normalised } from './passwords.ts';

/** NIST SP 800-63B, 3.1.1.2, and OWASP ASVS 6.2.1; the upper bound keeps the work of one hash small (6.2.9 asks for 64 at least). */
export const passwordCharacters = { min: 12, max: 1_000 } as const;

export type PasswordFault = 'too_short' | 'too_long' | 'too_common';

/** Read at start rather than at the first password: a build without the list must not look healthy. */
const commonPasswords: ReadonlySet<string> = new Set(
  readFileSync(new URL('common-passwords.txt', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('# ')),
);

/**
 * What is wrong with a new password: 12 to 1,000 characters, any characters at all, and none of those that are tried
 * first (ASVS 6.2.4, 6.2.11). There is no rule of composition: it makes passwords worse (NIST SP 800-63B, 3.1.1.2).
 * @param about the person's address and name: what a stranger would try for him and for nobody else
 */
export function passwordFault(password: string, about: readonly string[]): PasswordFault | undefined {
  const text = normalised(password);
  const characters = [...text];
  if (characters.length < passwordCharacters.min) return 'too_short';
  if (characters.length > passwordCharacters.max) return 'too_long';
  // Spreading what lower case makes of it again: İ becomes two characters.
  const lower = [...text.toLowerCase()];
  const part = repeatedPart(lower);
  if (part.length < passwordCharacters.min || commonPasswords.has(part.join(''))) return 'too_common';
  return isMadeOfRuns(part) || isAbout(part.join(''), about) ? 'too_common' : undefined;
}

/** What the text says over and over, the last time perhaps in part; or all of it. `abcabcab` is judged as `abc`. */
function repeatedPart(characters: readonly string[]): readonly string[] {
  const mirrored = longestBorders(characters);
  const period = characters.length - (mirrored.at(-1) ?? 0);
  return period * 2 <= characters.length ? characters.slice(0, period) : characters;
}

/** For each beginning, the length of its longest proper part that both begins and ends it (Knuth, Morris and Pratt). */
function longestBorders(characters: readonly string[]): number[] {
  const borders = [0];
  for (let index = 1; index < characters.length; index += 1) {
    let length = borders[index - 1]!;
    while (length > 0 && characters[index] !== characters[length]) length = borders[length - 1]!;
    borders.push(characters[index] === characters[length] ? length + 1 : 0);
  }
  return borders;
}

/** What fingers and children say in order: alphabets, rows and columns of the keyboard. */
const sequences = [
  'abcdefghijklmnopqrstuvwxyz абвгдеёжзийклмнопрстуфхцчшщъыьэюя',
  "01234567890123456789 !@#$%^&*()_+ qwertyuiop[] asdfghjkl;' zxcvbnm,./",
  'йцукенгшщзхъ фывапролджэ ячсмитьбю.',
  '1qaz 2wsx 3edc 4rfv 5tgb 6yhn 7ujm 8ik, 9ol. 0p;/',
].flatMap((line) => line.split(' '));
const runs = [...sequences, ...sequences.map((sequence) => [...sequence].toReversed().join(''))];

/** A year or a few digits beside what everybody tries are no secret. */
const fewCharacters = 4;

/** Whether it is made of runs, forwards, backwards or on the spot, and little else: `qwerty654321`, `aaabbbcccddd`, `1qaz2wsx2026`. */
function isMadeOfRuns(characters: readonly string[]): boolean {
  let others = 0;
  for (let start = 0, length = 1; start < characters.length; start += length) {
    for (length = 1; start + length < characters.length && isRun(characters.slice(start, start + length + 1));) length += 1;
    if (length < 3) others += length;
  }
  return others <= fewCharacters;
}

function isRun(characters: readonly string[]): boolean {
  const text = characters.join('');
  return new Set(characters).size === 1 || runs.some((run) => run.includes(text));
}

/** What `password123456` is made of. */
const triedWords = ['kontor', 'password', 'пароль'];

/** Whether little but runs is left of it once the person's address and name, and what everybody tries, are taken out. */
function isAbout(password: string, about: readonly string[]): boolean {
  const words = about
    .flatMap(
      (text) =>
        normalised(text)
          .toLowerCase()
          .match(/[\p{L}\p{M}\p{N}]{3,}/gu) ?? [],
    )
    .concat(triedWords)
    .toSorted((a, b) => b.length - a.length);
  const rest = words.reduce((left, word) => left.replaceAll(word, ''), password);
  return isMadeOfRuns([...rest.replaceAll(/[\s._@+-]/g, '')]);
}
