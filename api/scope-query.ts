import { z } from '@hono/zod-openapi';
import { editions, scopeStances } from '../domain/support-scope.ts';
import { lineText } from './schemas.ts';

/** Lower-case letters, digits, and what joins them. */
export const productPattern = /^[a-z0-9][a-z0-9._-]{0,49}$/;

/** A product's code, as licences will name it. */
export const productCode = z.string().regex(productPattern).openapi({ example: 'bitrix24' });

/** By what the catalogue of support is narrowed (SPEC T15). */
export const scopeQuery = z.strictObject({
  category: lineText(50, 'technical').optional(),
  product: productCode.optional().openapi({ description: 'Also finds what stands for every product.' }),
  edition: z.enum(editions).optional().openapi({ description: 'Also finds what stands for every edition.' }),
  stance: z.enum(scopeStances).optional(),
});
