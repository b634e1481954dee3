/**
 * Reads a pack's index (.idx version 2, gitformat-pack(5)). Version 1 is left to git: it has been the
 * default of no git since 2007.
 */
import type { PackIds } from './pack-ids.js';
import { readFile } from './read-file.js';

export interface PackIndex extends PackIds {
  /** Rows whose first byte is at most b end before `fanout[b]`. */
  readonly fanout: Uint32Array;
  /** CRC-32 of the packed entry, by row. Shared memory. */
  readonly crcs: Uint32Array;
  /** Place of the entry in the pack, by row, in bytes; Infinity where it is beyond any file. */
  readonly offsets: Float64Array;
}

export type PackIndexFault = 'unsupported-index' | 'bad-index' | 'unreadable-index';

export type PackIndexResult =
  | { readonly ok: true; readonly index: PackIndex }
  | { readonly ok: false; readonly fault: PackIndexFault };

export function readPackIndex(path: string, oidBytes: 20 | 32): PackIndexResult {
  const bytes = readFile(path);
  if (bytes === undefined) return { ok: false, fault: 'unreadable-index' };
  return parsePackIndex(bytes, oidBytes);
}

export type PackIdsResult =
  | { readonly ok: true; readonly ids: PackIds & Pick<PackIndex, 'fanout'> }
  | { readonly ok: false; readonly fault: PackIndexFault };

/** The ids alone; `bytes` should lie in shared memory, since `oids` is a view of it. */
export function parsePackIds(bytes: Uint8Array, oidBytes: 20 | 32): PackIdsResult {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8 + 1024) return { ok: false, fault: 'bad-index' };
  if (view.getUint32(0) !== 0xff744f63 || view.getUint32(4) !== 2) {
    return { ok: false, fault: 'unsupported-index' };
  }
  const fanout = new Uint32Array(256);
  for (let byte = 0, former = 0; byte < 256; byte++) {
    const end = view.getUint32(8 + byte * 4);
    if (end < former) return { ok: false, fault: 'bad-index' };
    fanout[byte] = former = end;
  }
  const count = fanout[255] ?? 0;
  const oidStart = 8 + 1024;
  const crcStart = oidStart + count * oidBytes;
  const offsetStart = crcStart + count * 4;
  const largeStart = offsetStart + count * 4;
  const largeEnd = bytes.length - 2 * oidBytes;
  if (largeEnd < largeStart || largeEnd > largeStart + count * 8) return { ok: false, fault: 'bad-index' };
  return { ok: true, ids: { oidBytes, count, oids: bytes.subarray(oidStart, crcStart), fanout } };
}

/** Parses the bytes of an index, as {@link parsePackIds} does, with all that it says. */
export function parsePackIndex(bytes: Uint8Array, oidBytes: 20 | 32): PackIndexResult {
  const parsed = parsePackIds(bytes, oidBytes);
  if (!parsed.ok) return parsed;
  const { count, oids, fanout } = parsed.ids;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const crcStart = 8 + 1024 + count * oidBytes;
  const offsetStart = crcStart + count * 4;
  const largeStart = offsetStart + count * 4;
  const largeEnd = bytes.length - 2 * oidBytes;
  const crcs = new Uint32Array(new SharedArrayBuffer(count * 4));
  const offsets = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    crcs[row] = view.getUint32(crcStart + row * 4);
    const offset = view.getUint32(offsetStart + row * 4);
    if (offset < 0x80000000) {
      offsets[row] = offset;
      continue;
    }
    const at = largeStart + (offset - 0x80000000) * 8;
    if (at + 8 > largeEnd) offsets[row] = Number.POSITIVE_INFINITY;
    else {
      const high = view.getUint32(at);
      offsets[row] = high > 0x1fffff ? Number.POSITIVE_INFINITY : high * 2 ** 32 + view.getUint32(at + 4);
    }
  }
  return { ok: true, index: { oidBytes, count, oids, fanout, crcs, offsets } };
}

/** Row of an id; -1 when the index does not hold it. `at` is where the id starts in `bytes`. */
export function findRow(index: PackIndex, bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  let low = first === 0 ? 0 : (index.fanout[first - 1] ?? 0);
  let high = index.fanout[first] ?? 0;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = compareOid(index, middle, bytes, at);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return -1;
}

function compareOid(index: PackIndex, row: number, bytes: Uint8Array, at: number): number {
  const start = row * index.oidBytes;
  for (let i = 0; i < index.oidBytes; i++) {
    const difference = (index.oids[start + i] ?? 0) - (bytes[at + i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
