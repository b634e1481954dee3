/**
 * What the engine asks of a document's every byte, asked of the core at once (assembly/scan/look.ts): where keywords
 * count, and whether anything may be encoded. A document that was made from another is looked at only where it differs.
 */
import { HitList } from './keyword-hits.js';
import { layout } from './scan-layout.js';
import type { TextPlace } from './text-place.js';
import type { WasmCore } from './wasm-core.js';

/** How a document follows from another. */
export interface LookDelta {
  /** Pairs (start, end), rising: what the other does not have. */
  readonly changed: ArrayLike<number>;
  /** Triples (start, end, start in the other), by rising start: what it has. */
  readonly copies: ArrayLike<number>;
  /** Pairs (start, end), rising, apart from each other: what is due whatever changed. */
  readonly loud: readonly number[];
  /** Where the other's keywords are kept. */
  readonly base: KeptKeywords | undefined;
  /** Where those of the document below it on the walk are, when the other is a reference (reference-texts.ts). */
  readonly below?: KeptKeywords | undefined;
}

/** All keywords of a document, in the memory of a core until something else is kept in their place. */
export interface KeptKeywords {
  readonly core: WasmCore;
  readonly level: number;
  readonly id: number;
}

/** Of the document that was looked at last: valid until the next one is. */
export interface Look {
  /** Bytes above ASCII stand in lines with a change. */
  readonly hasHigh: boolean;
  /** A NUL stands in the head. */
  readonly hasNul: boolean;
  /** Something may be encoded in lines with a change. */
  readonly mayBeEncoded: boolean;
  /** Hits that are due and may count, and those near an escape, by rising start; undefined when they are too many. */
  readonly hits: HitList | undefined;
  readonly kept: KeptKeywords | undefined;
}

/** Bits of the core's answer. */
const isOverfull = 1;
const hasHigh = 2;
const hasNul = 4;
const mayBeEncoded = 8;
const isKept = 16;

const whole = 0xffffffff;
const noLevel = 0xffffffff;

export class DocumentLooks {
  readonly #place: TextPlace;
  readonly #hits = new HitList();
  /** By core, for each level the document whose keywords are there. */
  readonly #owners = new Map<WasmCore, number[]>();
  #lastId = 0;
  /** That of the last look; texts that are read within a document may lie in another. */
  #looked: WasmCore;

  constructor(place: TextPlace) {
    this.#place = place;
    this.#looked = place.core;
  }

  /**
   * @param keeps whether documents may be made from this one
   * @returns undefined when the document cannot be looked at so
   */
  look(bytes: Buffer, delta: LookDelta | undefined, keeps: boolean): Look | undefined {
    const text = this.#place.put(bytes);
    if (text === undefined) return undefined;
    const { core } = this.#place;
    this.#looked = core;
    if (delta !== undefined && !writeDelta(core, delta)) return undefined;
    const owners = this.#ownersOf(core);
    const base = delta?.base;
    const below = delta?.below ?? base;
    const isBelowKept = below !== undefined && below.core === core && owners[below.level] === below.id;
    const isBaseKept = base !== undefined && base.core === core && isBelowKept;
    // A text by itself is kept on the lowest level as long as it is looked at.
    const level = delta === undefined ? 0 : isBaseKept ? below.level + 1 : noLevel;
    const answers = core.exports.look(
      text,
      bytes.length,
      level,
      isBaseKept ? base.level : noLevel,
      delta === undefined ? whole : delta.changed.length / 2,
      delta === undefined ? 0 : delta.copies.length / 3,
      delta === undefined ? 0 : delta.loud.length / 2,
    );
    const hits = this.#hits;
    hits.clear();
    const count = core.exports.lookedHits();
    if (count > 0) {
      // Of the tags a copy, since the list of hits is written again while these are walked.
      const tags = new Int32Array(core.memory.buffer, layout.quietTags, count * 2).slice();
      hits.appendTagged(new Int32Array(core.memory.buffer, layout.hits, count * 2), tags);
    }
    if (level !== noLevel) owners.length = level;
    let kept: KeptKeywords | undefined;
    if (keeps && (answers & isKept) !== 0) {
      kept = { core, level, id: ++this.#lastId };
      owners.push(kept.id);
    }
    return {
      hasHigh: (answers & hasHigh) !== 0,
      hasNul: (answers & hasNul) !== 0,
      mayBeEncoded: (answers & mayBeEncoded) !== 0,
      hits: (answers & isOverfull) === 0 ? hits : undefined,
      kept,
    };
  }

  /** Remembers that a hit of the last look, with this tag, held nothing: its like is listed no more. */
  rememberQuiet(low: number, high: number): void {
    const { words } = this.#looked;
    const at = layout.quietSeen / 4 + (low & (2 ** layout.quietSeenBits - 1)) * 2;
    words[at] = low;
    words[at + 1] = high;
  }

  #ownersOf(core: WasmCore): number[] {
    let owners = this.#owners.get(core);
    if (owners === undefined) {
      owners = [];
      this.#owners.set(core, owners);
    }
    return owners;
  }
}

/** Puts the lists where the core reads them, unless they lie there; false when one is too long. */
function writeDelta(core: WasmCore, { changed, copies, loud }: LookDelta): boolean {
  if (loud.length > layout.loudCapacity * 2) return false;
  const { exports } = core;
  return (
    write(core, changed, exports.dirtyRanges(), layout.dirtyCapacity * 2) &&
    write(core, copies, exports.copyRanges(), layout.copyCapacity * 3) &&
    write(core, loud, layout.loud, layout.loudCapacity * 2)
  );
}

function write(core: WasmCore, list: ArrayLike<number>, address: number, most: number): boolean {
  if (list.length > most) return false;
  if (list.length === 0) return true;
  const isThere =
    list instanceof Uint32Array && list.buffer === core.memory.buffer && list.byteOffset === address;
  if (!isThere) core.words.set(list, address / 4);
  return true;
}
