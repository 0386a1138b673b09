import { describe, expect, test } from 'vitest';
import { cleanAddress } from './clean-address.ts';
import { cleanHar, HarInvalid } from './clean-har.ts';
import { cleanHeaders } from './clean-headers.ts';

async function* pieces(text: string | Uint8Array, bytes = 1000): AsyncGenerator<Uint8Array> {
  const whole = Buffer.from(text as string);
  for (let from = 0; from < whole.length; from += bytes) yield whole.subarray(from, from + bytes);
}

async function cleaned(text: string | Uint8Array, bytes?: number): Promise<string> {
  const out: Uint8Array[] = [];
  for await (const piece of cleanHar(pieces(text, bytes))) out.push(piece);
  return Buffer.concat(out).toString();
}

/** A secret at every place of the format where one can be, each with its own name. */
function harOfSecrets(): object {
  return {
    log: {
      version: '1.2',
      creator: { name: 'WebInspector', version: '537.36', _secret: 'S-01' },
      browser: { name: 'Firefox', version: '143', comment: 'S-02' },
      comment: 'S-03',
      _extra: { token: 'S-04' },
      pages: [
        {
          startedDateTime: '2026-11-23T10:00:00Z',
          id: 'page_1',
          title: 'https://u:S-05@a.example/x?k=S-06#S-07',
          pageTimings: { onLoad: 5 },
        },
        { startedDateTime: '2026-11-23T10:00:00Z', id: 'page_2', title: 'Invoice of S-08', pageTimings: {}, _x: 'S-09' },
      ],
      entries: [
        {
          pageref: 'page_1',
          startedDateTime: '2026-11-23T10:00:01Z',
          time: 12.5,
          _initiator: { url: 'S-10' },
          _webSocketMessages: [{ type: 'send', data: 'S-11' }],
          comment: 'S-12',
          request: {
            method: 'POST',
            url: 'https://anna:S-13@a.example/p;jsessionid=S-14/q?token=S-15&S-16#access_token=S-17',
            httpVersion: 'HTTP/2',
            cookies: [{ name: 'sid', value: 'S-18' }],
            headers: [
              { name: 'Cookie', value: 'sid=S-19' },
              { name: 'AUTHORIZATION', value: 'Bearer S-20' },
              { name: 'Proxy-Authorization', value: 'Basic S-21' },
              { name: 'X-Api-Key', value: 'S-22' },
              { name: 'X-Tenant', value: 'S-23' },
              { name: 'Referer', value: 'https://a.example/r?code=S-24' },
              { name: 'Accept', value: 'application/json', comment: 'S-25' },
            ],
            // Browsers list what stands alone as a name, though it may be the value itself.
            queryString: [
              { name: 'token', value: 'S-26' },
              { name: 'S-16', value: '' },
            ],
            postData: {
              mimeType: 'application/json',
              text: '{"password":"S-27"}',
              params: [{ name: 'password', value: 'S-28', fileName: 'S-29' }],
            },
            headersSize: -1,
            bodySize: 30,
          },
          response: {
            status: 302,
            statusText: 'Found',
            httpVersion: 'HTTP/2',
            cookies: [{ name: 'sid', value: 'S-30' }],
            headers: [
              { name: 'set-cookie', value: 'sid=S-31' },
              { name: 'location', value: '/next?ticket=S-32' },
              { name: 'content-type', value: 'text/html' },
            ],
            content: { size: 4, mimeType: 'text/html', text: 'S-33', encoding: 'base64', _b: 'S-34' },
            redirectURL: '/next?ticket=S-35#S-36',
            headersSize: 100,
            bodySize: 4,
            _error: 'S-37',
          },
          cache: { beforeRequest: { eTag: 'S-38' } },
          timings: { send: 1, wait: 10, receive: 1.5, _blocked_queueing: 'S-39' },
          serverIPAddress: '203.0.113.7',
          connection: '443',
        },
      ],
    },
    S: 'S-40',
  };
}

describe('T12: a HAR is cleaned before it is stored', () => {
  test('no secret of any place of the format comes out', async () => {
    const text = await cleaned(JSON.stringify(harOfSecrets()));
    expect(text).not.toMatch(/S-\d\d/);
    for (const name of ['Cookie', 'AUTHORIZATION', 'Proxy-Authorization', 'X-Api-Key', 'set-cookie']) expect(text).not.toContain(name);
  });

  test('what tells of the fault stays', async () => {
    const { log } = JSON.parse(await cleaned(JSON.stringify(harOfSecrets())));
    expect(log).toMatchObject({ version: '1.2', creator: { name: 'WebInspector' }, browser: { name: 'Firefox', version: '143' } });
    expect(log.pages.map((page: { title: string }) => page.title)).toEqual(['https://a.example/x?k=', '']);
    const [entry] = log.entries;
    expect(entry).toMatchObject({
      time: 12.5,
      timings: { send: 1, wait: 10, receive: 1.5, dns: -1 },
      request: {
        method: 'POST',
        url: 'https://a.example/p;jsessionid=/q?token=',
        cookies: [],
        queryString: [{ name: 'token', value: '' }],
        postData: { mimeType: 'application/json', params: [], text: '' },
      },
      response: { status: 302, cookies: [], content: { size: 4, mimeType: 'text/html' }, redirectURL: '/next?ticket=' },
    });
    expect(entry.request.headers).toEqual([
      { name: 'X-Tenant', value: '' },
      { name: 'Referer', value: 'https://a.example/r?code=' },
      { name: 'Accept', value: 'application/json' },
    ]);
  });

  test('wherever the pieces end, and with a byte order mark, the outcome is the same', async () => {
    const text = JSON.stringify(harOfSecrets()).replace('WebInspector', 'Инспектор 🐢');
    const whole = await cleaned(text, 1_000_000);
    for (const bytes of [1, 2, 3, 7]) expect(await cleaned(`\ufeff${text}`, bytes)).toBe(whole);
  });

  test('what stands twice or in another order is still cleaned', async () => {
    const entry = (url: string) =>
      `{"startedDateTime":"x","request":{"url":"${url}","method":"GET","url":"${url}"},"response":{"status":200}}`;
    const text = `{"log":{"entries":[${entry('https://a.example/?a=S-01')}],"entries":[${entry('https://b.example/?a=S-02')}],"creator":{"name":"x"},"version":"1.1"}}`;
    const { log } = JSON.parse(await cleaned(text));
    expect(log.entries.map((each: { request: { url: string } }) => each.request.url)).toEqual([
      'https://a.example/?a=',
      'https://b.example/?a=',
    ]);
  });

  test('an archive of no entries is one', async () => {
    expect(JSON.parse(await cleaned('{"log":{"version":"1.2","creator":{"name":"x","version":"1"},"entries":[]}}'))).toEqual({
      log: { version: '1.2', creator: { name: 'x', version: '1' }, entries: [] },
    });
  });
});

const creator = '"version":"1.2","creator":{"name":"x","version":"1"}';

describe('T12: what is not a HAR is refused', () => {
  test.each([
    ['nothing', ' '],
    ['a text', 'hello'],
    ['an object', '{}'],
    ['a list', '[]'],
    ['a log of another kind', '{"log":{"level":"info"}}'],
    ['no entries', `{"log":{${creator}}}`],
    ['entries that are no list', `{"log":{${creator},"entries":{}}}`],
    ['an entry that is none', `{"log":{${creator},"entries":[{}]}}`],
    ['an entry that is a word', `{"log":{${creator},"entries":["x"]}}`],
    ['half of one', `{"log":{${creator},"entries":[`],
    ['two', `{"log":{${creator},"entries":[]}}{}`],
    ['a comma too many', `{"log":{${creator},"entries":[],}}`],
    ['a colon too few', `{"log" {${creator},"entries":[]}}`],
    ['brackets that do not match', `{"log":{${creator},"entries":[}]}`],
    [
      'bytes that are no UTF-8',
      Buffer.concat([Buffer.from(`{"log":{${creator},"x":"`), Buffer.from([0xff, 0xfe]), Buffer.from('","entries":[]}}')]),
    ],
    ['depth without an end', '['.repeat(10_000)],
    ['depth where nothing is kept', `{"x":${'['.repeat(10_000)}`],
    ['a million pages', `{"log":{${creator},"pages":[${'{},'.repeat(999_999)}{}],"entries":[]}}`],
    ['an entry of a million headers', `{"log":{${creator},"entries":[{"request":{"headers":[${'{},'.repeat(999_999)}{}]}}]}}`],
  ])('%s', async (_what, text) => {
    await expect(cleaned(text, 65_536)).rejects.toBeInstanceOf(HarInvalid);
  });

  test('a source that breaks off is not called an invalid archive', async () => {
    const broken = async function* () {
      yield Buffer.from('{"log":');
      throw new Error('the caller went away');
    };
    const reading = (async () => {
      for await (const _piece of cleanHar(broken()));
    })();
    await expect(reading).rejects.toThrow('the caller went away');
  });
});

describe('T12: addresses', () => {
  test.each([
    ['https://a.example/x', 'https://a.example/x'],
    ['https://a.example/x?', 'https://a.example/x'],
    ['https://a.example/x?secret', 'https://a.example/x'],
    ['https://a.example/?a=1&b=2;c=3&d', 'https://a.example/?a=&b=&c='],
    ['https://anna:pw@a.example:8443/x', 'https://a.example:8443/x'],
    ['//anna:pw@a.example/x', '//a.example/x'],
    [' https://anna:pw@a.example/x ', 'https://a.example/x'],
    ['ht\ntps://an\tna:pw@a.example/x', 'https://a.example/x'],
    ['https:anna:pw@a.example/x', 'https:a.example/x'],
    ['https:/anna:pw@a.example/x', 'https:/a.example/x'],
    [' data:,secret', 'data:'],
    ['wss://a.example/live?key=1', 'wss://a.example/live?key='],
    ['data:text/html;base64,c2VjcmV0', 'data:'],
    ['blob:https://a.example/6f0c', 'blob:'],
    ['javascript:alert(1)', 'javascript:'],
    ['/a;v=1/b;w=2?x=1#y', '/a;v=/b;w=?x='],
    ['', ''],
  ])('%s', (address, clean) => expect(cleanAddress(address)).toBe(clean));
});

test('T12: a header nobody knows keeps its name alone, a credential not even that', () => {
  const kept = cleanHeaders(
    ['X-Amz-Security-Token', 'X-CSRF-Token', 'X-Session-Id', 'Cookie2', 'WWW-Authenticate', 'X-Auth', 'X-Colour'].map((name) => ({
      name,
      value: 'S',
    })),
  );
  expect(kept).toEqual([{ name: 'X-Colour', value: '' }]);
});
