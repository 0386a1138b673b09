/** Parts that several routes' schemas are made of. */
import { z } from '@hono/zod-openapi';
import { errorCodes } from '../domain/errors.ts';
import { idPrefixes, readTicketNumber, spellTicketNumber, type IdKind } from '../domain/ids.ts';
import { faultInBody, faultInLine, maxBodyCharacters, type TextFault } from '../domain/written-text.ts';

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

// The same rules for readers of the document: no control characters, no direction overrides, something to read.
const linePattern =
  '^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]*[^\\s\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069\\ufeff][^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]*$';
const bodyPattern =
  '^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\u202a-\\u202e\\u2066-\\u2069]*[^\\s\\u0000-\\u001f\\u007f-\\u009f\\u202a-\\u202e\\u2066-\\u2069\\ufeff][^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\u202a-\\u202e\\u2066-\\u2069]*$';

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

export const relatedNumber = z
  .string()
  .transform((text, context) => {
    const number = readTicketNumber(text);
    if (number === undefined) {
      context.addIssue({ code: 'custom', params: { fault: 'not_a_ticket_number' } });
      return z.NEVER;
    }
    return number;
  })
  .openapi({ type: 'string', pattern: '^CS-[0-9]{6,9}$', example: spellTicketNumber(98) });

export function idOf(kind: IdKind) {
  return z.string().openapi({ example: `${idPrefixes[kind]}_01jd3y8k2m5n7p9q1r3s5t7v9w` });
}

/** An instant, always UTC with `Z`. */
export const instant = z.iso.datetime().openapi({ example: '2026-11-23T10:14:00.000Z' });

/** An instant a caller may give with any offset. */
export const givenInstant = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .openapi({ type: 'string', format: 'date-time', example: '2026-12-01T09:00:00Z' });

export const limitQuery = z.coerce.number().int().min(1).max(100).default(25).openapi({ description: 'Rows a page, 1–100.', example: 25 });
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

export const personSchema = z.object({ id: z.string(), name: z.string() }).openapi('Person');
