/** Where which keyword stands in a text. */
import { foldedByte, type KeywordTrie, mixMask, mixOf, mixShift, tableBytes } from './keyword-trie.js';

/**
 * Hits as pairs (keyword index, start offset), in the order of their starts. One list is reused for every
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

function isAsWritten(trie: KeywordTrie, keyword: number, bytes: Uint8Array, start: number): boolean {
  const { text } = trie;
  const from = trie.starts[keyword] as number;
  for (let i = (trie.lengths[keyword] as number) - 1; i >= 0; i--) {
    if (bytes[start + i] !== text[from + i]) return false;
  }
  return true;
}

/** Reports the keywords that start at `start` and end by `to`, the shortest first. */
function reportAt(trie: KeywordTrie, bytes: Uint8Array, start: number, to: number, hits: HitList): void {
  const { byteOf, child, sibling, ended, alsoEnded, isExact } = trie;
  let node = trie.first[foldedByte[bytes[start] as number] as number] as number;
  for (let at = start + 1; node !== 0; at++) {
    for (let key = ended[node] as number; key !== 0; key = alsoEnded[key] as number) {
      if (isExact[key - 1] === 0 || isAsWritten(trie, key - 1, bytes, start)) hits.add(key - 1, start);
    }
    if (at >= to) return;
    const byte = foldedByte[bytes[at] as number];
    node = child[node] as number;
    while (node !== 0 && byteOf[node] !== byte) node = sibling[node] as number;
  }
}

/** Appends all keyword hits that lie within `bytes[from, to)` to `hits`, in the order of their starts. */
export function findKeywords(
  trie: KeywordTrie,
  bytes: Uint8Array,
  from: number,
  to: number,
  hits: HitList,
): void {
  if (trie.hasShort) {
    for (let at = from; at < to; at++) reportAt(trie, bytes, at, to, hits);
    return;
  }
  if (to - from < tableBytes) return;
  const { classOf, mayFollow } = trie;
  let mix = 0;
  let at = from;
  for (; at < from + tableBytes; at++) mix = mixOf(mix, classOf[bytes[at] as number] as number);
  for (; at < to; at++) {
    const byteClass = classOf[bytes[at] as number] as number;
    // A shift counts modulo 32.
    if ((((mayFollow[mix] as number) >>> byteClass) & 1) !== 0)
      reportAt(trie, bytes, at - tableBytes, to, hits);
    mix = ((mix << mixShift) ^ byteClass) & mixMask;
  }
  if (mayFollow[mix] !== 0) reportAt(trie, bytes, at - tableBytes, to, hits);
}
