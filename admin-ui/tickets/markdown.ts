/** A message's text as HTML: Markdown of anybody, never HTML of anybody. Pure; whatever the text, it ends soon and loses nothing. */
import MarkdownIt, { type Env, type RendererRule, type Token } from 'markdown-it';

/** Deeper than this nobody quotes or lists: such a text is shown as it was typed, as the library would leave its inside out. */
const maxNesting = 40;
/** A quotation of more lines than this is folded. */
const longQuoteLines = 6;

export interface MarkdownWords {
  /** What folds a long quotation open. */
  readonly quotation: string;
  /** What the button beside a block of code is called. */
  readonly copyCode: string;
}

interface Rendering extends Env {
  readonly words: MarkdownWords;
  deepest: number;
}

// `html: false` escapes whatever looks like HTML.
const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true });
markdown.set({ maxNesting });

// Only what leads to another page: no scripts, no data, and no address of the console's own that somebody else thought of.
markdown.validateLink = (address) => /^(https?:\/\/|mailto:)/i.test(address.trim());

// Asked before any other rule at each place of the text, it answers that it is none, and knows how deep the text goes.
markdown.block.ruler.before('table', 'kontor_depth', (state) => {
  const rendering = state.env as Rendering;
  rendering.deepest = Math.max(rendering.deepest, state.level);
  return false;
});

const leadsElsewhere = 'target="_blank" rel="noopener noreferrer nofollow"';
const { escapeHtml } = markdown.utils;

/** An address that was left empty would lead to the page that one is on. */
const linkTo = (address: string) => (address === '' ? '<a>' : `<a href="${escapeHtml(address)}" ${leadsElsewhere}>`);

markdown.renderer.rules['link_open'] = (tokens, at) => linkTo(String(tokens[at]!.attrGet('href') ?? ''));

// A picture from elsewhere would tell its host who reads what, and when: it is shown as the link that it is.
markdown.renderer.rules['image'] = (tokens, at) => {
  const token = tokens[at]!;
  const address = String(token.attrGet('src') ?? '');
  return `${linkTo(address)}${escapeHtml(token.content || address)}</a>`;
};

const isLongQuotation = (token: Token) => token.level === 0 && token.map !== null && token.map[1] - token.map[0] > longQuoteLines;

markdown.renderer.rules['blockquote_open'] = (tokens, at, options, env, self) =>
  isLongQuotation(tokens[at]!)
    ? `<details><summary>${escapeHtml((env as Rendering).words.quotation)}</summary><blockquote>`
    : self.renderToken(tokens, at, options);
markdown.renderer.rules['blockquote_close'] = (tokens, at, options, _env, self) =>
  isLongQuotation(openingOf(tokens, at)) ? '</blockquote></details>' : self.renderToken(tokens, at, options);

function openingOf(tokens: readonly Token[], closing: number): Token {
  const level = tokens[closing]!.level;
  return tokens.slice(0, closing).findLast((token) => token.type === 'blockquote_open' && token.level === level)!;
}

/** Code with a button that copies it. */
const code = (rule: 'fence' | 'code_block'): RendererRule => {
  const plain = markdown.renderer.rules[rule]!;
  return (tokens, at, options, env, self) =>
    `<div data-code>${plain(tokens, at, options, env, self)}<button type="button" data-copy>${escapeHtml((env as Rendering).words.copyCode)}</button></div>`;
};
markdown.renderer.rules['fence'] = code('fence');
markdown.renderer.rules['code_block'] = code('code_block');

/** @returns HTML without a script, a frame, a form or anything that is fetched by being shown */
export function renderMarkdown(text: string, words: MarkdownWords): string {
  const rendering: Rendering = { words, deepest: 0 };
  const html = markdown.render(text, rendering);
  // A list goes two levels down at once: what was left out lies under one of the last two.
  const leftOut = rendering.deepest >= maxNesting - 2 || html.trim() === '';
  return leftOut ? `<p data-as-typed>${escapeHtml(text)}</p>` : html;
}
