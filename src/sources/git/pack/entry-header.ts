/** Parses the header of one packed entry (gitformat-pack(5)): type, size, and where a delta's base is. */

/** Most bytes that a header can have: 10 of type and size, 10 of distance or 32 of id. */
export const MAX_HEADER_BYTES = 42;

export const OFS_DELTA = 6;
export const REF_DELTA = 7;

/** The header parsed last; one object that is reused, since this runs once for each object of a pack. */
export interface EntryHeader {
  /** 1 commit, 2 tree, 3 blob, 4 tag, 6 and 7 deltas. */
  type: number;
  /** Inflated bytes of the stream. */
  size: number;
  /** Bytes of the header. */
  bytes: number;
  /** OFS_DELTA: how far before this entry its base starts, in bytes. */
  distance: number;
  /** REF_DELTA: where in the parsed bytes the base's id starts. */
  oidAt: number;
}

export function newEntryHeader(): EntryHeader {
  return { type: 0, size: 0, bytes: 0, distance: 0, oidAt: 0 };
}

/** Parses the header at `start`; false when it is no valid one or reaches beyond `end`. */
export function parseEntryHeader(
  bytes: Uint8Array,
  start: number,
  end: number,
  oidBytes: number,
  header: EntryHeader,
): boolean {
  const at = parseSize(bytes, start, end, header);
  if (at === -1) return false;
  header.bytes = at - start;
  if (header.type === OFS_DELTA) return parseDistance(bytes, at, end, header);
  if (header.type === REF_DELTA) {
    header.oidAt = at;
    header.bytes += oidBytes;
    return at + oidBytes <= end;
  }
  return header.type !== 0 && header.type !== 5;
}

/** Three bits of type, then the size, least significant bits first; returns where it ends, -1 when cut off. */
function parseSize(bytes: Uint8Array, start: number, end: number, header: EntryHeader): number {
  if (start >= end) return -1;
  let at = start;
  let byte = bytes[at++] ?? 0;
  header.type = (byte >> 4) & 7;
  let size = byte & 15;
  let scale = 16;
  while ((byte & 0x80) !== 0) {
    if (at >= end || scale > 2 ** 53) return -1;
    byte = bytes[at++] ?? 0;
    size += (byte & 0x7f) * scale;
    scale *= 128;
  }
  header.size = size;
  return at;
}

/** Most significant bits first; each further byte adds one, so that no distance has two spellings. */
function parseDistance(bytes: Uint8Array, start: number, end: number, header: EntryHeader): boolean {
  if (start >= end) return false;
  let at = start;
  let byte = bytes[at++] ?? 0;
  let distance = byte & 0x7f;
  while ((byte & 0x80) !== 0) {
    if (at >= end || distance > 2 ** 45) return false;
    byte = bytes[at++] ?? 0;
    distance = (distance + 1) * 128 + (byte & 0x7f);
  }
  header.distance = distance;
  header.bytes += at - start;
  return true;
}
