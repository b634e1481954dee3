/**
 * Streams of a compound file, the container of Office documents until 2007: a small file system of sectors and chains.
 * Whatever a chain says, each sector is taken once.
 */

const signature = Buffer.from('d0cf11e0a1b11ae1', 'hex');
/** Marks from here on are no sectors: ends of chains, free sectors. */
const lastSector = 0xfffffffa;
const headerFatCount = 109;
const entryBytes = 128;
const streamEntry = 2;
const rootEntry = 5;
const maxEntries = 100_000;

export interface CompoundStream {
  readonly name: string;
  readonly bytes: Buffer;
}

export function isCompoundFile(head: Buffer): boolean {
  return head.subarray(0, signature.length).equals(signature);
}

/** All streams, in the order of the directory; undefined when the container is damaged too badly to have any. */
export function compoundStreams(bytes: Buffer): CompoundStream[] | undefined {
  if (!isCompoundFile(bytes) || bytes.length < 512) return undefined;
  const file = new Sectors(bytes);
  const entries = file.entries();
  const root = entries.find(({ type }) => type === rootEntry);
  if (root === undefined) return undefined;
  const small = file.chain(root.start, root.size);
  const streams = entries.filter(({ type, size }) => type === streamEntry && size > 0);
  return streams.map(({ name, start, size }) => ({
    name,
    bytes: size < file.smallBelow ? file.smallChain(small, start, size) : file.chain(start, size),
  }));
}

interface Entry {
  readonly name: string;
  readonly type: number;
  readonly start: number;
  readonly size: number;
}

class Sectors {
  /** Streams below this size lie in the small sectors. */
  readonly smallBelow: number;
  readonly #bytes: Buffer;
  readonly #size: number;
  readonly #smallSize: number;
  readonly #next: readonly Buffer[];
  #smallNext: Buffer | undefined;
  /** Sectors that are still to be handed out, over all chains. */
  #left: number;
  #smallLeft: number;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#size = 1 << Math.min(Math.max(bytes.readUInt16LE(30), 7), 16);
    this.#smallSize = 1 << Math.min(Math.max(bytes.readUInt16LE(32), 4), 12);
    this.smallBelow = bytes.readUInt32LE(56);
    this.#left = Math.ceil(bytes.length / this.#size) * 3 + 64;
    this.#smallLeft = Math.ceil(bytes.length / this.#smallSize) * 3 + 64;
    this.#next = this.#fat();
  }

  entries(): Entry[] {
    const directory = this.chain(this.#bytes.readUInt32LE(48), Number.POSITIVE_INFINITY);
    const entries: Entry[] = [];
    for (let at = 0; at + entryBytes <= directory.length && entries.length < maxEntries; at += entryBytes) {
      const length = Math.min(Math.max(directory.readUInt16LE(at + 64) - 2, 0), 62);
      entries.push({
        name: directory.toString('utf16le', at, at + length),
        type: directory[at + 66] as number,
        start: directory.readUInt32LE(at + 116),
        size: directory.readUInt32LE(at + 120),
      });
    }
    return entries;
  }

  chain(start: number, size: number): Buffer {
    const pieces: Buffer[] = [];
    let length = 0;
    for (let at = start; at < lastSector && length < size && this.#left-- > 0; at = this.#after(at)) {
      const piece = this.#sector(at);
      if (piece.length === 0) break;
      pieces.push(piece);
      length += piece.length;
    }
    return Buffer.concat(pieces).subarray(0, size === Number.POSITIVE_INFINITY ? length : size);
  }

  smallChain(small: Buffer, start: number, size: number): Buffer {
    this.#smallNext ??= this.chain(this.#bytes.readUInt32LE(60), Number.POSITIVE_INFINITY);
    const next = this.#smallNext;
    const pieces: Buffer[] = [];
    let left = size;
    for (let at = start; at < lastSector && left > 0 && this.#smallLeft-- > 0; ) {
      const piece = small.subarray(at * this.#smallSize, (at + 1) * this.#smallSize);
      if (piece.length === 0) break;
      pieces.push(piece.subarray(0, left));
      left -= piece.length;
      at = at * 4 + 4 <= next.length ? next.readUInt32LE(at * 4) : lastSector;
    }
    return Buffer.concat(pieces);
  }

  #sector(number: number): Buffer {
    const start = (number + 1) * this.#size;
    return this.#bytes.subarray(start, start + this.#size);
  }

  #after(sector: number): number {
    const perTable = this.#size / 4;
    const table = this.#next[Math.floor(sector / perTable)];
    const at = (sector % perTable) * 4;
    return table === undefined || at + 4 > table.length ? lastSector : table.readUInt32LE(at);
  }

  /** Sectors of the table of chains: the first are listed in the header, further ones in a chain of lists. */
  #fat(): Buffer[] {
    const tables: Buffer[] = [];
    const add = (sector: number): void => {
      if (sector < lastSector && this.#left-- > 0) tables.push(this.#sector(sector));
    };
    for (let i = 0; i < headerFatCount; i++) add(this.#bytes.readUInt32LE(76 + i * 4));
    let list = this.#bytes.readUInt32LE(68);
    while (list < lastSector && this.#left-- > 0) {
      const sector = this.#sector(list);
      if (sector.length < this.#size) break;
      for (let at = 0; at + 8 <= sector.length; at += 4) add(sector.readUInt32LE(at));
      list = sector.readUInt32LE(sector.length - 4);
    }
    return tables;
  }
}
