/**
 * What is kept of a store's packs from one scan to the next, so that the next one follows only what is new: types of
 * all objects, commits with their parents, and of the trees those that lead to a hit.
 *
 * Objects are named by *numbers*: packs in order of their names, in each the rows of its index. So there is no object
 * id in it, and it says nothing without the packs. What it names lies in the packs, or is missing.
 */
import { NumberReader, NumberWriter } from './number-bytes.js';

export interface PackedHistory {
  /** Objects of each pack. */
  readonly counts: readonly number[];
  /** git's number of each object's type. */
  readonly types: Uint8Array;
  readonly commits: PackedCommits;
  readonly tags: PackedTags;
  /** Blobs with a hit: all of the packs that are known to have one. */
  readonly hits: Int32Array;
  readonly trees: PackedTrees;
  /** Names of entries; what a name is called in `trees`. */
  readonly names: readonly Uint8Array[];
}

export interface PackedTags {
  readonly numbers: Int32Array;
  readonly targets: Int32Array;
  /** Tags of something that lies elsewhere, or nowhere: those are read again. */
  readonly open: Int32Array;
}

export interface PackedCommits {
  readonly numbers: Int32Array;
  /** Index of the root tree in `trees`; -1 for one that leads to no hit. */
  readonly roots: Int32Array;
  /** Committer dates in seconds since 1970. */
  readonly dates: Float64Array;
  /** Parents of commit i: `parents[starts[i], starts[i + 1])`, as indexes of commits; -1 for a missing one. */
  readonly starts: Int32Array;
  readonly parents: Int32Array;
}

/** Trees that lead to a hit, with those of their entries that do. */
export interface PackedTrees {
  readonly numbers: Int32Array;
  readonly starts: Int32Array;
  readonly names: Int32Array;
  /** `2 * tree`, or `2 * hit + 1`. */
  readonly targets: Int32Array;
}

const version = 1;

export function encodeHistory(history: PackedHistory): Buffer {
  const out = new NumberWriter();
  const { counts, types, commits, tags, hits, trees, names } = history;
  out.push(version);
  out.push(counts.length);
  for (const count of counts) out.push(count);
  out.pushBytes(packTypes(types));
  out.push(names.length);
  for (const name of names) out.pushBytes(name);
  pushSteps(out, hits);
  pushSteps(out, trees.numbers);
  for (let tree = 0; tree < trees.numbers.length; tree++) {
    const start = trees.starts[tree] as number;
    const end = trees.starts[tree + 1] as number;
    out.push(end - start);
    for (let at = start; at < end; at++) {
      out.push(trees.names[at] as number);
      const target = trees.targets[at] as number;
      // Trees lie near those that they name.
      if ((target & 1) === 1) out.push(target);
      else out.push(2 * zigzag((target >> 1) - tree));
    }
  }
  pushSteps(out, commits.numbers);
  let date = 0;
  for (let commit = 0; commit < commits.numbers.length; commit++) {
    out.push((commits.roots[commit] as number) + 1);
    out.pushSigned((commits.dates[commit] as number) - date);
    date = commits.dates[commit] as number;
    const start = commits.starts[commit] as number;
    const end = commits.starts[commit + 1] as number;
    out.push(end - start);
    for (let at = start; at < end; at++) {
      const parent = commits.parents[at] as number;
      // No commit is its own parent, so that 0 is free for one that is missing.
      out.push(parent < 0 ? 0 : zigzag(parent - commit));
    }
  }
  pushSteps(out, tags.numbers);
  for (const target of tags.targets) out.push(target);
  pushSteps(out, tags.open);
  return out.view();
}

/** Undefined for bytes that are none of ours, or of another version. */
export function decodeHistory(bytes: Uint8Array): PackedHistory | undefined {
  try {
    const reader = new NumberReader(bytes);
    return reader.next() === version ? readHistory(reader, bytes.length) : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function readHistory(reader: NumberReader, size: number): PackedHistory | undefined {
  // Each thing that is counted takes a byte at least, so that counts are bounded by the bytes that are there.
  const counts = Array.from({ length: reader.nextBelow(size) }, () => reader.nextBelow(4 * size));
  const total = counts.reduce((sum, count) => sum + count, 0);
  const types = unpackTypes(reader.nextBytes(), total);
  const names = Array.from({ length: reader.nextBelow(size) }, () => reader.nextBytes());
  const hits = nextSteps(reader, size, total);
  const trees = nextTrees(reader, size, { total, names: names.length, hits: hits.length });
  const commits = nextCommits(reader, size, { total, trees: trees.numbers.length });
  const tagged = nextSteps(reader, size, total);
  const targets = Int32Array.from(tagged, () => reader.nextBelow(total));
  const open = nextSteps(reader, size, total);
  if (!reader.isAtEnd) return undefined;
  return { counts, types, commits, tags: { numbers: tagged, targets, open }, hits, trees, names };
}

function nextTrees(
  reader: NumberReader,
  size: number,
  most: { readonly total: number; readonly names: number; readonly hits: number },
): PackedTrees {
  const numbers = nextSteps(reader, size, most.total);
  const count = numbers.length;
  const starts = new Int32Array(count + 1);
  const names: number[] = [];
  const targets: number[] = [];
  for (let tree = 0; tree < count; tree++) {
    for (let left = reader.nextBelow(size); left > 0; left--) {
      names.push(reader.nextBelow(most.names));
      const word = reader.next();
      if (word % 2 === 1) targets.push(2 * within((word - 1) / 2, most.hits) + 1);
      else targets.push(2 * within(tree + unzigzag(word / 2), count));
    }
    starts[tree + 1] = names.length;
  }
  return { numbers, starts, names: Int32Array.from(names), targets: Int32Array.from(targets) };
}

function nextCommits(
  reader: NumberReader,
  size: number,
  most: { readonly total: number; readonly trees: number },
): PackedCommits {
  const numbers = nextSteps(reader, size, most.total);
  const count = numbers.length;
  const roots = new Int32Array(count);
  const dates = new Float64Array(count);
  const starts = new Int32Array(count + 1);
  const parents: number[] = [];
  let date = 0;
  for (let commit = 0; commit < count; commit++) {
    roots[commit] = reader.nextBelow(most.trees + 1) - 1;
    date += reader.nextSigned();
    dates[commit] = date;
    for (let left = reader.nextBelow(size); left > 0; left--) {
      const step = reader.next();
      parents.push(step === 0 ? -1 : within(commit + unzigzag(step), count));
    }
    starts[commit + 1] = parents.length;
  }
  return { numbers, roots, dates, starts, parents: Int32Array.from(parents) };
}

/** Numbers by what they differ from the one before. */
function pushSteps(out: NumberWriter, numbers: Int32Array): void {
  out.push(numbers.length);
  let before = 0;
  for (const number of numbers) {
    out.pushSigned(number - before);
    before = number;
  }
}

function nextSteps(reader: NumberReader, size: number, end: number): Int32Array {
  const numbers = new Int32Array(reader.nextBelow(size));
  let before = 0;
  for (let i = 0; i < numbers.length; i++) {
    before = within(before + reader.nextSigned(), end);
    numbers[i] = before;
  }
  return numbers;
}

function within(value: number, end: number): number {
  if (value < 0 || value >= end) throw new RangeError('number is out of range');
  return value;
}

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

function unzigzag(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

/** Types are 1 to 4: two bits each. */
function packTypes(types: Uint8Array): Uint8Array {
  const packed = new Uint8Array((types.length + 3) >> 2);
  for (let i = 0; i < types.length; i++) {
    packed[i >> 2] = (packed[i >> 2] as number) | ((((types[i] as number) - 1) & 3) << (2 * (i & 3)));
  }
  return packed;
}

function unpackTypes(packed: Uint8Array, count: number): Uint8Array {
  if (packed.length !== (count + 3) >> 2) throw new RangeError('types end early');
  const types = new Uint8Array(count);
  for (let i = 0; i < count; i++) types[i] = (((packed[i >> 2] as number) >> (2 * (i & 3))) & 3) + 1;
  return types;
}
