/**
 * Finds the end of a JSON value without parsing it, piece by piece. It checks no more than what tells a value from a
 * damaged one early: brackets that match, what stands before an opening bracket, and what follows a string. A lost
 * quote or bracket is then noticed at the next string or object instead of at the end of the file.
 */
import {
  backslash,
  byteSet,
  colon,
  comma,
  lastBefore,
  newline,
  openBrace,
  openBracket,
  quote,
} from './json-bytes.js';

/** Levels of nesting within one value; what is deeper counts as damaged. */
export const maxDepth = 512;

const structure = byteSet('"{}[]\n');
const stringStops = byteSet('"\\\n');
const afterString = byteSet(',:]} \t\r\n');
const afterScalar = byteSet(',:]}[{" \t\r\n');

export type Skimmed =
  /** The value ends before `at`. */
  | 'whole'
  /** The value goes on behind the bytes given so far. */
  | 'more'
  /** No JSON at `at`. */
  | 'bad';

const atStart = 0;
const inStructure = 1;
const inString = 2;
const behindString = 3;
const inScalar = 4;

export class Skim {
  /** Next byte to look at; behind the value when it is whole. */
  at = 0;
  /** In lines of JSON no value goes on in a line that begins like a value. */
  isOfLines = false;
  /** Newlines in the value so far. */
  newlines = 0;
  /** Members of objects in the value so far, as far as a colon stands right behind each key. */
  keys = 0;
  #state = atStart;
  #depth = 0;
  readonly #kinds: Uint8Array = new Uint8Array(maxDepth + 1);

  /** Begins a value at its first byte. */
  start(at: number): void {
    this.at = at;
    this.newlines = 0;
    this.keys = 0;
    this.#depth = 0;
    this.#state = atStart;
  }

  /** True within a number or word, which nothing but its surroundings ends. */
  get isScalar(): boolean {
    return this.#state === inScalar;
  }

  /** True within a string. */
  get isString(): boolean {
    return this.#state === inString;
  }

  /** Goes on in `bytes[at, end)`. */
  run(bytes: Uint8Array, end: number): Skimmed {
    if (this.at >= end) return 'more';
    if (this.#state === atStart && !this.#first(bytes[this.at] as number)) return 'bad';
    if (this.#state === inScalar) {
      while (this.at < end && afterScalar[bytes[this.at] as number] === 0) this.at++;
      return this.at < end ? 'whole' : 'more';
    }
    return this.#walk(bytes, end);
  }

  #first(byte: number): boolean {
    if (byte === quote) this.#state = inString;
    else if (byte === openBrace || byte === openBracket) {
      this.#kinds[++this.#depth] = byte;
      this.#state = inStructure;
    } else if (afterScalar[byte] === 1 || byte < 0x20) return false;
    else this.#state = inScalar;
    this.at++;
    return true;
  }

  /** One loop for strings and what is between them: most of a reader's time is spent here. */
  #walk(bytes: Uint8Array, end: number): Skimmed {
    const kinds = this.#kinds;
    let state = this.#state;
    let depth = this.#depth;
    let at = this.at;
    let result: Skimmed = 'more';
    for (;;) {
      if (state === inString) {
        while (at < end && stringStops[bytes[at] as number] === 0) at++;
        if (at >= end) break;
        const byte = bytes[at] as number;
        if (byte === backslash) {
          at += 2;
          continue;
        }
        if (byte === newline) {
          if (this.isOfLines && isNewValue(bytes, at + 1, end)) {
            result = at + 1 < end ? 'bad' : 'more';
            break;
          }
          this.newlines++;
          at++;
          continue;
        }
        at++;
        if (depth === 0) {
          result = 'whole';
          break;
        }
        state = behindString;
      }
      if (state === behindString) {
        if (at >= end) break;
        if (afterString[bytes[at] as number] === 0) {
          result = 'bad';
          break;
        }
        if (bytes[at] === colon) this.keys++;
        state = inStructure;
      }
      while (at < end && structure[bytes[at] as number] === 0) at++;
      if (at >= end) break;
      const byte = bytes[at] as number;
      if (byte === quote) state = inString;
      else if (byte === newline) {
        if (this.isOfLines && isNewValue(bytes, at + 1, end)) {
          result = at + 1 < end ? 'bad' : 'more';
          break;
        }
        this.newlines++;
      } else if (byte === openBrace || byte === openBracket) {
        if (depth === maxDepth || !mayOpen(bytes, at, kinds[depth] as number)) {
          result = 'bad';
          break;
        }
        kinds[++depth] = byte;
      } else if (kinds[depth] !== byte - 2) {
        // A closing bracket is two above its opening one in ASCII.
        result = 'bad';
        break;
      } else if (--depth === 0) {
        at++;
        result = 'whole';
        break;
      }
      at++;
    }
    this.#state = state;
    this.#depth = depth;
    this.at = at;
    return result;
  }
}

/** Whether a line at `at` begins with a value; also when that is not known yet. */
function isNewValue(bytes: Uint8Array, at: number, end: number): boolean {
  return at >= end || bytes[at] === openBrace || bytes[at] === openBracket;
}

/** Whether an object or array may begin at `at` within a container of the given kind, by what stands before. */
function mayOpen(bytes: Uint8Array, at: number, kind: number): boolean {
  const before = bytes[at - 1] ?? colon;
  const byte = before > 0x20 ? before : bytes[lastBefore(bytes, at)];
  if (byte === undefined) return true;
  return kind === openBrace ? byte === colon : byte === comma || byte === openBracket;
}
