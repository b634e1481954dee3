/**
 * A file of named number tables, read without parsing: each table is a typed array over the file's own bytes.
 * Made by the build (prefilter/build-bundle.ts), so that a start costs one read.
 *
 * Layout: three 32-bit words (magic, version, bytes of the header), the header as JSON (where each table is),
 * then the tables, each at a multiple of 8. Numbers are in the byte order of little-endian machines; on
 * another, or with another version, the file counts as absent.
 */

export type Table = Uint8Array | Uint16Array | Int32Array;

/** "sprw" as a little-endian machine reads it. */
const magic = 0x77727073;
/** Raised whenever a table changes its meaning, so that a file of another build is never misread. */
const version = 3;
const prefixBytes = 12;

const arrays = { Uint8Array, Uint16Array, Int32Array } as const;
type ArrayName = keyof typeof arrays;

/** Where a table is: type, start (from the first table, in bytes), number of elements. */
type Place = readonly [ArrayName, number, number];

function aligned(at: number): number {
  return Math.ceil(at / 8) * 8;
}

function nameOf(table: Table): ArrayName {
  return table instanceof Uint16Array
    ? 'Uint16Array'
    : table instanceof Int32Array
      ? 'Int32Array'
      : 'Uint8Array';
}

export function packTables(tables: Readonly<Record<string, Table>>): Uint8Array {
  const places: Record<string, Place> = {};
  let size = 0;
  for (const [name, table] of Object.entries(tables)) {
    places[name] = [nameOf(table), size, table.length];
    size = aligned(size + table.byteLength);
  }
  const header = Buffer.from(JSON.stringify(places), 'utf8');
  const start = aligned(prefixBytes + header.length);
  const file = new Uint8Array(start + size);
  new Uint32Array(file.buffer, 0, 3).set([magic, version, header.length]);
  file.set(header, prefixBytes);
  for (const [name, table] of Object.entries(tables)) {
    const [, offset] = places[name] as Place;
    file.set(new Uint8Array(table.buffer, table.byteOffset, table.byteLength), start + offset);
  }
  return file;
}

export class TableFile {
  readonly #bytes: Uint8Array;
  readonly #start: number;
  readonly #places: Readonly<Record<string, Place>>;

  private constructor(bytes: Uint8Array, start: number, places: Readonly<Record<string, Place>>) {
    this.#bytes = bytes;
    this.#start = start;
    this.#places = places;
  }

  /** Opens what {@link packTables} made; undefined when it is of another version or byte order. */
  static open(given: Uint8Array): TableFile | undefined {
    // Typed arrays start at multiples of their elements' size.
    const bytes = given.byteOffset % 8 === 0 ? given : Uint8Array.from(given);
    if (bytes.length < prefixBytes) return undefined;
    const [seenMagic, seenVersion, headerBytes = 0] = new Uint32Array(bytes.buffer, bytes.byteOffset, 3);
    if (seenMagic !== magic || seenVersion !== version) return undefined;
    const header = Buffer.from(bytes.buffer, bytes.byteOffset + prefixBytes, headerBytes);
    const places = JSON.parse(header.toString('utf8')) as Readonly<Record<string, Place>>;
    return new TableFile(bytes, aligned(prefixBytes + headerBytes), places);
  }

  bytes(name: string): Uint8Array {
    return this.#table(name, 'Uint8Array') as Uint8Array;
  }

  words(name: string): Uint16Array {
    return this.#table(name, 'Uint16Array') as Uint16Array;
  }

  integers(name: string): Int32Array {
    return this.#table(name, 'Int32Array') as Int32Array;
  }

  #table(name: string, type: ArrayName): Table {
    const place = this.#places[name];
    if (place === undefined || place[0] !== type) throw new RangeError(`no table ${name} of ${type}`);
    const [, offset, length] = place;
    const { buffer, byteOffset } = this.#bytes;
    return new arrays[type](buffer as ArrayBuffer, byteOffset + this.#start + offset, length);
  }
}
