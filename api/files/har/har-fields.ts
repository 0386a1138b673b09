/** The fields of a HAR archive (version 1.2) that come out of the cleaning, and what of their values. */
import { z } from 'zod';
import { cleanAddress, queryNames } from './clean-address.ts';
import { cleanHeaders } from './clean-headers.ts';
import type { Shape } from './shape-reader.ts';

const pairs: Shape = { list: { object: { name: 'scalar', value: 'scalar' } } };

export const logShape = {
  version: 'scalar',
  creator: { object: { name: 'scalar', version: 'scalar' } },
  browser: { object: { name: 'scalar', version: 'scalar' } },
  pages: {
    list: {
      object: {
        startedDateTime: 'scalar',
        id: 'scalar',
        title: 'scalar',
        pageTimings: { object: { onContentLoad: 'scalar', onLoad: 'scalar' } },
      },
    },
  },
} as const satisfies Readonly<Record<string, Shape>>;

export const entryShape = {
  object: {
    pageref: 'scalar',
    startedDateTime: 'scalar',
    time: 'scalar',
    request: {
      object: {
        method: 'scalar',
        url: 'scalar',
        httpVersion: 'scalar',
        headers: pairs,
        // Of a body only what kind it was. A query is read from the address: its list does not tell a name from a value without one.
        postData: { object: { mimeType: 'scalar' } },
        headersSize: 'scalar',
        bodySize: 'scalar',
      },
    },
    response: {
      object: {
        status: 'scalar',
        statusText: 'scalar',
        httpVersion: 'scalar',
        headers: pairs,
        content: { object: { size: 'scalar', compression: 'scalar', mimeType: 'scalar' } },
        redirectURL: 'scalar',
        headersSize: 'scalar',
        bodySize: 'scalar',
      },
    },
    timings: {
      object: { blocked: 'scalar', dns: 'scalar', connect: 'scalar', send: 'scalar', wait: 'scalar', receive: 'scalar', ssl: 'scalar' },
    },
    serverIPAddress: 'scalar',
    connection: 'scalar',
  },
} as const satisfies Shape;

/** A word of the format itself, such as a method or an instant: what is longer is none. */
const word = z.string().transform((text) => text.slice(0, 200));
const maybeWord = word.nullish().transform((text) => text ?? undefined);
const maybeNumber = z
  .number()
  .nullish()
  .transform((number) => number ?? undefined);
/** Browsers write `""` for a size they do not know. */
const size = z.union([z.number(), z.string()]).nullish();
const sizeOf = size.transform((given) => (typeof given === 'number' ? given : -1));
const address = z.string().transform(cleanAddress);
const headers = z
  .array(z.object({ name: word, value: z.coerce.string() }))
  .default([])
  .transform(cleanHeaders);
const timing = z
  .number()
  .nullish()
  .transform((milliseconds) => milliseconds ?? -1);

const requestSchema = z
  .object({
    method: word,
    url: address,
    httpVersion: word.default(''),
    headers,
    postData: z.object({ mimeType: word.default('') }).nullish(),
    headersSize: sizeOf,
    bodySize: sizeOf,
  })
  .transform(({ postData, ...request }) => ({
    ...request,
    cookies: [],
    queryString: queryNames(request.url).map((name) => ({ name, value: '' })),
    ...(postData ? { postData: { mimeType: postData.mimeType, params: [], text: '' } } : {}),
  }));

const responseSchema = z
  .object({
    status: z.number(),
    statusText: word.default(''),
    httpVersion: word.default(''),
    headers,
    content: z
      .object({ size: sizeOf, compression: maybeNumber, mimeType: word.default('') })
      .default({ size: -1, compression: undefined, mimeType: '' }),
    redirectURL: address.default(''),
    headersSize: sizeOf,
    bodySize: sizeOf,
  })
  .transform((response) => ({ ...response, cookies: [] }));

const entrySchema = z.object({
  pageref: maybeWord,
  startedDateTime: word,
  time: timing,
  request: requestSchema,
  response: responseSchema,
  timings: z
    .object({ blocked: timing, dns: timing, connect: timing, send: timing, wait: timing, receive: timing, ssl: timing })
    .default({ blocked: -1, dns: -1, connect: -1, send: -1, wait: -1, receive: -1, ssl: -1 }),
  serverIPAddress: maybeWord,
  connection: maybeWord,
});

/** One request with its answer. Throws {@link z.ZodError} when it is none. */
export function cleanEntry(kept: unknown): object {
  return { ...entrySchema.parse(kept), cache: {} };
}

const program = z.object({ name: word, version: word.default('') });
const logSchema = z.object({
  version: word,
  creator: program,
  browser: program.optional(),
  pages: z
    .array(
      z.object({
        startedDateTime: word,
        id: word,
        // Browsers write the page's address as its title. Any other title is a text of the page, and does not come out.
        title: z
          .string()
          .nullish()
          .transform((title) => (title != null && URL.canParse(title) ? cleanAddress(title) : '')),
        pageTimings: z.object({ onContentLoad: timing, onLoad: timing }).default({ onContentLoad: -1, onLoad: -1 }),
      }),
    )
    .optional(),
  // Its items were cleaned as they came. That there was such a list is what makes this a HAR.
  entries: z.array(z.unknown()),
});

/** What stands beside the entries. Throws {@link z.ZodError} when this is no HAR. */
export function cleanLog(kept: unknown): object {
  const { entries: _cleaned, ...log } = z.object({ log: logSchema }).parse(kept).log;
  return log;
}
