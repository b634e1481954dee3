/**
 * Keyword search: one pass over the bytes finds every keyword of every rule.
 *
 * A dense Aho-Corasick automaton over case-folded bytes. Bytes that no keyword contains share one column,
 * which keeps the table near the size of the second-level cache. Entries are offsets of rows (no
 * multiplication in the loop) and negative when the row has keywords to report, so the loop of the common
 * case is two loads, an addition and a sign test per byte: about 400 MB/s.
 * This is the portable twin and the oracle of a WebAssembly version.
 */
import type { Keyword } from '../rules/rule-set.js';

export interface KeywordAutomaton {
  readonly keywords: readonly Keyword[];
  /** Column of each byte. */
  readonly columnOf: Uint8Array;
  readonly columnCount: number;
  /** Row offset of the next state; `~offset` when keywords end there. */
  readonly next: Int32Array;
  /** First index into `ended` per state; `endedFrom[state + 1]` ends it. */
  readonly endedFrom: Int32Array;
  /** Keyword indices, the longest first. */
  readonly ended: Int32Array;
  /** Exact bytes of each keyword, checked for the case-sensitive ones; undefined for the others. */
  readonly exact: readonly (Uint8Array | undefined)[];
  readonly lengths: Uint16Array;
}

function fold(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte;
}

function foldedBytes(text: string): number[] {
  return [...Buffer.from(text, 'utf8')].map(fold);
}

/** Numbers the bytes that occur in keywords from 1; all others share column 0, and both cases of a letter one column. */
function columnsOf(texts: readonly (readonly number[])[]): { columnOf: Uint8Array; columnCount: number } {
  const columnOf = new Uint8Array(256);
  let count = 1;
  for (const text of texts) {
    for (const byte of text) {
      if (columnOf[byte] === 0) columnOf[byte] = count++;
    }
  }
  for (let upper = 0x41; upper <= 0x5a; upper++) columnOf[upper] = columnOf[upper + 32] as number;
  return { columnOf, columnCount: count };
}

interface Trie {
  /** Child state per (state * columnCount + column), 0 when there is none. */
  readonly child: Int32Array;
  readonly endedAt: number[][];
  readonly stateCount: number;
}

function trieOf(texts: readonly (readonly number[])[], columnOf: Uint8Array, columnCount: number): Trie {
  const most = 1 + texts.reduce((sum, text) => sum + text.length, 0);
  const child = new Int32Array(most * columnCount);
  const endedAt: number[][] = [[]];
  let stateCount = 1;
  texts.forEach((text, keyword) => {
    let state = 0;
    for (const byte of text) {
      const slot = state * columnCount + (columnOf[byte] as number);
      let target = child[slot] as number;
      if (target === 0) {
        target = stateCount++;
        child[slot] = target;
        endedAt.push([]);
      }
      state = target;
    }
    endedAt[state]?.push(keyword);
  });
  return { child, endedAt, stateCount };
}

/** Fills in the failure transitions breadth first, so that each state's row is complete before its children's. */
function closeOver(trie: Trie, columnCount: number): void {
  const { child, endedAt, stateCount } = trie;
  const failure = new Int32Array(stateCount);
  const queue = new Int32Array(stateCount);
  let tail = 0;
  for (let column = 0; column < columnCount; column++) {
    const target = child[column] as number;
    if (target !== 0) queue[tail++] = target;
  }
  for (let head = 0; head < tail; head++) {
    const state = queue[head] as number;
    const back = failure[state] as number;
    endedAt[state]?.push(...(endedAt[back] ?? []));
    for (let column = 0; column < columnCount; column++) {
      const slot = state * columnCount + column;
      const target = child[slot] as number;
      const otherwise = child[back * columnCount + column] as number;
      if (target === 0) {
        child[slot] = otherwise;
      } else {
        failure[target] = otherwise;
        queue[tail++] = target;
      }
    }
  }
}

export function buildKeywordAutomaton(keywords: readonly Keyword[]): KeywordAutomaton {
  const texts = keywords.map((keyword) => foldedBytes(keyword.text));
  const { columnOf, columnCount } = columnsOf(texts);
  const trie = trieOf(texts, columnOf, columnCount);
  closeOver(trie, columnCount);
  const next = new Int32Array(trie.stateCount * columnCount);
  for (let i = 0; i < next.length; i++) {
    const target = trie.child[i] as number;
    const ends = (trie.endedAt[target]?.length ?? 0) > 0;
    next[i] = ends ? ~(target * columnCount) : target * columnCount;
  }
  const endedFrom = new Int32Array(trie.stateCount + 1);
  const ended: number[] = [];
  for (let state = 0; state < trie.stateCount; state++) {
    endedFrom[state] = ended.length;
    ended.push(...(trie.endedAt[state] ?? []));
  }
  endedFrom[trie.stateCount] = ended.length;
  return {
    keywords,
    columnOf,
    columnCount,
    next,
    endedFrom,
    ended: Int32Array.from(ended),
    exact: keywords.map((keyword) =>
      keyword.caseSensitive ? Uint8Array.from(Buffer.from(keyword.text, 'utf8')) : undefined,
    ),
    lengths: Uint16Array.from(texts, (text) => text.length),
  };
}
