/**
 * DER (ITU-T X.690) as far as key containers need it: definite lengths, low tag numbers, no recursion into
 * what is not asked for. Hostile input gives undefined, never an exception or a large allocation.
 */

export interface DerNode {
  readonly tag: number;
  /** Offsets of the content in the bytes that were parsed, half-open. */
  readonly start: number;
  readonly end: number;
}

export const derTags = { integer: 2, bitString: 3, octetString: 4, oid: 6, sequence: 0x30 } as const;

/** Length that a header at `at` announces, header included; undefined when there is no header. */
export function announcedLength(bytes: Uint8Array, at = 0): number | undefined {
  const header = headerAt(bytes, at);
  return header === undefined ? undefined : header.contentStart - at + header.contentLength;
}

function headerAt(
  bytes: Uint8Array,
  at: number,
): { readonly tag: number; readonly contentStart: number; readonly contentLength: number } | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return undefined;
  if (first < 0x80) return { tag, contentStart: at + 2, contentLength: first };
  const count = first & 0x7f;
  if (count === 0 || count > 4 || at + 2 + count > bytes.length) return undefined;
  let length = 0;
  for (let i = 0; i < count; i++) length = length * 256 + (bytes[at + 2 + i] as number);
  return { tag, contentStart: at + 2 + count, contentLength: length };
}

/** The node at `at` when it lies whole before `end`. */
export function derNodeAt(bytes: Uint8Array, at: number, end: number = bytes.length): DerNode | undefined {
  const header = headerAt(bytes, at);
  if (header === undefined) return undefined;
  const contentEnd = header.contentStart + header.contentLength;
  return contentEnd > end ? undefined : { tag: header.tag, start: header.contentStart, end: contentEnd };
}

/** Direct children of a constructed node, at most `limit`; undefined when its content is malformed. */
export function derChildren(bytes: Uint8Array, node: DerNode, limit = 16): DerNode[] | undefined {
  const children: DerNode[] = [];
  for (let at = node.start; at < node.end && children.length < limit; ) {
    const child = derNodeAt(bytes, at, node.end);
    if (child === undefined) return undefined;
    children.push(child);
    at = child.end;
  }
  return children;
}

/** Writes a node; `content` may be several parts. */
export function derEncode(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  const header = [tag];
  if (length < 0x80) header.push(length);
  else if (length < 0x100) header.push(0x81, length);
  else if (length < 0x10000) header.push(0x82, length >> 8, length & 0xff);
  else header.push(0x83, length >> 16, (length >> 8) & 0xff, length & 0xff);
  return Buffer.concat([Buffer.from(header), ...content]);
}

/** A non-negative INTEGER from big-endian bytes with or without leading zeros. */
export function derUnsigned(value: Uint8Array): Buffer {
  let start = 0;
  while (start < value.length - 1 && value[start] === 0) start++;
  const trimmed = value.subarray(start);
  const needsZero = trimmed.length === 0 || ((trimmed[0] as number) & 0x80) !== 0;
  return needsZero ? derEncode(derTags.integer, Buffer.of(0), trimmed) : derEncode(derTags.integer, trimmed);
}
