/**
 * What every page is put together from: the sheet around it, its phases, its fields. A phase is one thing the page says
 * at a time. Each waits in a template; the script, which knows what the link is about, shows one of them.
 */
import { html } from 'hono/html';
import { locales, type Locale } from '../../domain/locale.ts';
import { passwordCharacters } from '../auth/password-rules.ts';
import { en, type PageWords } from './words/en.ts';
import { ru } from './words/ru.ts';

export type Markup = ReturnType<typeof html>;

export const pageWords: Readonly<Record<Locale, PageWords>> = { en, ru };

/** The whole document around a page's phases. Nothing in it is from the request but the language, which is one of ours. */
export function sheet(page: string, title: string, locale: Locale, phases: readonly Markup[]): Markup {
  const words = pageWords[locale];
  return frame(
    page,
    title,
    locale,
    html`<script src="/links/sheet.js" defer></script>`,
    html`<noscript><p class="sheet">${words.noScript}</p></noscript>
      <main class="sheet" id="shown"><p class="reading">${words.loading}</p></main>
      <p class="unseen" role="status" id="status"></p>
      ${phases} ${awayPhase(words)} ${wordsOfTheScript(words)}`,
  );
}

/** A page that only says something: it needs no script. */
export function stillSheet(page: string, title: string, locale: Locale, ...content: Markup[]): Markup {
  return frame(
    page,
    title,
    locale,
    html``,
    html`<main class="sheet">
      <h1>${title}</h1>
      ${content}
    </main>`,
  );
}

function frame(page: string, title: string, locale: Locale, script: Markup, body: Markup): Markup {
  const words = pageWords[locale];
  return html`<!doctype html>
    <html lang="${locale}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title} · Kontor</title>
        <link rel="icon" href="/links/kontor.svg" />
        <link rel="stylesheet" href="/links/sheet.css" />
        ${script}
      </head>
      <body data-page="${page}">
        <header>
          <span class="mark"><img src="/links/kontor.svg" alt="" width="28" height="28" />Kontor</span>
          <nav aria-label="${words.languages}">${locales.map((each) => languageLink(each, each === locale))}</nav>
        </header>
        ${body}
      </body>
    </html>`;
}

function languageLink(locale: Locale, current: boolean): Markup {
  return html`<a href="?lang=${locale}" lang="${locale}" hreflang="${locale}" aria-current="${current ? 'true' : 'false'}"
    >${pageWords[locale].languageName}</a
  >`;
}

/** The words that the script needs, as text in the document: it holds none itself. */
function wordsOfTheScript(words: PageWords): Markup {
  const said = {
    ...words.problems,
    tooShort: withLength(words.problems.tooShort),
    show: words.show,
    hide: words.hide,
    busy: words.busy,
    needed: words.needed,
    optional: words.optional,
    ...prefixed('accountRole.', words.accountRoles),
    ...prefixed('staffRole.', words.staffRoles),
  };
  return html`<template id="words">${Object.entries(said).map(([key, word]) => html`<p data-word="${key}">${word}</p>`)}</template>`;
}

function prefixed(prefix: string, words: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(words).map(([key, word]) => [prefix + key, word]));
}

/** One thing the page says. Its heading takes the focus when it is shown. */
export function phase(name: string, title: string, ...content: Markup[]): Markup {
  return html`<template data-phase="${name}">
    <h1 tabindex="-1">${title}</h1>
    ${content}
  </template>`;
}

/** A paragraph in which the script puts what the link is about in place of `{email}` and the like. */
export function said(text: string, kind = ''): Markup {
  return html`<p class="${kind}" data-text="${text}"></p>`;
}

export function wayOn(href: string, words: string): Markup {
  return html`<p><a class="way-on" href="${href}">${words}</a></p>`;
}

/** Customers without a program sign in on the API's page, which opens at that very request. */
export function signInByApi(words: PageWords): Markup {
  return wayOn('/api/docs#/Sign-in/post_api_v1_auth_sign_in', words.apiDocs);
}

/** Where a link that was used, or is too old, leaves the person; and where a page without its link does. */
export function deadPhases(words: PageWords, advice: string, ...ways: Markup[]): Markup[] {
  return [
    phase('dead', words.dead.title, perhaps(words), html`<p>${advice}</p>`, ...ways),
    phase('bare', words.bare.title, html`<p>${words.bare.advice}</p>`),
  ];
}

/** Said only when an answer of ours was lost before. */
export function perhaps(words: PageWords): Markup {
  return html`<p class="notice" data-perhaps hidden>${words.dead.perhaps}</p>`;
}

function awayPhase(words: PageWords): Markup {
  return phase(
    'away',
    words.away.title,
    html`<p data-cause="offline" hidden>${words.away.offline}</p>
      <p data-cause="away" hidden>${words.away.away}</p>
      <p data-cause="told" data-text="{problem}" hidden></p>
      <button type="button" data-again>${words.away.tryAgain}</button>`,
  );
}

export interface FormPlan {
  /** Where its fields go as JSON, below `/api/v1`. */
  readonly post: string;
  /** What goes with the fields without being typed. */
  readonly along: readonly ('token' | 'locale' | 'timeZone' | 'consents')[];
  readonly button: string;
}

/**
 * A form that the script sends. The method is said although the browser never sends it itself: if a script of the page
 * ever failed, the fields must not come to stand in an address.
 */
export function form({ post, along, button }: FormPlan, ...fields: Markup[]): Markup {
  return html`<form method="post" novalidate data-post="${post}" data-along="${along.join(' ')}">
    <p class="problem" role="alert" data-problem></p>
    ${fields}
    <button type="submit" data-text="${button}"></button>
  </form>`;
}

interface FieldPlan {
  /** As the API calls it. */
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly autocomplete: string;
  readonly type?: 'text' | 'email';
}

export function field({ name, label, hint, autocomplete, type = 'text' }: FieldPlan): Markup {
  return around(
    name,
    label,
    hint,
    html`<input
      id="${name}"
      name="${name}"
      type="${type}"
      autocomplete="${autocomplete}"
      required
      ${type === 'email' ? html`autocapitalize="none" spellcheck="false"` : ''}
      aria-describedby="${described(name, hint)}"
    />`,
  );
}

/** The address the link was mailed to: read only, and there so that password managers keep the password under it. */
export function knownAddress(words: PageWords): Markup {
  return html`<div class="field">
    <label for="username">${words.email}</label>
    <input id="username" type="email" autocomplete="username" readonly data-value="email" />
  </div>`;
}

/** A new password, twice. The page compares the two; the API judges the one (it never sees the other). */
export function newPassword(words: PageWords, label: string): Markup {
  return html`${passwordField('password', label, withLength(words.passwordHint), words)}${passwordField('repeat', words.repeat, undefined, words)}`;
}

function passwordField(name: string, label: string, hint: string | undefined, words: PageWords): Markup {
  return around(
    name,
    label,
    hint,
    html`<div class="with-button">
      <input
        id="${name}"
        name="${name}"
        type="password"
        autocomplete="new-password"
        minlength="${passwordCharacters.min}"
        required
        autocapitalize="none"
        spellcheck="false"
        aria-describedby="${described(name, hint)}"
      />
      <button type="button" class="quiet" data-show="${name}" aria-controls="${name}" aria-pressed="false" title="${words.showPassword}">
        ${words.show}
      </button>
    </div>`,
  );
}

export function languageField(words: PageWords, current: Locale): Markup {
  const choices = locales.map(
    (locale) => html`<option value="${locale}" ${locale === current ? 'selected' : ''}>${pageWords[locale].languageName}</option>`,
  );
  return around(
    'locale',
    words.language,
    undefined,
    html`<select id="locale" name="locale" aria-describedby="locale-fault">
      ${choices}
    </select>`,
  );
}

/** Filled by the script with a box for each wording that the API gives, none of them ticked. */
export function consentBoxes(words: PageWords): Markup {
  return html`<fieldset class="field" data-field="consents">
    <legend>${words.consents}</legend>
    <p class="hint">${words.consentsHint}</p>
    <div data-consents></div>
    <p class="fault" id="consents-fault" data-fault></p>
  </fieldset>`;
}

function around(name: string, label: string, hint: string | undefined, control: Markup): Markup {
  return html`<div class="field" data-field="${name}">
    <label for="${name}">${label}</label>
    ${hint === undefined ? '' : html`<p class="hint" id="${name}-hint">${hint}</p>`} ${control}
    <p class="fault" id="${name}-fault" data-fault></p>
  </div>`;
}

function described(name: string, hint: string | undefined): string {
  return hint === undefined ? `${name}-fault` : `${name}-hint ${name}-fault`;
}

function withLength(text: string): string {
  return text.replace('{min}', String(passwordCharacters.min));
}
