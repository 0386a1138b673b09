import Bowser from 'bowser';
import type { Locale } from '../../domain/locale.ts';

/** Said of a program that does not say what it is. */
const unknownDevice: Readonly<Record<Locale, string>> = { en: 'unknown device', ru: 'неизвестное устройство' };
const on: Readonly<Record<Locale, string>> = { en: 'on', ru: 'на' };

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
export function deviceWords(userAgent: string, locale: Locale): string {
  const text = userAgent.slice(0, longestUserAgent);
  if (text.trim() === '') return unknownDevice[locale];
  const { browser, os } = Bowser.parse(text);
  const system = os.name !== undefined && systems.has(os.name) ? ` ${on[locale]} ${os.name}` : '';
  if (browser.name !== undefined && browsers.has(browser.name)) return `${browser.name}${system}`;
  const program = /^([A-Za-z][A-Za-z0-9-]{1,23})\/\d/.exec(text)?.[1];
  if (program && program !== 'Mozilla') return `${program}${system}`;
  return `${unknownDevice[locale]}${system}`;
}
