/** The page with the sample staff's codes, which stands in for their telephones in the embedded stack. */
import { escapeHtml, page } from './mailbox-page.ts';
import { sampleApps, sampleCode, secondsLeft } from './sample-authenticator.ts';

/** The codes of this moment. The page's script fetches it anew when they change, and counts the seconds between. */
export async function authenticatorPage(at: Date): Promise<string> {
  const rows = await Promise.all(
    sampleApps.map(async (app) => {
      const code = await sampleCode(app, at);
      return `<div class="app"><div>${escapeHtml(app.who)}<br><span class="faint">${escapeHtml(app.email)}<br>For an app of your own: ${app.secret.match(/.{4}/g)!.join(' ')}</span></div><strong class="code">${code.slice(0, 3)} ${code.slice(3)}</strong></div>`;
    }),
  );
  const left = secondsLeft(at);
  const content = `<div class="sheet" id="list">${rows.join('\n')}</div>
<p>Other codes in <span id="left" data-seconds="${left}">${left}</span> s. Each is good for once: after a sign-in wait for the next.</p>
<p class="faint">This page exists in the embedded stack of npm start only, and so do these people: their secrets are in Kontor’s sources, and a production process does not start with them. Vera has no app yet: her first sign-in sets one up.</p>`;
  return page('Authenticator', '', content, 'authenticator');
}

/** The code of one person, for a shell: undefined when the sample staff has nobody with this address. */
export async function codeOf(email: string, at: Date): Promise<string | undefined> {
  const app = sampleApps.find((known) => known.email === email.toLowerCase());
  return app && sampleCode(app, at);
}
