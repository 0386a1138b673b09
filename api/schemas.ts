/** Parts that several routes' schemas are made of. */
import { z } from '@hono/zod-openapi';
import { maxEmailCharacters, readEmailAddress } from '../domain/email-address.ts';
import { errorCodes } from '../domain/errors.ts';
import { idPrefixes, spellTicketNumber, type IdKind } from '../domain/ids.ts';
import { faultInBody, faultInLine, maxBodyCharacters, unwritable, type TextFault } from '../domain/written-text.ts';

/** What a person writes in one line; the faults are those of `domain/written-text`. */
export function lineText(maxCharacters: number, example: string) {
  return written(faultInLine, maxCharacters).openapi({
    type: 'string',
    minLength: 1,
    maxLength: maxCharacters,
    pattern: linePattern,
    example,
  });
}

/** What a person writes in many lines, as Markdown. */
export function bodyText(example: string, maxCharacters = maxBodyCharacters) {
  return written(faultInBody, maxCharacters).openapi({
    type: 'string',
    minLength: 1,
    maxLength: maxCharacters,
    pattern: bodyPattern,
    example,
  });
}

// The same rules for readers of the document: nothing that may not be written, and something to read.
const linePattern = patternOf(unwritable.inLine);
const bodyPattern = patternOf(unwritable.inBody);

function patternOf(forbidden: string): string {
  return `^[^${forbidden}]*[^\\s${forbidden}${unwritable.invisible}][^${forbidden}]*$`;
}

function written(faultIn: (text: string, maxCharacters: number) => TextFault | undefined, maxCharacters: number) {
  return z.string().superRefine((text, context) => {
    const fault = faultIn(text, maxCharacters);
    if (fault) context.addIssue({ code: 'custom', params: { fault, maxCharacters } });
  });
}

/** A ticket's number in a path or body. Anything that is none is as unknown as a number nobody has. */
export const ticketNumberParam = z
  .string()
  .openapi({ param: { name: 'number', in: 'path' }, example: 'CS-000123', description: 'The ticket’s number.' });

/** One ticket's number as people write and paste it: `CS-000123`, `cs-123` or ` 123`. */
const numberPattern = ' *(?:[Cc][Ss]-)?[0-9]{1,10} *';

/** A number in a body. One that nobody has is unknown, not malformed. */
export const relatedNumber = z
  .string()
  .superRefine((text, context) => {
    if (!new RegExp(`^${numberPattern}$`).test(text)) context.addIssue({ code: 'custom', params: { fault: 'not_a_ticket_number' } });
  })
  .openapi({ type: 'string', pattern: `^${numberPattern}$`, example: spellTicketNumber(98) });

/** One number in a query. */
export const numberQuery = z
  .string()
  .regex(new RegExp(`^${numberPattern}$`))
  .openapi({ example: spellTicketNumber(98) });

/** Several numbers in a query. */
export const numbersQuery = z
  .string()
  .regex(new RegExp(`^${numberPattern}(?:,${numberPattern}){0,99}$`))
  .openapi({
    description: 'Up to 100 numbers with commas, as people write them: CS-000123, cs-123 or 123.',
    example: 'CS-000123,CS-000124',
  });

/** Several of these words in a query, with commas. */
export function wordsQuery(words: readonly string[]) {
  const word = words.join('|');
  return z.string().regex(new RegExp(`^(?:${word})(?:,(?:${word})){0,${words.length - 1}}$`));
}

/** An id of this kind in a query, or one of these words. */
export function idQuery(kind: IdKind, ...words: string[]) {
  return z.string().regex(new RegExp(`^(?:${[...words, `${idPrefixes[kind]}_[0-9a-hjkmnp-tv-z]{26}`].join('|')})$`));
}

/**
 * An id of this kind in a body, in the letters that ids have: what has others would break a list of the database, and names
 * nothing. Whether there is such a thing is asked elsewhere.
 */
export function givenId(kind: IdKind) {
  return z
    .string()
    .regex(new RegExp(`^${idPrefixes[kind]}_[0-9a-z]{1,40}$`))
    .openapi({ example: `${idPrefixes[kind]}_01jd3y8k2m5n7p9q1r3s5t7v9w` });
}

/** An id in a path: any text, as one that is no id is as unknown as an id that nobody has. */
export const idParam = z.string().openapi({ param: { name: 'id', in: 'path' } });

export function idOf(kind: IdKind) {
  return z.string().openapi({ example: `${idPrefixes[kind]}_01jd3y8k2m5n7p9q1r3s5t7v9w` });
}

/** An instant, always UTC with `Z`. */
export const instant = z.iso.datetime().openapi({ example: '2026-11-23T10:14:00.000Z' });

/** An instant a caller may give with any offset (RFC 3339: seconds are not optional; the year has four digits, in UTC too). */
export const givenInstant = z.iso
  .datetime({ offset: true })
  .regex(/T\d\d:\d\d:\d\d/)
  .transform((text, context) => {
    const at = new Date(text);
    if (at.getUTCFullYear() >= 1 && at.getUTCFullYear() <= 9_999) return at;
    context.addIssue({ code: 'custom' });
    return z.NEVER;
  })
  .openapi({ type: 'string', format: 'date-time', example: '2026-12-01T09:00:00Z' });

/** Decimal digits only: JavaScript would also read `0x10` and `1e1`. */
export const limitQuery = z
  .string()
  .regex(/^(?:[1-9]\d?|100)$/)
  .transform(Number)
  .default(25)
  .openapi({ type: 'integer', minimum: 1, maximum: 100, default: 25, description: 'Rows a page, 1–100.', example: 25 });
export const cursorQuery = z.string().min(1).max(500).optional().openapi({ description: '`nextCursor` of the page before.' });
/** `true` or `false`, nothing else: `?archived=0` is a mistake worth telling. */
export const flagQuery = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .openapi({ type: 'string', enum: ['true', 'false'] });

export function pageOf<Item extends z.ZodType>(item: Item, name: string) {
  return z
    .object({
      items: z.array(item),
      nextCursor: z.string().nullable().openapi({ description: 'Give it as `cursor` to read on; null at the end.' }),
    })
    .openapi(name);
}

export const errorSchema = z
  .object({
    error: z.object({
      code: z.enum(errorCodes).openapi({ description: 'Stable; codes are added, never renamed.' }),
      message: z.string(),
      details: z.array(z.object({ field: z.string(), code: z.string(), message: z.string() })).optional(),
      requestId: z.string(),
    }),
  })
  .openapi('Error');

/** The schema or null, told so that a reader of the document sees both: of a named schema `.nullable()` tells only one. */
export function orNull<Schema extends z.ZodType>(schema: Schema) {
  return z.union([schema, z.null()]);
}

/** An e-mail address as somebody types it; what follows sees it as it is kept (domain/email-address). */
export const emailField = z
  .string()
  .min(1)
  .max(maxEmailCharacters)
  .transform((text, context) => {
    const address = readEmailAddress(text);
    if (address !== undefined) return address;
    context.addIssue({ code: 'custom', params: { fault: 'not_an_address' } });
    return z.NEVER;
  })
  // Many letters of many alphabets make a domain: the pattern names the plain ones only.
  .openapi({ type: 'string', format: 'email', minLength: 3, maxLength: maxEmailCharacters, example: 'anna@vega.example' });

/** A password somebody chooses. Its rules say more than a schema can; here it is only bounded. */
export const newPassword = z.string().min(1).max(1_000).openapi({
  minLength: 12,
  description: 'At least 12 characters, whichever, and not one that everybody uses.',
  example: 'a walk along the river',
});

/** The token of a mailed link, which stands behind the `#` of its address. */
export const linkToken = z.string().min(1).max(100).openapi({ example: 'kX7nq…' });

/** Names as browsers report them: the list that JavaScript gives leaves out those that were renamed, `Asia/Kolkata` among them. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

export const timeZoneField = z
  .string()
  .max(64)
  .refine(isTimeZone)
  .openapi({ description: 'A name of the IANA time zone database.', example: 'Europe/Moscow' });

/** The code of a currency, such as an account has. */
export const currencyField = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .openapi({ description: 'ISO 4217', example: 'RUB' });

/** A sum: an integer of minor units, and its currency. */
export const moneySchema = z.object({ amountMinor: z.int().openapi({ example: 1_250_000 }), currency: currencyField }).openapi('Money');

export const personSchema = z.object({ id: z.string(), name: z.string() }).openapi('Person');
