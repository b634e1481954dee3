/** Writes the keywords into the tables of a core (assembly/scan/keywords.ts says how they are asked). */

import { urlEndBytes } from '../rules/byte-set.js';
import { commonness, gramOf } from './gram-frequency.js';
import type { KeywordGate } from './keyword-gates.js';
import { foldedByte, type KeywordTrie } from './keyword-trie.js';
import { layout } from './scan-layout.js';
import type { WasmCore } from './wasm-core.js';

/** How far behind its start a keyword may be recognised. */
const mostOffset = 40;

/** The six bits that the core makes of a byte: both cases of a letter alike. */
function classOf(byte: number): number {
  return (byte & 0x1f) | ((byte >> 1) & 0x20);
}

/** Keywords that are found by the same three bytes. */
interface Gram {
  /** Numbers of the keywords, and where in each the bytes stand. */
  readonly entries: { readonly keyword: number; readonly offset: number }[];
  /** A bit for the low five bits of each byte that may come fourth, fifth, and before the three. */
  fourth: number;
  fifth: number;
  before: number;
  /** The three bytes as all keywords write them; 0 when one may be in any case. */
  exact: number;
}

/** Where the part of a keyword stands by which it is found: of its parts of four bytes that with the rarest start. */
function rarestPart(text: Uint8Array): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at + 4 <= text.length && at <= mostOffset; at++) {
    const known = commonness(gramOf(text[at] as number, text[at + 1] as number, text[at + 2] as number));
    const next = text[at + 3] as number;
    // Of parts that are as rare, one that more letters may not follow: a digit or a sign behind it.
    const weight = known + (next >= 0x61 && next <= 0x7a ? 1e-5 : 0);
    if (weight < least) {
      least = weight;
      best = at;
    }
  }
  return best;
}

/** A bit for the low five bits of a byte; all bits where a keyword has none. */
function bitOf(byte: number | undefined): number {
  return byte === undefined ? -1 : 1 << byte;
}

function gramsOf(trie: KeywordTrie, text: Uint8Array): Map<number, Gram> {
  const grams = new Map<number, Gram>();
  for (let keyword = 0; keyword < trie.lengths.length; keyword++) {
    const start = trie.starts[keyword] as number;
    const written = text.subarray(start, start + (trie.lengths[keyword] as number));
    const folded = written.map((byte) => foldedByte[byte] as number);
    const offset = rarestPart(folded);
    const [a = 0, b = 0, c = 0, fourth, fifth] = folded.subarray(offset, offset + 5);
    const key = gramOf(a, b, c);
    let gram = grams.get(key);
    if (gram === undefined) {
      gram = { entries: [], fourth: 0, fifth: 0, before: 0, exact: exactKey(trie, keyword, written, offset) };
      grams.set(key, gram);
    }
    gram.entries.push({ keyword, offset });
    gram.fourth |= bitOf(fourth);
    gram.fifth |= bitOf(fifth);
    gram.before |= bitOf(folded[offset - 1]);
    if (gram.exact !== exactKey(trie, keyword, written, offset)) gram.exact = 0;
  }
  return grams;
}

/** The three bytes by which a keyword is found, as it writes them; 0 for a keyword that may be in any case. */
function exactKey(trie: KeywordTrie, keyword: number, written: Uint8Array, offset: number): number {
  if (trie.isExact[keyword] === 0) return 0;
  const [a = 0, b = 0, c = 0] = written.subarray(offset, offset + 3);
  return gramOf(a, b, c);
}

/** False when the keywords are too many or too short for the core: the caller then searches without it. */
export function writeKeywords(core: Pick<WasmCore, 'bytes' | 'words'>, trie: KeywordTrie): boolean {
  const count = trie.lengths.length;
  const { bytes, words } = core;
  if (trie.hasShort || count > layout.keywordCapacity || trie.text.length > layout.keywordTextBytes - 4) {
    return false;
  }
  const grams = gramsOf(trie, trie.text);
  const slots = 1 << layout.gramBits;
  if (grams.size > slots * 0.7) return false;
  bytes.fill(0, layout.starts, layout.keywordText + layout.keywordTextBytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  let entries = 0;
  for (const [key, gram] of grams) {
    if (gram.entries.length > layout.mostEntries) return false;
    const [a, b, c] = [key & 0xff, (key >> 8) & 0xff, key >> 16];
    const mix = ((classOf(a) << 10) ^ (classOf(b) << 5) ^ classOf(c)) & 0xffff;
    bytes[layout.starts + mix] = (bytes[layout.starts + mix] ?? 0) | lowThreeBits(gram.fourth);
    let slot = Math.imul(key, 0x9e3779b1) >>> (32 - layout.gramBits);
    while (view.getUint32(layout.grams + slot * 32, true) !== 0) slot = (slot + 1) & (slots - 1);
    const { fourth, fifth, before, exact } = gram;
    [key + 1, entries, gram.entries.length, fourth, fifth, before, exact].forEach((word, i) => {
      view.setInt32(layout.grams + slot * 32 + i * 4, word, true);
    });
    for (const { keyword, offset } of gram.entries) {
      view.setUint16(layout.entries + entries * 4, keyword, true);
      view.setUint16(layout.entries + entries * 4 + 2, offset, true);
      entries++;
    }
  }
  bytes.set(trie.text, layout.keywordText);
  for (let keyword = 0; keyword < count; keyword++) {
    const start = trie.starts[keyword] as number;
    words[layout.keywordStarts / 4 + keyword] = start;
    if (trie.isExact[keyword] === 1) continue;
    const end = layout.keywordText + start + (trie.lengths[keyword] as number);
    for (let at = layout.keywordText + start; at < end; at++)
      bytes[at] = foldedByte[bytes[at] as number] as number;
  }
  new Uint16Array(bytes.buffer, bytes.byteOffset + layout.keywordLengths, count).set(trie.lengths);
  bytes.set(trie.isExact, layout.keywordExact);
  words[layout.versionAt / 4] = layout.version;
  return true;
}

/** A bit for each value of the low three bits that is among those of the low five. */
function lowThreeBits(five: number): number {
  return (five | (five >>> 8) | (five >>> 16) | (five >>> 24)) & 0xff;
}

export function writeGate(core: WasmCore, keyword: number, gate: KeywordGate): void {
  const { bytes } = core;
  bytes[layout.gateRuns + keyword] = gate.run;
  bytes[layout.gateSets + keyword] = gate.runSet | (gate.asksAt ? urlEndBytes : 0);
  bytes[layout.gateBorders + keyword] = gate.border;
  bytes.writeUInt16LE(gate.before, layout.gateReaches + keyword * 4);
  bytes.writeUInt16LE(gate.behind, layout.gateReaches + keyword * 4 + 2);
}
