/** What a BSON document still says that is cut off or damaged: its members before the damage. */
import { deserialize } from 'bson';

const stringType = 0x02;
const documentType = 0x03;
const arrayType = 0x04;
const longestKey = 256;
/** Documents within documents that are followed. */
const maxDepth = 100;

/** Bytes that the value of each type of element takes; those that are missing say their length themselves. */
export const fixedSizes: Readonly<Record<number, number>> = {
  1: 8,
  6: 0,
  7: 12,
  8: 1,
  9: 8,
  10: 0,
  16: 4,
  17: 8,
  18: 8,
  19: 16,
  127: 0,
  255: 0,
};

/**
 * The members before the damage of the document that begins `bytes`; undefined when there are none. The last may be a
 * text without the word that the cut went through.
 */
export function salvagedBson(bytes: Buffer): Record<string, unknown> | undefined {
  if (bytes.length < 5) return undefined;
  const elements = soundElements(bytes, 4, 0);
  if (elements.length === 0) return undefined;
  try {
    return deserialize(documentOf(elements), { promoteBuffers: true, validation: { utf8: false } });
  } catch {
    return undefined;
  }
}

function documentOf(elements: readonly Buffer[]): Buffer {
  const body = Buffer.concat([...elements, Buffer.alloc(1)]);
  const size = Buffer.alloc(4);
  size.writeInt32LE(body.length + 4);
  return Buffer.concat([size, body]);
}

/** Elements from `from` on, whole, but for the last, which is made whole. */
function soundElements(bytes: Buffer, from: number, depth: number): Buffer[] {
  const elements: Buffer[] = [];
  for (let at = from; at < bytes.length && bytes[at] !== 0; ) {
    const nameEnd = bytes.indexOf(0, at + 1);
    if (nameEnd < 0 || nameEnd - at > longestKey || !isName(bytes, at + 1, nameEnd)) break;
    const type = bytes[at] as number;
    const size = sizeOf(bytes, type, nameEnd + 1);
    if (size === undefined) break;
    const end = nameEnd + 1 + size;
    const isNested = type === documentType || type === arrayType;
    if (end <= bytes.length && (isNested || type === stringType ? bytes[end - 1] === 0 : true)) {
      const value = bytes.subarray(nameEnd + 1, end);
      elements.push(
        bytes.subarray(at, nameEnd + 1),
        isNested && depth < maxDepth ? repaired(value, depth) : value,
      );
      at = end;
      continue;
    }
    const rest = bytes.subarray(nameEnd + 1);
    if (isNested && depth < maxDepth && rest.length > 4)
      elements.push(bytes.subarray(at, nameEnd + 1), documentOf(soundElements(rest, 4, depth + 1)));
    else if (type === stringType && end > bytes.length && rest.length > 4)
      elements.push(bytes.subarray(at, nameEnd + 1), cutString(rest.subarray(4)));
    break;
  }
  return elements;
}

/** A document within, as it is when all of it is sound. */
function repaired(value: Buffer, depth: number): Buffer {
  return documentOf(soundElements(value, 4, depth + 1));
}

/** A text up to its last blank. */
function cutString(bytes: Buffer): Buffer {
  const zero = bytes.indexOf(0);
  const text = zero < 0 ? bytes.subarray(0, bytes.lastIndexOf(0x20) + 1) : bytes.subarray(0, zero);
  const size = Buffer.alloc(4);
  size.writeInt32LE(text.length + 1);
  return Buffer.concat([size, text, Buffer.alloc(1)]);
}

function isName(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const byte = bytes[at] as number;
    if (byte < 0x20 || byte > 0x7e) return false;
  }
  return true;
}

/** Size of a value; undefined for what is no type, or whose length is not there. */
function sizeOf(bytes: Buffer, type: number, at: number): number | undefined {
  const fixed = fixedSizes[type];
  if (fixed !== undefined) return fixed;
  if (![2, 3, 4, 5, 13, 14].includes(type) || at + 4 > bytes.length) return undefined;
  const length = bytes.readInt32LE(at);
  if (length < (type === documentType || type === arrayType ? 5 : 0)) return undefined;
  if (type === documentType || type === arrayType) return length;
  return type === 5 ? length + 5 : length + 4;
}
