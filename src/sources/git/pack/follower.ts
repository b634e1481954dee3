/**
 * Has the core follow what trees and commits name (assembly/pack/follow.ts), and hands its notes on. Looking ids up
 * in JavaScript took three quarters of the passes over the trees of a large store.
 */
import { randomInt } from 'node:crypto';
import type { WasmCore } from '../../../prefilter/wasm-core.js';

/** What is noted of an object; numbers are those of the core. */
export const followKinds = {
  missingOfTrees: 1,
  missingOfCommits: 2,
  edges: 3,
  commits: 4,
  namedEdges: 5,
} as const;

/** A pass that the core can do by itself. */
export interface Following {
  readonly kind: keyof typeof followKinds;
  readonly oidBytes: number;
  /** Lists of ids that are looked for. Their places go on from one list to the next. */
  readonly inner: readonly Uint8Array[];
  /** Those that are something else: hits among trees, what lies outside of packs. */
  readonly outer: readonly Uint8Array[];
  /** Objects with a lower number lie in packs; of `namedEdges`: names with a lower number are looked for. */
  readonly packed: number;
  /** Takes notes: `words[from, to)`, laid out as assembly/pack/follow.ts says. */
  notes(words: Uint32Array, from: number, to: number): void;
  /** The number of a name of a tree's entry. It may be asked for again. */
  name?(bytes: Uint8Array, start: number, end: number): number;
  /** The pass is over. */
  ended?(summary: { readonly packsLeanOut: boolean; readonly malformed: number }): void;
}

const takeNotes = 4;
const numberName = 8;
const decodedBytes = 64;
const filterBytes = 8192;
const noteBytes = 1 << 20;
/** What assembly/pack/name-numbers.ts lays out. */
const nameBytes = (1 << 19) + (1 << 19);
/** A store whose ids take more is followed in JavaScript. */
const maxTableBytes = 96 << 20;

export class Follower {
  readonly core: WasmCore;
  /** First address behind the follower's own tables. */
  readonly base: number;
  readonly #following: Following;

  /** Undefined when the ids do not fit. The core must be nobody else's until {@link end}. */
  static start(core: WasmCore, following: Following): Follower | undefined {
    const lists = [...following.inner, ...following.outer];
    const bytes = lists.reduce((sum, { length }) => sum + length, 0);
    const slots = slotsFor(bytes / following.oidBytes);
    const table = bytes + slots * 8;
    const room = decodedBytes + filterBytes + nameBytes + noteBytes;
    if (table > maxTableBytes || !core.reserve(core.heap + table + room + 256)) return undefined;
    return new Follower(core, following, lists, { bytes, slots, room });
  }

  private constructor(
    core: WasmCore,
    following: Following,
    lists: readonly Uint8Array[],
    { bytes, slots, room }: { readonly bytes: number; readonly slots: number; readonly room: number },
  ) {
    this.core = core;
    this.#following = following;
    const { oidBytes, inner, outer, packed, kind } = following;
    const oids = core.heap;
    const slotArea = align(oids + bytes);
    const area = slotArea + slots * 8;
    const end = area + room;
    this.base = align(end);
    const memory = core.bytes;
    let at = oids;
    for (const list of lists) {
      memory.set(list, at);
      at += list.length;
    }
    const secret = randomInt(1, 0x7fffffff);
    core.exports.fillOidTable(oids, bytes / oidBytes, oidBytes, slotArea, slots, secret);
    const filter = memory.subarray(area + decodedBytes, area + decodedBytes + filterBytes).fill(0);
    for (const list of outer) {
      for (let i = 0; i < list.length; i += oidBytes) {
        const key = (list[i] as number) | ((list[i + 1] as number) << 8);
        filter[key >> 3] = (filter[key >> 3] as number) | (1 << (key & 7));
      }
    }
    const border = inner.reduce((sum, { length }) => sum + length, 0) / oidBytes;
    core.exports.startFollowing(followKinds[kind], area, end, border, packed, secret);
  }

  /** Answers the core's calls that hand no object over; undefined for one that does. */
  receive(address: number, size: number, flags: number): number | undefined {
    if (flags === takeNotes) {
      this.#following.notes(this.core.words, address / 4, (address + size) / 4);
      return 0;
    }
    if (flags === numberName) return this.#following.name?.(this.core.bytes, address, address + size) ?? 0;
    return undefined;
  }

  end(): void {
    const { exports } = this.core;
    const packsLeanOut = exports.doPacksLeanOut() !== 0;
    this.#following.ended?.({ packsLeanOut, malformed: exports.malformedTrees() });
    exports.stopFollowing();
  }
}

/** Two thirds full at most. */
function slotsFor(count: number): number {
  let slots = 64;
  while (slots * 2 < count * 3) slots *= 2;
  return slots;
}

function align(address: number): number {
  return Math.ceil(address / 64) * 64;
}
