/** Attribution within a scope: which objects are walked for hits and names, and what is kept of that for the next scan. */
import type { Appearance } from '../../model/appearance.js';
import type { AttributedName, AttributedObject, HitObject, PlanEvents } from '../source.js';
import { attributeHits, attributeNames } from './attribution/attribute-hits.js';
import { type AttributionInput, uniqueOids } from './attribution/read-graphs.js';
import { type HistoryGraphs, keepHistory, withoutHits } from './history/keep-history.js';
import { idsWithKnown, type KnownHistory } from './history/known-history.js';
import type { OpenStore } from './open-store.js';
import { stagedHits, stagedNames } from './staged-hits.js';
import { StorageList } from './storage-list.js';
import type { StoreInventory } from './store-inventory.js';
import {
  type GitScope,
  listBorder,
  listRange,
  listTips,
  listTreesOf,
  type ScopePlace,
  type WorkList,
} from './work-list.js';

export class ScopeWalks {
  readonly #store: OpenStore;
  readonly #scope: GitScope;
  readonly #place: () => Promise<ScopePlace>;
  /** What the plan listed of a whole storage, so that it is not listed twice. */
  listed: StorageList | undefined;
  /** What attribution found out, for the next scan. */
  #graphs: HistoryGraphs | undefined;
  /** False once attribution met what makes its graphs no ground for the next scan. */
  #isWhole = true;

  constructor(store: OpenStore, scope: GitScope, place: () => Promise<ScopePlace>) {
    this.#store = store;
    this.#scope = scope;
    this.#place = place;
  }

  async *attribute(
    hits: readonly HitObject[],
    events: PlanEvents,
    signal: AbortSignal,
  ): AsyncIterable<AttributedObject> {
    if (hits.length === 0) return;
    if (this.#scope.type === 'staged') {
      yield* stagedHits(hits, (await this.#store.staged(this.#scope.indexFile)).entries);
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

  async *attributeNames(
    names: readonly Uint8Array[],
    events: PlanEvents,
    signal: AbortSignal,
  ): AsyncIterable<AttributedName> {
    if (names.length === 0) return;
    if (this.#scope.type === 'staged') {
      yield* stagedNames(names, (await this.#store.staged(this.#scope.indexFile)).entries);
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

  /** What the next scan may be given; undefined where it must look again. */
  history(inventory: StoreInventory): Uint8Array | undefined {
    if (!this.#isWhole) return undefined;
    const { roots } = this.#store;
    const graphs = this.#graphs ?? (roots && withoutHits(roots, inventory.known !== undefined));
    return graphs && keepHistory(inventory, graphs);
  }

  close(): void {
    this.#graphs = undefined;
  }

  /**
   * All of storage, or what came to what is known, where that tells of all hits; for a range its own objects and the
   * trees of the current tips.
   */
  async #objectsToWalk(
    hits: readonly HitObject[],
  ): Promise<{ readonly listed: StorageList; readonly known?: KnownHistory }> {
    const { oidBytes } = this.#store;
    const known = this.#scope.type === 'all' ? this.#store.direct()?.inventory.known : undefined;
    const isKnown = known?.coversHits(uniqueOids(hits, 'blob', oidBytes), oidBytes) === true;
    if (this.listed !== undefined && known === undefined) return { listed: this.listed };
    if (this.listed !== undefined && isKnown) return { listed: this.listed, known };
    const listed = await this.#list(undefined);
    if (known === undefined) this.listed = listed;
    return { listed };
  }

  /** All that a walk for names takes, whatever is known of hits. */
  async #allToWalk(border: WorkList | undefined): Promise<StorageList> {
    const known = this.#scope.type === 'all' ? this.#store.direct()?.inventory.known : undefined;
    return this.listed !== undefined && known === undefined ? this.listed : this.#list(border);
  }

  async #list(border: WorkList | undefined): Promise<StorageList> {
    const store = this.#store;
    const inventory = this.#scope.type === 'all' ? store.direct()?.inventory : undefined;
    const listed = new StorageList(store.oidBytes);
    let lines =
      inventory === undefined ? await this.#linesToWalk() : store.lines(listed.addInventory(inventory));
    if (border !== undefined && lines !== undefined) lines = joinedLines(lines, border.lines);
    for await (const _chunk of store.listing(lines, listed.handler())) await Promise.resolve();
    return listed;
  }

  async #walkOf(listed: StorageList, known?: KnownHistory): Promise<AttributionInput> {
    const store = this.#store;
    const oids = idsWithKnown(listed, known);
    const { where, refs } = await this.#place();
    return {
      objects: store.objects(),
      ...store.graphOf(oids.commits, oids.trees),
      ...(known && { known }),
      where,
      oidBytes: store.oidBytes,
      ...oids,
      refs,
      partialHistory: store.location.shallow || this.#scope.type === 'tips',
      index: (await store.index()).entries,
    };
  }

  /** The commits that a range starts behind, with their trees. */
  async #borderOfRange(range: string): Promise<WorkList & { readonly commits: readonly string[] }> {
    const place = await this.#place();
    const commits = await listBorder(place, range);
    const trees = await listTreesOf(place, commits);
    return { ...trees, commits };
  }

  async #linesToWalk(): Promise<Buffer | undefined> {
    const scope = this.#scope;
    if (scope.type === 'all') return undefined;
    const place = await this.#place();
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
