import Bowser from 'bowser';

/** Said of a program that does not say what it is. */
export const unknownDevice = 'unknown device';

/** Longer ones are cut: what matters stands at the beginning, and nobody's patterns should run over kilobytes of a stranger's. */
const longestUserAgent = 300;

const browsers = new Set(Object.values(Bowser.BROWSER_MAP));
const systems = new Set(Object.values(Bowser.OS_MAP));

/**
 * What a person would call the device that sent this: `Firefox on Windows`, `curl` (SPEC I6).
 *
 * He reads it in his list of sessions and in a letter, and whoever has his password wrote it: only names that the library
 * knows are said, or the short name a program gives itself, which has no room for a web address or a sentence.
 */
export function deviceWords(userAgent: string): string {
  const text = userAgent.slice(0, longestUserAgent);
  if (text.trim() === '') return unknownDevice;
  const { browser, os } = Bowser.parse(text);
  const system = os.name !== undefined && systems.has(os.name) ? ` on ${os.name}` : '';
  if (browser.name !== undefined && browsers.has(browser.name)) return `${browser.name}${system}`;
  const program = /^([A-Za-z][A-Za-z0-9-]{1,23})\/\d/.exec(text)?.[1];
  if (program && program !== 'Mozilla') return `${program}${system}`;
  return system === '' ? unknownDevice : `${unknownDevice}${system}`;
}
