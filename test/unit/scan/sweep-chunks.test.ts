/** Tags of contents on their way to the sweep index: many small contents share a chunk, a large one has its own. */
import { expect, test } from 'vitest';
import type { ContentId } from '../../../src/model/ids.js';
import { SweepChunker } from '../../../src/scan/chunker.js';
import { mergeTags } from '../../../src/scan/merge-tags.js';

const id = (n: number): ContentId => n.toString(16).padStart(32, '0') as ContentId;
const tags = (...list: number[]): Float64Array => Float64Array.of(...list);

test('neighbours share a chunk, each with its bit', () => {
  const chunker = new SweepChunker();
  chunker.add(id(1), tags(3, 5));
  chunker.add(id(2), tags(1, 5));
  expect(chunker.take()).toEqual([{ contents: [id(1), id(2)], tags: tags(1, 3, 5), masks: tags(2, 1, 3) }]);
});

test('a content of very many tags is a chunk of its own, and those round it are not torn apart', () => {
  const chunker = new SweepChunker();
  const many = Float64Array.from({ length: 200_001 }, (_, i) => i);
  chunker.add(id(1), tags(3));
  chunker.add(id(2), many);
  chunker.add(id(3), tags(3));
  const chunks = chunker.take();
  expect(chunks.map(({ contents }) => contents)).toEqual([[id(2)], [id(1), id(3)]]);
  expect(chunks[0]?.tags).toBe(many);
  expect(chunks[0]?.masks.every((mask) => mask === 1)).toBe(true);
});

test('lists of tags are joined in order and without repeats', () => {
  expect(mergeTags(tags(1, 4, 9), tags(0, 4, 10, 11), 100)).toEqual(tags(0, 1, 4, 9, 10, 11));
  expect(mergeTags(tags(), tags(2), 100)).toEqual(tags(2));
  expect(mergeTags(tags(2, 3), tags(), 100)).toEqual(tags(2, 3));
});

test('a list that is full keeps its length', () => {
  expect(mergeTags(tags(1, 4, 9), tags(0, 4, 10), 4)).toEqual(tags(0, 1, 4, 9));
});
