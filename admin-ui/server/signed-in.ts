/**
 * That somebody is signed in with this browser, as far as the page knows. The proof is the cookie, which no script can
 * read; without this mark nobody is asked about, and nothing is asked in vain after signing out.
 */
const mark = 'kontor.signedIn';

export function isSignedIn(): boolean {
  return localStorage.getItem(mark) !== null;
}

export function noteSignedIn(): void {
  localStorage.setItem(mark, 'yes');
}

export function noteSignedOut(): void {
  localStorage.removeItem(mark);
}
