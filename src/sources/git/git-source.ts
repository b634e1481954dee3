/** Opens a git store as a source: plan, state, names and attribution; readers open its ranges elsewhere. */
import { existsSync, realpathSync } from 'node:fs';
import type { Place } from '../../model/place.js';
import { InputProblemError } from '../../model/problem.js';
import type {
  AttributedName,
  AttributedObject,
  GitStoreHandle,
  HitObject,
  LinkFindings,
  MetadataString,
  OpenSource,
  PlanEvents,
  PlannedRange,
  PlanOptions,
} from '../source.js';
import { OidTable } from './attribution/oid-table.js';
import { discoverGitStore, type GitStoreLocation, shallowCommits } from './discover.js';
import { addNamesOfTrees, EntryNames } from './entry-names.js';
import { lookUpFile } from './file-of-commit.js';
import { FreshObjects } from './fresh-objects.js';
import type { EarlierHistory } from './history/known-history.js';
import type { IndexEntry } from './index-entries.js';
import { type LinkedStore, missingObjects } from './missing-objects.js';
import { OpenStore } from './open-store.js';
import { placeByName, placeByRoots } from './place-of.js';
import { RangePlanner } from './plan-objects.js';
import { planOnePack } from './plan-packs.js';
import { GitError } from './process.js';
import { refuseUntrusted, type StoreTrust } from './refuse-untrusted.js';
import { reportDamage, reportMissing } from './report-damage.js';
import { fileOfCommit, resolveObjects } from './resolve-objects.js';
import { ScopeWalks } from './scope-walks.js';
import { StorageList } from './storage-list.js';
import { findInInventory, type StoreInventory } from './store-inventory.js';
import { storeState } from './store-state.js';
import { countReachable, type GitScope, listScope, type ScopePlace, type WorkList } from './work-list.js';

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
  readonly #scope: GitScope;
  readonly #store: OpenStore;
  readonly #walks: ScopeWalks;
  #place: Place | undefined;
  #stateAtOpening: Uint8Array | undefined;
  #linkFindings: LinkFindings | undefined;
  #names = new EntryNames();

  constructor(location: GitStoreLocation, options: OpenGitOptions) {
    this.location = location;
    this.locator = realpathSync.native(location.commonDir);
    this.#options = options;
    this.#scope = options.scope ?? { type: 'all' };
    const { earlier } = options;
    this.#store = new OpenStore(location, {
      alternates: options.alternates === true,
      ...(earlier !== undefined && this.#scope.type === 'all' && { earlier: () => earlier(this.locator) }),
    });
    this.#walks = new ScopeWalks(this.#store, this.#scope, () => this.#scopePlace());
  }

  get place(): Place {
    if (this.#place === undefined) throw new Error('place of a source that is not open');
    return this.#place;
  }

  get store(): GitStoreHandle {
    return this.#store.handle;
  }

  async settlePlace(): Promise<void> {
    this.#place = placeByName(this.location, this.#options.place, this.#options.assumedOrigin);
    if (this.#place !== undefined) return;
    const state = this.#options.remembered === undefined ? undefined : await this.#stateNow();
    this.#stateAtOpening = state;
    const known = state === undefined ? undefined : await this.#options.remembered?.(this.locator, state);
    // A former `--place` is not repeated: the place is named anew, only the walk is spared.
    this.#place = placeByRoots(this.location, known?.rootCommits ?? (await this.#store.rootCommits()));
  }

  async fullPlace(): Promise<Place> {
    if (this.place.rootCommits !== undefined) return this.place;
    const rootCommits = await this.#store.rootCommits();
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

  async *plan(options: PlanOptions, events: PlanEvents): AsyncIterable<PlannedRange> {
    await this.#store.recall();
    const planner = new RangePlanner(this.store, options);
    const listed = new StorageList(this.#store.oidBytes);
    let failed = false;
    const work =
      this.#scope.type === 'all' ? undefined : await listScope(await this.#scopePlace(), this.#scope, events);
    this.#store.forgetUnless(options.links);
    const inventory = work === undefined ? this.#store.direct()?.inventory : undefined;
    // What was read over a history that does not count any more is read once more, for the link check and the next scan.
    if (inventory !== undefined && this.#mayKeep(inventory) && this.#store.roots === undefined)
      await this.#store.rootCommits();
    let lines = work?.lines;
    const fresh = new FreshObjects(inventory?.packs ?? [], this.#store.remembers ? options.links : undefined);
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
          (oid) => planner.addWanted(oid, 0),
        );
        const { trees, commits } = { trees: listed.trees.count, commits: listed.commits.count };
        fresh.addPack(pack, { trees: [packed.trees, trees], commits: [packed.commits, commits] });
        Object.assign(packed, { trees, commits });
      }
      rest.push(...listed.addLoose(inventory.loose, planner));
      yield* await planner.take();
      lines = this.#store.lines(rest);
    }
    const listing = this.#store.listing(lines, listed.handler(planner));
    this.#names = new EntryNames();
    try {
      for await (const _chunk of listing) yield* await planner.take();
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      failed = true;
      events.problem({ code: 'git-failed', where: this.#where, detail: error.message });
    }
    yield* await planner.finish();
    if (this.#scope.type === 'all') this.#walks.listed = listed;
    const store = {
      location: this.location,
      where: this.#where,
      oidBytes: this.#store.oidBytes,
      skipsAlternates: this.#options.alternates !== true && work === undefined,
    };
    const isWhole = reportDamage(store, listed.unreadable, events) && !failed;
    if (work !== undefined) reportMissing(store, work.missing, events);
    if (work !== undefined || !isWhole || this.#store.leansOnOthers) await this.#addNames(listed.trees.bytes);
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
    this.#store.dropTexts();
  }

  async metadata(): Promise<readonly MetadataString[]> {
    const refs = await this.#store.refs();
    const strings: MetadataString[] = refs.refs.map(({ name }) => ({ text: name, label: 'ref' }));
    for (const key of this.location.config.keys()) {
      const remote = /^remote\.(.+)\.url$/s.exec(key)?.[1];
      if (remote !== undefined) strings.push({ text: remote, label: 'remote' });
    }
    return strings;
  }

  attribute(
    hits: readonly HitObject[],
    events: PlanEvents,
    signal: AbortSignal,
  ): AsyncIterable<AttributedObject> {
    return this.#walks.attribute(hits, events, signal);
  }

  entryNames(): Iterable<Uint8Array> {
    return this.#names.all();
  }

  attributeNames(
    names: readonly Uint8Array[],
    events: PlanEvents,
    signal: AbortSignal,
  ): AsyncIterable<AttributedName> {
    return this.#walks.attributeNames(names, events, signal);
  }

  history(): Uint8Array | undefined {
    const inventory = this.#store.listedDirectly?.inventory;
    const isKept = this.#linkFindings !== undefined && inventory !== undefined && this.#mayKeep(inventory);
    return isKept ? this.#walks.history(inventory) : undefined;
  }

  #mayKeep({ packs }: StoreInventory): boolean {
    const objects = packs.reduce((sum, { ids }) => sum + ids.count, 0);
    return this.#store.remembers && objects >= (this.#options.keepFrom ?? defaultKeepFrom);
  }

  linkFindings(): LinkFindings | undefined {
    return this.#linkFindings;
  }

  async resolve(prefixes: Iterable<string>): Promise<readonly HitObject[]> {
    if (this.#options.alternates === true) return resolveObjects(this.#store.neutralDir(), [...prefixes]);
    const inventory = this.#store.listedDirectly?.inventory;
    const lookup = this.#store.lookUp();
    const oids = inventory === undefined ? lookup.findAll(prefixes) : findInInventory(inventory, prefixes);
    const found: HitObject[] = [];
    for (const oid of oids) {
      const objectType = lookup.typeOf(oid);
      // What is there and cannot be read is git's to judge.
      if (objectType === undefined) found.push(...(await resolveObjects(this.#store.neutralDir(), [oid])));
      else if (objectType !== 'tree') found.push({ oid: Buffer.from(oid, 'hex'), objectType });
    }
    return found;
  }

  async defaultTip(): Promise<string | undefined> {
    const { defaultOid, headOid } = await this.#store.refs();
    return defaultOid ?? headOid;
  }

  async headFile(path: string, maxBytes: number): Promise<Buffer | undefined> {
    const commit = await this.defaultTip();
    if (commit === undefined) return undefined;
    const found = lookUpFile(this.#store.lookUp(), this.#store.oidBytes, commit, path, maxBytes);
    if (found === undefined) return fileOfCommit(this.#store.neutralDir(), commit, path, maxBytes);
    return found === 'none' ? undefined : found;
  }

  async indexEntries(): Promise<readonly IndexEntry[]> {
    return (await this.#store.index()).entries;
  }

  neutralDir(): string {
    return this.#store.neutralDir();
  }

  close(): void {
    this.#walks.close();
    this.#store.close();
  }

  get #where(): string {
    return this.place.name;
  }

  async #scopePlace(): Promise<ScopePlace> {
    const store = this.#store;
    return {
      // Made for who asks: a store that is read directly needs none.
      get neutralDir() {
        return store.neutralDir();
      },
      where: this.#where,
      objectFormat: this.location.objectFormat,
      refs: await this.#store.refs(),
    };
  }

  /** Counts objects that the store names and lacks, other than those that lie in a store which is not read. */
  async #missingLinks(
    fresh: FreshObjects,
    linked: Pick<LinkedStore, 'trees' | 'commits' | 'packedTrees' | 'packedCommits' | 'packs' | 'others'>,
  ): Promise<number> {
    const { refs } = await this.#store.refs();
    const { entries } = await this.#store.index();
    const named = [...refs, ...entries].map(({ oid }) => oid);
    const missing = await missingObjects({
      ...linked,
      oidBytes: this.#store.oidBytes,
      objects: this.#store.objects(),
      named,
      names: this.#names,
      shallow: shallowCommits(this.location),
      ...this.#store.graphOf(linked.commits, linked.trees),
    });
    const { count, findings } = fresh.conclude(missing, linked.others, this.#store.oidBytes);
    // Which of the missing ones matter is a question to history, except where they are absent on purpose.
    if (this.#store.remembers && (count === 0 || this.location.promisor)) this.#linkFindings = findings;
    // Old unreachable objects lose what they name when git prunes; that is no gap, and git calls it none.
    if (count === 0 || this.location.promisor) return count;
    return countReachable(missing.all, named, await this.#scopePlace());
  }

  async #addNames(trees: Uint8Array): Promise<void> {
    if (this.#scope.type === 'staged') {
      const { entries } = await this.#store.staged(this.#scope.indexFile);
      for (const { path, isNew } of entries) if (isNew) this.#names.addPath(path);
    }
    if (trees.length > 0)
      await addNamesOfTrees(this.#names, this.#store.objects(), new OidTable(trees, this.#store.oidBytes));
  }

  async #reportSubmodules(work: WorkList | undefined, events: PlanEvents): Promise<void> {
    const submodules = work?.submodules ?? (await this.#store.index()).submodules;
    if (submodules > 0) events.skipped('submodule', submodules);
  }
}
