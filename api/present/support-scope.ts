/** How the catalogue of what support does looks in answers (SPEC T15). */
import { z } from '@hono/zod-openapi';
import { inLocale, type Locale } from '../../domain/locale.ts';
import { editions, scopeStances } from '../../domain/support-scope.ts';
import type { Partner } from '../../db/repositories/partners.ts';
import type { ScopeItem } from '../../db/repositories/support-scope.ts';
import { localised } from '../localised-text.ts';
import { idOf, instant } from '../schemas.ts';

const itemFields = {
  id: idOf('scopeItem'),
  category: z.string().openapi({ example: 'technical' }),
  product: z.string().nullable().openapi({ description: 'A product’s code; null: every product.' }),
  edition: z.enum(editions).nullable().openapi({ description: 'Null: every edition.' }),
  stance: z
    .enum(scopeStances)
    .openapi({ description: 'covered: support does it · paid: for money, by a quote · not_covered: it does not' }),
};

/** In the reader's language. */
export const scopeItemSchema = z
  .object({ ...itemFields, section: z.string(), title: z.string(), text: z.string().openapi({ description: 'Markdown' }) })
  .openapi('ScopeItem');

/** In every language, for those who write it. */
export const staffScopeItemSchema = z
  .object({
    ...itemFields,
    section: localised,
    title: localised,
    text: localised,
    position: z.int().openapi({ description: 'Items stand in the order of this number.' }),
    withdrawn: z.boolean(),
    revision: z.int(),
    updatedAt: instant,
  })
  .openapi('StaffScopeItem');

export function presentScopeItem(item: ScopeItem, locale: Locale): z.infer<typeof scopeItemSchema> {
  const { id, category, product, edition, stance, section, title, text } = item;
  const told = { section: inLocale(section, locale), title: inLocale(title, locale), text: inLocale(text, locale) };
  return { id, category, product, edition, stance, ...told };
}

export function presentStaffScopeItem(item: ScopeItem): z.infer<typeof staffScopeItemSchema> {
  return { ...item, updatedAt: item.updatedAt.toISOString() };
}

const partnerFields = {
  id: idOf('partner'),
  name: z.string().openapi({ example: 'Vega Integration' }),
  address: z.string().openapi({ description: 'A web address or an e-mail address.', example: 'https://vega.example' }),
};

export const partnerSchema = z
  .object({ ...partnerFields, city: z.string(), skills: z.array(z.string()), text: z.string().nullable() })
  .openapi('Partner');

export const staffPartnerSchema = z
  .object({
    ...partnerFields,
    city: localised,
    skills: z.array(localised),
    text: localised.nullable(),
    withdrawn: z.boolean(),
    revision: z.int(),
    updatedAt: instant,
  })
  .openapi('StaffPartner');

export function presentPartner({ id, name, address, city, skills, text }: Partner, locale: Locale): z.infer<typeof partnerSchema> {
  const told = { city: inLocale(city, locale), skills: skills.map((skill) => inLocale(skill, locale)) };
  return { id, name, address, ...told, text: text === null ? null : inLocale(text, locale) };
}

export function presentStaffPartner(partner: Partner): z.infer<typeof staffPartnerSchema> {
  return { ...partner, skills: [...partner.skills], updatedAt: partner.updatedAt.toISOString() };
}
