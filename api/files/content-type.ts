/**
 * What an upload is, by its first bytes and never by its name or the caller's word (SPEC T11). What is not on the list is
 * refused; so is what a browser might take for a page, although every download is an attachment that is not sniffed.
 */
import { fileTypeFromBuffer } from 'file-type';
import { imageSize } from 'image-size';
import { allowedKindOf, isNamedHar, maxPicturePixels, textMediaType } from '../../domain/file.ts';

/** So much of a file is looked at: enough for the header of a picture that a camera made. */
export const headBytes = 256 * 1024;

export type FoundContent =
  | { readonly form: 'text' | 'har' | 'binary'; readonly mediaType: string }
  | { readonly refused: 'file.type_refused' | 'file.picture_too_large' };

const refused = { refused: 'file.type_refused' } as const;

/** @param head the first {@link headBytes} of the file, or all of a smaller one */
export async function findContent(head: Uint8Array, name: string): Promise<FoundContent> {
  // A PDF may be all text; anything else that is, is text, whatever its first letters are the mark of: a log may begin with “BM”.
  if (isText(head) && !beginsWith(head, '%PDF-')) return findText(head, name);
  const mediaType = await mediaTypeOf(head);
  const kind = mediaType === undefined ? undefined : allowedKindOf(mediaType);
  if (mediaType === undefined || kind === undefined || isNamedHar(name)) return refused;
  // An archive may well hold a page, but does not begin as one. In a picture there is none, unless it is meant to be taken for one.
  const mayBeTakenForPage =
    kind === 'archive' ? beginsAsPage(Buffer.from(head).toString('latin1')) : hasMarkup(kind === 'picture' ? head : head.subarray(0, 1024));
  if (mayBeTakenForPage) return refused;
  if (kind === 'picture') {
    const pixels = pixelsOf(head);
    if (pixels === undefined) return refused;
    if (pixels > maxPicturePixels) return { refused: 'file.picture_too_large' };
  }
  return { form: 'binary', mediaType };
}

/** Bytes that no text has: control characters, but for white space and the escape by which logs are coloured. */
const notText = Uint8Array.from({ length: 256 }, (_, byte) =>
  (byte < 0x20 && ![0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1b].includes(byte)) || byte === 0x7f ? 1 : 0,
);

/** Whether these bytes may be of a text, in UTF-8 or an old encoding of one byte a letter. */
export function isText(bytes: Uint8Array): boolean {
  // By index, and to the end: several times as fast as to iterate, and every byte of every log goes through here.
  let found = 0;
  for (let at = 0; at < bytes.length; at += 1) found |= notText[bytes[at]!]!;
  return found === 0;
}

function findText(head: Uint8Array, name: string): FoundContent {
  const text = Buffer.from(head).toString('utf8');
  if (beginsAsPage(text)) return refused;
  if (isNamedHar(name) || looksLikeHar(text)) return { form: 'har', mediaType: 'application/json' };
  return { form: 'text', mediaType: textMediaType(name) };
}

/** Where browsers look for a page: behind a byte order mark, white space and comments. One that never ends hides the rest. */
const beforeMarkup = /^(?:[\ufeff\s]|<!--[^]*?-->)*/;
const pageTags =
  'html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|svg|math|object|embed|link|meta|form|img|video|audio|base|frameset|template';
const pageBegins = new RegExp(`^<(?:!|\\?|(?:[\\w-]+:)?(?:${pageTags})(?:[\\s/>]|$)|[\\w:-]+\\s[^>]*xmlns)`, 'i');

function beginsAsPage(text: string): boolean {
  return pageBegins.test(text.replace(beforeMarkup, ''));
}

/** The one key of a HAR's outermost object, and one of those that its log has first; or, in whatever order, what only a HAR has together. */
function looksLikeHar(text: string): boolean {
  if (/^\s*\{\s*"log"\s*:\s*\{\s*"(?:version|creator|browser|pages|entries|comment|_\w+)"/.test(text)) return true;
  return /^\s*\{/.test(text) && harMarks.every((mark) => mark.test(text));
}

const harMarks = [/"log"\s*:\s*\{/, /"entries"\s*:\s*\[/, /"request"\s*:\s*\{/];

/** Tags by which a browser knows a page, each with what ends its name: of three letters alone there are too many by chance. */
const markup = /<(?:!doctype|html|head|body|script|iframe|object|embed|svg|style|img|meta)[\s/>]/i;

function hasMarkup(bytes: Uint8Array): boolean {
  return markup.test(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'));
}

function beginsWith(bytes: Uint8Array, text: string): boolean {
  return Buffer.from(bytes.subarray(0, text.length)).toString('latin1') === text;
}

/** The library would look into these two for what they hold. An archive is never unpacked, so it is only an archive. */
const unopened = [
  ['PK\u0003\u0004', 'application/zip'],
  ['PK\u0005\u0006', 'application/zip'],
  ['\u001f\u008b', 'application/gzip'],
] as const;

async function mediaTypeOf(head: Uint8Array): Promise<string | undefined> {
  const archive = unopened.find(([mark]) => beginsWith(head, mark));
  if (archive) return archive[1];
  try {
    return (await fileTypeFromBuffer(head))?.mime;
  } catch {
    // A header that contradicts itself.
    return undefined;
  }
}

/** How many pixels a picture says it has; undefined when its header cannot be read. */
function pixelsOf(head: Uint8Array): number | undefined {
  try {
    const { width, height, images = [] } = imageSize(head);
    return Math.max(width * height, ...images.map((image) => image.width * image.height));
  } catch {
    return undefined;
  }
}
