import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { html } from 'hono/html';
import { locales, preferredLocale, type Locale } from '../../domain/locale.ts';
import type { ApiEnvironment } from '../context.ts';
import { confirmationPhases } from './confirmation.ts';
import { emailChangePhases } from './email-change.ts';
import { invitationPhases } from './invitation.ts';
import { passwordResetPhases } from './password-reset.ts';
import { registrationPhases } from './registration.ts';
import { pageWords, sheet, stillSheet, wayOn, type Markup } from './sheet.ts';
import { vetoPhases } from './veto.ts';
import type { PageWords } from './words/en.ts';

interface LinkPage {
  readonly title: (words: PageWords) => string;
  readonly phases: (words: PageWords, locale: Locale) => Markup[];
}

const pages: Readonly<Record<string, LinkPage>> = {
  registration: { title: (words) => words.registration.title, phases: registrationPhases },
  confirmation: { title: (words) => words.confirmation.title, phases: confirmationPhases },
  invitation: { title: (words) => words.invitation.title, phases: invitationPhases },
  'password-reset': { title: (words) => words.passwordReset.title, phases: passwordResetPhases },
  'email-change': { title: (words) => words.emailChange.title, phases: emailChangePhases },
  veto: { title: (words) => words.veto.title, phases: vetoPhases },
};

/** Nothing runs, loads or frames but what is ours; a form is sent by the script alone, never by the browser. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

const files = {
  'sheet.css': 'text/css; charset=utf-8',
  'sheet.js': 'text/javascript; charset=utf-8',
  'kontor.svg': 'image/svg+xml',
} as const;

/**
 * The pages that mailed links lead to (SPEC I1, I4, I5), so that nobody needs a program of his own. Asking for one does
 * nothing, as mail scanners follow links too: the token is in the address's fragment, which browsers keep to themselves,
 * and only a person's press of a button sends it to the API.
 */
export function linkPages(): OpenAPIHono<ApiEnvironment> {
  const app = new OpenAPIHono<ApiEnvironment>();
  app.use(async (c, next) => {
    await next();
    const { headers } = c.res;
    headers.set('Content-Security-Policy', policy);
    headers.set('Cross-Origin-Opener-Policy', 'same-origin');
    headers.set('Cross-Origin-Resource-Policy', 'same-origin');
    headers.set('Referrer-Policy', 'no-referrer');
    headers.set('X-Content-Type-Options', 'nosniff');
    headers.set('X-Frame-Options', 'DENY');
    // Not even a stylesheet is kept: after an update the page, its script and its looks are of one version.
    headers.set('Cache-Control', 'no-store');
  });
  for (const [name, page] of Object.entries(pages))
    app.get(`/${name}`, (c) => {
      const locale = spokenLocale(c);
      const words = pageWords[locale];
      return c.html(sheet(name, page.title(words), locale, page.phases(words, locale)));
    });
  // Whatever stands in its address: coming back from the provider proves nothing (SPEC B2; reference: yookassa, trap 7).
  app.get('/payment-return', (c) => {
    const locale = spokenLocale(c);
    const { paymentReturn: page } = pageWords[locale];
    const told = [page.lede, page.next].map((text) => html`<p>${text}</p>`);
    return c.html(stillSheet('payment-return', page.title, locale, ...told, wayOn('/api/docs', page.button)));
  });
  for (const [name, type] of Object.entries(files)) {
    const content = readFileSync(join(import.meta.dirname, name));
    app.get(`/${name}`, (c) => c.body(content, 200, { 'Content-Type': type }));
  }
  return app;
}

/** The language of the link, which is the reader's own; else the browser's. */
function spokenLocale(c: Context): Locale {
  const asked = c.req.query('lang');
  return locales.find((locale) => locale === asked) ?? preferredLocale(c.req.header('accept-language')) ?? 'en';
}
