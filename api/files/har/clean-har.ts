/**
 * Takes what is secret out of a HAR archive before it is stored (SPEC T12): cookies, credentials, the bodies of requests and
 * answers, the values of queries, messages of web sockets, and every field that the format does not know. It is an
 * allow-list: what is not named here does not come out.
 */
import { Tokenizer, TokenizerError } from '@streamparser/json';
import { ZodError } from 'zod';
import { cleanEntry, cleanLog, entryShape, logShape } from './har-fields.ts';
import { ShapeError, ShapeReader } from './shape-reader.ts';

/** It is no HAR archive, or not one that can be cleaned. */
export class HarInvalid extends Error {}

/** So much is read at a time; in between other requests have their turn. */
const pieceBytes = 64 * 1024;

/**
 * Yields the cleaned archive, entry by entry as they come, so that of 10 MiB only one entry is in memory.
 * @throws HarInvalid
 */
export async function* cleanHar(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const out: string[] = [];
  let entries = 0;
  const reader = new ShapeReader({ object: { log: { object: { ...logShape, entries: { list: entryShape, each: true } } } } }, (entry) => {
    out.push(`${entries === 0 ? '' : ','}\n${JSON.stringify(cleanEntry(entry))}`);
    entries += 1;
  });
  // Strings are gathered in a buffer of fixed size: one of ten million escapes would otherwise be as many objects.
  const tokenizer = new Tokenizer({ stringBufferSize: pieceBytes, numberBufferSize: 64 });
  tokenizer.onToken = ({ token, value }) => reader.take(token, value);

  yield Buffer.from('{"log":{"entries":[');
  for await (const chunk of source)
    for (let from = 0; from < chunk.length; from += pieceBytes) {
      orInvalid(() => tokenizer.write(chunk.subarray(from, from + pieceBytes)));
      if (out.length) yield Buffer.from(out.splice(0).join(''));
      await turn();
    }
  const log = orInvalid(() => {
    if (!tokenizer.isEnded) tokenizer.end();
    return cleanLog(reader.finish());
  });
  yield Buffer.from(`\n],${JSON.stringify(log).slice(1, -1)}}}\n`);
}

function orInvalid<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    // A name of the library's error class is not all it throws: bytes that are no UTF-8 are a TypeError of the decoder.
    if (error instanceof ShapeError || error instanceof ZodError || error instanceof TokenizerError || error instanceof TypeError)
      throw new HarInvalid('not a HAR archive', { cause: error });
    throw error;
  }
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
