/** The pages of the development mailbox. Whatever a mail says is escaped here; its HTML is shown in a sandbox only. */
import type { Mail, MailSummary } from './mail-store.ts';

/** Text as text in HTML, in element content and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Escaped text whose web addresses can be followed: the links of a mail are half of what one wants to try. */
function withLinks(text: string): string {
  const parts = text.split(/(https?:\/\/[^\s<>"'`]+[^\s<>"'`.,;:!?)\]}])/);
  return parts
    .map((part, index) =>
      index % 2 === 1
        ? `<a href="${escapeHtml(part)}" rel="noreferrer noopener" target="_blank">${escapeHtml(part)}</a>`
        : escapeHtml(part),
    )
    .join('');
}

const style = `
:root { color-scheme: light dark; --ink: light-dark(#1c1f26, #e7e9ee); --faint: light-dark(#5d6470, #9aa3b2); --line: light-dark(#e3e6eb, #2c313b);
  --ground: light-dark(#f6f7f9, #14161b); --sheet: light-dark(#fff, #1b1e25); --accent: light-dark(#2456c8, #8fb1ff); --notice: light-dark(#fff4d6, #3a3117); }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); overflow-wrap: anywhere; }
header { background: var(--sheet); border-bottom: 1px solid var(--line); padding: 14px 20px; display: flex; flex-wrap: wrap; gap: 10px 20px; align-items: center; }
h1 { font-size: 17px; margin: 0; display: flex; gap: 16px; } h1 a { color: inherit; text-decoration: none; } .app { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: 6px 24px; padding: 14px 16px; border-bottom: 1px solid var(--line); } .app:last-child { border-bottom: 0; } .code { font: 600 22px/1.2 ui-monospace, monospace; letter-spacing: 2px; } h2 { font-size: 20px; line-height: 1.3; margin: 0 0 12px; } h3 { font-size: 13px; color: var(--faint); margin: 24px 0 8px; font-weight: 600; }
main { max-width: 980px; margin: 20px auto; padding: 0 16px; }
.notice { background: var(--notice); border-radius: 6px; padding: 3px 10px; font-size: 13px; }
form { margin-left: auto; display: flex; gap: 8px; } input, button { font: inherit; padding: 5px 10px; border: 1px solid var(--line); border-radius: 6px; background: var(--ground); color: inherit; min-width: 0; }
a { color: var(--accent); } .sheet { background: var(--sheet); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; }
.mail { display: grid; grid-template-columns: minmax(120px, 240px) 1fr auto; gap: 4px 16px; padding: 11px 16px; border-bottom: 1px solid var(--line); text-decoration: none; color: inherit; }
.mail:last-child { border-bottom: 0; } .mail:hover, .mail:focus-visible { background: var(--ground); } .mail strong { font-weight: 600; } time, .faint { color: var(--faint); font-size: 13px; }
.empty { padding: 48px 16px; text-align: center; color: var(--faint); } .padded { padding: 20px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 3px 14px; margin: 0; font-size: 14px; } dt { color: var(--faint); } dd { margin: 0; }
pre { white-space: pre-wrap; margin: 0; padding: 14px; background: var(--ground); border: 1px solid var(--line); border-radius: 8px; font: 13px/1.5 ui-monospace, monospace; }
iframe { width: 100%; height: 420px; border: 1px solid var(--line); border-radius: 8px; background: #fff; }
@media (max-width: 600px) { .mail { grid-template-columns: 1fr auto; } .mail strong { grid-column: 1 / -1; grid-row: 2; } form { margin: 0; width: 100%; } input { flex: 1; } dl { grid-template-columns: 1fr; } dd { margin-bottom: 6px; } }
`;

// The list alone is fetched anew and put in place: the search field keeps its focus, the page its scroll.
const script = `
const refresh = async () => {
  if (document.hidden) return;
  const list = document.getElementById('list');
  const answer = await fetch(location.href).catch(() => undefined);
  if (!list || !answer || !answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('list');
  if (fresh && fresh.innerHTML !== list.innerHTML) list.replaceChildren(...fresh.childNodes);
};
setInterval(refresh, 2000);
document.addEventListener('visibilitychange', refresh);
`;

// Counts down to the next codes and then fetches them. What is shown follows the server's clock, not this machine's window.
const authenticatorScript = `
let until = 0;
const read = () => { until = performance.now() + 1000 * Number(document.getElementById('left').dataset.seconds); };
const renew = async () => {
  const answer = await fetch(location.href).catch(() => undefined);
  if (!answer || !answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
  for (const id of ['list', 'left']) document.getElementById(id).replaceWith(fresh.getElementById(id));
  read();
};
let renewing = false;
const tick = async () => {
  const left = Math.ceil((until - performance.now()) / 1000);
  document.getElementById('left').textContent = String(Math.max(left, 0));
  if (left > 0 || renewing) return;
  renewing = true;
  await renew();
  renewing = false;
};
read();
setInterval(tick, 250);
document.addEventListener('visibilitychange', renew);
`;

/** The things pages load, by path. Separate files, because the pages' security policy forbids inline ones. */
export const assets: Record<string, { type: string; content: string }> = {
  '/mailbox.css': { type: 'text/css; charset=utf-8', content: style },
  '/mailbox.js': { type: 'text/javascript; charset=utf-8', content: script },
  '/authenticator.js': { type: 'text/javascript; charset=utf-8', content: authenticatorScript },
};

/** The list, newest first, with the search for a recipient. */
export function listPage(mails: MailSummary[], search: string): string {
  const rows = mails.map(
    (mail) =>
      `<a class="mail" href="/messages/${escapeHtml(mail.id)}"><span>${escapeHtml(mail.recipients.join(', '))}</span><strong>${escapeHtml(mail.subject || '(no subject)')}</strong>${timeOf(mail)}</a>`,
  );
  const nothing = search ? `No mail for “${escapeHtml(search)}”.` : 'No mail yet. What Kontor sends appears here by itself.';
  return page('Mailbox', search, `<div class="sheet" id="list">${rows.join('\n') || `<p class="empty">${nothing}</p>`}</div>`, 'mailbox');
}

/** One mail: headers, both parts, the list of files, and the way to its source. */
export function mailPage(mail: Mail): string {
  const path = `/messages/${escapeHtml(mail.id)}`;
  const headers = mail.headers.map(({ name, value }) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`);
  const attachments = mail.attachments.map(
    (part) => `<li>${escapeHtml(part.filename)} <span class="faint">${escapeHtml(part.contentType)}, ${part.bytes} bytes</span></li>`,
  );
  const parts = [
    `<p><a href="/">All mail</a></p><article class="sheet padded"><h2>${escapeHtml(mail.subject || '(no subject)')}</h2>`,
    `<dl><dt>From</dt><dd>${escapeHtml(mail.from)}</dd><dt>Delivered to</dt><dd>${escapeHtml(mail.recipients.join(', '))}</dd><dt>Arrived</dt><dd>${timeOf(mail)}</dd></dl>`,
    mail.html === undefined
      ? ''
      : `<h3>HTML</h3><iframe sandbox="allow-popups allow-popups-to-escape-sandbox" title="The mail as HTML" src="${path}/html"></iframe>`,
    mail.text === undefined ? '' : `<h3>Text</h3><pre>${withLinks(mail.text)}</pre>`,
    attachments.length ? `<h3>Files</h3><ul>${attachments.join('')}</ul>` : '',
    `<h3>Headers</h3><dl>${headers.join('\n')}</dl><p><a href="${path}/source">Source</a></p></article>`,
  ];
  return page(mail.subject || 'Mail', '', parts.join('\n'));
}

/** Said for an address with nothing behind it. */
export function missingPage(): string {
  return page('Not found', '', '<div class="sheet"><p class="empty">There is no such mail here; the oldest are dropped.</p></div>');
}

function timeOf(mail: MailSummary): string {
  return `<time datetime="${mail.receivedAt}">${mail.receivedAt.slice(0, 19).replace('T', ' ')} UTC</time>`;
}

/** @param script which of the scripts keeps the page fresh; none when left out */
export function page(title: string, search: string, content: string, script?: 'mailbox' | 'authenticator'): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)} · Kontor mailbox</title>
<link rel="stylesheet" href="/mailbox.css">${script ? `<script src="/${script}.js" defer></script>` : ''}</head>
<body><header><h1><a href="/">Mailbox</a> <a href="/authenticator">Authenticator</a></h1><span class="notice">${
    script === 'authenticator'
      ? 'Codes of the sample staff: for this machine’s own stack only.'
      : 'Development mailbox: it keeps every mail and sends nothing on.'
  }</span>${script === 'authenticator' ? '' : searchForm(search)}</header>
<main>${content}</main></body></html>`;
}

function searchForm(search: string): string {
  return `<form action="/"><input type="search" name="to" value="${escapeHtml(search)}" placeholder="Recipient" aria-label="Recipient"><button>Search</button></form>`;
}
