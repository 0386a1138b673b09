import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { FileState } from '../../domain/file.ts';

/** An uploaded file: whose it is and what, and which message uses it. Its bytes are in storage (SPEC T11). */
export const FileRow = defineEntity({
  name: 'FileRow',
  tableName: 'file',
  properties: {
    id: p.text().primary(),
    /** Null for what staff uploaded. */
    accountId: p.text().strictNullable(),
    uploadedById: p.text(),
    name: p.text(),
    mediaType: p.text(),
    /** While it is on its way, the most that it may become. */
    sizeBytes: p.integer(),
    sha256: p.text().strictNullable(),
    /** A HAR archive, cleaned before it was stored (SPEC T12). */
    isHar: p.boolean(),
    storageKey: p.text(),
    state: p.text().$type<FileState>(),
    messageId: p.text().strictNullable(),
    position: p.smallint().strictNullable(),
    createdAt: p.datetime(3),
  },
});
export type FileRow = InferEntity<typeof FileRow>;
