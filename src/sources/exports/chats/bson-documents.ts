/** Documents of a mongodump file: back to back, each with its own length first. */
import { isUtf8 } from 'node:buffer';
import { deserialize } from 'bson';
import type { ExportFile, RecordSink } from '../contract.js';
import type { JsonObject } from '../object-texts.js';
import { fixedSizes, salvagedBson } from './bson-salvage.js';

/** MongoDB's own cap, with the slack that it allows itself. */
const maxDocumentBytes = 16 * 1024 * 1024 + 16 * 1024;
const minDocumentBytes = 5;
/** Bytes of a damaged document that are read. */
const mostSalvaged = 256 * 1024;
/** The beginning of the first element of most documents: `_id` as string, object id, number. */
const idName = Buffer.from('_id\0', 'latin1');
const idTypes = new Set([0x01, 0x02, 0x03, 0x05, 0x07, 0x10, 0x12]);

export interface BsonDocument {
  readonly value: JsonObject;
  readonly raw: { readonly start: number; readonly end: number };
  /** True for what a damaged document says before its damage. */
  readonly isPartial?: true;
}

/** One document, in the types of JSON, with `Date` for dates; undefined when the bytes are none. */
export function bsonDocument(bytes: Buffer): JsonObject | undefined {
  try {
    return plainOf(deserialize(bytes, { promoteBuffers: true, validation: { utf8: false } })) as JsonObject;
  } catch {
    // Also when documents in documents are deeper than the stack.
    return undefined;
  }
}

/** Ids and numbers of BSON's own types become strings, binary data text when it is text. */
function plainOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (Array.isArray(value)) return value.map(plainOf);
  if (value instanceof Uint8Array) {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return isUtf8(bytes) && !bytes.includes(0) ? bytes.toString('utf8') : null;
  }
  const object = value as Record<string, unknown>;
  if (typeof object['_bsontype'] === 'string') {
    const { code, pattern } = object;
    return typeof code === 'string' ? code : typeof pattern === 'string' ? pattern : String(value);
  }
  return Object.fromEntries(Object.entries(object).map(([key, member]) => [key, plainOf(member)]));
}

/** All documents of a buffer, as far as they are whole; what is damaged is left out. */
export function bsonDocuments(bytes: Buffer): JsonObject[] {
  const documents: JsonObject[] = [];
  for (let at = 0; at + minDocumentBytes <= bytes.length; ) {
    const length = lengthAt(bytes, at);
    const value =
      length === undefined || at + length > bytes.length
        ? undefined
        : bsonDocument(bytes.subarray(at, at + length));
    if (value === undefined || length === undefined) {
      const next = nextDocument(bytes, at + 1);
      if (next < 0) break;
      at = next;
      continue;
    }
    documents.push(value);
    at += length;
  }
  return documents;
}

/**
 * Yields the documents of a file, those that end in one chunk together. Damage is reported; the next document that
 * begins with an `_id` is looked for.
 */
export async function* readBson(file: ExportFile, sink: RecordSink): AsyncGenerator<readonly BsonDocument[]> {
  const framer = new BsonFramer(sink);
  for await (const chunk of file.chunks()) {
    const documents = framer.push(chunk);
    if (documents.length > 0) yield documents;
  }
  const rest = framer.end();
  if (rest.length > 0) yield rest;
}

class BsonFramer {
  readonly #sink: RecordSink;
  #bytes: Buffer = Buffer.alloc(0);
  /** Pieces behind `#bytes`, not yet joined to it. */
  #pieces: Buffer[] = [];
  #pieceBytes = 0;
  /** Offset in the file of `#bytes[0]`. */
  #base = 0;
  /** Bytes needed before it is worth looking again. */
  #needed = minDocumentBytes;
  #isLost = false;
  /** How far `#bytes` is read. */
  #at = 0;

  constructor(sink: RecordSink) {
    this.#sink = sink;
  }

  push(chunk: Buffer): BsonDocument[] {
    this.#pieces.push(chunk);
    this.#pieceBytes += chunk.length;
    if (this.#bytes.length + this.#pieceBytes < this.#needed) return [];
    this.#bytes = Buffer.concat([this.#bytes, ...this.#pieces]);
    this.#pieces = [];
    this.#pieceBytes = 0;
    return this.#frame(false);
  }

  end(): BsonDocument[] {
    this.#bytes = Buffer.concat([this.#bytes, ...this.#pieces]);
    this.#pieces = [];
    return this.#frame(true);
  }

  #frame(isEnd: boolean): BsonDocument[] {
    const documents: BsonDocument[] = [];
    this.#at = 0;
    this.#needed = minDocumentBytes;
    while (this.#isLost ? this.#seek(isEnd) : this.#step(documents, isEnd)) {
      // Until there are too few bytes.
    }
    this.#bytes = this.#bytes.subarray(this.#at);
    this.#base += this.#at;
    return documents;
  }

  /** Looks for the next document; false when more bytes are needed. */
  #seek(isEnd: boolean): boolean {
    const next = nextDocument(this.#bytes, this.#at);
    if (next >= 0) {
      this.#at = next;
      this.#isLost = false;
      return true;
    }
    // A beginning may lie over the end of what there is.
    this.#at = isEnd ? this.#bytes.length : Math.max(this.#at, this.#bytes.length - 16);
    this.#needed = this.#bytes.length - this.#at + 1;
    return false;
  }

  /** Takes the next document; false when more bytes are needed. */
  #step(documents: BsonDocument[], isEnd: boolean): boolean {
    const at = this.#at;
    const left = this.#bytes.length - at;
    if (left === 0) return false;
    const length = left < minDocumentBytes ? undefined : lengthAt(this.#bytes, at);
    if (!isEnd && (left < minDocumentBytes || (length !== undefined && length > left))) {
      this.#needed = length ?? minDocumentBytes;
      return false;
    }
    const isWhole = length !== undefined && length <= left;
    const value = isWhole ? bsonDocument(this.#bytes.subarray(at, at + length)) : undefined;
    if (value === undefined || length === undefined) {
      const next = nextDocument(this.#bytes, at + 1);
      if (next < 0 && !isEnd && left < mostSalvaged) {
        this.#needed = Math.min(2 * left, mostSalvaged);
        return false;
      }
      this.#lose(documents, at, next < 0 ? this.#bytes.length : next);
      this.#at++;
    } else {
      documents.push({ value, raw: { start: this.#base + at, end: this.#base + at + length } });
      this.#at += length;
    }
    return true;
  }

  /** Gives what a document says before its damage; the next one is looked for behind its beginning. */
  #lose(documents: BsonDocument[], at: number, next: number): void {
    const end = Math.min(next, at + mostSalvaged);
    const value = salvagedBson(this.#bytes.subarray(at, end));
    if (value !== undefined)
      documents.push({
        value: plainOf(value) as JsonObject,
        raw: { start: this.#base + at, end: this.#base + end },
        isPartial: true,
      });
    this.#sink.note('malformed');
    this.#sink.damaged(`no BSON document at byte ${this.#base + at}`);
    this.#isLost = true;
  }
}

/** Length of the document at an offset; undefined when none can begin there. */
function lengthAt(bytes: Buffer, at: number): number | undefined {
  const length = bytes.readInt32LE(at);
  if (length < minDocumentBytes || length > maxDocumentBytes) return undefined;
  return at + length <= bytes.length && bytes[at + length - 1] !== 0 ? undefined : length;
}

/** Offset of the next document that begins with an `_id`; -1 when there is none. */
function nextDocument(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(idName, from + minDocumentBytes); at >= 0; at = bytes.indexOf(idName, at + 1)) {
    const start = at - minDocumentBytes;
    if (!idTypes.has(bytes[at - 1] ?? 0) || lengthAt(bytes, start) === undefined) continue;
    if (!isEmbedded(bytes, start)) return start;
  }
  return -1;
}

const embeddedType = 0x03;
const longestKey = 64;

/** True for a document that is a member of another: before it stand its type and key. */
function isEmbedded(bytes: Buffer, start: number): boolean {
  if (bytes[start - 1] !== 0) return false;
  let at = start - 2;
  while (at > start - 2 - longestKey && (bytes[at] ?? 0) >= 0x20 && (bytes[at] ?? 0) < 0x7f) at--;
  return at < start - 2 && bytes[at] === embeddedType;
}

const maxKeys = 200;

/** Keys of the first document, as far as a head shows them; undefined when it is no BSON. */
export function bsonKeys(head: Buffer): readonly string[] | undefined {
  if (head.length < minDocumentBytes || lengthAt(head, 0) === undefined) return undefined;
  const keys: string[] = [];
  const end = Math.min(head.readInt32LE(0) - 1, head.length);
  let at = 4;
  while (at < end && keys.length < maxKeys) {
    const type = head[at] ?? 0;
    const nameEnd = head.indexOf(0, at + 1);
    if (nameEnd < 0 || nameEnd >= end) break;
    const name = head.toString('utf8', at + 1, nameEnd);
    if (/[^\x20-\x7e]/.test(name)) return undefined;
    keys.push(name);
    const size = sizeOf(head, type, nameEnd + 1);
    if (size === undefined) return undefined;
    if (size < 0) break;
    at = nameEnd + 1 + size;
  }
  return keys.length === 0 ? undefined : keys;
}

/** Size of a value; undefined for what is no type, -1 when the head ends before it is told. */
function sizeOf(head: Buffer, type: number, at: number): number | undefined {
  const fixed = fixedSizes[type];
  if (fixed !== undefined) return fixed;
  if (![2, 3, 4, 5, 13, 14, 15].includes(type)) return type === 11 ? -1 : undefined;
  if (at + 4 > head.length) return -1;
  const length = head.readInt32LE(at);
  if (length < 0 || length > maxDocumentBytes) return undefined;
  if (type === 3 || type === 4 || type === 15) return length;
  return type === 5 ? length + 5 : length + 4;
}
