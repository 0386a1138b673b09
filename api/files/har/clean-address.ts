/**
 * An address without what may be secret in it: the values of its query and of its path's parameters (`;jsessionid=…`), the
 * fragment, a user's name and password. Names stay, as they tell what was asked. Of an address that holds its content
 * (`data:`) or means something to the browser alone (`blob:`) only the scheme is left.
 */
export function cleanAddress(given: string): string {
  // Read as browsers read it: white space around it and line ends within are nothing.
  const address = given.replaceAll(/[\t\r\n]/g, '').replaceAll(/^[\u0000-\u0020]+|[\u0000-\u0020]+$/g, '');
  const [, scheme] = /^([a-z][a-z0-9+.-]*):/i.exec(address) ?? [];
  if (scheme !== undefined && !/^(?:https?|wss?)$/i.test(scheme)) return `${scheme}:`;
  const [withoutFragment = ''] = address.split('#', 1);
  const queryAt = withoutFragment.indexOf('?');
  const place = queryAt === -1 ? withoutFragment : withoutFragment.slice(0, queryAt);
  const query = queryAt === -1 ? '' : namesOnly(withoutFragment.slice(queryAt + 1));
  return (
    place
      // Whoever is named before the host, also where the scheme is left out (`//anna:secret@host`), or its slashes are.
      .replace(/^([a-z]+:[\\/]*|[\\/]{2,})[^\\/]*@/i, '$1')
      .replaceAll(/;([^=;/]*)=[^;/]*/g, ';$1=')
      .slice(0, maxAddressCharacters) + query
  );
}

const maxAddressCharacters = 8_000;

/** `a=1&b=2&c` as `?a=&b=`: what has no `=` may itself be the value. */
function namesOnly(query: string): string {
  const names = query.split(/[&;]/).flatMap((part) => (part.includes('=') ? [`${part.slice(0, part.indexOf('=')).slice(0, 200)}=`] : []));
  return names.length ? `?${names.slice(0, 200).join('&')}` : '';
}

/** The names in the query of a clean address, in their order. */
export function queryNames(clean: string): string[] {
  const at = clean.indexOf('?');
  return at === -1 ? [] : [...new URLSearchParams(clean.slice(at + 1)).keys()];
}
