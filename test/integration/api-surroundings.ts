/** What the tests of the API's edges share: the contract, requests that go wrong on purpose, and a look at all rows. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { customerRule, staffRule, type CustomerAction, type StaffPermission } from '../../domain/permissions.ts';
import type { FreshDatabase } from '../harness/fresh-database.ts';

export interface Schema {
  readonly type?: string | readonly string[];
  readonly $ref?: string;
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly example?: unknown;
  readonly additionalProperties?: boolean;
}

export interface Operation {
  /** `POST /api/v1/tickets` */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly tree: 'customer' | 'staff';
  /** Whether anybody may ask. */
  readonly open: boolean;
  /** Its row in the table of roles and actions, which is also the scope that a token needs; undefined for an open one. */
  readonly row: string | undefined;
  /** Whether a token will do, where one has the scope. */
  readonly takesTokens: boolean;
  /** Whether it asks for a fresh code. */
  readonly stepUp: boolean;
  /** Names of what stands in braces in its path. */
  readonly params: readonly string[];
  readonly query: readonly string[];
  /** The body's schema with its references followed; undefined when it takes none. */
  readonly body: Schema | undefined;
  /** Whether its body is a file. */
  readonly takesFile: boolean;
  readonly takesIdempotencyKey: boolean;
}

interface Declared {
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

const document = JSON.parse(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8')) as {
  paths: Record<string, Record<string, Declared>>;
  components: { schemas: Record<string, Schema> };
};

/** Every operation of the committed document, so that a new route is held to the same by being there. */
export const operations: readonly Operation[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, declared]) => {
    const tree = path.startsWith('/api/staff/') ? ('staff' as const) : ('customer' as const);
    const row = declared.security?.flatMap((way) => Object.values(way).flat())[0];
    const named = (where: string) => (declared.parameters ?? []).filter((parameter) => parameter.in === where).map(({ name }) => name);
    // A file is a body of another kind: its own tests know what it may be.
    const json = declared.requestBody?.content['application/json'];
    return {
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      tree,
      open: declared.security?.length === 0,
      row,
      takesTokens: declared.security?.some((way) => 'apiToken' in way) ?? false,
      stepUp:
        row !== undefined && (tree === 'staff' ? staffRule(row as StaffPermission) : customerRule(row as CustomerAction)).stepUp === true,
      params: named('path'),
      query: named('query'),
      body: json && resolved(json.schema),
      takesFile: declared.requestBody !== undefined && !json,
      takesIdempotencyKey: named('header').includes('idempotency-key'),
    };
  }),
);

/** The schema itself; of several forms the first, with the example of the whole. */
function resolved(schema: Schema): Schema {
  if (schema.$ref) return resolved(document.components.schemas[schema.$ref.replace('#/components/schemas/', '')]!);
  return schema.oneOf ? { ...resolved(schema.oneOf[0]!), example: schema.example } : schema;
}

/** The schema of a field of the operation's body, with its reference followed. */
export function fieldOf(operation: Operation, name: string): Schema | undefined {
  const field = operation.body?.properties?.[name];
  return field && resolved(field);
}

/** The smallest body that fits, from the document's own examples. */
export function exampleBody(schema: Schema): Record<string, unknown> {
  if (schema.example) return schema.example as Record<string, unknown>;
  return Object.fromEntries(
    (schema.required ?? []).map((name) => {
      const property = schema.properties![name]!;
      return [name, property.example ?? property.enum?.[0] ?? 'something'];
    }),
  );
}

/** The operation's path with these values for what stands in braces. */
export function pathOf(operation: Operation, known: Readonly<Record<string, string>>): string {
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_braces, name: string) => encodeURIComponent(known[name] ?? 'x'));
  return operation.takesFile ? `${path}?name=panel.log` : path;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: any;
}

/** A request as it stands, with nothing added. */
export async function ask(
  origin: string,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string | Uint8Array<ArrayBuffer>,
): Promise<RawAnswer> {
  const response = await fetch(`${origin}${path}`, { method, headers, ...(body === undefined ? {} : { body }), redirect: 'manual' });
  const text = await textOf(response);
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: text && response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : undefined,
  };
}

/** A stream of events does not end: that it began is its answer. */
async function textOf(response: Response): Promise<string> {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return response.text();
  await response.body?.cancel();
  return '';
}

export const json = { 'content-type': 'application/json' } as const;

/** The one envelope (api.md, errors): these fields and no others, and no word of how we are made. */
export function expectEnvelope(answer: Pick<RawAnswer, 'status' | 'headers' | 'body'>, status: number, code?: string): void {
  expect({ status: answer.status, code: answer.body?.error?.code }).toEqual({
    status,
    code: code ?? expect.stringMatching(/^[a-z_]+\.[a-z_]+$/),
  });
  const { error, ...besides } = answer.body;
  expect(besides).toEqual({});
  const { details, ...fields } = error;
  expect(fields).toEqual({ code: fields.code, message: expect.stringMatching(/\S/), requestId: expect.any(String) });
  for (const detail of details ?? [])
    expect(detail).toEqual({ field: expect.any(String), code: expect.stringMatching(/^[a-z_]+$/), message: expect.stringMatching(/\S/) });
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  expect(answer.headers.get('x-request-id')).toBe(answer.body.error.requestId);
  expect(JSON.stringify(answer.body)).not.toMatch(/ {4}at |node_modules|\.ts:|sqlstate|syntax error|select .* from/i);
}

/**
 * A digest of every row of every table but what any request may touch: sessions, what was answered before, and when a token
 * was used.
 */
async function everyRow(db: FreshDatabase): Promise<Record<string, string>> {
  const tables = await db.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public' and tablename not in ('session', 'idempotency_record', 'migration')`,
  );
  const digests = tables.map(({ name }) => {
    const row = name === 'api_token' ? `(to_jsonb(t) - 'last_used_at')::text` : 't::text';
    return `select '${name}' as name, count(*) || ' ' || coalesce(md5(string_agg(${row}, '|' order by ${row})), '') as rows from ${name} t`;
  });
  const rows = await db.query<{ name: string; rows: string }>(digests.join(' union all '));
  return Object.fromEntries(rows.map((row) => [row.name, row.rows]));
}

/** The tables in which this work changed a row. */
export async function changesOf(db: FreshDatabase, work: () => Promise<void>): Promise<string[]> {
  const before = await everyRow(db);
  await work();
  const after = await everyRow(db);
  return Object.keys(after).filter((table) => after[table] !== before[table]);
}

/** The answer without what differs from request to request. */
export function comparable({ status, headers, body }: RawAnswer): unknown {
  const told = body?.error ? { ...body.error, requestId: undefined } : body;
  return { status, told, headers: [...headers.keys()].filter((name) => name !== 'date').toSorted() };
}
