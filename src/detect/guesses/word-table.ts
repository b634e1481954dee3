/**
 * The word lists of the estimator of weak passwords as one table that a start can use as it is. Ranking the lists anew took
 * each process 70 ms, a tenth of the scan of a small tree, and looking up every part of a value as a text of its own most of a rating.
 *
 * Layout, little-endian: `{"names":[…],"longest":n,"slots":n,"text":n}` as JSON behind its length (u32), padding to four bytes,
 * then `slots` numbers (u32) that are 0 or 1 + where an entry stands in the text, then the text. An entry is the length of
 * its word (u8), its rank in each list (u16, 0 where the list lacks it) and the word in ASCII.
 */
import { endianness } from 'node:os';

/** Word lists by name, most frequent words first. */
export type WordLists = Readonly<Record<string, readonly string[]>>;

interface Head {
  readonly names: readonly string[];
  /** Letters of the longest word. */
  readonly longest: number;
  readonly slots: number;
  readonly text: number;
}

const seed = 0x811c9dc5;
const prime = 0x01000193;
const mostRank = 0xffff;

/** FNV-1a by a code unit, so that the hash of a text grows from that of the text without its last letter. */
function grown(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, prime);
}

/** The low bits of FNV know little of the first letters. */
function slotOf(hash: number, slots: number): number {
  return (hash ^ (hash >>> 15)) & (slots - 1);
}

function hashOf(word: string): number {
  let hash = seed;
  for (let at = 0; at < word.length; at++) hash = grown(hash, word.charCodeAt(at));
  return hash;
}

function fits(word: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what fits.
  return word.length > 0 && word.length < 256 && /^[\x00-\x7f]+$/.test(word);
}

/** Throws a RangeError for a word that is not ASCII or too long, and for a list with more than 65,535 words. */
export function packWordTable(lists: WordLists): Uint8Array {
  const names = Object.keys(lists);
  const ranks = new Map<string, number[]>();
  for (const [list, name] of names.entries()) {
    const words = lists[name] ?? [];
    if (words.length > mostRank) throw new RangeError(`the list ${name} has more than ${mostRank} words`);
    for (const [rank, word] of words.entries()) {
      if (!fits(word)) throw new RangeError(`the list ${name} has a word that is not ASCII or too long`);
      const row = ranks.get(word) ?? names.map(() => 0);
      // A word that stands twice has its last rank, as an object of ranks would have it.
      row[list] = rank + 1;
      ranks.set(word, row);
    }
  }
  let slots = 2;
  while (slots < 2 * ranks.size) slots *= 2;
  const heads = new Uint32Array(slots);
  const entries: Buffer[] = [];
  let text = 0;
  let longest = 0;
  for (const [word, row] of ranks) {
    const entry = Buffer.alloc(1 + 2 * names.length + word.length);
    entry[0] = word.length;
    for (const [list, rank] of row.entries()) entry.writeUInt16LE(rank, 1 + 2 * list);
    entry.write(word, 1 + 2 * names.length, 'latin1');
    let slot = slotOf(hashOf(word), slots);
    while (heads[slot] !== 0) slot = (slot + 1) & (slots - 1);
    heads[slot] = text + 1;
    entries.push(entry);
    text += entry.length;
    longest = Math.max(longest, word.length);
  }
  const head = Buffer.from(JSON.stringify({ names, longest, slots, text } satisfies Head));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  const padding = Buffer.alloc(-(4 + head.length) & 3);
  const numbers = Buffer.alloc(4 * slots);
  for (let slot = 0; slot < slots; slot++) numbers.writeUInt32LE(heads[slot] ?? 0, 4 * slot);
  return Buffer.concat([length, head, padding, numbers, ...entries]);
}

/** A word of a list within a text. */
export interface WordAt {
  /** First and last code unit. */
  readonly i: number;
  readonly j: number;
  readonly name: string;
  /** 1 for the most frequent. */
  readonly rank: number;
}

export class WordTable {
  readonly #names: readonly string[];
  readonly #heads: Uint32Array;
  readonly #text: Uint8Array;
  readonly #longest: number;

  /** @param packed what {@link packWordTable} gave */
  constructor(packed: Uint8Array) {
    const view = Buffer.from(packed.buffer, packed.byteOffset, packed.length);
    const headEnd = 4 + view.readUInt32LE(0);
    // Our own build's output.
    const head = JSON.parse(view.toString('latin1', 4, headEnd)) as Head;
    const start = (headEnd + 3) & ~3;
    const textStart = start + 4 * head.slots;
    // Copied: a view of numbers must begin at a multiple of four of the memory below.
    const numbers = new Uint8Array(view.subarray(start, textStart));
    if (endianness() === 'BE') Buffer.from(numbers.buffer).swap32();
    this.#names = head.names;
    this.#heads = new Uint32Array(numbers.buffer);
    this.#text = view.subarray(textStart, textStart + head.text);
    this.#longest = head.longest;
  }

  /** Every place of `text` where a word of a list stands, by first and last letter, then by list. */
  wordsIn(text: string): WordAt[] {
    const found: WordAt[] = [];
    for (let i = 0; i < text.length; i++) {
      const end = Math.min(text.length, i + this.#longest);
      let hash = seed;
      for (let j = i; j < end; j++) {
        hash = grown(hash, text.charCodeAt(j));
        const entry = this.#entryOf(hash, text, i, j - i + 1);
        if (entry < 0) continue;
        for (const [list, name] of this.#names.entries()) {
          const at = entry + 1 + 2 * list;
          const rank = (this.#text[at] ?? 0) | ((this.#text[at + 1] ?? 0) << 8);
          if (rank > 0) found.push({ i, j, name, rank });
        }
      }
    }
    return found;
  }

  #entryOf(hash: number, text: string, from: number, length: number): number {
    const heads = this.#heads;
    for (let slot = slotOf(hash, heads.length); ; slot = (slot + 1) & (heads.length - 1)) {
      const head = heads[slot] ?? 0;
      if (head === 0) return -1;
      if (this.#text[head - 1] === length && this.#isWord(head, text, from, length)) return head - 1;
    }
  }

  #isWord(head: number, text: string, from: number, length: number): boolean {
    const word = head + 2 * this.#names.length;
    for (let at = 0; at < length; at++) {
      if (this.#text[word + at] !== text.charCodeAt(from + at)) return false;
    }
    return true;
  }
}
