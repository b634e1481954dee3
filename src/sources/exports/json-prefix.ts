/**
 * Tells a text that was merely cut off from one that is damaged within: all that there is of the first is JSON to the
 * letter, so that nothing in it can be another record.
 */
import { backslash, colon, comma, openBrace, openBracket, quote, skipSpaces } from './json-bytes.js';
import { maxDepth } from './json-skim.js';

const scalar = /^(?:true|false|null|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)$/;
/** More than any number or word of JSON. */
const maxScalar = 400;

/** Whether `bytes[start, end)` begins a JSON value and holds nothing that could not go on as one. */
export function isJsonPrefix(bytes: Buffer, start: number, end: number): boolean {
  const walk = new PrefixWalk(bytes, end);
  let at = skipSpaces(bytes, start, end);
  while (at >= 0 && at < end) {
    at = walk.step(at);
    if (at >= 0) at = skipSpaces(bytes, at, end);
  }
  return at >= 0;
}

class PrefixWalk {
  readonly #bytes: Buffer;
  readonly #end: number;
  /** Opening brackets of what is open. */
  readonly #open: number[] = [];
  #expected: 'value' | 'key' | 'colon' | 'separator' = 'value';
  /** True right behind an opening bracket, where the closing one may stand. */
  #isFirst = false;

  constructor(bytes: Buffer, end: number) {
    this.#bytes = bytes;
    this.#end = end;
  }

  /** Takes the token at `at`; gives the place behind it, -1 when none may stand there. */
  step(at: number): number {
    const byte = this.#bytes[at] as number;
    const top = this.#open.at(-1);
    // A closing bracket is two above its opening one in ASCII.
    if (top !== undefined && byte === top + 2 && (this.#isFirst || this.#expected === 'separator')) {
      this.#open.pop();
      this.#isFirst = false;
      this.#expected = 'separator';
      return at + 1;
    }
    this.#isFirst = false;
    switch (this.#expected) {
      case 'separator':
        if (byte !== comma || top === undefined) return -1;
        this.#expected = top === openBrace ? 'key' : 'value';
        return at + 1;
      case 'colon':
        this.#expected = 'value';
        return byte === colon ? at + 1 : -1;
      case 'key':
        this.#expected = 'colon';
        return byte === quote ? stringEnd(this.#bytes, at, this.#end) : -1;
      case 'value':
        return this.#value(at, byte);
    }
  }

  #value(at: number, byte: number): number {
    if (byte === openBrace || byte === openBracket) {
      this.#open.push(byte);
      this.#expected = byte === openBrace ? 'key' : 'value';
      this.#isFirst = true;
      return this.#open.length > maxDepth ? -1 : at + 1;
    }
    this.#expected = 'separator';
    if (byte === quote) return stringEnd(this.#bytes, at, this.#end);
    const behind = scalarEnd(this.#bytes, at, this.#end);
    // What the end cuts may be a part of anything.
    const isSound = behind === this.#end || scalar.test(this.#bytes.toString('latin1', at, behind));
    return isSound && behind > at ? behind : -1;
  }
}

/** Behind the closing quote, `end` when the text ends within the string, -1 when it holds what no string may. */
function stringEnd(bytes: Buffer, from: number, end: number): number {
  for (let at = from + 1; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte === quote) return at + 1;
    if (byte < 0x20) return -1;
    if (byte === backslash) at++;
  }
  return end;
}

function scalarEnd(bytes: Buffer, from: number, end: number): number {
  let at = from;
  while (at < end && at - from < maxScalar && isOfScalar(bytes[at] as number)) at++;
  return at;
}

function isOfScalar(byte: number): boolean {
  return byte > 0x20 && byte !== comma && byte !== openBrace + 2 && byte !== openBracket + 2;
}
