import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { ConsentPurpose } from '../../domain/consent.ts';
import type { LocalisedText } from '../../domain/locale.ts';

/** A wording that people agree to. A new wording is a new version: what was agreed to stays as it was (SPEC D2). */
export const ConsentText = defineEntity({
  name: 'ConsentText',
  tableName: 'consent_text',
  properties: {
    purpose: p.text().$type<ConsentPurpose>().primary(),
    version: p.integer().primary(),
    title: p.json().$type<LocalisedText>(),
    body: p.json().$type<LocalisedText>(),
    publishedAt: p.datetime(3),
    publishedById: p.text().strictNullable(),
  },
});
export type ConsentText = InferEntity<typeof ConsentText>;
