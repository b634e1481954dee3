/**
 * The keywords of all rules as a trie over case-folded bytes, with a table before it that turns away nearly
 * all positions of a text: what byte may follow which three.
 *
 * Built anew at every start, in 4 ms where an automaton with its 5 MB of transitions took 50 ms: nothing has
 * to be stored, and the table (128 KB) stays in the second-level cache.
 */
import type { Keyword } from '../rules/rule-set.js';

/** Bits of the mix of three bytes. */
const mixBits = 15;
export const mixMask: number = (1 << mixBits) - 1;
/** How far a byte moves the mix on: after three more it is out of it. */
export const mixShift = 5;
/** Shortest keyword that the table can stand for. */
export const tableBytes = 3;

export interface KeywordTrie {
  readonly keywords: readonly Keyword[];
  /** Bytes of each keyword. */
  readonly lengths: Uint16Array;
  /** Exact bytes of each keyword, checked for the case-sensitive ones; undefined for the others. */
  readonly exact: readonly (Uint8Array | undefined)[];
  /** Six bits for each byte, both cases of a letter alike. */
  readonly classOf: Uint8Array;
  /** By the mix of three bytes: a bit for (the class modulo 32 of) each byte that may come next. */
  readonly mayFollow: Int32Array;
  /** True when a keyword is too short for the table: each position is looked at. */
  readonly hasShort: boolean;
  /** Node of each folded first byte; node 0 is none. */
  readonly first: Uint16Array;
  readonly byteOf: Uint8Array;
  readonly child: Uint16Array;
  readonly sibling: Uint16Array;
  /** Keyword + 1 that ends at a node, and the next one that ends there too; 0 is none. */
  readonly ended: Uint16Array;
  readonly alsoEnded: Uint16Array;
}

/** ASCII letters in lower case, every other byte as it is. */
export const foldedByte: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte,
);

const classOf = Uint8Array.from(foldedByte, (byte) =>
  byte >= 0x61 && byte <= 0x7a ? byte - 0x60 : 27 + (byte % 37),
);

export function mixOf(mix: number, byteClass: number): number {
  return ((mix << mixShift) ^ byteClass) & mixMask;
}

const mostNodes = 0xffff;

class TrieBuilder {
  readonly first: Uint16Array = new Uint16Array(256);
  readonly byteOf: Uint8Array;
  readonly child: Uint16Array;
  readonly sibling: Uint16Array;
  readonly ended: Uint16Array;
  #count = 1;

  constructor(bytes: number) {
    this.byteOf = new Uint8Array(bytes);
    this.child = new Uint16Array(bytes);
    this.sibling = new Uint16Array(bytes);
    this.ended = new Uint16Array(bytes);
  }

  /** The node at which `text` ends. */
  insert(text: Uint8Array): number {
    const start = foldedByte[text[0] ?? 0] ?? 0;
    let node = this.first[start] as number;
    if (node === 0) {
      node = this.#add(start);
      this.first[start] = node;
    }
    for (let i = 1; i < text.length; i++) {
      const byte = foldedByte[text[i] as number] as number;
      let next = this.child[node] as number;
      while (next !== 0 && this.byteOf[next] !== byte) next = this.sibling[next] as number;
      if (next === 0) {
        next = this.#add(byte);
        this.sibling[next] = this.child[node] as number;
        this.child[node] = next;
      }
      node = next;
    }
    return node;
  }

  #add(byte: number): number {
    if (this.#count > mostNodes) throw new RangeError(`keywords have more than ${mostNodes} nodes`);
    this.byteOf[this.#count] = byte;
    return this.#count++;
  }
}

export function buildKeywordTrie(keywords: readonly Keyword[]): KeywordTrie {
  const texts = keywords.map((keyword) => Buffer.from(keyword.text, 'utf8'));
  const builder = new TrieBuilder(texts.reduce((sum, text) => sum + text.length, 1));
  const mayFollow = new Int32Array(1 << mixBits);
  const alsoEnded = new Uint16Array(keywords.length + 1);
  let hasShort = false;
  texts.forEach((text, keyword) => {
    const node = builder.insert(text);
    alsoEnded[keyword + 1] = builder.ended[node] as number;
    builder.ended[node] = keyword + 1;
    if (text.length < tableBytes) hasShort = true;
    let mix = 0;
    for (let i = 0; i < tableBytes; i++) mix = mixOf(mix, classOf[text[i] ?? 0] as number);
    const next = text[tableBytes];
    mayFollow[mix] = (mayFollow[mix] as number) | (next === undefined ? -1 : 1 << (classOf[next] as number));
  });
  const { first, byteOf, child, sibling, ended } = builder;
  return {
    keywords,
    lengths: Uint16Array.from(texts, (text) => text.length),
    exact: keywords.map((keyword, index) => (keyword.caseSensitive ? texts[index] : undefined)),
    classOf,
    mayFollow,
    hasShort,
    first,
    byteOf,
    child,
    sibling,
    ended,
    alsoEnded,
  };
}
