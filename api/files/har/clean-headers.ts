import { cleanAddress } from './clean-address.ts';

/** Headers whose value tells how the two sides talk and nothing about who does. Any other's value does not come out. */
const harmless = new Set(
  `accept accept-charset accept-encoding accept-language accept-ranges access-control-allow-credentials access-control-allow-headers
   access-control-allow-methods access-control-allow-origin access-control-expose-headers access-control-max-age
   access-control-request-headers access-control-request-method age allow alt-svc cache-control cf-cache-status connection content-disposition
   content-encoding content-language content-length content-range content-type cross-origin-embedder-policy cross-origin-opener-policy
   cross-origin-resource-policy date dnt expires host keep-alive last-modified origin pragma priority range referrer-policy retry-after
   sec-ch-ua sec-ch-ua-arch sec-ch-ua-bitness sec-ch-ua-full-version sec-ch-ua-full-version-list sec-ch-ua-mobile sec-ch-ua-model
   sec-ch-ua-platform sec-ch-ua-platform-version sec-fetch-dest sec-fetch-mode sec-fetch-site sec-fetch-user sec-gpc
   sec-websocket-extensions sec-websocket-version server server-timing status strict-transport-security te timing-allow-origin
   trailer transfer-encoding upgrade upgrade-insecure-requests user-agent vary via warning x-cache x-content-type-options
   x-frame-options x-powered-by x-request-id x-requested-with x-xss-protection :authority :method :scheme :status`.split(/\s+/),
);

/** Headers that hold an address. */
const addresses = new Set(['referer', 'location', 'content-location', ':path', 'x-original-url', 'x-rewrite-url']);

/** Headers that carry who somebody is: not even that they were there comes out, as with cookies. */
const credential = /cookie|auth|token|secret|session|csrf|xsrf|passw|credential|signature|jwt|api-?key|access-?key|x-amz-security/i;

interface Header {
  readonly name: string;
  readonly value: string;
}

/** Headers without credentials, and with the values of those only that are known to be harmless. */
export function cleanHeaders(headers: readonly Header[]): Header[] {
  return headers.flatMap(({ name, value }) => {
    const known = name.toLowerCase();
    if (harmless.has(known)) return [{ name, value: value.slice(0, 2_000) }];
    if (addresses.has(known)) return [{ name, value: cleanAddress(value) }];
    return credential.test(known) ? [] : [{ name, value: '' }];
  });
}
