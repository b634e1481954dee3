/**
 * The keywords of all rules as a trie over case-folded bytes, with a table before it that turns away nearly
 * all positions of a text: what byte may follow which three.
 *
 * Small enough to be read at every start (packed-trie.ts), and built in 4 ms where nothing was stored; an
 * automaton with its 5 MB of transitions took 50 ms. The table (128 KB) stays in the second-level cache.
 */
import type { Keyword } from '../rules/rule-set.js';

/** Bits of the mix of three bytes. */
const mixBits = 15;
export const mixMask: number = (1 << mixBits) - 1;
/** How far a byte moves the mix on: after three more it is out of it. */
export const mixShift = 5;
/** Shortest keyword that the table can stand for. */
export const tableBytes = 3;

/** A core's memory with the keywords in it (keyword-image.ts). */
export interface KeywordImage {
  /** Numbers of the pages of 4096 bytes that are not all zero; empty when there is no image. */
  readonly pages: Uint16Array;
  /** Their contents, one behind the other. */
  readonly bytes: Uint8Array;
}

export interface KeywordTrie {
  /** The trie as a core wants it, where the build has made that. */
  readonly image?: KeywordImage | undefined;
  /** Bytes of each keyword. */
  readonly lengths: Uint16Array;
  /** All keywords as written, one behind the other, and where each starts. */
  readonly text: Uint8Array;
  readonly starts: Int32Array;
  /** 1 for the keywords that count as written only. */
  readonly isExact: Uint8Array;
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
  /** All keywords, folded. */
  readonly #text: Uint8Array;
  /** The keyword before and its nodes: neighbours in the rules are spellings of one word. */
  #formerStart = 0;
  #formerLength = 0;
  readonly #path: Uint16Array;

  constructor(text: Uint8Array) {
    this.#text = text;
    this.byteOf = new Uint8Array(text.length + 1);
    this.child = new Uint16Array(text.length + 1);
    this.sibling = new Uint16Array(text.length + 1);
    this.ended = new Uint16Array(text.length + 1);
    this.#path = new Uint16Array(text.length + 1);
  }

  get nodeCount(): number {
    return this.#count;
  }

  /** The node at which the keyword of `length` bytes at `start` ends. */
  insert(start: number, length: number): number {
    const path = this.#path;
    const text = this.#text;
    const former = this.#formerStart;
    const most = Math.min(length, this.#formerLength);
    let depth = 0;
    while (depth < most && text[start + depth] === text[former + depth]) depth++;
    let node = depth === 0 ? 0 : (path[depth - 1] as number);
    for (; depth < length; depth++) {
      node = this.#childOf(node, text[start + depth] as number);
      path[depth] = node;
    }
    this.#formerStart = start;
    this.#formerLength = length;
    return node;
  }

  #childOf(node: number, byte: number): number {
    let next = (node === 0 ? this.first[byte] : this.child[node]) as number;
    if (node !== 0) while (next !== 0 && this.byteOf[next] !== byte) next = this.sibling[next] as number;
    if (next !== 0) return next;
    next = this.#add(byte);
    if (node === 0) this.first[byte] = next;
    else {
      this.sibling[next] = this.child[node] as number;
      this.child[node] = next;
    }
    return next;
  }

  #add(byte: number): number {
    if (this.#count > mostNodes) throw new RangeError(`keywords have more than ${mostNodes} nodes`);
    this.byteOf[this.#count] = byte;
    return this.#count++;
  }
}

const newline = 0x0a;

/** All at once: a buffer for each keyword took longer than all the rest. */
function layOut(keywords: readonly Keyword[]): Pick<KeywordTrie, 'text' | 'starts' | 'lengths'> {
  const text = Buffer.from(keywords.map((keyword) => keyword.text).join('\n'), 'utf8');
  const starts = new Int32Array(keywords.length);
  const lengths = new Uint16Array(keywords.length);
  let keyword = 0;
  let start = 0;
  for (let at = 0; at <= text.length && keywords.length > 0; at++) {
    if (at < text.length && text[at] !== newline) continue;
    starts[keyword] = start;
    lengths[keyword++] = at - start;
    start = at + 1;
  }
  if (keyword !== keywords.length) throw new RangeError('a keyword must not hold a newline');
  return { text, starts, lengths };
}

/** @param keywords of one byte or more, without newlines */
export function buildKeywordTrie(keywords: readonly Keyword[]): KeywordTrie {
  const { text, starts, lengths } = layOut(keywords);
  const builder = new TrieBuilder(text.map((byte) => foldedByte[byte] as number));
  const mayFollow = new Int32Array(1 << mixBits);
  const alsoEnded = new Uint16Array(keywords.length + 1);
  const isExact = new Uint8Array(keywords.length);
  let hasShort = false;
  for (let keyword = 0; keyword < keywords.length; keyword++) {
    const start = starts[keyword] as number;
    const length = lengths[keyword] as number;
    const node = builder.insert(start, length);
    alsoEnded[keyword + 1] = builder.ended[node] as number;
    builder.ended[node] = keyword + 1;
    if (keywords[keyword]?.caseSensitive === true) isExact[keyword] = 1;
    if (length < tableBytes) {
      hasShort = true;
      continue;
    }
    let mix = 0;
    for (let i = 0; i < tableBytes; i++) mix = mixOf(mix, classOf[text[start + i] as number] as number);
    const next = length === tableBytes ? -1 : 1 << (classOf[text[start + tableBytes] as number] as number);
    mayFollow[mix] = (mayFollow[mix] as number) | next;
  }
  const { first, nodeCount } = builder;
  return {
    text,
    starts,
    lengths,
    isExact,
    classOf,
    mayFollow,
    hasShort,
    first,
    byteOf: builder.byteOf.subarray(0, nodeCount),
    child: builder.child.subarray(0, nodeCount),
    sibling: builder.sibling.subarray(0, nodeCount),
    ended: builder.ended.subarray(0, nodeCount),
    alsoEnded,
  };
}
