/** Takes repositories and bundles out of one file into folders of our own. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { Chunks } from '../archives/inflate.js';
import { type TakenEntry, walkArchive } from '../archives/walk-archive.js';
import type { EmbeddedPath } from './embedded-path.js';
import { gitContainerOf, gitSignBytes, tidyName } from './git-signs.js';
import { listHeadBytes, MigrationHosts } from './migration-origin.js';
import { type DraftFault, StoreDraft } from './store-draft.js';

const chunkBytes = 1024 * 1024;

/** One repository that is to be taken out. */
export interface Wanted {
  readonly at: EmbeddedPath;
  /** A folder that does not exist yet. */
  readonly target: string;
}

/**
 * Unpacks what is wanted from the file; gives the faults of what was not there whole. Faults of the archive itself
 * were reported when it was read.
 */
export async function unpack(
  file: Buffer,
  wanted: readonly Wanted[],
  signal: AbortSignal,
): Promise<ReadonlyMap<Wanted, DraftFault>> {
  const fd = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const { size } = fstatSync(fd);
    const unpacker = new Unpacker(wanted);
    const head = Buffer.alloc(gitSignBytes);
    readSync(fd, head, 0, gitSignBytes, 0);
    if (gitContainerOf(head) === undefined) await unpacker.archive(fd, size, signal);
    else await unpacker.container([], fileChunks(fd, size, signal));
    return await unpacker.finish();
  } finally {
    closeSync(fd);
  }
}

async function* fileChunks(fd: number, size: number, signal: AbortSignal): AsyncGenerator<Buffer> {
  for (let at = 0; at < size && !signal.aborted; ) {
    const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, size - at));
    const count = readSync(fd, chunk, 0, chunk.length, at);
    if (count === 0) return;
    at += count;
    yield chunk.subarray(0, count);
    await setImmediate();
  }
}

class Unpacker {
  readonly #wanted: readonly Wanted[];
  readonly #byPlace: ReadonlyMap<string, Wanted>;
  readonly #drafts = new Map<Wanted, StoreDraft>();
  readonly #hosts = new Map<string, MigrationHosts>();

  constructor(wanted: readonly Wanted[]) {
    this.#wanted = wanted;
    this.#byPlace = new Map(wanted.map((one) => [placeKey(one.at.chain, one.at.folder), one]));
  }

  async archive(fd: number, size: number, signal: AbortSignal): Promise<void> {
    const silent = { document: () => undefined, problem: () => undefined, skipped: () => undefined };
    const ref = { type: 'stdin' } as const;
    const take = (entry: TakenEntry): Promise<boolean> => this.#take(entry);
    await walkArchive({ kind: 'file', fd, size }, silent, { ref, name: '', signal, take });
  }

  /** A bundle or a pack, named by all containers on the way to it and itself. */
  async container(path: readonly string[], chunks: Chunks): Promise<void> {
    const wanted = this.#byPlace.get(placeKey(path, ''));
    // An archive may have two entries of one name: the first counts.
    if (wanted !== undefined && !this.#drafts.has(wanted)) await this.#draftOf(wanted).takeBundle(chunks);
  }

  async finish(): Promise<ReadonlyMap<Wanted, DraftFault>> {
    const faults = new Map<Wanted, DraftFault>();
    for (const wanted of this.#wanted) {
      const { chain, folder } = wanted.at;
      const origin = this.#hosts.get(chain.join('\0'))?.originOf(folder);
      const fault = await this.#draftOf(wanted).finish(origin);
      if (fault !== undefined) faults.set(wanted, fault);
    }
    return faults;
  }

  /** True for all but the containers that lead on: no entry is to be read as a document. */
  async #take({ path, head, isContainer, chunks, link }: TakenEntry): Promise<boolean> {
    if (isContainer) return !this.#wanted.some(({ at }) => isWithin(path, at.chain));
    const name = tidyName(path.at(-1) ?? '');
    const containers = path.slice(0, -1);
    if (gitContainerOf(head) !== undefined && this.#byPlace.has(placeKey(path, ''))) {
      await this.container(path, chunks());
      return true;
    }
    if (link !== undefined) {
      this.#takeLink(containers, name, tidyName(link));
      return true;
    }
    const hosts = this.#hostsOf(containers);
    if (hosts.isWanted(name)) {
      hosts.read(name, await headOf(chunks(), listHeadBytes));
      return true;
    }
    const owner = this.#ownerOf(containers, name);
    if (owner === undefined) return true;
    await this.#draftOf(owner).take(nameWithin(owner, name), chunks());
    return true;
  }

  /** Only what was written for another repository can be meant. */
  #takeLink(containers: readonly string[], name: string, link: string): void {
    const owner = this.#ownerOf(containers, name);
    const other = this.#ownerOf(containers, link);
    if (owner === undefined || other === undefined) return;
    this.#draftOf(owner).takeFrom(nameWithin(owner, name), this.#draftOf(other), nameWithin(other, link));
  }

  /** The repository that an entry is a file of; one within another (a submodule) has the longer folder. */
  #ownerOf(containers: readonly string[], name: string): Wanted | undefined {
    for (let end = name.lastIndexOf('/'); end > 0; end = name.lastIndexOf('/', end - 1)) {
      const owner = this.#byPlace.get(placeKey(containers, name.slice(0, end)));
      if (owner !== undefined) return owner;
    }
    return this.#byPlace.get(placeKey(containers, ''));
  }

  #hostsOf(containers: readonly string[]): MigrationHosts {
    const key = containers.join('\0');
    const known = this.#hosts.get(key) ?? new MigrationHosts();
    this.#hosts.set(key, known);
    return known;
  }

  #draftOf(wanted: Wanted): StoreDraft {
    const known = this.#drafts.get(wanted) ?? new StoreDraft(wanted.target);
    this.#drafts.set(wanted, known);
    return known;
  }
}

async function headOf(chunks: Chunks, bytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    pieces.push(chunk);
    size += chunk.length;
    if (size >= bytes) break;
  }
  return Buffer.concat(pieces).subarray(0, bytes);
}

function nameWithin({ at: { folder } }: Wanted, name: string): string {
  return folder === '' ? name : name.slice(folder.length + 1);
}

function placeKey(chain: readonly string[], folder: string): string {
  return [...chain, folder].join('\0');
}

/** Whether `path` is the beginning of `chain`. */
function isWithin(path: readonly string[], chain: readonly string[]): boolean {
  return path.every((part, i) => part === chain[i]);
}
