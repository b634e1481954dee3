/** Opens a git store as a source: plan, state, names and attribution; readers open its ranges elsewhere. */
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Appearance } from '../../model/appearance.js';
import type { Place } from '../../model/place.js';
import { InputProblemError } from '../../model/problem.js';
import type {
  AttributedName,
  AttributedObject,
  GitStoreHandle,
  HitObject,
  LinkFindings,
  LinkMemory,
  MetadataString,
  OpenSource,
  PlanEvents,
  PlannedRange,
  PlanOptions,
} from '../source.js';
import { attributeHits, attributeNames } from './attribution/attribute-hits.js';
import type { CommitGraph } from './attribution/commit-graph.js';
import { OidTable } from './attribution/oid-table.js';
import { type AttributionInput, uniqueOids } from './attribution/read-graphs.js';
import { discoverGitStore, type GitStoreLocation, shallowCommits } from './discover.js';
import { addNamesOfTrees, EntryNames } from './entry-names.js';
import { lookUpFile } from './file-of-commit.js';
import { FreshObjects } from './fresh-objects.js';
import { type HistoryGraphs, keepHistory, withoutHits } from './history/keep-history.js';
import { type EarlierHistory, idsWithKnown, type KnownHistory } from './history/known-history.js';
import { type IndexContent, type IndexEntry, ownIndexEntries, stagedEntries } from './index-entries.js';
import { type LinkedStore, missingObjects } from './missing-objects.js';
import { makeNeutralDir, removeNeutralDir, reserveReaderDir } from './neutral-dir.js';
import { oidBytesOf, oidLines } from './object-id.js';
import { type ListingHandler, listIds, listStorage } from './object-listing.js';
import { ObjectLookup } from './object-lookup.js';
import { placeByName, placeByRoots, rootCommitsByGit, rootTips } from './place-of.js';
import { RangePlanner } from './plan-objects.js';
import { planOnePack } from './plan-packs.js';
import { GitError } from './process.js';
import { type GitRefs, readRefs } from './refs.js';
import { refuseUntrusted, type StoreTrust } from './refuse-untrusted.js';
import { reportDamage, reportMissing } from './report-damage.js';
import { fileOfCommit, resolveObjects } from './resolve-objects.js';
import { findRootCommits, type RootCommits } from './root-commits.js';
import { sharedCore } from './shared-core.js';
import { stagedHits, stagedNames } from './staged-hits.js';
import { StorageList } from './storage-list.js';
import { findInInventory, takeInventory, withoutTexts } from './store-inventory.js';
import { type ObjectPlace, StoreObjects } from './store-objects.js';
import { storeState } from './store-state.js';
import {
  countReachable,
  type GitScope,
  listBorder,
  listRange,
  listStaged,
  listTips,
  listTreesOf,
  type ScopePlace,
  type WorkList,
} from './work-list.js';

/** Below it, reading all again costs less than a rescan's other parts. */
const defaultKeepFrom = 2000;

export interface OpenGitOptions extends StoreTrust {
  /** The store at the path, when it was looked for before. */
  readonly location?: GitStoreLocation;
  /** Place key and name instead of the origin's. */
  readonly place?: string;
  /** URL that the store is known to come from, used when its configuration names none. */
  readonly assumedOrigin?: string;
  /** What to scan; all of storage unless given. */
  readonly scope?: GitScope;
  /**
   * What an earlier scan that saw the store in this state knew of it; spares the walk to the root commits that
   * a store without an origin needs.
   */
  readonly remembered?: (
    locator: string,
    state: Uint8Array,
  ) => Promise<Pick<Place, 'rootCommits'> | undefined>;
  /** What the last complete scan of the store kept, by locator. */
  readonly earlier?: (locator: string) => Promise<EarlierHistory | undefined>;
  /** Of stores with fewer packed objects nothing is kept: reading them again is cheaper. For tests. */
  readonly keepFrom?: number;
}

/** Source over a git store, with what only git has. */
export interface GitSource extends OpenSource {
  readonly location: GitStoreLocation;
  /** How readers reach the objects. */
  readonly store: GitStoreHandle;
  /** The place with its root commits, which cost a walk over all commits; absent there when unknown (shallow). */
  fullPlace(): Promise<Place>;
  attribute(
    hits: readonly HitObject[],
    events: PlanEvents,
    signal: AbortSignal,
  ): AsyncIterable<AttributedObject>;
  entryNames(): Iterable<Uint8Array>;
  attributeNames(
    names: readonly Uint8Array[],
    events: PlanEvents,
    signal: AbortSignal,
  ): AsyncIterable<AttributedName>;
  /** What the index of the work tree holds, submodules left out; throws where neither we nor git can read it. */
  indexEntries(): Promise<readonly IndexEntry[]>;
  /** Where git runs for questions about the work tree; see neutral-dir.ts. */
  neutralDir(): string;
  /** A file of the default branch's tip, for stores without a work tree; undefined when it has none or it is larger. */
  headFile(path: string, maxBytes: number): Promise<Buffer | undefined>;
  /** Commit id (hex) of the default branch's tip, else of HEAD; undefined when there is no commit. */
  defaultTip(): Promise<string | undefined>;
  /** Removes the neutral directory; no range of this source can be read afterwards. */
  close(): void;
}

/** Opens the store at or above `path`; throws {@link InputProblemError} when there is none or it must not be read. */
export async function openGitSource(path: string, options: OpenGitOptions = {}): Promise<GitSource> {
  const location = options.location ?? discoverGitStore(path);
  if (location === undefined) {
    const code = existsSync(path) ? 'not-a-repository' : 'not-found';
    throw new InputProblemError({ code, where: path });
  }
  await refuseUntrusted(location, path, options);
  const source = new Source(location, options);
  await source.settlePlace();
  return source;
}

class Source implements GitSource {
  readonly location: GitStoreLocation;
  readonly locator: string;
  readonly #options: OpenGitOptions;
  readonly #oidBytes: 20 | 32;
  #neutralDir: string | undefined;
  #readerDir: string | undefined;
  #lookup: ObjectLookup | undefined;
  #direct: { readonly found: ObjectPlace['direct'] } | undefined;
  #refs: GitRefs | undefined;
  #place: Place | undefined;
  #stateAtOpening: Uint8Array | undefined;
  /** What attribution needs, kept from the plan so that it is not listed twice. */
  #listed: StorageList | undefined;
  #indexed: IndexContent | undefined;
  #linkFindings: LinkFindings | undefined;
  #names = new EntryNames();
  /** Commits and tags as they were read for the root commits; spares link check and attribution to read them again. */
  #roots: RootCommits | undefined;
  #earlier: { readonly found: EarlierHistory | undefined } | undefined;
  /** What attribution found out, for the next scan. */
  #graphs: HistoryGraphs | undefined;
  /** False once attribution met what makes its graphs no ground for the next scan. */
  #isWhole = true;

  constructor(location: GitStoreLocation, options: OpenGitOptions) {
    this.location = location;
    this.locator = realpathSync.native(location.commonDir);
    this.#options = options;
    this.#oidBytes = oidBytesOf(location.objectFormat) === 32 ? 32 : 20;
  }

  get place(): Place {
    if (this.#place === undefined) throw new Error('place of a source that is not open');
    return this.#place;
  }

  get store(): GitStoreHandle {
    this.#readerDir ??= reserveReaderDir();
    return {
      gitDir: this.location.commonDir,
      neutralDir: this.#readerDir,
      objectFormat: this.location.objectFormat,
      config: [],
      alternates: this.#options.alternates === true,
    };
  }

  async settlePlace(): Promise<void> {
    this.#place = placeByName(this.location, this.#options.place, this.#options.assumedOrigin);
    if (this.#place !== undefined) return;
    const state = this.#options.remembered === undefined ? undefined : await this.#stateNow();
    this.#stateAtOpening = state;
    const known = state === undefined ? undefined : await this.#options.remembered?.(this.locator, state);
    // A former `--place` is not repeated: the place is named anew, only the walk is spared.
    this.#place = placeByRoots(this.location, known?.rootCommits ?? (await this.#rootCommits()));
  }

  async fullPlace(): Promise<Place> {
    if (this.place.rootCommits !== undefined) return this.place;
    const rootCommits = await this.#rootCommits();
    if (rootCommits.length > 0) this.#place = { ...this.place, rootCommits };
    return this.place;
  }

  async state(): Promise<Uint8Array | undefined> {
    const state = this.#stateAtOpening ?? (await this.#stateNow());
    // What came since is listed, and changes the state that the next scan meets.
    this.#stateAtOpening = undefined;
    return state;
  }

  async #stateNow(): Promise<Uint8Array | undefined> {
    if (this.#scope.type !== 'all') return undefined;
    return storeState(this.location, { alternates: this.#options.alternates === true });
  }

  /** Looks up what an earlier scan kept; without effect once the storage has been listed. */
  async #recall(): Promise<void> {
    if (this.#earlier !== undefined) return;
    const mayHelp = this.#scope.type === 'all' && this.#remembers && this.#options.alternates !== true;
    this.#earlier = { found: mayHelp ? await this.#options.earlier?.(this.locator) : undefined };
  }

  /** What an earlier scan kept counts only for who remembers the same of its links. */
  #forgetUnless(links: LinkMemory | undefined): void {
    const earlier = this.#earlier?.found;
    if (earlier === undefined || links?.equals(earlier.links) === true) return;
    this.#earlier = { found: undefined };
    this.#direct = undefined;
    this.#roots = undefined;
  }

  async *plan(options: PlanOptions, events: PlanEvents): AsyncIterable<PlannedRange> {
    await this.#recall();
    const planner = new RangePlanner(this.store, options);
    const listed = new StorageList(this.#oidBytes);
    let failed = false;
    const work = await this.#workList(events);
    this.#forgetUnless(options.links);
    const inventory = work === undefined ? this.#directOnce()?.inventory : undefined;
    let lines = work?.lines;
    const fresh = new FreshObjects(inventory?.packs ?? [], this.#remembers ? options.links : undefined);
    const packed = { trees: 0, commits: 0 };
    if (inventory !== undefined) {
      const rest: Uint8Array[] = [];
      for (const [i, pack] of inventory.packs.entries()) {
        const earlier = inventory.packs.slice(0, i);
        yield* planOnePack(
          pack,
          earlier,
          this.store,
          options,
          listed,
          (oid) => rest.push(oid),
          (oid, type) => planner.addObject(oid, type, 0),
        );
        const { trees, commits } = { trees: listed.trees.count, commits: listed.commits.count };
        fresh.addPack(pack, { trees: [packed.trees, trees], commits: [packed.commits, commits] });
        Object.assign(packed, { trees, commits });
      }
      rest.push(...listed.addLoose(inventory.loose, planner));
      yield* await planner.take();
      lines = this.#lines(rest);
    }
    const listing = this.#listing(lines, listed.handler(planner));
    this.#names = new EntryNames();
    try {
      for await (const _chunk of listing) yield* await planner.take();
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      failed = true;
      events.problem({ code: 'git-failed', where: this.#where, detail: error.message });
    }
    yield* await planner.finish();
    if (this.#scope.type === 'all') this.#listed = listed;
    const store = {
      location: this.location,
      where: this.#where,
      oidBytes: this.#oidBytes,
      skipsAlternates: this.#options.alternates !== true && work === undefined,
    };
    const isWhole = reportDamage(store, listed.unreadable, events) && !failed;
    if (work !== undefined) reportMissing(store, work.missing, events);
    if (work !== undefined || !isWhole || this.#leansOnOthers) await this.#addNames(listed.trees.bytes);
    else {
      const trees = fresh.pick(listed.trees, 'trees', packed.trees);
      const commits = fresh.pick(listed.commits, 'commits', packed.commits);
      const packs = (inventory?.packs ?? []).map(({ ids }) => ids);
      reportMissing(
        store,
        await this.#missingLinks(fresh, {
          trees: trees.oids,
          commits: commits.oids,
          packedTrees: trees.packed,
          packedCommits: commits.packed,
          packs,
          others: listed.others.bytes,
        }),
        events,
      );
    }
    await this.#reportSubmodules(work, events);
    this.#dropTexts();
  }

  async metadata(): Promise<readonly MetadataString[]> {
    const refs = await this.#readRefs();
    const strings: MetadataString[] = refs.refs.map(({ name }) => ({ text: name, label: 'ref' }));
    for (const key of this.location.config.keys()) {
      const remote = /^remote\.(.+)\.url$/s.exec(key)?.[1];
      if (remote !== undefined) strings.push({ text: remote, label: 'remote' });
    }
    return strings;
  }

  async *attribute(
    hits: readonly HitObject[],
    events: PlanEvents,
    signal: AbortSignal,
  ): AsyncIterable<AttributedObject> {
    if (hits.length === 0) return;
    if (this.#scope.type === 'staged') {
      yield* stagedHits(hits, (await this.#staged()).entries);
      return;
    }
    const { listed, known } = await this.#objectsToWalk(hits);
    const input = {
      ...(await this.#walkOf(listed, known)),
      keep: (graphs: HistoryGraphs) => {
        this.#graphs = graphs;
      },
    };
    this.#isWhole = false;
    yield* attributeHits(input, hits, events, signal);
    this.#isWhole = this.#graphs !== undefined;
  }

  entryNames(): Iterable<Uint8Array> {
    return this.#names.all();
  }

  async *attributeNames(
    names: readonly Uint8Array[],
    events: PlanEvents,
    signal: AbortSignal,
  ): AsyncIterable<AttributedName> {
    if (names.length === 0) return;
    if (this.#scope.type === 'staged') {
      yield* stagedNames(names, (await this.#staged()).entries);
      return;
    }
    const border = this.#scope.type === 'range' ? await this.#borderOfRange(this.#scope.range) : undefined;
    const input = await this.#walkOf(await this.#allToWalk(border));
    // What lies before a range was there before it.
    const isOwn = (appearance: Appearance): boolean =>
      border === undefined ||
      (appearance.type === 'git-blob' &&
        appearance.introduced !== undefined &&
        !border.commits.includes(appearance.introduced.id));
    for await (const { name, appearances } of attributeNames(input, names, events, signal))
      yield { name, appearances: appearances.filter(isOwn) };
  }

  history(): Uint8Array | undefined {
    const inventory = this.#direct?.found?.inventory;
    if (inventory === undefined || this.#linkFindings === undefined || !this.#isWhole) return undefined;
    const objects = inventory.packs.reduce((sum, { ids }) => sum + ids.count, 0);
    const graphs = this.#graphs ?? (this.#roots && withoutHits(this.#roots, inventory.known !== undefined));
    if (graphs === undefined || objects < (this.#options.keepFrom ?? defaultKeepFrom)) return undefined;
    return keepHistory(inventory, graphs);
  }

  async resolve(prefixes: Iterable<string>): Promise<readonly HitObject[]> {
    if (this.#options.alternates === true) return resolveObjects(this.#neutral(), [...prefixes]);
    const inventory = this.#direct?.found?.inventory;
    const lookup = this.#lookUp();
    const oids = inventory === undefined ? lookup.findAll(prefixes) : findInInventory(inventory, prefixes);
    const found: HitObject[] = [];
    for (const oid of oids) {
      const objectType = lookup.typeOf(oid);
      // What is there and cannot be read is git's to judge.
      if (objectType === undefined) found.push(...(await resolveObjects(this.#neutral(), [oid])));
      else if (objectType !== 'tree') found.push({ oid: Buffer.from(oid, 'hex'), objectType });
    }
    return found;
  }

  async defaultTip(): Promise<string | undefined> {
    const { defaultOid, headOid } = await this.#readRefs();
    return defaultOid ?? headOid;
  }

  async headFile(path: string, maxBytes: number): Promise<Buffer | undefined> {
    const commit = await this.defaultTip();
    if (commit === undefined) return undefined;
    const found = lookUpFile(this.#lookUp(), this.#oidBytes, commit, path, maxBytes);
    if (found === undefined) return fileOfCommit(this.#neutral(), commit, path, maxBytes);
    return found === 'none' ? undefined : found;
  }

  async indexEntries(): Promise<readonly IndexEntry[]> {
    return (await this.#indexOnce()).entries;
  }

  neutralDir(): string {
    return this.#neutral();
  }

  close(): void {
    this.#roots = undefined;
    this.#graphs = undefined;
    for (const dir of [this.#neutralDir, this.#readerDir]) if (dir !== undefined) removeNeutralDir(dir);
    this.#neutralDir = undefined;
    this.#readerDir = undefined;
    this.#lookup?.close();
    this.#lookup = undefined;
    this.#direct = undefined;
  }

  get #scope(): GitScope {
    return this.#options.scope ?? { type: 'all' };
  }

  get #objectsDir(): string {
    return join(this.location.commonDir, 'objects');
  }

  #lookUp(): ObjectLookup {
    this.#lookup ??= new ObjectLookup(this.#objectsDir, this.#oidBytes);
    return this.#lookup;
  }

  #objects(): StoreObjects {
    const direct = this.#directOnce();
    return new StoreObjects({ neutralDir: () => this.#neutral(), oidBytes: this.#oidBytes, direct });
  }

  /** What is read without git, and with what; undefined where git must list, as for borrowed objects. */
  #directOnce(): ObjectPlace['direct'] {
    if (this.#direct === undefined) {
      const core = this.#options.alternates === true ? undefined : sharedCore();
      const inventory =
        core === undefined
          ? undefined
          : takeInventory(core, this.#objectsDir, this.#oidBytes, this.#earlier?.found);
      this.#direct = {
        found: core === undefined || inventory === undefined ? undefined : { core, inventory },
      };
    }
    return this.#direct.found;
  }

  /** Thousands of stores wait for their attribution together. */
  #dropTexts(): void {
    const direct = this.#direct?.found;
    if (direct === undefined) return;
    this.#direct = { found: { ...direct, inventory: withoutTexts(direct.inventory) } };
  }

  #lines(oids: readonly Uint8Array[]): Buffer {
    return oidLines(Buffer.concat(oids), this.#oidBytes, 0, oids.length);
  }

  #listing(lines: Buffer | undefined, handler: ListingHandler): AsyncIterable<void> {
    if (lines === undefined) return listStorage(this.#neutral(), this.#oidBytes, handler);
    return lines.length === 0 ? nothing() : listIds(this.#neutral(), this.#oidBytes, lines, handler);
  }

  get #where(): string {
    return this.place.name;
  }

  get #index(): { readonly neutralDir: string } {
    return { neutralDir: this.#neutral() };
  }

  async #indexOnce(): Promise<IndexContent> {
    this.#indexed ??= await ownIndexEntries(
      join(this.location.gitDir, 'index'),
      this.location.objectFormat,
      () => this.#neutral(),
    );
    return this.#indexed;
  }

  #neutral(): string {
    this.#neutralDir ??= makeNeutralDir({
      commonDir: this.location.commonDir,
      gitDir: this.location.gitDir,
      objectFormat: this.location.objectFormat,
      refStorage: this.location.refStorage,
      alternates: this.#options.alternates === true,
    });
    return this.#neutralDir;
  }

  async #readRefs(): Promise<GitRefs> {
    this.#refs ??= await readRefs(this.location, () => this.#neutral());
    return this.#refs;
  }

  /** Empty when unknown: no commits, or a shallow clone. */
  async #rootCommits(): Promise<readonly string[]> {
    const tips = rootTips(await this.#readRefs());
    if (this.location.shallow || tips.size === 0) return [];
    await this.#recall();
    const inventory = this.#directOnce()?.inventory;
    const found =
      inventory === undefined
        ? undefined
        : await findRootCommits(inventory, this.#objects(), this.#oidBytes, tips);
    this.#roots = found;
    return found?.roots ?? rootCommitsByGit(this.#neutral(), tips);
  }

  /** The graph of these commits over these trees, if it is known. */
  #graphOf(commits: Uint8Array, trees: Uint8Array): { readonly graph?: CommitGraph } {
    return this.#roots?.commits.isOf(commits, trees) === true ? { graph: this.#roots.commits } : {};
  }

  /** The commits that a range starts behind, with their trees. */
  async #borderOfRange(range: string): Promise<WorkList & { readonly commits: readonly string[] }> {
    const place = await this.#scopePlace();
    const commits = await listBorder(place, range);
    const trees = await listTreesOf(place, commits);
    return { ...trees, commits };
  }

  async #scopePlace(): Promise<ScopePlace> {
    return {
      neutralDir: this.#neutral(),
      where: this.#where,
      objectFormat: this.location.objectFormat,
      refs: await this.#readRefs(),
    };
  }

  /** Undefined when all of storage is meant. */
  async #workList(events: PlanEvents): Promise<WorkList | undefined> {
    const scope = this.#scope;
    if (scope.type === 'all') return undefined;
    const place = await this.#scopePlace();
    try {
      if (scope.type === 'tips') return await listTips(place);
      if (scope.type === 'range') return await listRange(place, scope.range);
      return await listStaged(place, scope.indexFile);
    } catch (error) {
      if (error instanceof InputProblemError) events.problem(error.problem);
      else if (error instanceof GitError)
        events.problem({ code: 'git-failed', where: this.#where, detail: error.message });
      else throw error;
      return { lines: Buffer.alloc(0), missing: 0, submodules: 0 };
    }
  }

  /** Counts objects that the store names and lacks, other than those that lie in a store which is not read. */
  async #missingLinks(
    fresh: FreshObjects,
    linked: Pick<LinkedStore, 'trees' | 'commits' | 'packedTrees' | 'packedCommits' | 'packs' | 'others'>,
  ): Promise<number> {
    const { refs } = await this.#readRefs();
    const { entries } = await this.#indexOnce();
    const named = [...refs, ...entries].map(({ oid }) => oid);
    const missing = await missingObjects({
      ...linked,
      oidBytes: this.#oidBytes,
      objects: this.#objects(),
      named,
      names: this.#names,
      shallow: shallowCommits(this.location),
      ...this.#graphOf(linked.commits, linked.trees),
    });
    const { count, findings } = fresh.conclude(missing, linked.others, this.#oidBytes);
    // Which of the missing ones matter is a question to history, except where they are absent on purpose.
    if (this.#remembers && (count === 0 || this.location.promisor)) this.#linkFindings = findings;
    // Old unreachable objects lose what they name when git prunes; that is no gap, and git calls it none.
    if (count === 0 || this.location.promisor) return count;
    return countReachable(missing.all, named, await this.#scopePlace());
  }

  /** True where objects are named that lie in a store which is not read. */
  get #leansOnOthers(): boolean {
    return this.location.alternates && this.#options.alternates !== true;
  }

  async #addNames(trees: Uint8Array): Promise<void> {
    if (this.#scope.type === 'staged')
      for (const { path, isNew } of (await this.#staged()).entries) if (isNew) this.#names.addPath(path);
    if (trees.length > 0)
      await addNamesOfTrees(this.#names, this.#objects(), new OidTable(trees, this.#oidBytes));
  }

  linkFindings(): LinkFindings | undefined {
    return this.#linkFindings;
  }

  /** A shallow clone's cuts move, and borrowed objects go without our hearing of it. */
  get #remembers(): boolean {
    return !this.location.shallow && !this.location.alternates;
  }

  async #reportSubmodules(work: WorkList | undefined, events: PlanEvents): Promise<void> {
    const submodules = work?.submodules ?? (await this.#indexOnce()).submodules;
    if (submodules > 0) events.skipped('submodule', submodules);
  }

  /**
   * All of storage, or what came to what is known, where that tells of all hits; for a range its own objects and the
   * trees of the current tips.
   */
  async #objectsToWalk(
    hits: readonly HitObject[],
  ): Promise<{ readonly listed: StorageList; readonly known?: KnownHistory }> {
    const inventory = this.#scope.type === 'all' ? this.#directOnce()?.inventory : undefined;
    const known = inventory?.known;
    const isKnown = known?.coversHits(uniqueOids(hits, 'blob', this.#oidBytes), this.#oidBytes) === true;
    if (this.#listed !== undefined && known === undefined) return { listed: this.#listed };
    if (this.#listed !== undefined && isKnown) return { listed: this.#listed, known };
    const listed = new StorageList(this.#oidBytes);
    const lines =
      inventory === undefined ? await this.#linesToWalk() : this.#lines(listed.addInventory(inventory));
    const listing = this.#listing(lines, listed.handler());
    for await (const _chunk of listing) await Promise.resolve();
    if (known === undefined) this.#listed = listed;
    return { listed };
  }

  /** All that a walk for names takes, whatever is known of hits. */
  async #allToWalk(border: WorkList | undefined): Promise<StorageList> {
    const inventory = this.#scope.type === 'all' ? this.#directOnce()?.inventory : undefined;
    if (this.#listed !== undefined && inventory?.known === undefined) return this.#listed;
    const listed = new StorageList(this.#oidBytes);
    let lines =
      inventory === undefined ? await this.#linesToWalk() : this.#lines(listed.addInventory(inventory));
    if (border !== undefined && lines !== undefined) lines = joinedLines(lines, border.lines);
    for await (const _chunk of this.#listing(lines, listed.handler())) await Promise.resolve();
    return listed;
  }

  async #walkOf(listed: StorageList, known?: KnownHistory): Promise<AttributionInput> {
    const oids = idsWithKnown(listed, known);
    return {
      objects: this.#objects(),
      ...this.#graphOf(oids.commits, oids.trees),
      ...(known && { known }),
      where: this.#where,
      oidBytes: this.#oidBytes,
      ...oids,
      refs: await this.#readRefs(),
      partialHistory: this.location.shallow || this.#scope.type === 'tips',
      index: (await this.#indexOnce()).entries,
    };
  }

  async #staged(): Promise<IndexContent> {
    const scope = this.#scope;
    const file = scope.type === 'staged' ? scope.indexFile : undefined;
    const index = { ...this.#index, ...(file === undefined ? {} : { indexFile: file }) };
    return stagedEntries(index, (await this.#readRefs()).headOid, this.location.objectFormat);
  }

  async #linesToWalk(): Promise<Buffer | undefined> {
    const scope = this.#scope;
    if (scope.type === 'all') return undefined;
    const place = await this.#scopePlace();
    if (scope.type === 'tips') return (await listTips(place)).lines;
    if (scope.type !== 'range') return Buffer.alloc(0);
    const range = (await listRange(place, scope.range)).lines;
    const tips = [place.refs.headOid, place.refs.defaultOid].filter((oid) => oid !== undefined);
    const current = (await listTreesOf(place, tips)).lines;
    return joinedLines(range, current);
  }
}

/** An id twice would be walked twice. */
function joinedLines(a: Buffer, b: Buffer): Buffer {
  const ids = new Set(
    `${a.toString('latin1')}${b.toString('latin1')}`.split('\n').filter((line) => line !== ''),
  );
  return Buffer.from([...ids].map((id) => `${id}\n`).join(''), 'latin1');
}

async function* nothing(): AsyncGenerator<void> {
  // What is listed directly leaves git nothing to list.
}
