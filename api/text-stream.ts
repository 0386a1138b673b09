import { pipeline, PassThrough, Readable } from 'node:stream';
import type { Context } from 'hono';
import type { ApiEnvironment } from './context.ts';

/**
 * Answers with a text file, written as its parts come. A reading that fails breaks the answer off: a text that ended in order
 * would be taken for the whole.
 * @param name of the file that is saved; ASCII
 */
export function textAnswer(c: Context<ApiEnvironment>, name: string, type: string, parts: AsyncIterable<string>): Response {
  const { log } = c.var.parts;
  const text = new PassThrough();
  pipeline(Readable.from(parts), text, (failure) => {
    if (failure) log.warn({ requestId: c.var.requestId, why: failure.name }, `the text ${name} was broken off`);
  });
  c.header('Content-Type', `${type}; charset=utf-8`);
  c.header('Content-Disposition', `attachment; filename="${name}"`);
  return c.body(Readable.toWeb(text) as ReadableStream);
}
