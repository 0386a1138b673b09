import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

/** Something that a person must look at because no rule could decide it. */
export const StaffCase = defineEntity({
  name: 'StaffCase',
  tableName: 'staff_case',
  properties: {
    id: p.text().primary(),
    kind: p.text(),
    about: p.text(),
    detail: p.json().$type<Record<string, string>>(),
    openedAt: p.datetime(3),
    settledAt: p.datetime(3).strictNullable(),
    settledById: p.text().strictNullable(),
  },
});
export type StaffCase = InferEntity<typeof StaffCase>;
