import { OpenAPIHono, z } from '@hono/zod-openapi';
import { maxFileNameCharacters, readFileName } from '../../domain/file.ts';
import { findFile } from '../../db/repositories/files.ts';
import type { SignedInAs } from '../auth/sessions.ts';
import type { ApiEnvironment } from '../context.ts';
import { ApiError } from '../errors.ts';
import { existingId } from '../existing-id.ts';
import { answerDownload } from '../files/download.ts';
import { answerUpload } from '../files/upload.ts';
import { fileSchema, presentFile } from '../present/file.ts';
import { idempotencyHeader, jsonAnswer, personRoute } from '../route.ts';
import { newRouter } from '../router.ts';
import { idParam } from '../schemas.ts';

const fileParams = z.object({ id: idParam });
const binary = z.string().openapi({ type: 'string', format: 'binary' });

const fileName = z
  .string()
  .transform((given, context) => {
    const read = readFileName(given);
    if ('name' in read) return read.name;
    context.addIssue({ code: 'custom', params: { fault: read.fault, maxCharacters: maxFileNameCharacters } });
    return z.NEVER;
  })
  .openapi({ type: 'string', minLength: 1, description: 'Of a path its last segment is the name.', example: 'panel.log' });

/** The same for customers and for staff: each under his tree (SPEC T11, T12). */
function routesOf(as: SignedInAs) {
  return {
    upload: personRoute(as, 'file.upload', {
      method: 'post',
      path: '/files',
      tags: ['Files'],
      summary: 'Upload a file',
      description:
        'The body is the file itself, of whatever content type, up to 10,485,760 bytes; what it is, is read from its content. Pictures, video, PDF, text, logs, HAR and archives are taken. A HAR archive is cleaned of cookies, credentials, bodies and query values before it is stored. Name the id in a message’s `files`: an upload that no message uses is purged after a day.',
      request: {
        query: z.strictObject({ name: fileName }),
        headers: idempotencyHeader,
        body: { required: true, content: { 'application/octet-stream': { schema: binary } } },
      },
      responses: { 201: jsonAnswer(fileSchema, 'The draft') },
    }),
    read: personRoute(as, 'file.read', {
      method: 'get',
      path: '/files/{id}',
      tags: ['Files'],
      summary: 'What a file is',
      request: { params: fileParams },
      responses: { 200: jsonAnswer(fileSchema, 'The file') },
    }),
    content: personRoute(as, 'file.read', {
      method: 'get',
      path: '/files/{id}/content',
      tags: ['Files'],
      summary: 'Download a file',
      description: 'Always as an attachment. One range of bytes may be asked for; `ETag` is the SHA-256 of the content.',
      request: { params: fileParams },
      responses: {
        200: { description: 'The file', content: { '*/*': { schema: binary } } },
        206: { description: 'A part of it', content: { '*/*': { schema: binary } } },
        304: { description: 'It is the one that you have' },
      },
    }),
  };
}

export function fileRoutes(as: SignedInAs): OpenAPIHono<ApiEnvironment> {
  const app = newRouter();
  const routes = routesOf(as);
  app.openapi(routes.upload, async (c) => answerUpload(c, c.req.valid('query').name) as never);
  app.openapi(routes.read, async (c) => c.json(presentFile(await mustFind(c, c.req.valid('param').id)), 200));
  app.openapi(routes.content, async (c) => answerDownload(c, await mustFind(c, c.req.valid('param').id)) as never);
  return app;
}

async function mustFind(c: Parameters<typeof answerUpload>[0], id: string) {
  const file = await findFile(c.var.parts.database.fork(), existingId('file', id, 'file.not_found'), c.var.caller.actor);
  if (!file) throw new ApiError('file.not_found');
  return file;
}
