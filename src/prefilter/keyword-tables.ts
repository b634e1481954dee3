/** Writes the keywords into the tables of a core (assembly/scan/keywords.ts says how they are asked). */
import type { KeywordGate } from './keyword-gates.js';
import type { KeywordTrie } from './keyword-trie.js';
import { layout } from './scan-layout.js';
import type { WasmCore } from './wasm-core.js';

/** Keywords of fewer bytes cannot be found by the core. */
const leastBytes = 3;

/** The six bits that the core makes of a byte: both cases of a letter alike. */
function classOf(byte: number): number {
  return (byte & 0x1f) | ((byte >> 1) & 0x20);
}

/** What three bytes that keywords begin with lead to. */
interface Gram {
  /** Node of the trie. */
  readonly node: number;
  /** A bit for the low five bits of each byte that may come fourth, and fifth. */
  readonly fourth: number;
  readonly fifth: number;
}

/** By the three bytes, folded. */
function gramsOf(trie: KeywordTrie): Map<number, Gram> {
  const grams = new Map<number, Gram>();
  const { first, child, sibling, byteOf } = trie;
  for (let byte = 0; byte < 256; byte++) {
    const root = first[byte] ?? 0;
    if (root === 0) continue;
    for (let second = child[root] ?? 0; second !== 0; second = sibling[second] ?? 0) {
      for (let third = child[second] ?? 0; third !== 0; third = sibling[third] ?? 0) {
        const key = byte | ((byteOf[second] ?? 0) << 8) | ((byteOf[third] ?? 0) << 16);
        grams.set(key, { node: third, ...nextBits(trie, third) });
      }
    }
  }
  return grams;
}

/** Bits of the next two bytes below a node; all of them where a keyword may have ended by then. */
function nextBits(
  { child, sibling, byteOf, ended }: KeywordTrie,
  node: number,
): { fourth: number; fifth: number } {
  let fourth = ended[node] === 0 ? 0 : -1;
  let fifth = fourth;
  for (let next = child[node] ?? 0; next !== 0; next = sibling[next] ?? 0) {
    fourth |= 1 << (byteOf[next] ?? 0);
    if (ended[next] !== 0) fifth = -1;
    for (let last = child[next] ?? 0; last !== 0; last = sibling[last] ?? 0)
      fifth |= 1 << (byteOf[last] ?? 0);
  }
  return { fourth, fifth };
}

/** False when the keywords are too many or too short for the core: the caller then searches without it. */
export function writeKeywords(core: Pick<WasmCore, 'bytes' | 'words'>, trie: KeywordTrie): boolean {
  const count = trie.lengths.length;
  const { bytes, words } = core;
  if (trie.hasShort || count > layout.keywordCapacity || trie.text.length > layout.keywordTextBytes) {
    return false;
  }
  const grams = gramsOf(trie);
  const slots = 1 << layout.gramBits;
  if (grams.size > slots * 0.7) return false;
  bytes.fill(0, layout.starts, layout.keywordText + layout.keywordTextBytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const sixteen = (at: number, list: Uint16Array): void =>
    new Uint16Array(bytes.buffer, bytes.byteOffset + at, list.length).set(list);
  for (let keyword = 0; keyword < count; keyword++) {
    const start = trie.starts[keyword] ?? 0;
    const [a = 0, b = 0, c = 0, next = 0] = trie.text.subarray(start, start + 4);
    const mix = ((classOf(a) << 10) ^ (classOf(b) << 5) ^ classOf(c)) & 0xffff;
    const bit = trie.lengths[keyword] === leastBytes ? 0xff : 1 << (next & 7);
    bytes[layout.starts + mix] = (bytes[layout.starts + mix] ?? 0) | bit;
    words[layout.keywordStarts / 4 + keyword] = start;
  }
  for (const [key, { node, fourth, fifth }] of grams) {
    let slot = Math.imul(key, 0x9e3779b1) >>> (32 - layout.gramBits);
    while (view.getUint32(layout.grams + slot * 16, true) !== 0) slot = (slot + 1) & (slots - 1);
    [key + 1, node, fourth, fifth].forEach((word, i) => {
      view.setInt32(layout.grams + slot * 16 + i * 4, word, true);
    });
  }
  bytes.set(trie.byteOf, layout.nodeBytes);
  sixteen(layout.nodeChild, trie.child);
  sixteen(layout.nodeSibling, trie.sibling);
  sixteen(layout.nodeEnded, trie.ended);
  sixteen(layout.alsoEnded, trie.alsoEnded);
  sixteen(layout.keywordLengths, trie.lengths);
  bytes.set(trie.isExact, layout.keywordExact);
  bytes.set(trie.text, layout.keywordText);
  return true;
}

export function writeGate(core: WasmCore, keyword: number, gate: KeywordGate): void {
  const { bytes } = core;
  bytes[layout.gateRuns + keyword] = gate.run;
  bytes.writeUInt16LE(gate.before, layout.gateReaches + keyword * 4);
  bytes.writeUInt16LE(gate.behind, layout.gateReaches + keyword * 4 + 2);
}
