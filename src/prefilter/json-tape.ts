/**
 * Elements of a JSON array as entries of numbers, made by the WebAssembly core (assembly/json/tape.ts) many times faster
 * than objects: a reader sees which keys an element has and what sort of values, and has only those strings made that it
 * needs. What stands in it is JSON to the letter; flags err on the side of "may".
 *
 * An entry is five numbers: head, start, end, next, extra. The head holds the kind in its low three bits, flags of a
 * string above, the key's index from bit 16 on. `start` and `end` are addresses in `bytes`, those of a string without its
 * quotes. `extra` is, of a short string, its index as if it were a key; of an element, the newlines before it. `next` is the place in `entries` of what follows it and all it holds; members follow their container.
 */
import { commonness, gramOf } from './gram-frequency.js';
import { textSlack } from './scan-layout.js';
import { TapeNotes, type TapePlace } from './tape-notes.js';
import { UndoneTexts } from './undone-texts.js';
import type { WasmModule } from './wasm-api.js';
import { WasmCore } from './wasm-core.js';

export const jsonKinds = {
  null: 0,
  true: 1,
  false: 2,
  number: 3,
  string: 4,
  object: 5,
  array: 6,
} as const;

export const jsonFlags = {
  escapes: 0x8,
  /** Of a string: escapes of more than \n, \t and signs. Of an element: a key comes twice, or is written with escapes. */
  odd: 0x10,
  /** Characters beyond printable ASCII, \n and \t. */
  beyondAscii: 0x20,
  less: 0x40,
  ampersand: 0x80,
  brace: 0x100,
  bracket: 0x200,
  /** As an escape undone. */
  backslash: 0x400,
  /** One of the words given to the constructor may stand in it. */
  word: 0x800,
} as const;

const quote = 0x22;

export const entrySize = 5;
const kindMask = 7;
const keyShift = 16;
const wordBytes = 4;
const wordSets = 8;
/** Most bytes of text that are taken at a time. */
const mostText = 8 << 20;
/** Elements are read until they have so many bytes: text and entries stay in the processor's cache. */
const runBytes = 64 << 10;

export class JsonTape {
  readonly #core: WasmCore;
  readonly #text: number;
  #keys: readonly string[] | undefined;
  /** Values that were met before. */
  readonly notes: TapeNotes;
  /** Texts of its strings. */
  readonly undone: UndoneTexts;
  /** Of all that was read last. */
  entries: Int32Array = new Int32Array(0);
  /** Changes with each reading. */
  run = 0;
  #runStart = 0;
  /** The memory in which the text lies. */
  bytes: Buffer;

  /** @param words what `jsonFlags.word` is to be set for, each of three bytes or more */
  constructor(module: WasmModule, words: readonly string[]) {
    this.#core = new WasmCore(module);
    this.#text = this.#core.exports.jsonText();
    this.#core.reserve(this.#text + (1 << 20) + textSlack);
    this.bytes = this.#core.bytes;
    this.bytes.set(wordTables(words), this.#core.exports.jsonWords());
    this.notes = new TapeNotes(this.#core);
    this.undone = new UndoneTexts(this.#core);
  }

  /** Sets the keys that have an index: from 1, in their order. All others have 0. */
  useKeys(keys: readonly string[]): void {
    if (keys === this.#keys) return;
    this.#keys = keys;
    const { exports } = this.#core;
    exports.clearJsonKeys();
    keys.forEach((key, i) => {
      const at = exports.jsonKeyText(i + 1);
      this.bytes.fill(0, at, at + 32);
      const length = this.bytes.write(key, at, 'latin1');
      if (exports.addJsonKey(i + 1, length) === 0) throw new RangeError('too many keys, or too long');
    });
  }

  /** Takes a text; false when it is too large. Of `bytes[from, to)` places are told from `from` on. */
  put(bytes: Buffer, from: number, to: number): boolean {
    if (to - from > mostText) return false;
    const end = this.#text + to - from;
    if (!this.#core.reserve(end + textSlack)) return false;
    this.bytes = this.#core.bytes;
    bytes.copy(this.bytes, this.#text, from, to);
    this.bytes.fill(0, end, end + textSlack);
    return true;
  }

  /** Reads elements from an offset in the text on; returns how many. */
  read(offset: number): number {
    const { exports, memory } = this.#core;
    const from = this.#text + offset;
    this.run++;
    this.#runStart = from;
    const count = exports.readElements(from, from + runBytes);
    if (this.entries.buffer !== memory.buffer) {
      const start = exports.jsonTape();
      this.entries = new Int32Array(memory.buffer, start, (this.#text - start) >> 2);
    }
    return count;
  }

  /** Offset in the text of the end of the last element. */
  get end(): number {
    return (this.#core.exports.jsonEnd() >>> 0) - this.#text;
  }

  /** Addresses of all that was read last. */
  get runPlace(): { readonly start: number; readonly end: number } {
    return { start: this.#runStart, end: this.#core.exports.jsonEnd() >>> 0 };
  }

  /** Newlines before that end. */
  get newlines(): number {
    return this.#core.exports.jsonLines();
  }

  /** Newlines before an element. */
  newlinesBefore(element: number): number {
    return this.entries[element + 4] as number;
  }

  kind(entry: number): number {
    return (this.entries[entry] as number) & kindMask;
  }

  key(entry: number): number {
    return (this.entries[entry] as number) >> keyShift;
  }

  /** Index that a string has among the keys. */
  word(entry: number): number {
    return this.entries[entry + 4] as number;
  }

  has(entry: number, flags: number): boolean {
    return ((this.entries[entry] as number) & flags) !== 0;
  }

  /** All flags, among other bits. */
  flags(entry: number): number {
    return this.entries[entry] as number;
  }

  next(entry: number): number {
    return this.entries[entry + 3] as number;
  }

  /** Address of the first byte. */
  start(entry: number): number {
    return this.entries[entry + 1] as number;
  }

  /** Address behind the last byte. */
  endOf(entry: number): number {
    return this.entries[entry + 2] as number;
  }

  /** Both. */
  place(entry: number): TapePlace {
    return { start: this.start(entry), end: this.endOf(entry) };
  }

  /** Offset of an entry's first byte in the text. */
  offset(entry: number): number {
    return (this.entries[entry + 1] as number) - this.#text;
  }

  size(entry: number): number {
    return (this.entries[entry + 2] as number) - (this.entries[entry + 1] as number);
  }

  /** The member of an object under a key; 0 when it has none. */
  member(object: number, key: number): number {
    if (this.kind(object) !== jsonKinds.object) return 0;
    for (let entry = object + entrySize, end = this.next(object); entry < end; entry = this.next(entry))
      if (this.key(entry) === key) return entry;
    return 0;
  }

  /** A string as `JSON.parse` gives it. */
  string(entry: number): string {
    const start = this.start(entry);
    const end = this.endOf(entry);
    if (this.has(entry, jsonFlags.escapes))
      return JSON.parse(this.bytes.toString('utf8', start - 1, end + 1));
    return this.has(entry, jsonFlags.beyondAscii)
      ? this.bytes.toString('utf8', start, end)
      : this.bytes.toString('latin1', start, end);
  }

  /** The key under which an entry stands, as it is written. */
  keyText(entry: number): string {
    const { start, end } = this.keyPlace(entry);
    return this.bytes.toString('utf8', start, end);
  }

  /** Addresses of that key, which must have no escapes. */
  keyPlace(entry: number): TapePlace {
    const { bytes } = this;
    const value = this.start(entry) - (this.kind(entry) === jsonKinds.string ? 1 : 0);
    let end = value - 1;
    while (bytes[end] !== quote) end--;
    let start = end;
    while (bytes[start - 1] !== quote) start--;
    return { start, end };
  }

  /** Any value as `JSON.parse` gives it. */
  value(entry: number): unknown {
    if (this.kind(entry) === jsonKinds.string) return this.string(entry);
    return JSON.parse(this.bytes.toString('utf8', this.start(entry), this.endOf(entry)));
  }

  /** Whether two strings are written in the same way. */
  isSame(a: number, b: number): boolean {
    const size = this.size(a);
    return size === this.size(b) && this.#core.exports.isSame(this.start(a), this.start(b), size) !== 0;
  }
}

/**
 * Tables by which four bytes in a row are asked for the rarest part of each word: for each byte the sets of words that may
 * have it there, by its low and by its high half.
 */
function wordTables(words: readonly string[]): Uint8Array {
  const tables = new Uint8Array(wordBytes * 2 * 16);
  words.forEach((word, index) => {
    const set = 1 << (index % wordSets);
    const part = rarestPart(word);
    for (let i = 0; i < wordBytes; i++) {
      const low = i * 32;
      // A word of three bytes may be followed by any.
      for (const byte of i < part.length ? [part.charCodeAt(i)] : anyByte) {
        tables[low + (byte & 15)] = (tables[low + (byte & 15)] as number) | set;
        tables[low + 16 + (byte >> 4)] = (tables[low + 16 + (byte >> 4)] as number) | set;
      }
    }
  });
  return tables;
}

const anyByte: readonly number[] = Array.from({ length: 256 }, (_, byte) => byte);

/** Four bytes of the word, or all when it has three, that stand in prose most seldom. */
function rarestPart(word: string): string {
  let best = word.slice(0, wordBytes);
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at + wordBytes <= word.length; at++) {
    const lower = word.slice(at, at + wordBytes).toLowerCase();
    const grams = [0, 1].map((i) =>
      commonness(gramOf(lower.charCodeAt(i), lower.charCodeAt(i + 1), lower.charCodeAt(i + 2))),
    );
    const common = Math.min(...grams);
    if (common >= least) continue;
    least = common;
    best = word.slice(at, at + wordBytes);
  }
  return best;
}
