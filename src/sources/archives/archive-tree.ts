/** The entries of an archive as the files beside one of them. */
import { MemoTree } from '../exports/trees.js';
import { largeDocumentBytes } from '../files/document-assembler.js';
import { type Chunks, inflateSmall } from './inflate.js';
import type { RandomAccess } from './random-access.js';
import { tarEntries } from './tar.js';
import { directoryRecords, type ZipRecord } from './zip-directory.js';

/** Entries that are listed. */
const maxEntries = 500_000;
/** Side files of a tar that are kept from its first pass, and the largest of them: users, channels, project settings. */
const keptBytes = 48 * 1024 * 1024;
const keptFileBytes = 4 * 1024 * 1024;
/** Names of what may be a side file; all else is content. */
const sideName = /\.(?:json|ndjson|properties|csv|xml|yaml|yml)$/i;
/** Passes over a tar for one larger side file each. */
const maxPasses = 8;

const noFault = (): void => undefined;

function listed(names: Iterable<string>, folder: string): string[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  const found = new Set<string>();
  for (const name of names) {
    if (name.startsWith(prefix)) found.add(prefix + (name.slice(prefix.length).split('/', 1)[0] ?? ''));
  }
  return [...found];
}

export class ZipTree extends MemoTree {
  readonly #access: RandomAccess;
  #records: Promise<ReadonlyMap<string, ZipRecord>> | undefined;

  constructor(access: RandomAccess) {
    super();
    this.#access = access;
  }

  async list(folder: string): Promise<readonly string[]> {
    return listed((await this.#directory()).keys(), folder);
  }

  async read(name: string, maxBytes: number): Promise<Buffer | undefined> {
    const record = (await this.#directory()).get(name);
    if (record?.packedBytes === undefined || record.encrypted) return undefined;
    const packed = this.#access.read(record.dataStart, Math.min(record.packedBytes, maxBytes + 1));
    const limit = Math.min(maxBytes, 4 * largeDocumentBytes);
    if (record.method === 0) return packed.length > limit ? undefined : packed;
    return record.method === 8 ? inflateSmall(packed, limit, record.statedBytes) : undefined;
  }

  #directory(): Promise<ReadonlyMap<string, ZipRecord>> {
    this.#records ??= this.#list();
    return this.#records;
  }

  async #list(): Promise<ReadonlyMap<string, ZipRecord>> {
    const records = new Map<string, ZipRecord>();
    try {
      for await (const record of directoryRecords(this.#access)) {
        if (records.size >= maxEntries) break;
        if (!record.isDirectory) records.set(record.name, record);
      }
    } catch {
      // What the damaged directory still listed is better than nothing.
    }
    return records;
  }
}

/** A tar can only be read from its start: one pass keeps what is likely to be asked for. */
export class TarTree extends MemoTree {
  readonly #chunks: () => Chunks;
  #first:
    | Promise<{ readonly names: readonly string[]; readonly kept: ReadonlyMap<string, Buffer> }>
    | undefined;
  #passes = 0;

  /** @param chunks gives the tar from its start, each time */
  constructor(chunks: () => Chunks) {
    super();
    this.#chunks = chunks;
  }

  async list(folder: string): Promise<readonly string[]> {
    return listed((await this.#firstPass()).names, folder);
  }

  async read(name: string, maxBytes: number): Promise<Buffer | undefined> {
    const { names, kept } = await this.#firstPass();
    const known = kept.get(name);
    if (known !== undefined) return known.length > maxBytes ? undefined : known;
    if (!names.includes(name) || ++this.#passes > maxPasses) return undefined;
    let found: Buffer | undefined;
    await this.#pass(async (entry, content) => {
      if (entry !== name) return true;
      found = await content(maxBytes);
      return false;
    });
    return found;
  }

  #firstPass(): Promise<{ readonly names: readonly string[]; readonly kept: ReadonlyMap<string, Buffer> }> {
    this.#first ??= this.#collect();
    return this.#first;
  }

  async #collect(): Promise<{
    readonly names: readonly string[];
    readonly kept: ReadonlyMap<string, Buffer>;
  }> {
    const names: string[] = [];
    const kept = new Map<string, Buffer>();
    let bytes = 0;
    await this.#pass(async (name, content) => {
      names.push(name);
      if (sideName.test(name) && bytes < keptBytes) {
        const side = await content(Math.min(keptFileBytes, keptBytes - bytes));
        if (side !== undefined) {
          kept.set(name, side);
          bytes += side.length;
        }
      }
      return names.length < maxEntries;
    });
    return { names, kept };
  }

  async #pass(
    visit: (name: string, content: (maxBytes: number) => Promise<Buffer | undefined>) => Promise<boolean>,
  ): Promise<void> {
    try {
      for await (const { name, content } of tarEntries(this.#chunks(), noFault)) {
        const whole = async (maxBytes: number): Promise<Buffer | undefined> => {
          const pieces: Buffer[] = [];
          let size = 0;
          for await (const piece of Buffer.isBuffer(content) ? [content] : content) {
            size += piece.length;
            if (size <= maxBytes) pieces.push(Buffer.from(piece));
          }
          return size > maxBytes ? undefined : Buffer.concat(pieces, size);
        };
        if (!(await visit(name, whole))) return;
      }
    } catch {
      // A damaged archive is reported by whoever reads it.
    }
  }
}
