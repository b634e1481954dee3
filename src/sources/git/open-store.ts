/**
 * A store that is being looked at: what is opened of it, each thing when it is first asked for and once, and what an
 * earlier scan kept. Leaves to others what is to be read and what it means.
 */
import { join } from 'node:path';
import type { GitStoreHandle, LinkMemory } from '../source.js';
import type { CommitGraph } from './attribution/commit-graph.js';
import type { GitStoreLocation } from './discover.js';
import type { EarlierHistory } from './history/known-history.js';
import { type IndexContent, ownIndexEntries, stagedEntries } from './index-entries.js';
import { makeNeutralDir, removeNeutralDir, reserveReaderDir } from './neutral-dir.js';
import { oidBytesOf, oidLines } from './object-id.js';
import { type ListingHandler, listIds, listStorage } from './object-listing.js';
import { ObjectLookup } from './object-lookup.js';
import { rootCommitsByGit, rootTips } from './place-of.js';
import { type GitRefs, readRefs } from './refs.js';
import { findRootCommits, type RootCommits } from './root-commits.js';
import { sharedCore } from './shared-core.js';
import { takeInventory, withoutTexts } from './store-inventory.js';
import { type ObjectPlace, StoreObjects } from './store-objects.js';

export interface OpenStoreOptions {
  /** True to read what other stores lend. */
  readonly alternates: boolean;
  /** What the last complete scan kept; absent where it would not help. */
  readonly earlier?: () => Promise<EarlierHistory | undefined>;
}

export class OpenStore {
  readonly location: GitStoreLocation;
  readonly oidBytes: 20 | 32;
  readonly #options: OpenStoreOptions;
  #neutralDir: string | undefined;
  #readerDir: string | undefined;
  #lookup: ObjectLookup | undefined;
  #direct: { readonly found: ObjectPlace['direct'] } | undefined;
  #refs: GitRefs | undefined;
  #indexed: IndexContent | undefined;
  #roots: RootCommits | undefined;
  #earlier: { readonly found: EarlierHistory | undefined } | undefined;

  constructor(location: GitStoreLocation, options: OpenStoreOptions) {
    this.location = location;
    this.#options = options;
    this.oidBytes = oidBytesOf(location.objectFormat) === 32 ? 32 : 20;
  }

  /** A shallow clone's cuts move, and borrowed objects go without our hearing of it. */
  get remembers(): boolean {
    return !this.location.shallow && !this.location.alternates;
  }

  /** True where objects are named that lie in a store which is not read. */
  get leansOnOthers(): boolean {
    return this.location.alternates && !this.#options.alternates;
  }

  /** How readers reach the objects. */
  get handle(): GitStoreHandle {
    this.#readerDir ??= reserveReaderDir();
    return {
      gitDir: this.location.commonDir,
      neutralDir: this.#readerDir,
      objectFormat: this.location.objectFormat,
      config: [],
      alternates: this.#options.alternates,
    };
  }

  /** Looks up what an earlier scan kept; without effect once the storage has been listed. */
  async recall(): Promise<void> {
    if (this.#earlier !== undefined) return;
    const mayHelp = this.remembers && !this.#options.alternates;
    this.#earlier = { found: mayHelp ? await this.#options.earlier?.() : undefined };
  }

  /** What an earlier scan kept counts only for who remembers the same of its links. */
  forgetUnless(links: LinkMemory | undefined): void {
    const earlier = this.#earlier?.found;
    if (earlier === undefined || links?.equals(earlier.links) === true) return;
    this.#earlier = { found: undefined };
    this.#direct = undefined;
    this.#roots = undefined;
  }

  /** What is read without git, and with what; undefined where git must list, as for borrowed objects. */
  direct(): ObjectPlace['direct'] {
    if (this.#direct === undefined) {
      const core = this.#options.alternates ? undefined : sharedCore();
      const inventory =
        core === undefined
          ? undefined
          : takeInventory(core, this.#objectsDir, this.oidBytes, this.#earlier?.found);
      this.#direct = {
        found: core === undefined || inventory === undefined ? undefined : { core, inventory },
      };
    }
    return this.#direct.found;
  }

  /** The same if it was looked at by now. */
  get listedDirectly(): ObjectPlace['direct'] {
    return this.#direct?.found;
  }

  /** Thousands of stores wait for their attribution together. */
  dropTexts(): void {
    const direct = this.#direct?.found;
    if (direct === undefined) return;
    this.#direct = { found: { ...direct, inventory: withoutTexts(direct.inventory) } };
  }

  objects(): StoreObjects {
    const direct = this.direct();
    return new StoreObjects({ neutralDir: () => this.neutralDir(), oidBytes: this.oidBytes, direct });
  }

  lookUp(): ObjectLookup {
    this.#lookup ??= new ObjectLookup(this.#objectsDir, this.oidBytes);
    return this.#lookup;
  }

  /** Ids as git is asked for them. */
  lines(oids: readonly Uint8Array[]): Buffer {
    return oidLines(Buffer.concat(oids), this.oidBytes, 0, oids.length);
  }

  /** Has git list objects: those of `lines`, else all. */
  listing(lines: Buffer | undefined, handler: ListingHandler): AsyncIterable<void> {
    if (lines === undefined) return listStorage(this.neutralDir(), this.oidBytes, handler);
    return lines.length === 0 ? nothing() : listIds(this.neutralDir(), this.oidBytes, lines, handler);
  }

  /** The work tree's own index. */
  async index(): Promise<IndexContent> {
    this.#indexed ??= await ownIndexEntries(
      join(this.location.gitDir, 'index'),
      this.location.objectFormat,
      () => this.neutralDir(),
    );
    return this.#indexed;
  }

  /** What an index has that HEAD has not. */
  async staged(indexFile: string | undefined): Promise<IndexContent> {
    const index = { neutralDir: this.neutralDir(), ...(indexFile === undefined ? {} : { indexFile }) };
    return stagedEntries(index, (await this.refs()).headOid, this.location.objectFormat);
  }

  async refs(): Promise<GitRefs> {
    this.#refs ??= await readRefs(this.location, () => this.neutralDir());
    return this.#refs;
  }

  /** Empty when unknown: no commits, or a shallow clone. */
  async rootCommits(): Promise<readonly string[]> {
    const tips = rootTips(await this.refs());
    if (this.location.shallow || tips.size === 0) return [];
    await this.recall();
    const inventory = this.direct()?.inventory;
    const found =
      inventory === undefined
        ? undefined
        : await findRootCommits(inventory, this.objects(), this.oidBytes, tips);
    this.#roots = found;
    return found?.roots ?? rootCommitsByGit(this.neutralDir(), tips);
  }

  /** Commits and tags as they were read for the root commits; spares link check and attribution to read them again. */
  get roots(): RootCommits | undefined {
    return this.#roots;
  }

  /** The graph of these commits over these trees, if it is known. */
  graphOf(commits: Uint8Array, trees: Uint8Array): { readonly graph?: CommitGraph } {
    return this.#roots?.commits.isOf(commits, trees) === true ? { graph: this.#roots.commits } : {};
  }

  /** Where git runs; see neutral-dir.ts. */
  neutralDir(): string {
    this.#neutralDir ??= makeNeutralDir({
      commonDir: this.location.commonDir,
      gitDir: this.location.gitDir,
      objectFormat: this.location.objectFormat,
      refStorage: this.location.refStorage,
      alternates: this.#options.alternates,
    });
    return this.#neutralDir;
  }

  close(): void {
    this.#roots = undefined;
    for (const dir of [this.#neutralDir, this.#readerDir]) if (dir !== undefined) removeNeutralDir(dir);
    this.#neutralDir = undefined;
    this.#readerDir = undefined;
    this.#lookup?.close();
    this.#lookup = undefined;
    this.#direct = undefined;
  }

  get #objectsDir(): string {
    return join(this.location.commonDir, 'objects');
  }
}

async function* nothing(): AsyncGenerator<void> {
  // What is listed directly leaves git nothing to list.
}
