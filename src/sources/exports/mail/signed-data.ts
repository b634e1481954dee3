/** Messages that S/MIME signed and packed in one part (`smime-type=signed-data`): what was signed stands in it as it is. */

/** Object ids of `signedData` and `data` of PKCS #7, with tag and length. */
const signedData = Buffer.from('06092a864886f70d010702', 'hex');
const data = Buffer.from('06092a864886f70d010701', 'hex');
/** Bytes within which both stand. */
const headBytes = 1024;
const octets = 0x04;
const constructed = 0x20;
/** Octet strings of octet strings of ... */
const maxDepth = 8;

interface Item {
  readonly tag: number;
  readonly start: number;
  /** Undefined where two zeros end it. */
  readonly end: number | undefined;
}

/** The signed MIME entity; undefined when the bytes hold none, as encrypted ones do. */
export function signedEntity(bytes: Buffer): Buffer | undefined {
  const head = bytes.subarray(0, headBytes);
  const outer = head.indexOf(signedData);
  const at = outer < 0 ? -1 : head.indexOf(data, outer);
  if (at < 0) return undefined;
  const explicit = itemAt(bytes, at + data.length);
  if (explicit === undefined || explicit.tag !== 0xa0) return undefined;
  // Not as a list of parts: there may be one for every two bytes.
  const octetsOf: Octets = { bytes: Buffer.alloc(bytes.length), length: 0 };
  collect(bytes, explicit.start, bytes.length, 0, octetsOf);
  return octetsOf.length === 0 ? undefined : octetsOf.bytes.subarray(0, octetsOf.length);
}

interface Octets {
  readonly bytes: Buffer;
  /** Bytes that are there so far. */
  length: number;
}

/** Adds the octets of the octet string at `at`; gives its end. */
function collect(bytes: Buffer, at: number, end: number, depth: number, found: Octets): number {
  const item = itemAt(bytes, at);
  if (item === undefined || (item.tag & ~constructed) !== octets || depth > maxDepth) return end;
  const itemEnd = Math.min(item.end ?? end, end);
  if ((item.tag & constructed) === 0) {
    found.length += bytes.copy(found.bytes, found.length, item.start, itemEnd);
    return itemEnd;
  }
  let next = item.start;
  while (next < itemEnd) {
    if (item.end === undefined && bytes[next] === 0 && bytes[next + 1] === 0) return next + 2;
    next = collect(bytes, next, itemEnd, depth + 1, found);
  }
  return itemEnd;
}

function itemAt(bytes: Buffer, at: number): Item | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined) return undefined;
  if (first === 0x80) return { tag, start: at + 2, end: undefined };
  if (first < 0x80) return { tag, start: at + 2, end: at + 2 + first };
  const count = first & 0x7f;
  if (count > 4 || at + 2 + count > bytes.length) return undefined;
  const start = at + 2 + count;
  return { tag, start, end: start + bytes.readUIntBE(at + 2, count) };
}
