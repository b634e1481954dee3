/** One row of a table, as SQLite packs it: lengths and kinds first, then the values. */
import type { DatabasePages } from './database-pages.js';

/** `undefined` for a value that the file does not hold whole. */
export type RowValue = string | number | Buffer | null | undefined;

/** More columns than SQLite allows. */
const maxColumns = 32_768;

/** A number of one to nine bytes; undefined when the bytes end before it does. */
export function varint(
  bytes: Buffer,
  at: number,
): { readonly value: number; readonly end: number } | undefined {
  let value = 0;
  for (let i = 0; i < 9; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return undefined;
    if (i === 8) return { value: signedOf(bytes.subarray(at, at + 9)), end: at + 9 };
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, end: at + i + 1 };
  }
  return undefined;
}

/** Numbers below nought, and absurd ones, take all nine bytes; the last of them is whole. */
function signedOf(bytes: Buffer): number {
  let value = 0n;
  for (let i = 0; i < 8; i++) value = value * 128n + BigInt((bytes[i] as number) & 0x7f);
  return Number(BigInt.asIntN(64, value * 256n + BigInt(bytes[8] as number)));
}

/** Values of a row; undefined when its head is damaged. */
export function rowValues(
  payload: Buffer,
  encoding: DatabasePages['encoding'],
): readonly RowValue[] | undefined {
  const head = varint(payload, 0);
  if (head === undefined || head.value < head.end || head.value > payload.length) return undefined;
  const values: RowValue[] = [];
  let at = head.value;
  for (let kindAt = head.end; kindAt < head.value; ) {
    const kind = varint(payload, kindAt);
    if (kind === undefined || kind.end > head.value || values.length >= maxColumns) return undefined;
    kindAt = kind.end;
    const length = lengthOf(kind.value);
    if (length === undefined) return undefined;
    values.push(
      at + length > payload.length && length > 0
        ? cutValue(payload.subarray(at), kind.value, encoding)
        : valueOfKind(payload.subarray(at, at + length), kind.value, encoding),
    );
    at += length;
  }
  return values;
}

const lengths: readonly (number | undefined)[] = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, undefined, undefined];

function lengthOf(kind: number): number | undefined {
  return kind < lengths.length ? lengths[kind] : Math.floor((kind - 12) / 2);
}

function valueOfKind(bytes: Buffer, kind: number, encoding: DatabasePages['encoding']): RowValue {
  if (kind === 0) return null;
  if (kind === 7) return bytes.readDoubleBE(0);
  if (kind === 8 || kind === 9) return kind - 8;
  if (kind < 7) return bytes.length <= 6 ? bytes.readIntBE(0, bytes.length) : longOf(bytes);
  return kind % 2 === 0 ? bytes : textOf(bytes, encoding);
}

/** What is there of a text whose end is missing. */
function cutValue(bytes: Buffer, kind: number, encoding: DatabasePages['encoding']): RowValue {
  return kind >= 13 && kind % 2 === 1 ? textOf(bytes, encoding) : undefined;
}

/** Ids beyond the numbers that are exact come as text. */
function longOf(bytes: Buffer): number | string {
  const value = bytes.readBigInt64BE(0);
  return BigInt(Number(value)) === value && Number.isSafeInteger(Number(value))
    ? Number(value)
    : String(value);
}

function textOf(bytes: Buffer, encoding: DatabasePages['encoding']): string {
  if (encoding === 'utf8') return bytes.toString('utf8');
  const whole = bytes.subarray(0, bytes.length & ~1);
  return encoding === 'utf16le' ? whole.toString('utf16le') : Buffer.from(whole).swap16().toString('utf16le');
}
