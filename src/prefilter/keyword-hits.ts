/** Where which keyword stands in a text. */
import { foldedByte, type KeywordTrie, mixMask, mixOf, mixShift, tableBytes } from './keyword-trie.js';

/** Bits of a hit's first number: the keyword's gate is open; an escape stands near. */
const openBit = 0x40000000;
const escapedBit = 0x80000000 | 0;
const keywordMask = 0x3fffffff;

/**
 * Hits as pairs (keyword index with flags, start offset), in the order of their starts. One list is reused
 * for every document: nothing is allocated per hit.
 */
export class HitList {
  #pairs: Int32Array = new Int32Array(2048);
  /** Two words for each hit by which it is known again, see assembly/scan/quiet.ts; none where nobody asked. */
  #tags: Int32Array | undefined;
  /** Number of hits. */
  count = 0;

  clear(): void {
    this.count = 0;
    this.#tags = undefined;
  }

  add(keyword: number, start: number, isOpen = true, isEscaped = false): void {
    const at = this.count * 2;
    this.#reserve(at + 2);
    this.#pairs[at] = keyword | (isOpen ? openBit : 0) | (isEscaped ? escapedBit : 0);
    this.#pairs[at + 1] = start;
    this.count++;
  }

  /** Adds hits that are pairs already. */
  append(pairs: Int32Array): void {
    const at = this.count * 2;
    this.#reserve(at + pairs.length);
    this.#pairs.set(pairs, at);
    this.count += pairs.length / 2;
  }

  /** Adds hits as pairs, with their tags. */
  appendTagged(pairs: Int32Array, tags: Int32Array): void {
    this.append(pairs);
    this.#tags = tags;
  }

  /** The two words of a hit's tag, through `take`; it is not called for hits without one. */
  tagAt(index: number, take: (low: number, high: number) => void): void {
    if (this.#tags === undefined) return;
    const low = this.#tags[index * 2] as number;
    const high = this.#tags[index * 2 + 1] as number;
    if (low !== 0 || high !== 0) take(low, high);
  }

  /** Brings the hits from `first` on in order: by start, the shortest first, the last keyword first. */
  sortFrom(first: number, lengths: Uint16Array): void {
    const hits = Array.from({ length: this.count - first }, (_, i) => {
      const keyword = this.keywordAt(first + i);
      const flagged = this.#pairs[(first + i) * 2] as number;
      return { keyword, flagged, start: this.startAt(first + i), length: lengths[keyword] as number };
    });
    hits.sort((a, b) => a.start - b.start || a.length - b.length || b.keyword - a.keyword);
    hits.forEach(({ flagged, start }, i) => {
      this.#pairs[(first + i) * 2] = flagged;
      this.#pairs[(first + i) * 2 + 1] = start;
    });
  }

  /** Closes the gates of hits that start in none of the spans: pairs (start, end), rising. */
  closeOutside(spans: readonly number[]): void {
    let at = 0;
    for (let i = 0; i < this.count; i++) {
      const start = this.startAt(i);
      while (at < spans.length && (spans[at + 1] as number) <= start) at += 2;
      if (at >= spans.length || (spans[at] as number) > start) {
        this.#pairs[i * 2] = (this.#pairs[i * 2] as number) & ~openBit;
      }
    }
  }

  keywordAt(index: number): number {
    return (this.#pairs[index * 2] as number) & keywordMask;
  }

  startAt(index: number): number {
    return this.#pairs[index * 2 + 1] as number;
  }

  /** Whether the keyword's rules may match here. */
  isOpenAt(index: number): boolean {
    return ((this.#pairs[index * 2] as number) & openBit) !== 0;
  }

  /** Whether an escape stands near; false when that was not asked. */
  isEscapedAt(index: number): boolean {
    return (this.#pairs[index * 2] as number) < 0;
  }

  #reserve(length: number): void {
    if (length <= this.#pairs.length) return;
    const larger = new Int32Array(Math.max(length, this.#pairs.length * 2));
    larger.set(this.#pairs);
    this.#pairs = larger;
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
