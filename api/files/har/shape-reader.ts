/**
 * Reads JSON as it comes and keeps of it only what a shape names, so that ten million bytes of a stranger's JSON take as much
 * memory as the part of them that is wanted. What is not named is checked for being JSON and never kept.
 */
import { TokenType } from '@streamparser/json';

/** What is kept: a string, number, boolean or null; an object with these keys; a list of such. */
export type Shape = 'scalar' | { readonly object: Readonly<Record<string, Shape>> } | { readonly list: Shape; readonly each?: true };

/** Nothing that people export is deeper. */
const maxDepth = 64;
/** Longer strings are cut: what is longer holds a picture, not an address. */
const maxStringCharacters = 64 * 1024;
/** What may be kept at one time, in characters; each value counts as some besides. */
const maxKeptCharacters = 2 * 1024 * 1024;
const charactersPerValue = 32;

type Awaited = 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'comma or end' | 'nothing';

interface Frame {
  readonly list: boolean;
  /** Undefined when nothing of this is kept. */
  readonly shape: Shape | undefined;
  readonly kept: Record<string, unknown> | unknown[] | undefined;
  key: string;
}

export class ShapeError extends Error {}

export class ShapeReader {
  private readonly shape: Shape;
  private readonly onItem: (item: unknown) => void;
  private readonly frames: Frame[] = [];
  private awaited: Awaited = 'value';
  private keptCharacters = 0;
  private result: unknown;

  /** @param onItem is handed each item of a list that is marked `each`, which is not kept itself */
  constructor(shape: Shape, onItem: (item: unknown) => void) {
    this.shape = shape;
    this.onItem = onItem;
  }

  /** Throws {@link ShapeError} when this is no JSON, or too much of it would have to be kept. */
  take(token: TokenType, value: unknown): void {
    switch (token) {
      case TokenType.LEFT_BRACE:
        return this.begin(false);
      case TokenType.LEFT_BRACKET:
        return this.begin(true);
      case TokenType.RIGHT_BRACE:
        return this.end(false);
      case TokenType.RIGHT_BRACKET:
        return this.end(true);
      case TokenType.COLON:
        return this.expect('value', 'colon');
      case TokenType.COMMA:
        return this.expect(this.frames.at(-1)?.list ? 'value' : 'key', 'comma or end');
      case TokenType.STRING:
        if (this.awaited.startsWith('key')) return this.name(value as string);
        return this.scalar(value);
      default:
        return this.scalar(value);
    }
  }

  /** What was kept of the whole; throws when it is not whole. */
  finish(): unknown {
    if (this.awaited !== 'nothing') throw new ShapeError('the JSON ends too early');
    return this.result;
  }

  private expect(next: Awaited, ...now: Awaited[]): void {
    if (!now.includes(this.awaited)) throw new ShapeError('this is not JSON');
    this.awaited = next;
  }

  private name(key: string): void {
    this.expect('colon', 'key', 'key or end');
    this.frames.at(-1)!.key = key;
  }

  private begin(list: boolean): void {
    this.expect(list ? 'value or end' : 'key or end', 'value', 'value or end');
    if (this.frames.length >= maxDepth) throw new ShapeError('the JSON is too deep');
    const wanted = this.wanted();
    const fits = typeof wanted === 'object' && list === 'list' in wanted;
    if (!fits) this.refuseItem(wanted);
    this.frames.push({ list, shape: fits ? wanted : undefined, kept: fits ? (list ? [] : {}) : undefined, key: '' });
  }

  private end(list: boolean): void {
    const frame = this.frames.at(-1);
    if (frame?.list !== list) throw new ShapeError('this is not JSON');
    this.expect('comma or end', 'comma or end', list ? 'value or end' : 'key or end');
    this.frames.pop();
    if (frame.kept !== undefined) this.keep(frame.kept);
    if (this.frames.length === 0) this.awaited = 'nothing';
  }

  private scalar(value: unknown): void {
    this.expect('comma or end', 'value', 'value or end');
    const wanted = this.wanted();
    if (wanted === 'scalar') this.keep(typeof value === 'string' ? value.slice(0, maxStringCharacters) : value);
    else this.refuseItem(wanted);
    if (this.frames.length === 0) this.awaited = 'nothing';
  }

  /** A field of another kind than it should be is as good as none; a list in which something else lies is another list. */
  private refuseItem(wanted: Shape | undefined): void {
    if (wanted !== undefined && this.frames.at(-1)?.list) throw new ShapeError('an item of a list is of another kind');
  }

  /** The shape of the value that comes now. */
  private wanted(): Shape | undefined {
    const frame = this.frames.at(-1);
    if (!frame) return this.shape;
    const { shape, key } = frame;
    if (typeof shape !== 'object') return undefined;
    if ('list' in shape) return shape.list;
    return Object.hasOwn(shape.object, key) ? shape.object[key] : undefined;
  }

  private keep(value: unknown): void {
    this.keptCharacters += charactersPerValue + (typeof value === 'string' ? value.length : 0);
    if (this.keptCharacters > maxKeptCharacters) throw new ShapeError('too much would have to be kept');
    const frame = this.frames.at(-1);
    if (!frame) this.result = value;
    else if (!Array.isArray(frame.kept)) frame.kept![frame.key] = value;
    else if (typeof frame.shape === 'object' && 'each' in frame.shape) {
      this.onItem(value);
      // What was kept for the item is let go; what is kept beside the items is little, and counted again with the next.
      this.keptCharacters = 0;
    } else frame.kept.push(value);
  }
}
