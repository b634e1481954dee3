/**
 * Entries of archives in which locations stand, read again for `--show-secrets`. An archive can only be walked through, so
 * it is walked once for all locations in it, and not for each; which those are is asked when a second one is read. An
 * archive that changed is walked anew: a store of the library may be open for days.
 */
import { statSync } from 'node:fs';
import type { Location } from '../model/exposure.js';
import { pathBytesOf } from '../sources/files/path-bytes.js';
import { readFiles } from '../sources/files/read-files.js';
import type { FileEntry, RawDocument } from '../sources/source.js';
import type { Store } from '../store/store.js';

const chainMark = '!/';
/** Locations in archives that are listed; entries of further ones are read one by one. */
const mostListed = 100_000;
/** Bytes of entries that are kept; then archives walked first are forgotten. */
const mostBytes = 64 << 20;

interface Walked {
  /** Of the archive when it was walked. */
  readonly stamp: string;
  readonly entries: ReadonlyMap<string, Buffer>;
  readonly bytes: number;
}

/** What changes when a file is written or replaced; undefined when it is gone. */
function stampOf(root: string, path: Buffer): string | undefined {
  const whole = Buffer.concat([Buffer.from(root, 'base64'), Buffer.from('/'), path]);
  const stats = statSync(whole, { throwIfNoEntry: false });
  return stats === undefined ? undefined : `${stats.ino} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}`;
}

export class ArchiveTexts {
  readonly #store: Pick<Store, 'exposures'>;
  readonly #signal: AbortSignal;
  /** Entries with locations, by the path of the archive. */
  #wanted: Promise<ReadonlyMap<string, ReadonlySet<string>>> | undefined;
  /** Archives of which one entry was asked for. */
  readonly #asked = new Set<string>();
  readonly #walked = new Map<string, Walked>();
  #bytes = 0;

  constructor(store: Pick<Store, 'exposures'>, signal: AbortSignal) {
    this.#store = store;
    this.#signal = signal;
  }

  /**
   * Content of an entry; undefined when it is not there, was not kept, or is the first of its archive that is asked for:
   * for a single one it costs less to look for it alone.
   *
   * @param root the folder that the archive's path is relative to, base64 of its bytes
   * @param chain the entry, and the archives in the archive that lead to it, joined with `!/`
   */
  async entry(root: string, file: FileEntry, chain: string): Promise<Buffer | undefined> {
    const bytes = pathBytesOf(file.path);
    const path = bytes.toString('latin1');
    const name = `${root}\0${path}`;
    if (!this.#asked.has(name)) {
      this.#asked.add(name);
      return undefined;
    }
    const stamp = stampOf(root, bytes);
    const before = this.#walked.get(name);
    if (before !== undefined && before.stamp !== stamp) this.#forget(name, before);
    if (stamp === undefined) return undefined;
    this.#wanted ??= this.#listed();
    const wanted = (await this.#wanted).get(path);
    if (wanted?.has(chain) !== true) return undefined;
    let walked = this.#walked.get(name);
    if (walked === undefined) {
      walked = await this.#walk(root, file, wanted, stamp);
      this.#keep(name, walked);
    }
    return walked.entries.get(chain);
  }

  async #walk(root: string, file: FileEntry, wanted: ReadonlySet<string>, stamp: string): Promise<Walked> {
    const entries = new Map<string, Buffer>();
    const twice = new Set<string>();
    let bytes = 0;
    const document = (read: RawDocument): void => {
      const chain = read.chain.join(chainMark);
      if (!wanted.has(chain) || read.segment !== undefined) return;
      // Of two entries with one name, each location's own is looked for by itself.
      if (entries.delete(chain)) twice.add(chain);
      if (twice.has(chain) || bytes + read.bytes.length > mostBytes) return;
      const own = Buffer.from(read.bytes.subarray(read.textStart));
      bytes += own.length;
      entries.set(chain, own);
    };
    const events = { document, problem: () => {}, skipped: () => {} };
    await readFiles({ type: 'files', root, files: [file] }, events, this.#signal);
    return { stamp, entries, bytes };
  }

  #keep(name: string, walked: Walked): void {
    this.#walked.set(name, walked);
    this.#bytes += walked.bytes;
    for (const [oldest, { bytes }] of this.#walked) {
      if (this.#bytes <= mostBytes || oldest === name) break;
      this.#forget(oldest, { bytes });
    }
  }

  #forget(name: string, { bytes }: Pick<Walked, 'bytes'>): void {
    this.#walked.delete(name);
    this.#bytes -= bytes;
  }

  async #listed(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    const wanted = new Map<string, Set<string>>();
    let count = 0;
    for await (const { locations } of this.#store.exposures({})) {
      for (const location of locations) {
        for (const [archive, chain] of entriesOf(location)) {
          if (++count > mostListed) return wanted;
          const chains = wanted.get(archive) ?? new Set();
          wanted.set(archive, chains.add(chain));
        }
      }
    }
    return wanted;
  }
}

/** The archives that the location may stand in, each with the entry: a file's own name may hold the mark, too. */
function* entriesOf({ appearance, chain }: Location): Generator<readonly [string, string]> {
  if (appearance.type !== 'file') return;
  const path = pathBytesOf(appearance.path);
  for (let at = path.indexOf(chainMark); at > 0; at = path.indexOf(chainMark, at + 1)) {
    const entry = [path.toString('utf8', at + chainMark.length), ...chain].join(chainMark);
    yield [path.toString('latin1', 0, at), entry];
  }
}
