import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../db/new-id.ts';
import { customerActions, staffActions } from '../../domain/permissions.ts';
import { startKontor, type Kontor } from '../harness/kontor.ts';
import { signedIn } from '../harness/api-driver.ts';
import { testPassword, type TestCustomer, type TestPerson } from '../harness/people.ts';
import {
  ask,
  comparable,
  changesOf,
  exampleBody,
  expectEnvelope,
  json,
  operations,
  pathOf,
  type Operation,
  type RawAnswer,
} from './api-surroundings.ts';

let kontor: Kontor;
let anna: TestCustomer;
let stranger: TestCustomer;
let maria: TestPerson;
/** Sessions as cookies: the customer's own name for it, and the staff's. */
let cookies: { customer: string; staff: string };
let known: { number: string; token: string; hold: string; case: string };
let strangers: { number: string; token: string };

beforeAll(async () => {
  kontor = await startKontor({ promises: false });
  anna = await kontor.people.customer();
  stranger = await kontor.people.customer();
  maria = await kontor.people.staff({ role: 'administrator' });
  const session = await signedIn(kontor.origin, 'customer', anna.email, testPassword);
  cookies = { customer: session.credentials['cookie']!, staff: maria.credentials['cookie']! };
  known = {
    number: await ticketOf(anna),
    token: await tokenOf(anna),
    hold: (await maria.post('/holds', { scope: 'all', reason: 'A test' })).body.id,
    case: await openCase(),
  };
  strangers = { number: await ticketOf(stranger), token: await tokenOf(stranger) };
});
afterAll(() => kontor?.stop());

async function ticketOf(customer: TestCustomer): Promise<string> {
  return (await customer.post('/tickets', { subject: 'A panel', body: 'It does not start', category: 'technical' })).body.number;
}

async function tokenOf(customer: TestCustomer): Promise<string> {
  return (await customer.post('/me/tokens', { name: 'Monitoring' })).body.id;
}

async function openCase(): Promise<string> {
  const id = newId('case', kontor.clock.now());
  await kontor.db.query(
    `insert into staff_case (id, kind, about, detail, opened_at) values ($1, 'delivery.refused', 'ntf_1', '{}', now())`,
    [id],
  );
  return id;
}

/** The id that stands in a path, by the collection it is looked for in. */
function idIn(operation: Operation, ids: { token: string; hold: string; case: string }): string {
  return operation.path.includes('/tokens/') ? ids.token : operation.path.includes('/holds/') ? ids.hold : ids.case;
}

function path(operation: Operation, ids = known): string {
  return pathOf(operation, { number: ids.number, id: idIn(operation, ids) });
}

function credentialsFor(operation: Operation): Record<string, string> {
  if (operation.open) return {};
  return operation.tree === 'staff' ? { cookie: cookies.staff } : { ...anna.credentials };
}

/** Sends the operation as it should be, but for what is given. */
function send(
  operation: Operation,
  given: { headers?: Record<string, string>; path?: string; body?: unknown; text?: string | Uint8Array<ArrayBuffer> } = {},
): Promise<RawAnswer> {
  const body = given.text ?? (operation.body ? JSON.stringify(given.body ?? exampleBody(operation.body)) : undefined);
  const headers = { ...(body === undefined ? {} : json), ...credentialsFor(operation), ...given.headers };
  return ask(kontor.origin, operation.method, given.path ?? path(operation), headers, body);
}

const guarded = operations.filter((operation) => !operation.open);
const changing = operations.filter((operation) => operation.method !== 'GET');
const withBody = operations.filter((operation) => operation.body);
const named = (list: readonly Operation[]) => list.map((operation) => [operation.name, operation] as const);

test('E: the document names the routes that are there', () => {
  expect(operations.length).toBeGreaterThanOrEqual(40);
  expect(guarded.length).toBe(operations.length - 4);
});

describe('I8, E: without credentials, or with wrong ones, every route answers 401 and changes nothing', () => {
  const wrong: Record<string, string>[] = [
    {},
    { authorization: 'Bearer kntr_00000000000000000000000000000000deadbeef' },
    { authorization: `Basic ${btoa('anna:secret')}` },
    { authorization: 'Bearer ' },
    { cookie: 'kontor=forged; kontor-staff=forged' },
  ];
  test.each(named(guarded))('%s', async (_name, operation) => {
    const changes = await changesOf(kontor.db, async () => {
      for (const headers of wrong) {
        const answer = await ask(
          kontor.origin,
          operation.method,
          path(operation),
          { ...json, ...headers },
          operation.body ? JSON.stringify(exampleBody(operation.body)) : undefined,
        );
        expectEnvelope(answer, 401, 'auth.required');
        expect(answer.headers.get('www-authenticate')).toContain('Bearer');
      }
    });
    expect(changes).toEqual([]);
  });
});

describe('I8, E: what is another account’s answers exactly like what does not exist', () => {
  test.each(named(operations.filter((operation) => operation.tree === 'customer' && operation.path.includes('{'))))(
    '%s',
    async (_name, operation) => {
      const at = kontor.clock.now();
      const nobodys = { number: 'CS-2147483647', token: newId('apiToken', at), hold: '', case: '' };
      const changes = await changesOf(kontor.db, async () => {
        const theirs = await send(operation, { path: path(operation, { ...known, ...strangers }) });
        const missing = await send(operation, { path: path(operation, nobodys) });
        expectEnvelope(theirs, 404);
        expect(comparable(theirs)).toEqual(comparable(missing));
      });
      expect(changes).toEqual([]);
    },
  );
});

describe('I8, E: an id or a number that is none, is nobody’s, or is hostile answers 404', () => {
  const hostile = [
    'CS-0',
    'CS-99999999999',
    '-1',
    '0x10',
    '%00',
    'CS-000001%00',
    "'; drop table ticket; --",
    '../me',
    'ünïcode',
    'a'.repeat(3_000),
    '%',
    '%ZZ',
    '{number}',
    '__proto__',
  ];
  test.each(named(operations.filter((operation) => operation.path.includes('{'))))('%s', async (_name, operation) => {
    const changes = await changesOf(kontor.db, async () => {
      for (const text of hostile) {
        const encoded = /^%(00|ZZ|)$|%00$/.test(text) ? text : encodeURIComponent(text);
        const answer = await send(operation, { path: operation.path.replace(/\{\w+\}/, encoded) });
        expectEnvelope(answer, 404);
      }
    });
    expect(changes).toEqual([]);
  });
});

describe('I8: to a customer the staff’s tree does not exist', () => {
  test.each(named(guarded.filter((operation) => operation.tree === 'staff')))('%s', async (_name, operation) => {
    const changes = await changesOf(kontor.db, async () => {
      expectEnvelope(await send(operation, { headers: { cookie: '', ...anna.credentials } }), 404, 'request.not_found');
      // The customer's session under the staff cookie's name; under its own the staff's tree never reads it.
      expectEnvelope(
        await send(operation, { headers: { cookie: cookies.customer.replace('kontor=', 'kontor-staff=') } }),
        404,
        'request.not_found',
      );
      expectEnvelope(await send(operation, { headers: { cookie: cookies.customer } }), 401, 'auth.required');
    });
    expect(changes).toEqual([]);
  });
});

describe('I8: a member of staff is nobody in the customers’ tree', () => {
  test.each(named(guarded.filter((operation) => operation.tree === 'customer')))('%s', async (_name, operation) => {
    const changes = await changesOf(kontor.db, async () => {
      expectEnvelope(await send(operation, { headers: { authorization: '', cookie: cookies.staff } }), 401, 'auth.required');
      const underTheirName = { cookie: cookies.staff.replace('kontor-staff=', 'kontor=') };
      const body = operation.body ? JSON.stringify(exampleBody(operation.body)) : undefined;
      expectEnvelope(
        await ask(kontor.origin, operation.method, path(operation), { ...json, ...underTheirName }, body),
        404,
        'request.not_found',
      );
    });
    expect(changes).toEqual([]);
  });
});

describe('E: a body that is too large, of another type or no JSON is refused and changes nothing', () => {
  const longest = 1_048_576;
  test.each(named(changing))('%s', async (_name, operation) => {
    const changes = await changesOf(kontor.db, async () => {
      expectEnvelope(await send(operation, { text: `{"body":"${'a'.repeat(longest)}"}` }), 413, 'request.too_large');
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'application/json-patch+json',
        'application/jsonp',
        'application/json; charset=windows-1251',
        '',
      ])
        expectEnvelope(
          await send(operation, { text: new TextEncoder().encode('{"body":"x"}'), headers: { 'content-type': type } }),
          415,
          'request.unsupported_content_type',
        );
      // Bytes of another encoding would be kept as replacement characters, and the text would be lost.
      expectEnvelope(await send(operation, { text: new Uint8Array([0x7b, 0x22, 0xcf, 0xf0, 0x22, 0x7d]) }), 400, 'request.malformed');
    });
    expect(changes).toEqual([]);
  });

  test.each(named(withBody))('%s: not JSON', async (_name, operation) => {
    const changes = await changesOf(kontor.db, async () => {
      for (const text of ['{', '', 'nothing', '{"body":}', '{"a":1}{"a":1}', "{'a':1}", '\u0000'])
        expectEnvelope(await send(operation, { text: new TextEncoder().encode(text) }), 400, 'request.malformed');
      // The wrong type is wrong even when nothing follows.
      expectEnvelope(
        await send(operation, { text: '', headers: { 'content-type': 'text/plain' } }),
        415,
        'request.unsupported_content_type',
      );
    });
    expect(changes).toEqual([]);
  });
});

describe('E: unknown fields and wrong types are refused by name and change nothing', () => {
  test.each(named(withBody))('%s: body', async (_name, operation) => {
    const example = exampleBody(operation.body!);
    const changes = await changesOf(kontor.db, async () => {
      for (const unknown of ['isAdmin', 'accountId', 'constructor', 'a.b', '']) {
        const answer = await send(operation, { body: { ...example, [unknown]: true } });
        expectEnvelope(answer, 400, 'request.invalid');
        expect(answer.body.error.details).toContainEqual(expect.objectContaining({ field: unknown, code: 'unknown_field' }));
      }
      for (const body of [null, [], [example], 'text', 1, true])
        expectEnvelope(await send(operation, { text: JSON.stringify(body) }), 400, 'request.invalid');
      for (const field of Object.keys(operation.body!.properties ?? {}))
        for (const value of [{}, [[]], -1, true, { toString: 'x' }]) {
          const answer = await send(operation, { body: { ...example, [field]: value } });
          expectEnvelope(answer, 400, 'request.invalid');
          expect(answer.body.error.details.map((detail: { field: string }) => detail.field.split('.')[0])).toContain(field);
        }
      for (const field of operation.body!.required ?? []) {
        const answer = await send(operation, { body: { ...example, [field]: undefined } });
        expectEnvelope(answer, 400, 'request.invalid');
        expect(answer.body.error.details).toEqual([expect.objectContaining({ field, code: 'missing' })]);
      }
    });
    expect(changes).toEqual([]);
  });

  test.each(named(operations.filter((operation) => operation.query.length)))('%s: query', async (_name, operation) => {
    const wrong = operation.query.flatMap((name) =>
      ['', `1&${name}=2`, 'x'.repeat(600)].map((value) => ({ query: `${name}=${value}`, field: name })),
    );
    for (const { query, field } of [{ query: 'nonsense=1', field: 'nonsense' }, ...wrong]) {
      const answer = await send(operation, { path: `${path(operation)}?${query}` });
      expectEnvelope(answer, 400, 'request.invalid');
      expect(answer.body.error.details).toContainEqual(expect.objectContaining({ field }));
    }
    for (const name of operation.query) expectEnvelope(await send(operation, { path: `${path(operation)}?${name}=%00` }), 400);
  });
});

describe('E: an idempotency key that no row could hold is refused wherever one is taken', () => {
  test.each(named(guarded.filter((operation) => operation.method === 'POST' || operation.method === 'DELETE')))(
    '%s',
    async (_name, operation) => {
      expect(operation.takesIdempotencyKey).toBe(true);
      const changes = await changesOf(kontor.db, async () => {
        for (const key of ['k'.repeat(256), 'k'.repeat(8_000), 'a\tb', 'é', '']) {
          const answer = await send(operation, { headers: { 'idempotency-key': key } });
          expectEnvelope(answer, 400, 'request.invalid');
          expect(new Set(answer.body.error.details.map((detail: { field: string }) => detail.field))).toEqual(new Set(['idempotency-key']));
        }
      });
      expect(changes).toEqual([]);
    },
  );
});

test('I8: the tables of roles name nobody who is not there', () => {
  expect(Object.values(customerActions).every(({ roles }) => roles.length > 0)).toBe(true);
  expect(Object.values(staffActions).every(({ roles }) => roles.length > 0)).toBe(true);
});
