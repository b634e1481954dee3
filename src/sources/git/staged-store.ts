/**
 * What the hook asks the store of its checkout: what is staged and the blobs of it. Read directly where the
 * formats are the usual ones; git is asked for the rest, in a neutral directory made when first needed.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { WasmCore } from '../../prefilter/wasm-core.js';
import type { GitStoreHandle } from '../source.js';
import type { GitStoreLocation } from './discover.js';
import { stagedEntries } from './index-entries.js';
import { IndexView } from './index-view.js';
import { makeNeutralDir, removeNeutralDir } from './neutral-dir.js';
import { ObjectLookup } from './object-lookup.js';
import { readLoose } from './pack/loose.js';
import type { PlainObject } from './packed-object.js';
import { readRefs } from './refs.js';
import { replacedBlobs } from './replaced-blobs.js';
import { type StagedChanges, stagedChanges } from './staged-changes.js';

/** Larger objects come in parts, through git. */
const maxBlobBytes = 16 << 20;
/** What the core's memory may grow to for one object. */
const maxCoreBytes = 64 << 20;
const typeNames: Readonly<Record<number, PlainObject['type']>> = {
  1: 'commit',
  2: 'tree',
  3: 'blob',
  4: 'tag',
};
/** Stores that borrow from stores that borrow …; git's own limit. */
const maxAlternates = 5;

export class StagedStore {
  readonly #location: GitStoreLocation;
  readonly #indexFile: string | undefined;
  readonly #lookups: readonly ObjectLookup[];
  readonly #core: WasmCore | undefined;
  readonly #objectFolders: readonly string[];
  #neutralDir: string | undefined;

  /**
   * @param indexFile another index than the store's own: git names its temporary one to the hook
   * @param core inflates loose objects, the usual case; its heap is used while an object is read
   */
  constructor(location: GitStoreLocation, indexFile: string | undefined, core: WasmCore | undefined) {
    this.#location = location;
    this.#core = core;
    this.#indexFile = indexFile;
    const oidBytes = location.objectFormat === 'sha256' ? 32 : 20;
    this.#objectFolders = objectFolders(join(location.commonDir, 'objects'));
    this.#lookups = this.#objectFolders.map((folder) => new ObjectLookup(folder, oidBytes));
  }

  /** Hex id of the commit that HEAD stands for; undefined before the first one. */
  async headCommit(): Promise<string | undefined> {
    if (this.#location.refStorage === 'files') return this.#refOid('HEAD', 0);
    return (await readRefs(this.#location, () => this.#neutral())).headOid;
  }

  /** The other parents of a merge that is being committed. */
  mergedCommits(): readonly string[] {
    const text = textOf(join(this.#location.gitDir, 'MERGE_HEAD')) ?? '';
    return text.split('\n').filter((line) => /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(line));
  }

  /** Text of a commit; undefined where it cannot be read here. */
  commitText(commit: string): string | undefined {
    return this.#contentOf(commit, 'commit')?.toString('utf8');
  }

  /** What the index holds that the commit does not; without a commit, all of it. */
  async changesSince(commit: string | undefined): Promise<StagedChanges> {
    return this.#changesRead(commit) ?? this.#changesOfGit(commit);
  }

  /** Content of a blob; undefined when git must be asked. */
  blob(oid: string): Buffer | undefined {
    const object = this.#read(oid);
    return object?.type === 'blob' ? object.bytes : undefined;
  }

  /** For readers that ask git. */
  handle(): GitStoreHandle {
    const { commonDir, objectFormat } = this.#location;
    return { gitDir: commonDir, neutralDir: this.#neutral(), objectFormat, config: [], alternates: true };
  }

  close(): void {
    for (const lookup of this.#lookups) lookup.close();
    if (this.#neutralDir !== undefined) removeNeutralDir(this.#neutralDir);
  }

  #changesRead(commit: string | undefined): StagedChanges | undefined {
    const { objectFormat, gitDir } = this.#location;
    const tree = commit === undefined ? undefined : this.#treeOf(commit);
    if (commit !== undefined && tree === undefined) return undefined;
    let file: Buffer;
    try {
      file = readFileSync(this.#indexFile ?? join(gitDir, 'index'));
    } catch {
      return undefined;
    }
    const index = IndexView.open(file, objectFormat);
    const oidBytes = objectFormat === 'sha256' ? 32 : 20;
    return index && stagedChanges(index, tree, oidBytes, (oid) => this.#contentOf(oid, 'tree'));
  }

  async #changesOfGit(commit: string | undefined): Promise<StagedChanges> {
    const index = {
      neutralDir: this.#neutral(),
      ...(this.#indexFile !== undefined && { indexFile: this.#indexFile }),
    };
    const { entries, submodules } = await stagedEntries(index, commit, this.#location.objectFormat);
    const replaced = commit === undefined ? [] : await replacedBlobs(index, commit);
    return { entries, replaced, submodules };
  }

  #treeOf(commit: string): string | undefined {
    const text = this.#contentOf(commit, 'commit')?.toString('latin1', 0, 80);
    return /^tree ([0-9a-f]{40,64})\n/.exec(text ?? '')?.[1];
  }

  #contentOf(oid: string, type: PlainObject['type']): Buffer | undefined {
    const object = this.#read(oid);
    return object?.type === type ? object.bytes : undefined;
  }

  #read(oid: string): PlainObject | undefined {
    const loose = this.#readLoose(oid);
    if (loose !== undefined) return loose;
    for (const lookup of this.#lookups) {
      const object = lookup.read(oid, maxBlobBytes);
      if (object !== undefined) return object;
    }
    return undefined;
  }

  /** What was staged or committed just now. node:zlib alone takes longer to load than ten of these. */
  #readLoose(oid: string): PlainObject | undefined {
    const core = this.#core;
    if (core === undefined) return undefined;
    for (const folder of this.#objectFolders) {
      const object = readLoose(core, `${folder}/${oid.slice(0, 2)}/${oid.slice(2)}`, maxCoreBytes);
      const type = object.ok ? typeNames[object.type] : undefined;
      if (!object.ok || type === undefined || object.size > maxBlobBytes) continue;
      return { type, bytes: Buffer.from(core.bytes.subarray(object.address, object.address + object.size)) };
    }
    return undefined;
  }

  #refOid(name: string, depth: number): string | undefined {
    for (const folder of [this.#location.gitDir, this.#location.commonDir]) {
      const text = textOf(join(folder, name)) ?? '';
      const target = /^ref: (\S+)/.exec(text)?.[1];
      // As deep as git follows.
      if (target !== undefined) return depth < 5 ? this.#refOid(target, depth + 1) : undefined;
      const oid = /^[0-9a-f]{40,64}/.exec(text)?.[0];
      if (oid !== undefined) return oid;
    }
    const packed = textOf(join(this.#location.commonDir, 'packed-refs')) ?? '';
    const line = packed.split('\n').find((candidate) => candidate.endsWith(` ${name}`));
    return line?.split(' ')[0];
  }

  #neutral(): string {
    this.#neutralDir ??= makeNeutralDir({ ...this.#location, alternates: true });
    return this.#neutralDir;
  }
}

/** The folder itself and those that its `info/alternates` name, with what these borrow from, nearest first. */
function objectFolders(own: string): readonly string[] {
  const folders = new Set([own]);
  let level = [own];
  for (let depth = 0; depth < maxAlternates; depth++) {
    level = level.flatMap(alternatesOf).filter((folder) => !folders.has(folder));
    for (const folder of level) folders.add(folder);
  }
  return [...folders];
}

/** A quoted path is left to git, as is all that is not found here. */
function alternatesOf(folder: string): readonly string[] {
  const lines = (textOf(join(folder, 'info', 'alternates')) ?? '').split('\n');
  return lines.filter((line) => /^[^#"]/.test(line)).map((line) => resolve(folder, line));
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
