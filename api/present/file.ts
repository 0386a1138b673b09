/** How files look in answers. */
import { z } from '@hono/zod-openapi';
import { asksFor, askedFor, type Diagnostics } from '../../domain/diagnostics.ts';
import type { AttachmentView, FileView } from '../../db/repositories/files.ts';
import { idOf } from '../schemas.ts';

export const fileSchema = z
  .object({
    id: idOf('file'),
    name: z.string().openapi({ example: 'panel.log' }),
    mediaType: z.string().openapi({ description: 'Read from its content.', example: 'text/plain' }),
    sizeBytes: z.int().openapi({ description: 'As it is stored: a HAR archive gets smaller when it is cleaned.' }),
    sha256: z.string(),
    state: z.enum(['draft', 'attached']).openapi({ description: 'A draft that no message uses is purged after a day.' }),
  })
  .openapi('File');

export function presentFile({ id, name, mediaType, sizeBytes, sha256, state }: FileView): z.infer<typeof fileSchema> {
  return { id, name, mediaType, sizeBytes, sha256, state };
}

export const attachmentSchema = z
  .object({
    id: idOf('file'),
    name: z.string(),
    mediaType: z.string(),
    sizeBytes: z.int(),
    url: z
      .string()
      .openapi({ description: 'Where its content is, on this server.', example: '/api/v1/files/fil_01jd3y8k2m5n7p9q1r3s5t7v9w/content' }),
  })
  .openapi('Attachment');

/** Under which address a reader finds everything that is for him. */
export type Tree = '/api/v1' | '/api/staff/v1';

/** @param tree the reader's */
export function presentAttachment(file: AttachmentView, tree: Tree): z.infer<typeof attachmentSchema> {
  const { id, name, mediaType, sizeBytes } = file;
  return { id, name, mediaType, sizeBytes, url: `${tree}/files/${id}/content` };
}

export const diagnosticsSchema = z
  .object({
    browser: z.string().optional(),
    productVersion: z.string().optional(),
    imageTag: z.string().optional(),
    steps: z.string().optional(),
    affectedEmail: z.string().optional(),
    objectUrl: z.string().optional(),
    containerLog: z.string().optional().openapi({ description: 'Which of the attachments it is.' }),
    har: z.string().optional().openapi({ description: 'Which of the attachments it is.' }),
    userSide: z.boolean(),
    asksFor: z.array(z.enum(askedFor)).openapi({ description: 'What a report of a fault on the user’s side still lacks.' }),
  })
  .openapi('Diagnostics');

export function presentDiagnostics(told: Diagnostics): z.infer<typeof diagnosticsSchema> {
  return { ...(told as z.infer<typeof diagnosticsSchema>), userSide: told.userSide ?? false, asksFor: asksFor(told) };
}
