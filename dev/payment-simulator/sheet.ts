/** What every page of the simulator is put together from. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { html } from 'hono/html';
import { locales, type Locale } from '../../domain/locale.ts';
import { simulatorWords, type SimulatorWords } from './words.ts';

export type Markup = ReturnType<typeof html>;

export const sheetStyle = readFileSync(join(import.meta.dirname, 'sheet.css'));

/** Nothing is loaded but the sheet's looks, and no script runs. */
export const pagePolicy = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** A whole page. On each it is said that no money moves. */
export function sheet(locale: Locale, title: string, content: Markup, width: 'narrow' | 'wide' = 'narrow'): string {
  const words = simulatorWords[locale];
  const page = html`<!doctype html>
    <html lang="${locale}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title} · ${words.name}</title>
        <link rel="stylesheet" href="/sheet.css" />
      </head>
      <body class="${width}">
        <header>
          <a class="mark" href="/?lang=${locale}">${words.name}</a>
          <nav aria-label="${words.languages}">
            ${locales.map(
              (each) =>
                html`<a href="?lang=${each}" lang="${each}" hreflang="${each}" aria-current="${each === locale ? 'true' : 'false'}"
                  >${simulatorWords[each].languageName}</a
                >`,
            )}
          </nav>
        </header>
        <main>
          <p class="notice" role="note">${words.notice}</p>
          ${content}
        </main>
      </body>
    </html>`;
  // A String object, as no part of it is a promise.
  return page.valueOf() as string;
}

/** `12 500,00 ₽`, of digits alone. */
export function sum(minor: number): string {
  const digits = String(minor).padStart(3, '0');
  const whole = digits.slice(0, -2).replaceAll(/\B(?=(\d{3})+$)/g, '\u00a0');
  return `${whole},${digits.slice(-2)}\u00a0₽`;
}

export function instant(text: string): string {
  return `${text.slice(0, 19).replace('T', ' ')} UTC`;
}

export function reasonIn(words: SimulatorWords, reason: string): string {
  return words.reasons[reason] ?? reason;
}
