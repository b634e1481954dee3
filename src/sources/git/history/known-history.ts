/** The history that an earlier scan kept, over the packs that it was kept of. */
import type { LinkMemory } from '../../source.js';
import type { InventoryPack } from '../inventory-pack.js';
import { copyId, type PackIds, rowOf } from '../pack/pack-ids.js';
import { decodeHistory, type PackedHistory } from './packed-history.js';

/** What the last complete scan of a store kept. */
export interface EarlierHistory {
  readonly links: LinkMemory;
  readonly history: Uint8Array;
}

interface ListedIds {
  readonly trees: { readonly bytes: Uint8Array };
  readonly commits: { readonly bytes: Uint8Array };
  readonly tags: { readonly bytes: Uint8Array };
}

const noIds = new Uint8Array(0);

export class KnownHistory {
  readonly history: PackedHistory;
  /** In order of their names. */
  readonly packs: readonly InventoryPack[];
  readonly #numbers: ObjectNumbers;
  #hits: ReadonlySet<number> | undefined;
  #treeIds: Uint8Array | undefined;
  #commitIds: Uint8Array | undefined;

  /**
   * Undefined where it cannot be told what is new: a pack is gone, or something has come that known objects name and
   * that was missing.
   */
  static of(
    { links, history }: EarlierHistory,
    packs: readonly InventoryPack[],
    loose: readonly { readonly oid: Uint8Array }[],
  ): KnownHistory | undefined {
    const known = packs.filter(({ name }) => links.hasPack(name));
    if (known.length === 0 || known.length !== links.packs) return undefined;
    const decoded = decodeHistory(history);
    const isOfThem =
      decoded?.counts.length === known.length && known.every(({ ids }, i) => ids.count === decoded.counts[i]);
    if (decoded === undefined || !isOfThem || hasCome(links, packs, known, loose)) return undefined;
    return new KnownHistory(decoded, known);
  }

  private constructor(history: PackedHistory, packs: readonly InventoryPack[]) {
    this.history = history;
    this.packs = packs;
    this.#numbers = new ObjectNumbers(packs.map(({ ids }) => ids));
    let start = 0;
    for (const pack of packs) {
      pack.knownTypes = history.types.subarray(start, start + pack.ids.count);
      start += pack.ids.count;
    }
  }

  /** Ids of the objects with these numbers, back to back, and then the others. */
  idsOf(numbers: Int32Array, others: Uint8Array): Uint8Array {
    return this.#numbers.idsOf(numbers, others);
  }

  get treeIds(): Uint8Array {
    this.#treeIds ??= this.idsOf(this.history.trees.numbers, noIds);
    return this.#treeIds;
  }

  get commitIds(): Uint8Array {
    this.#commitIds ??= this.idsOf(this.history.commits.numbers, noIds);
    return this.#commitIds;
  }

  /** Numbers of known objects among other packs, by what they are here. @param packs in order of their names */
  numbersAmong(packs: readonly InventoryPack[], numbers: Int32Array): Int32Array {
    const starts = startsOf(packs.map(({ ids }) => ids));
    const own = startsOf(this.packs.map(({ ids }) => ids));
    const shifts = this.packs.map((pack, i) => (starts[packs.indexOf(pack)] ?? 0) - (own[i] ?? 0));
    if (shifts.every((shift) => shift === 0)) return numbers;
    return numbers.map((number) => number + (shifts[own.findLastIndex((first) => first <= number)] ?? 0));
  }

  /** True when every one of the blobs that lies in the known packs was a hit when the history was kept. */
  coversHits(oids: Uint8Array, oidBytes: number): boolean {
    this.#hits ??= new Set(this.history.hits);
    for (let at = 0; at < oids.length; at += oidBytes) {
      const number = this.#numbers.of(oids, at);
      if (number >= 0 && !this.#hits.has(number)) return false;
    }
    return true;
  }
}

/** Ids of trees, commits and tags, back to back: those that are known, then those that were listed. */
export function idsWithKnown(
  listed: ListedIds,
  known: KnownHistory | undefined,
): { readonly trees: Uint8Array; readonly commits: Uint8Array; readonly tags: Uint8Array } {
  const { trees, commits, tags } = listed;
  if (known === undefined) return { trees: trees.bytes, commits: commits.bytes, tags: tags.bytes };
  const { history } = known;
  return {
    trees: joined(known.treeIds, trees.bytes),
    commits: joined(known.commitIds, commits.bytes),
    tags: known.idsOf(history.tags.numbers, known.idsOf(history.tags.open, tags.bytes)),
  };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** Numbers of objects: packs in order of their names, in each the rows of its index. */
export class ObjectNumbers {
  readonly total: number;
  readonly #packs: readonly PackIds[];
  readonly #starts: readonly number[];

  /** @param packs in order of their names */
  constructor(packs: readonly PackIds[]) {
    this.#packs = packs;
    this.#starts = startsOf(packs);
    this.total = packs.reduce((sum, { count }) => sum + count, 0);
  }

  /** Number of the id that starts at `at` of `bytes`; -1 when no pack has it. */
  of(bytes: Uint8Array, at: number): number {
    for (const [i, ids] of this.#packs.entries()) {
      const row = rowOf(ids, bytes, at);
      if (row >= 0) return (this.#starts[i] ?? 0) + row;
    }
    return -1;
  }

  idsOf(numbers: Int32Array, others: Uint8Array): Uint8Array {
    const size = this.#packs[0]?.oidBytes ?? 20;
    const oids = new Uint8Array(numbers.length * size + others.length);
    let pack = 0;
    let start = 0;
    let end = -1;
    let ids = new Uint8Array(0);
    for (let i = 0; i < numbers.length; i++) {
      const number = numbers[i] as number;
      if (number < start || number >= end) {
        pack = this.#starts.findLastIndex((first) => first <= number);
        start = this.#starts[pack] ?? 0;
        end = start + (this.#packs[pack]?.count ?? 0);
        ids = this.#packs[pack]?.oids as Uint8Array<ArrayBuffer>;
      }
      copyId(ids, (number - start) * size, oids, i * size, size);
    }
    oids.set(others, numbers.length * size);
    return oids;
  }
}

function startsOf(packs: readonly PackIds[]): number[] {
  let total = 0;
  return packs.map(({ count }) => {
    total += count;
    return total - count;
  });
}

/** True when something is here now that the packs were known to lack. */
function hasCome(
  links: LinkMemory,
  packs: readonly InventoryPack[],
  known: readonly InventoryPack[],
  loose: readonly { readonly oid: Uint8Array }[],
): boolean {
  if (links.missing === 0) return false;
  if (loose.some(({ oid }) => links.isMissing(oid))) return true;
  return packs.some((pack) => {
    if (known.includes(pack)) return false;
    const { oids, oidBytes, count } = pack.ids;
    for (let row = 0; row < count; row++) {
      if (links.isMissing(oids.subarray(row * oidBytes, (row + 1) * oidBytes))) return true;
    }
    return false;
  });
}
