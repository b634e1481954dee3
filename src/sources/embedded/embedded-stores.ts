/**
 * Keeps repositories that were taken out of archives, each in a folder (0700) named after where it came from: below
 * the cache of mirrors, where the next scan finds it, or else in a temporary folder that goes with the process.
 */
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type EmbeddedPath, embeddedLocator } from './embedded-path.js';
import type { DraftFault } from './store-draft.js';
import { unpack, type Wanted } from './unpack.js';

const draftPrefix = 'unpack-';
/** Age after which a draft is what a killed scan left. */
const staleDraftMs = 24 * 60 * 60 * 1000;

export interface EmbeddedStore {
  /** Folder of the bare repository; absent when nothing of it could be taken out. */
  readonly path?: string;
  readonly fault?: DraftFault;
}

export class EmbeddedStores {
  readonly #cacheDir: string | undefined;
  readonly #readFrom: string | undefined;
  #temporary: string | undefined;
  readonly #removeAtExit = (): void => this.close();

  /** @param readFrom a cache that is looked into and left as it is */
  constructor(cacheDir: string | undefined, readFrom?: string) {
    this.#cacheDir = cacheDir;
    this.#readFrom = readFrom;
  }

  /** Brings repositories of one file onto the disk, or finds them there. In the order of `paths`. */
  async open(paths: readonly EmbeddedPath[], signal: AbortSignal): Promise<readonly EmbeddedStore[]> {
    const [first] = paths;
    if (first === undefined) return [];
    const file = Buffer.from(first.file, 'base64');
    const stamp = fileStamp(file);
    const caches = [this.#readFrom, this.#cacheDir, this.#temporary].filter((cache) => cache !== undefined);
    const found = paths.map((at): EmbeddedStore => keptStore(caches, at, stamp));
    const missing = paths.filter((_, i) => found[i]?.path === undefined);
    if (missing.length === 0) return found;
    const made = await unpackInto(this.#folder(), file, missing, stamp, signal);
    return paths.map((at, i) => made.get(at) ?? (found[i] as EmbeddedStore));
  }

  /** Removes what is in no cache. */
  close(): void {
    if (this.#temporary === undefined) return;
    rmSync(this.#temporary, { recursive: true, force: true });
    this.#temporary = undefined;
    process.off('exit', this.#removeAtExit);
  }

  #folder(): string {
    if (this.#cacheDir !== undefined) {
      mkdirSync(this.#cacheDir, { recursive: true, mode: 0o700 });
      return this.#cacheDir;
    }
    if (this.#temporary === undefined) {
      this.#temporary = mkdtempSync(join(tmpdir(), 'sprawl-embedded-'));
      process.on('exit', this.#removeAtExit);
    }
    return this.#temporary;
  }
}

/** What tells that a file is still the one that was read. The change time is what nobody can set back. */
export function fileStamp(file: Buffer): string {
  const { size, mtimeMs, ctimeMs } = statSync(file);
  return `1 ${size} ${mtimeMs} ${ctimeMs}`;
}

function nameOf(at: EmbeddedPath): string {
  const digest = createHash('sha256').update(embeddedLocator(at)).digest('hex').slice(0, 32);
  return `embedded-${digest}`;
}

/** The folder's own name shows in places that have no better one. */
function storeName({ file, chain, folder }: EmbeddedPath): string {
  const last = folder.replace(/\/?\.git$/, '') || (chain.at(-1) ?? Buffer.from(file, 'base64').toString());
  const name = basename(last)
    .replace(/\.(?:git|bundle|pack)$/, '')
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, 60);
  return `${name === '' ? 'repository' : name}.git`;
}

function keptStore(caches: readonly string[], at: EmbeddedPath, stamp: string): EmbeddedStore {
  for (const cache of caches) {
    const folder = join(cache, nameOf(at));
    const path = join(folder, storeName(at));
    try {
      const isFresh = readFileSync(join(folder, 'stamp'), 'utf8') === stamp;
      if (isFresh && statSync(join(path, 'HEAD')).isFile()) return { path };
    } catch {
      // Not kept there.
    }
  }
  return {};
}

/** Unpacks beside the final places and renames, so that what a killed scan leaves is never taken for whole. */
async function unpackInto(
  folder: string,
  file: Buffer,
  paths: readonly EmbeddedPath[],
  stamp: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<EmbeddedPath, EmbeddedStore>> {
  removeStaleDrafts(folder);
  const draft = mkdtempSync(join(folder, draftPrefix));
  try {
    const wanted = paths.map((at, i): Wanted => {
      const own = join(draft, String(i));
      mkdirSync(own, { mode: 0o700 });
      return { at, target: join(own, storeName(at)) };
    });
    const faults = await unpack(file, wanted, signal);
    if (signal.aborted) return new Map();
    return new Map(
      wanted.map(({ at }, i): [EmbeddedPath, EmbeddedStore] => {
        const fault = faults.get(wanted[i] as Wanted);
        if (fault?.isEmpty === true) return [at, { fault }];
        const own = join(draft, String(i));
        // What was not whole is read all the same, and tried again at the next reading.
        if (fault === undefined) writeFileSync(join(own, 'stamp'), stamp, { mode: 0o600 });
        const final = join(folder, nameOf(at));
        rmSync(final, { recursive: true, force: true });
        renameSync(own, final);
        return [at, { path: join(final, storeName(at)), ...(fault === undefined ? {} : { fault }) }];
      }),
    );
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function removeStaleDrafts(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(draftPrefix)) continue;
    const path = join(folder, name);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > staleDraftMs) rmSync(path, { recursive: true, force: true });
  }
}
