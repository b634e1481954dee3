/** Running the automaton: where which keyword stands in a text. */
import type { KeywordAutomaton } from './keyword-automaton.js';

/**
 * Hits as pairs (keyword index, start offset), in the order of their ends. One list is reused for every
 * document: nothing is allocated per hit.
 */
export class HitList {
  pairs: Int32Array = new Int32Array(2048);
  /** Number of hits, i.e. half the used length of `pairs`. */
  count = 0;

  clear(): void {
    this.count = 0;
  }

  add(keyword: number, start: number): void {
    const at = this.count * 2;
    if (at === this.pairs.length) {
      const larger = new Int32Array(this.pairs.length * 2);
      larger.set(this.pairs);
      this.pairs = larger;
    }
    this.pairs[at] = keyword;
    this.pairs[at + 1] = start;
    this.count++;
  }

  keywordAt(index: number): number {
    return this.pairs[index * 2] as number;
  }

  startAt(index: number): number {
    return this.pairs[index * 2 + 1] as number;
  }
}

function isExactly(bytes: Uint8Array, start: number, wanted: Uint8Array): boolean {
  for (let i = 0; i < wanted.length; i++) {
    if (bytes[start + i] !== wanted[i]) return false;
  }
  return true;
}

function report(
  automaton: KeywordAutomaton,
  state: number,
  bytes: Uint8Array,
  end: number,
  hits: HitList,
): void {
  const last = automaton.endedFrom[state + 1] as number;
  for (let i = automaton.endedFrom[state] as number; i < last; i++) {
    const keyword = automaton.ended[i] as number;
    const start = end - (automaton.lengths[keyword] as number);
    const exact = automaton.exact[keyword];
    if (exact === undefined || isExactly(bytes, start, exact)) hits.add(keyword, start);
  }
}

/** Appends all keyword hits that lie within `bytes[from, to)` to `hits`. */
export function findKeywords(
  automaton: KeywordAutomaton,
  bytes: Uint8Array,
  from: number,
  to: number,
  hits: HitList,
): void {
  const { columnOf, next, columnCount } = automaton;
  let row = 0;
  for (let i = from; i < to; i++) {
    row = next[row + (columnOf[bytes[i] as number] as number)] as number;
    if (row < 0) {
      row = ~row;
      report(automaton, row / columnCount, bytes, i + 1, hits);
    }
  }
}
