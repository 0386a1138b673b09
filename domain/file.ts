/**
 * What may be attached to a message (SPEC T11): how much, under which names, and what kinds of content. What a file is, is
 * read from its bytes by `api/files`; here is which of the answers is taken.
 */

/** 10 MiB: exactly so many bytes pass, one more is refused. */
export const maxFileBytes = 10_485_760;
export const maxFilesPerMessage = 10;
export const maxFileNameCharacters = 255;

/** What one person may have uploaded without using it in a message: the uploads that nobody ever sees are bounded. */
export const maxUnusedFiles = 100;
export const maxUnusedBytes = 200 * 1024 * 1024;
/** Seconds after which an upload that no message uses is purged. */
export const unusedFileSeconds = 24 * 3600;

/** A picture of more is a decompression bomb for whoever looks at it. */
export const maxPicturePixels = 50_000_000;

export const fileStates = ['uploading', 'draft', 'attached'] as const;
export type FileState = (typeof fileStates)[number];

/** Content of whatever kind, as `media type: what the kind is`. Nothing that a browser would run is in it. */
const allowedKinds = {
  'image/png': 'picture',
  'image/apng': 'picture',
  'image/jpeg': 'picture',
  'image/gif': 'picture',
  'image/webp': 'picture',
  'image/bmp': 'picture',
  'image/tiff': 'picture',
  'image/avif': 'picture',
  'image/heic': 'picture',
  'image/heif': 'picture',
  'video/mp4': 'video',
  'video/x-m4v': 'video',
  'video/quicktime': 'video',
  'video/webm': 'video',
  'video/matroska': 'video',
  'video/ogg': 'video',
  'video/vnd.avi': 'video',
  'video/mpeg': 'video',
  'video/3gpp': 'video',
  'video/3gpp2': 'video',
  'application/pdf': 'document',
  'application/zip': 'archive',
  'application/gzip': 'archive',
  'application/x-bzip2': 'archive',
  'application/x-xz': 'archive',
  'application/x-7z-compressed': 'archive',
  'application/x-rar-compressed': 'archive',
  'application/x-tar': 'archive',
  'application/zstd': 'archive',
  'application/x-lz4': 'archive',
} as const;
export type AllowedMediaType = keyof typeof allowedKinds;
export type ContentKind = (typeof allowedKinds)[AllowedMediaType];

/** What kind of content a media type found by its first bytes is; undefined for one that is not taken. */
export function allowedKindOf(mediaType: string): ContentKind | undefined {
  return Object.hasOwn(allowedKinds, mediaType) ? allowedKinds[mediaType as AllowedMediaType] : undefined;
}

/** The media type of text, which only its name tells apart. A browser shows each as text, and runs none. */
export function textMediaType(name: string): string {
  const extension = /\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase();
  if (extension === 'json') return 'application/json';
  return extension === 'csv' ? 'text/csv' : 'text/plain';
}

const unwritableInNames = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/gu;

/**
 * The name under which a file is shown and downloaded: the last segment of what was given, without control characters and
 * those that turn the direction of text. No place is ever made from it: storage has keys of its own.
 * @returns the name, or what is wrong with it
 */
export function readFileName(given: string): { readonly name: string } | { readonly fault: 'empty' | 'too_long' | 'not_unicode' } {
  if (!given.isWellFormed()) return { fault: 'not_unicode' };
  const name = (given.split(/[/\\]/).at(-1) ?? '').replaceAll(unwritableInNames, '').trim();
  if (/^\.*$/.test(name)) return { fault: 'empty' };
  return [...name].length > maxFileNameCharacters ? { fault: 'too_long' } : { name };
}

/** Whether a file of this name is a HAR archive by its own word. */
export function isNamedHar(name: string): boolean {
  return /\.har$/i.test(name);
}
