/**
 * Where in a file a text of a JSON record stands: the way back that is walked only for records with a hit, so that
 * reading need not keep it.
 */
import type { Span } from '../../model/span.js';
import { composeMaps, identityMap, OffsetMapBuilder, opaqueMap } from '../../text/offset-map.js';
import { characterLength } from '../../text/utf8.js';
import { utf16ToUtf8 } from '../../text/utf16.js';
import type { OffsetMap } from '../../text/view.js';
import { parseJson } from './json-batch.js';
import {
  backslash,
  closeBrace,
  closeBracket,
  comma,
  openBrace,
  openBracket,
  quote,
  skipSpaces,
} from './json-bytes.js';
import { pointerParts } from './json-paths.js';
import { Skim } from './json-skim.js';
import { textOfBytes } from './json-window.js';

export interface LocatedLeaf {
  /** Byte range of the literal in the file, quotes included. */
  readonly start: number;
  readonly end: number;
  /** From the UTF-8 bytes of the decoded value to the bytes of the file. */
  readonly map: OffsetMap;
}

/**
 * Finds the string, number or word at `pointer` within a record.
 *
 * @param record the record's bytes as they lie in the file, `JsonRecord.raw`
 * @param base offset of the record in the file
 * @param encoding only for UTF-16, in which nothing tells a part of a file from binary data
 * @returns undefined when nothing stands there, or an object or array
 */
export function locateLeaf(
  record: Buffer,
  pointer: string,
  base = 0,
  encoding?: 'utf-16le' | 'utf-16be',
): LocatedLeaf | undefined {
  if (encoding === undefined) return locate(record, pointer, identityMap(record.length, base));
  const { text, map } = utf16ToUtf8(record, encoding);
  return locate(text, pointer, composeMaps(identityMap(record.length, base), map));
}

function locate(bytes: Buffer, pointer: string, outer: OffsetMap): LocatedLeaf | undefined {
  const span = findValue(bytes, pointerParts(pointer));
  if (span === undefined || isOpening(bytes[span.start])) return undefined;
  const place = outer.toRaw(span).ranges;
  const isString = bytes[span.start] === quote;
  const map = isString ? literalMap(bytes, span) : identityMap(span.end - span.start, span.start);
  return {
    start: place[0]?.start ?? 0,
    end: place.at(-1)?.end ?? 0,
    map: composeMaps(outer, map),
  };
}

/** Map from the UTF-8 bytes of a decoded string to the bytes that its literal, quotes included, stands in. */
export function literalMap(bytes: Buffer, literal: Span): OffsetMap {
  const text = textOfBytes(bytes.subarray(literal.start, literal.end));
  const value = parseJson(text);
  const inner = { start: literal.start + 1, end: literal.end - 1 };
  const map = runsOf(bytes, inner, Buffer.byteLength(text) === literal.end - literal.start);
  // What is no UTF-8 is replaced by rules of its own.
  if (typeof value === 'string' && Buffer.byteLength(value) !== map.length)
    return opaqueMap(Buffer.byteLength(value), inner);
  return map;
}

/** @param isUtf8 false for windows-1252, whose bytes beyond ASCII stand for characters of two or three */
function runsOf(bytes: Buffer, { start, end }: Span, isUtf8: boolean): OffsetMap {
  const runs = new OffsetMapBuilder();
  let at = start;
  while (at < end) {
    const byte = bytes[at] as number;
    if (byte === backslash) {
      const { length, size } = escapeAt(bytes, at, end);
      runs.replace(at, length, size);
      at += length;
    } else if (byte < 0x80 || isUtf8) {
      const length = byte < 0x80 ? 1 : characterLength(bytes, at, end);
      runs.copy(at, length);
      at += length;
    } else {
      runs.replace(at, 1, Buffer.byteLength(textOfBytes(bytes.subarray(at, at + 1))));
      at++;
    }
  }
  return runs.build();
}

/** Length of the escape at `at`, of a surrogate pair both, and the size of what it stands for. */
function escapeAt(
  bytes: Buffer,
  at: number,
  end: number,
): { readonly length: number; readonly size: number } {
  const unit = codeUnitAt(bytes, at, end);
  if (unit === undefined) return { length: 2, size: 1 };
  if (unit < 0x80) return { length: 6, size: 1 };
  if (unit < 0x800) return { length: 6, size: 2 };
  const low = unit >= 0xd800 && unit < 0xdc00 ? codeUnitAt(bytes, at + 6, end) : undefined;
  if (low !== undefined && low >= 0xdc00 && low < 0xe000) return { length: 12, size: 4 };
  return { length: 6, size: 3 };
}

/** Code unit of a `\uXXXX` that begins at `at`. */
function codeUnitAt(bytes: Buffer, at: number, end: number): number | undefined {
  if (at + 6 > end || bytes[at] !== backslash || bytes[at + 1] !== 0x75) return undefined;
  const unit = Number.parseInt(bytes.toString('latin1', at + 2, at + 6), 16);
  return Number.isNaN(unit) ? undefined : unit;
}

function isOpening(byte: number | undefined): boolean {
  return byte === openBrace || byte === openBracket;
}

/** The value that a path of keys leads to; of equal keys the last counts, as for JSON.parse. */
function findValue(bytes: Buffer, parts: readonly string[]): Span | undefined {
  const skim = new Skim();
  let start = skipSpaces(bytes, 0, bytes.length);
  for (const part of parts) {
    const next =
      bytes[start] === openBrace ? memberAt(bytes, start, part, skim) : elementAt(bytes, start, part, skim);
    if (next === undefined) return undefined;
    start = next;
  }
  skim.start(start);
  const isWhole = skim.run(bytes, bytes.length) === 'whole' || skim.isScalar;
  return isWhole ? { start, end: skim.at } : undefined;
}

function memberAt(bytes: Buffer, object: number, key: string, skim: Skim): number | undefined {
  const end = bytes.length;
  let found: number | undefined;
  let at = skipSpaces(bytes, object + 1, end);
  while (at < end && bytes[at] !== closeBrace) {
    skim.start(at);
    if (skim.run(bytes, end) !== 'whole') break;
    const isKey = parseJson(textOfBytes(bytes.subarray(at, skim.at))) === key;
    const value = skipSpaces(bytes, skipSpaces(bytes, skim.at, end) + 1, end);
    if (isKey) found = value;
    skim.start(value);
    if (skim.run(bytes, end) !== 'whole') break;
    at = skipSpaces(bytes, skim.at, end);
    if (bytes[at] === comma) at = skipSpaces(bytes, at + 1, end);
  }
  return found;
}

function elementAt(bytes: Buffer, array: number, index: string, skim: Skim): number | undefined {
  if (bytes[array] !== openBracket || !/^\d{1,9}$/.test(index)) return undefined;
  const end = bytes.length;
  let at = skipSpaces(bytes, array + 1, end);
  for (let left = Number(index); at < end && bytes[at] !== closeBracket; left--) {
    if (left === 0) return at;
    skim.start(at);
    if (skim.run(bytes, end) !== 'whole') return undefined;
    at = skipSpaces(bytes, skim.at, end);
    if (bytes[at] === comma) at = skipSpaces(bytes, at + 1, end);
  }
  return undefined;
}
