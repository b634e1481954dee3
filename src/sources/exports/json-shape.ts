/** Looks at the beginning of a text and says what JSON it is, without needing its end. */
import type { JsonShape } from './contract.js';
import { closeBrace, closeBracket, colon, comma, openBrace, openBracket, quote } from './json-bytes.js';

/** Tokens looked at; a recogniser needs the first keys only. */
const maxTokens = 4000;
/** Keys remembered of one object. */
const maxKeys = 200;
/** Of frames within more others than these only the brackets are kept track of: no recogniser asks for their keys. */
const namedDepth = 3;
const unnamed: string[] = [];

interface Frame {
  readonly isArray: boolean;
  readonly start: number;
  readonly keys: string[];
  hasKeys: boolean;
  key: string | undefined;
  /** For arrays: the key of the parent under which it stands. */
  readonly under: string | undefined;
  isFirst: boolean;
}

/** Shape of a text that is, or begins like, a JSON object, an array of objects, or lines of objects. */
export function jsonShapeOf(text: string): JsonShape | undefined {
  // A reader asks again what its recogniser asked.
  if (text !== lastText) {
    lastShape = shapeOf(text);
    lastText = text;
  }
  return lastShape;
}

let lastText = '';
let lastShape: JsonShape | undefined;

function shapeOf(text: string): JsonShape | undefined {
  const begin = /^\ufeff?[\s]*/.exec(text)?.[0].length ?? 0;
  const opening = text[begin];
  if (opening !== '{' && opening !== '[') return undefined;
  return parsedShape(text, begin) ?? new ShapeScan(text, begin).run(opening === '[');
}

/**
 * The shape of a short text that is JSON to its end, as most files of a folder are: the parser that V8 has takes a
 * fraction of what a look at each token does. Undefined for all others.
 */
function parsedShape(text: string, begin: number): JsonShape | undefined {
  // A token has one character at least, and there is one step more at the end.
  if (text.length - begin >= maxTokens) return undefined;
  let root: unknown;
  try {
    root = JSON.parse(begin === 0 ? text : text.slice(begin)) as unknown;
  } catch {
    return undefined;
  }
  const inner: Record<string, readonly string[]> = Object.create(null);
  if (Array.isArray(root)) {
    const first = root.find(isPlainObject);
    const keys = first === undefined ? [] : keysInOrder(first);
    return keys && { root: 'array', keys, first, inner, isSure: first !== undefined };
  }
  if (!isPlainObject(root)) return undefined;
  const keys = keysInOrder(root);
  if (keys === undefined) return undefined;
  for (const key of keys) {
    const list = root[key];
    const first: unknown = Array.isArray(list) ? list.find(isPlainObject) : undefined;
    if (!isPlainObject(first)) continue;
    const innerKeys = keysInOrder(first);
    if (innerKeys === undefined) return undefined;
    if (innerKeys.length > 0) inner[key] = innerKeys;
  }
  return { root: 'object', keys, first: root, inner, isSure: true };
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Keys as they are written; undefined when an object does not keep their order, as it does not with numbers. */
function keysInOrder(object: Record<string, unknown>): string[] | undefined {
  const keys = Object.keys(object);
  const first = keys[0]?.charCodeAt(0);
  if (first !== undefined && isDigit(first)) return undefined;
  return keys.length > maxKeys ? keys.slice(0, maxKeys) : keys;
}

class ShapeScan {
  readonly #text: string;
  #at: number;
  readonly #stack: Frame[] = [];
  #keys: string[] | undefined;
  #first: unknown;
  /** Keys come from outside: `__proto__` is one like all others. */
  readonly #inner: Record<string, string[]> = Object.create(null);

  constructor(text: string, at: number) {
    this.#text = text;
    this.#at = at;
  }

  run(isArray: boolean): JsonShape | undefined {
    let isBroken = false;
    /** Where the token before begins, when it is a string; -1 when not. */
    let stringStart = -1;
    let isLines = false;
    let isAll = false;
    for (let count = 0; count < maxTokens; count++) {
      const start = this.#nextStart();
      const end = tokenEnd(this.#text, start);
      if (end === start) {
        isAll = start === this.#text.length;
        break;
      }
      const stringEnd = this.#at;
      this.#at = end;
      if (this.#stack.length === 0 && count > 0) {
        isLines = !isArray && this.#text.charCodeAt(start) === openBrace;
        break;
      }
      const verdict = this.#take(start, end, isArray, stringStart, stringEnd);
      if (verdict === 'no JSON') return undefined;
      // One whole element tells the shape of an array.
      if (verdict === 'broken' || (isArray && this.#keys !== undefined)) {
        isBroken = verdict === 'broken';
        break;
      }
      stringStart = this.#text.charCodeAt(start) === quote ? start : -1;
    }
    const bottom = this.#stack[0];
    const keys = isArray ? this.#elementKeys() : (this.#keys ?? bottom?.keys ?? []);
    return {
      root: isArray ? 'array' : isLines ? 'lines' : 'object',
      keys,
      first: this.#first,
      inner: this.#inner,
      isSure:
        !isBroken &&
        (this.#stack.length > 0 ? !isArray || this.#first !== undefined : isAll && this.#first !== undefined),
    };
  }

  /** Where the next token begins. */
  #nextStart(): number {
    let at = this.#at;
    while (isSpace(this.#text.charCodeAt(at))) at++;
    return at;
  }

  #take(
    start: number,
    end: number,
    isArrayRoot: boolean,
    stringStart: number,
    stringEnd: number,
  ): 'taken' | 'broken' | 'no JSON' {
    const top = this.#stack[this.#stack.length - 1];
    const code = this.#text.charCodeAt(start);
    switch (code) {
      case quote:
      case comma:
        return 'taken';
      case openBrace:
      case openBracket:
        this.#open(code === openBracket, start);
        return 'taken';
      case closeBrace:
      case closeBracket:
        if (top === undefined || top.isArray !== (code === closeBracket)) return 'broken';
        this.#close(top, isArrayRoot);
        return 'taken';
      case colon:
        // A clock in brackets: `[12:00] ...` is a line of a log.
        if (top?.isArray === true && this.#stack.length === 1 && this.#keys === undefined) return 'no JSON';
        if (top !== undefined && stringStart >= 0) this.#key(top, stringStart, stringEnd);
        return 'taken';
    }
    if (isScalar(this.#text, start, end)) return 'taken';
    // Neither JSON nor cut-off JSON; at the very end a word may be cut, and behind a first key it is damage.
    const hasKey = this.#stack.some(({ hasKeys }) => hasKeys);
    const isDamage = this.#at === this.#text.length || hasKey || Object.keys(this.#inner).length > 0;
    return isDamage ? 'broken' : 'no JSON';
  }

  #open(isArray: boolean, start: number): void {
    const depth = this.#stack.length;
    const under = depth === 0 ? undefined : this.#stack[depth - 1]?.key;
    const keys = depth < namedDepth ? [] : unnamed;
    this.#stack.push({ isArray, start, keys, hasKeys: false, key: undefined, under, isFirst: true });
  }

  /** Notes the key of which the literal, with its quotes, is `text[from, to)`. */
  #key(frame: Frame, from: number, to: number): void {
    const depth = this.#stack.length;
    if (depth > namedDepth) {
      frame.hasKeys = true;
      return;
    }
    let key = this.#text.slice(from + 1, to - 1);
    try {
      if (key.includes('\\')) key = JSON.parse(`"${key}"`) as string;
    } catch {
      return;
    }
    frame.hasKeys = true;
    frame.key = key;
    if (frame.keys.length < maxKeys) frame.keys.push(key);
    const array = this.#stack[depth - 2];
    // The first object of an array that stands in the root object.
    if (depth === 3 && array?.isArray === true && array.isFirst && array.under !== undefined) {
      this.#inner[array.under] = frame.keys;
    }
  }

  #close(frame: Frame, isArrayRoot: boolean): void {
    this.#stack.pop();
    const depth = this.#stack.length;
    const parent = this.#stack.at(-1);
    if (parent?.isArray === true && !frame.isArray) {
      if (isArrayRoot && depth === 1 && this.#keys === undefined) this.#whole(frame);
      parent.isFirst = false;
    }
    if (!isArrayRoot && depth === 0 && this.#keys === undefined) this.#whole(frame);
  }

  #whole(frame: Frame): void {
    this.#keys = frame.keys;
    try {
      this.#first = JSON.parse(this.#text.slice(frame.start, this.#at));
    } catch {
      // Keys are known all the same.
    }
  }

  #elementKeys(): string[] {
    return this.#keys ?? this.#stack[1]?.keys ?? [];
  }
}

const backslash = 0x5c;

/** White space as `\s` has it; NaN, behind the end of a text, is none. */
function isSpace(code: number): boolean {
  if (code > 0x20) return code >= 0xa0 && otherSpace.test(String.fromCharCode(code));
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

const otherSpace = /\s/;

/** End of the token at `start`: a bracket or sign, a whole string, or a word; `start` itself when none stands there. */
function tokenEnd(text: string, start: number): number {
  const first = text.charCodeAt(start);
  if (Number.isNaN(first)) return start;
  if (first === quote) return stringEnd(text, start);
  if (isSign(first)) return start + 1;
  let at = start;
  for (let code = first; at < text.length; code = text.charCodeAt(++at)) {
    if (code === quote || isSign(code) || isSpace(code)) break;
  }
  return at;
}

/** Most strings are short: a search by the engine would cost more than it finds. */
const shortString = 24;

/** Behind the closing quote; `start` when there is none. */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1, end = at + shortString; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) return at + 1;
    if (code === backslash) break;
  }
  for (let from = start + 1; ; ) {
    const end = text.indexOf('"', from);
    if (end < 0) return start;
    let before = end - 1;
    while (before > start && text.charCodeAt(before) === backslash) before--;
    if ((end - before) % 2 === 1) return end + 1;
    from = end + 1;
  }
}

/** True for a literal of JSON, and for what is made as numbers are. */
function isScalar(text: string, start: number, end: number): boolean {
  const first = text.charCodeAt(start);
  if (first === 0x74) return end - start === 4 && text.startsWith('true', start);
  if (first === 0x66) return end - start === 5 && text.startsWith('false', start);
  if (first === 0x6e) return end - start === 4 && text.startsWith('null', start);
  let at = first === 0x2d ? start + 1 : start;
  if (at >= end || !isDigit(text.charCodeAt(at))) return false;
  for (at++; at < end; at++) {
    const code = text.charCodeAt(at);
    if (!isDigit(code) && code !== 0x2e && code !== 0x2b && code !== 0x2d && (code | 0x20) !== 0x65)
      return false;
  }
  return true;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isSign(code: number): boolean {
  return (
    code === openBrace ||
    code === closeBrace ||
    code === openBracket ||
    code === closeBracket ||
    code === colon ||
    code === comma
  );
}
