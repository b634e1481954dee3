/** What the engine asks of a text's every byte; answered by the WebAssembly core, or without it by its twin. */

import { DocumentLooks, type Look, type LookDelta } from './document-look.js';
import type { EngineCores } from './engine-cores.js';
import { isGateOpen, type KeywordGate } from './keyword-gates.js';
import { HitList, findKeywords as searchKeywords } from './keyword-hits.js';
import { writeImage } from './keyword-image.js';
import { writeGate, writeKeywords } from './keyword-tables.js';
import type { KeywordTrie } from './keyword-trie.js';
import { EscapeFinder } from './near-escape.js';
import { layout } from './scan-layout.js';
import type { TextPlace } from './text-place.js';
import type { WasmCore } from './wasm-core.js';

/** Receives a run `[start, end)`. */
export type RunVisitor = (start: number, end: number) => void;

export interface TextScanner {
  /**
   * Appends the hits of keywords within `bytes[from, to)`, by rising start: those whose gate is open and, if
   * asked, those near which an escape stands.
   */
  findKeywords(bytes: Buffer, from: number, to: number, hits: HitList, asksEscapes: boolean): void;
  /** Says what must stand near a keyword from now on. */
  setGate(keyword: number, gate: KeywordGate): void;
  /**
   * Visits the runs of 20 or more base64 characters in `bytes[from, to)`, which begins and ends with a line,
   * that may decode to text. False when it cannot tell: any run may.
   */
  visitEncodedRuns(bytes: Buffer, from: number, to: number, visit: RunVisitor): boolean;
  /**
   * Looks at all of a text, or at what it does not have from the one that it was made from. Undefined when it cannot:
   * then each is asked for by itself.
   */
  look(bytes: Buffer, delta: LookDelta | undefined, keeps: boolean): Look | undefined;
  /** Says of a hit of the last look, by its tag, that it held nothing. */
  rememberQuiet(low: number, high: number): void;
}

/** @param cores undefined: all is done by the twin */
export function createTextScanner(trie: KeywordTrie, cores: EngineCores | undefined): TextScanner {
  const twin = new TwinScanner(trie);
  if (cores === undefined) return twin;
  const each = [...new Set([cores.texts, cores.packs])];
  if (!each.every((core) => writeImage(core, trie.image) || writeKeywords(core, trie))) return twin;
  const most = trie.lengths.reduce((longest, length) => Math.max(longest, length), 0);
  for (const core of each) core.exports.setMostKeyword(most);
  return new CoreScanner(each, cores.place, twin, trie.lengths);
}

class CoreScanner implements TextScanner {
  readonly #cores: readonly WasmCore[];
  readonly #place: TextPlace;
  readonly #twin: TextScanner;
  readonly #lengths: Uint16Array;
  readonly #looks: DocumentLooks;

  constructor(cores: readonly WasmCore[], place: TextPlace, twin: TextScanner, lengths: Uint16Array) {
    this.#cores = cores;
    this.#place = place;
    this.#twin = twin;
    this.#lengths = lengths;
    this.#looks = new DocumentLooks(place);
  }

  findKeywords(bytes: Buffer, from: number, to: number, hits: HitList, asksEscapes: boolean): void {
    const text = this.#place.put(bytes);
    if (text === undefined) {
      this.#twin.findKeywords(bytes, from, to, hits, asksEscapes);
      return;
    }
    const { core } = this.#place;
    const { exports } = core;
    const first = hits.count;
    let parts = 0;
    for (let at = from; at < to; parts++) {
      const count = exports.findKeywords(text, bytes.length, from, to, at, asksEscapes ? 1 : 0);
      if (count > 0) hits.append(new Int32Array(core.memory.buffer, layout.hits, count * 2));
      at = exports.resumeKeywordsAt() >>> 0;
    }
    // Each part is in order; a keyword's start may lie before the border behind which it was recognised.
    if (parts > 1) hits.sortFrom(first, this.#lengths);
  }

  setGate(keyword: number, gate: KeywordGate): void {
    for (const core of this.#cores) writeGate(core, keyword, gate);
    this.#twin.setGate(keyword, gate);
  }

  visitEncodedRuns(bytes: Buffer, from: number, to: number, visit: RunVisitor): boolean {
    const text = this.#place.put(bytes);
    if (text === undefined) return false;
    const { core } = this.#place;
    const { exports } = core;
    for (let at = from; at < to; ) {
      const count = exports.encodedRuns(text, at, to);
      at = exports.resumeEncodedAt() >>> 0;
      const runs = new Uint32Array(core.memory.buffer, layout.runs, count * 2).slice();
      for (let i = 0; i < runs.length; i += 2) visit(runs[i] as number, runs[i + 1] as number);
    }
    return true;
  }

  look(bytes: Buffer, delta: LookDelta | undefined, keeps: boolean): Look | undefined {
    return this.#looks.look(bytes, delta, keeps);
  }

  rememberQuiet(low: number, high: number): void {
    this.#looks.rememberQuiet(low, high);
  }
}

class TwinScanner implements TextScanner {
  readonly #trie: KeywordTrie;
  readonly #gates: (KeywordGate | undefined)[] = [];
  readonly #found = new HitList();

  constructor(trie: KeywordTrie) {
    this.#trie = trie;
  }

  findKeywords(bytes: Buffer, from: number, to: number, hits: HitList, asksEscapes: boolean): void {
    const found = this.#found;
    found.clear();
    searchKeywords(this.#trie, bytes, from, to, found);
    const finder = asksEscapes ? new EscapeFinder(bytes) : undefined;
    for (let i = 0; i < found.count; i++) {
      const keyword = found.keywordAt(i);
      const start = found.startAt(i);
      const isOpen = isGateOpen(this.#gates[keyword], bytes, start);
      const end = start + (this.#trie.lengths[keyword] as number);
      const isEscaped = finder?.hasNear(start, end) === true;
      if (isOpen || isEscaped) hits.add(keyword, start, isOpen, isEscaped);
    }
  }

  setGate(keyword: number, gate: KeywordGate): void {
    this.#gates[keyword] = gate;
  }

  visitEncodedRuns(): boolean {
    return false;
  }

  look(): undefined {
    return undefined;
  }

  rememberQuiet(): void {}
}
