import { beforeAll, describe, expect, it } from 'vitest';
import { cachedCore } from '../../../scripts/build-core.mjs';
import { sipKeyOf, sipTag } from '../../../src/identity/siphash.js';
import { visitStrongRuns } from '../../../src/identity/sweep.js';
import type { ContentId } from '../../../src/model/ids.js';
import { loadCoreModule } from '../../../src/prefilter/core-module.js';
import { EngineCores } from '../../../src/prefilter/engine-cores.js';
import { PackChunker } from '../../../src/scan/pack-chunker.js';
import { maxChunkContents, type SweepChunk } from '../../../src/store/store.js';

const key = Buffer.alloc(16, 3);
const sipKey = sipKeyOf(key);
let cores: EngineCores;
beforeAll(async () => {
  const module = loadCoreModule(await cachedCore());
  if (module === undefined) throw new Error('no core');
  cores = EngineCores.open(module, key, []);
  // Views made before the memory grows are detached.
  cores.packs.reserve(cores.packs.heap + (16 << 20));
});

function tagsOf(text: string): Set<number> {
  const bytes = Buffer.from(text);
  const tags = new Set<number>();
  visitStrongRuns(bytes, 0, bytes.length, (start, end) => tags.add(sipTag(sipKey, bytes, start, end)));
  return tags;
}

/** Places a text in the memory of the core, as a rebuilt object lies there. */
function placed(text: string, at = 0): Buffer {
  const address = cores.packs.heap + at;
  const length = Buffer.byteLength(text);
  cores.packs.bytes.write(text, address);
  cores.packs.bytes.fill(0, address + length, address + length + 64);
  return cores.packs.bytes.subarray(address, address + length);
}

function tagsById(chunks: readonly SweepChunk[]): Map<string, Set<number>> {
  const found = new Map<string, Set<number>>();
  for (const { contents, tags, masks } of chunks) {
    expect([...tags]).toEqual([...tags].sort((a, b) => a - b));
    expect(contents.length).toBeLessThanOrEqual(maxChunkContents);
    contents.forEach((id, bit) => {
      const own = found.get(id) ?? new Set<number>();
      tags.forEach((tag, i) => {
        if (Math.floor((masks[i] ?? 0) / 2 ** bit) % 2 === 1) own.add(tag);
      });
      found.set(id, own);
    });
  }
  return found;
}

const id = (n: number): ContentId => n.toString(16).padStart(32, '0') as ContentId;
const noTags = new Float64Array(0);

describe('PackChunker', () => {
  it('gives each content its own tags and those of all that it was made from', () => {
    const chunker = new PackChunker(cores.packTags);
    const root = placed('root1token and shared2token');
    chunker.open(0, id(0), undefined);
    chunker.tagRuns(root, 0, root.length, undefined);
    chunker.add(Float64Array.of(77));
    const wanted = new Map([[id(0), new Set([...tagsOf('root1token shared2token'), 77])]]);
    // A chain that is longer than a chunk, all of whose links have the root's tags.
    for (let n = 1; n < 130; n++) {
      const before = wanted.get(id(n - 1)) ?? new Set();
      const text = placed(`link${n}token`, 4096 * n);
      const base = placed(
        [...Array(n).keys()].map((i) => (i === 0 ? 'root1token shared2token' : `link${i}token`)).join(' '),
        4096 * 140,
      );
      chunker.open(n, id(n), {
        entry: n - 1,
        address: base.byteOffset,
        length: base.length,
        decodedTags: Float64Array.of(77),
      });
      chunker.tagRuns(text, 0, text.length, undefined);
      wanted.set(id(n), new Set([...before, ...tagsOf(`link${n}token`)]));
    }
    expect(tagsById(chunker.take())).toEqual(wanted);
  });

  it('divides what fills the table, and loses no tag of it or of its children', () => {
    const chunker = new PackChunker(cores.packTags);
    const words = Array.from({ length: 200_000 }, (_, n) => `word${n}x`).join(' ');
    const root = placed(words);
    chunker.open(5, id(5), undefined);
    chunker.tagRuns(root, 0, root.length, undefined);
    for (const n of [6, 7]) {
      chunker.open(n, id(n), {
        entry: 5,
        address: root.byteOffset,
        length: root.length,
        decodedTags: noTags,
      });
      const own = placed(`child${n}token`, 4 << 20);
      chunker.tagRuns(own, 0, own.length, undefined);
    }
    const chunks = chunker.take();
    const names = chunks.map(({ contents }) => contents.join());
    expect(new Set(names).size).toBe(names.length);
    const found = tagsById(chunks);
    const all = tagsOf(words);
    expect(found.get(id(5))).toEqual(all);
    for (const n of [6, 7]) expect(found.get(id(n))).toEqual(new Set([...all, ...tagsOf(`child${n}token`)]));
  });
});
