/** Lists of MAPI properties, as TNEF holds them. */
import { windows1252Text } from '../../../text/windows-1252.js';

/** Values by the ids of their properties: strings decoded, others as they lie. */
export type Values = Map<number, string | Buffer>;

const maxProperties = 10_000;

/** Bytes of the values of fixed size, each filled up to four; others tell theirs. */
const fixedSizes: ReadonlyMap<number, number> = new Map([
  [0x0002, 4],
  [0x0003, 4],
  [0x0004, 4],
  [0x000a, 4],
  [0x000b, 4],
  [0x0005, 8],
  [0x0006, 8],
  [0x0007, 8],
  [0x0014, 8],
  [0x0040, 8],
  [0x0048, 16],
]);
const unicode = 0x001f;
const string8 = 0x001e;
const object = 0x000d;
const binary = 0x0102;
const variableTypes = new Set([unicode, string8, object, binary]);
/** Flag of a list of values. */
const several = 0x1000;

/** Takes the values of variable size out of a list of properties (MS-OXTNEF, 2.1.3.4); a broken list ends early. */
export function readProperties(data: Buffer, values: Values): void {
  const cursor = new Cursor(data);
  const count = Math.min(cursor.uint32(), maxProperties);
  for (let i = 0; i < count && !cursor.isOver; i++) {
    const tag = cursor.uint32();
    const type = tag & 0xefff;
    if (tag >>> 16 >= 0x8000) skipName(cursor);
    const size = fixedSizes.get(type);
    if (variableTypes.has(type)) readVariable(cursor, type, tag >>> 16, values);
    else if (size === undefined) return;
    else cursor.padded(size * ((tag & several) === 0 ? 1 : cursor.uint32()));
  }
}

/** Of several values the first is kept. */
function readVariable(cursor: Cursor, type: number, id: number, values: Values): void {
  const count = cursor.uint32();
  for (let i = 0; i < count && !cursor.isOver; i++) {
    const value = cursor.padded(cursor.uint32());
    if (values.has(id)) continue;
    // In front of objects stands the interface that they are read with.
    values.set(id, contentOf(type === object ? value.subarray(16) : value, type));
  }
}

function contentOf(bytes: Buffer, type: number): string | Buffer {
  if (type === unicode) return beforeNul(bytes.toString('utf16le'));
  return type === string8 ? ansi(bytes) : bytes;
}

/** A property outside the known ranges has a name of its own. */
function skipName(cursor: Cursor): void {
  cursor.padded(16);
  if (cursor.uint32() === 0) cursor.uint32();
  else cursor.padded(cursor.uint32());
}

class Cursor {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isOver(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** Zero behind the end. */
  uint32(): number {
    const at = this.#at;
    this.#at += 4;
    return this.#at <= this.#bytes.length ? this.#bytes.readUInt32LE(at) : 0;
  }

  padded(length: number): Buffer {
    const at = this.#at;
    this.#at += Math.ceil(length / 4) * 4;
    return this.#bytes.subarray(at, at + length);
  }
}

/** Strings without Unicode, in the sender's code page, which few streams tell. */
export function ansi(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return windows1252Text(end < 0 ? bytes : bytes.subarray(0, end));
}

/** Strings end with a NUL. */
export function beforeNul(text: string): string {
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}
