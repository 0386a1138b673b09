/** What every mail of Kontor is made of, so that all look alike: parts that are told twice, as HTML and as text. */
import { html, raw } from 'hono/html';
import MarkdownIt from 'markdown-it';
import type { Locale } from '../../domain/locale.ts';

/** HTML inside a message is shown, never obeyed; links are made only of safe schemes. */
const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true });

type Html = ReturnType<typeof html>;

/** A part of a mail for programs that show HTML, and for those that show text. */
export interface MailPart {
  readonly html: Html;
  readonly text: string;
}

export function paragraph(words: string): MailPart {
  return { html: html`<p>${words}</p>`, text: words };
}

/** What a person wrote, as Markdown. */
export function quotation(body: string): MailPart {
  return {
    html: html`<div style="border-left:3px solid #c8d0da;padding-left:1em">${raw(markdown.render(body))}</div>`,
    text: body
      .split(/\r?\n/)
      .map((line) => `> ${line}`)
      .join('\n'),
  };
}

/** A code to type: large, and alone on its line. */
export function codeToType(code: string): MailPart {
  return {
    html: html`<p style="font:600 32px/1.3 ui-monospace,Menlo,Consolas,monospace;letter-spacing:.15em">${code}</p>`,
    text: code,
  };
}

/** A link as a button, and spelled out below it for programs and people that trust no button. */
export function linkToFollow(label: string, address: string): MailPart {
  const button = 'display:inline-block;padding:.6em 1.2em;border-radius:6px;background:#1d4f91;color:#fff;text-decoration:none';
  return {
    html: html`<p><a href="${address}" style="${button}">${label}</a></p>
      <p style="font-size:13px;word-break:break-all"><a href="${address}">${address}</a></p>`,
    text: `${label}:\n${address}`,
  };
}

/** The whole mail around its parts. */
export async function frame(
  locale: Locale,
  { greeting, parts, foot }: { greeting: string; parts: readonly MailPart[]; foot: string },
): Promise<{ html: string; text: string }> {
  const page = await html`<!doctype html>
    <html lang="${locale}">
      <body style="font:15px/1.5 system-ui,sans-serif;color:#1c2430;max-width:42em;margin:2em auto;padding:0 1em">
        <p>${greeting}</p>
        ${parts.map((part) => part.html)}
        <p style="color:#5c6773;font-size:13px">${foot}</p>
      </body>
    </html>`;
  return { html: page.toString(), text: [greeting, ...parts.map((part) => part.text), foot].join('\n\n') };
}
