/**
 * Reads HTML and XHTML tags as they are written, well-formed or not. Linear: what a failed attempt has looked at is
 * not looked at by the next one.
 */

import { ForwardSearch } from './byte-search.js';
import { lowerCaseName } from './name-cache.js';

const lessThan = 0x3c;
const greaterThan = 0x3e;
const slash = 0x2f;
const equals = 0x3d;
const doubleQuote = 0x22;
const singleQuote = 0x27;

/** An attribute with a value; its name in lower case. */
export interface Attribute {
  readonly name: string;
  /** From the name to behind the closing quote. */
  readonly start: number;
  readonly end: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

export interface Tag {
  /** In lower case, with its prefix. */
  readonly name: string;
  readonly isClosing: boolean;
  readonly attributes: readonly Attribute[];
  readonly start: number;
  /** Offset behind the `>`. */
  readonly end: number;
}

const none: readonly Attribute[] = [];

export class TagReader {
  readonly #input: Buffer;
  /** Up to here a failed attempt has read: what looks like a tag in between is text, too. */
  #textEnd = 0;
  readonly #doubleQuotes: ForwardSearch;
  readonly #singleQuotes: ForwardSearch;

  readonly #isElement: (name: string) => boolean;

  /** @param isElement whether a name is one of an element; by default each is */
  constructor(input: Buffer, isElement: (name: string) => boolean = () => true) {
    this.#input = input;
    this.#isElement = isElement;
    this.#doubleQuotes = new ForwardSearch(input, '"');
    this.#singleQuotes = new ForwardSearch(input, "'");
  }

  /** The tag whose `<` is at `at`; undefined when none begins there. */
  read(at: number): Tag | undefined {
    const input = this.#input;
    if (at < this.#textEnd) return undefined;
    const isClosing = input[at + 1] === slash;
    const nameStart = at + (isClosing ? 2 : 1);
    if (!isLetter(input[nameStart] ?? 0)) return undefined;
    let i = nameStart + 1;
    while (i < input.length && isNameByte(input[i] as number)) i++;
    const name = lowerCaseName(input, nameStart, i);
    if (!this.#isElement(name)) return undefined;
    const attributes: Attribute[] = [];
    const end = this.#readAttributes(i, attributes);
    if (end < 0) return undefined;
    return {
      name,
      isClosing,
      attributes: attributes.length === 0 ? none : attributes,
      start: at,
      end,
    };
  }

  /** Offset behind the `>` of the tag; -1 when another tag opens, or the text ends, before it. */
  #readAttributes(from: number, attributes: Attribute[]): number {
    const input = this.#input;
    for (let i = from; i < input.length; ) {
      const byte = input[i] as number;
      if (byte === greaterThan) return i + 1;
      if (byte === lessThan) {
        this.#textEnd = i;
        return -1;
      }
      if (isSpace(byte) || byte === slash || byte === equals) {
        i++;
        continue;
      }
      i = this.#readAttribute(i, attributes);
    }
    this.#textEnd = input.length;
    return -1;
  }

  #readAttribute(start: number, attributes: Attribute[]): number {
    const input = this.#input;
    let nameEnd = start;
    while (nameEnd < input.length && isAttributeNameByte(input[nameEnd] as number)) nameEnd++;
    const valueMark = skipSpace(input, nameEnd);
    if (input[valueMark] !== equals) return Math.max(nameEnd, start + 1);
    let valueStart = skipSpace(input, valueMark + 1);
    let valueEnd: number;
    let end: number;
    const quote = input[valueStart] ?? 0;
    const close = this.#closingQuote(quote, valueStart + 1);
    if (close >= 0) {
      valueStart++;
      valueEnd = close;
      end = close + 1;
    } else {
      valueEnd = valueStart;
      while (valueEnd < input.length && !isValueEnd(input[valueEnd] as number)) valueEnd++;
      end = valueEnd;
    }
    if (valueEnd > valueStart) {
      const name = lowerCaseName(input, start, nameEnd);
      attributes.push({ name, start, end, valueStart, valueEnd });
    }
    return Math.max(end, start + 1);
  }

  #closingQuote(quote: number, from: number): number {
    if (quote === doubleQuote) return this.#doubleQuotes.next(from);
    return quote === singleQuote ? this.#singleQuotes.next(from) : -1;
  }
}

function isLetter(byte: number): boolean {
  return (byte >= 0x61 && byte < 0x7b) || (byte >= 0x41 && byte < 0x5b);
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

/** Letters, digits, `:`, `-`, `_`, `.`: also of prefixed and custom elements. */
function isNameByte(byte: number): boolean {
  return isLetter(byte) || (byte >= 0x30 && byte <= 0x3a) || byte === 0x2d || byte === 0x5f || byte === 0x2e;
}

function isAttributeNameByte(byte: number): boolean {
  return !isSpace(byte) && byte !== slash && byte !== equals && byte !== greaterThan && byte !== lessThan;
}

function isValueEnd(byte: number): boolean {
  return isSpace(byte) || byte === greaterThan || byte === lessThan;
}

function skipSpace(input: Uint8Array, from: number): number {
  let i = from;
  while (i < input.length && isSpace(input[i] as number)) i++;
  return i;
}
