import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { sortedByTag } from '../../src/store/sort-tags.js';
import { openSqlite } from '../../src/store/sqlite.js';
import type { Store, SweepChunk } from '../../src/store/store.js';
import { packChunk } from '../../src/store/sweep-pack.js';
import { decodeMasks, encodeMasks, PageReader, PageWriter } from '../../src/store/sweep-page.js';
import { allTags, SweepRuns } from '../../src/store/sweep-runs.js';
import {
  begin,
  contentId,
  digest,
  newStore,
  place,
  receipt,
  removeFolders,
  rootOf,
} from '../unit/store/fixtures.js';

afterEach(removeFolders);

const tags = fc.oneof(
  fc.nat(20),
  fc.nat(2 ** 31 - 1),
  fc.integer({ min: 0, max: 2 ** 53 - 1 }),
  fc.constantFrom(2 ** 28 - 1, 2 ** 28, 2 ** 53 - 1, 0),
);
const masks = fc.integer({ min: 1, max: 2 ** 48 - 1 });

interface Posting {
  readonly tag: number;
  readonly chunk: number;
  readonly mask: number;
}

function sorted(postings: readonly Posting[]): Posting[] {
  return [...postings].sort((a, b) => a.tag - b.tag || a.chunk - b.chunk);
}

describe('pages of the sweep index', () => {
  it('give back what was written, in pages of at most 4,000 bytes', () => {
    const posting = fc.record({ tag: tags, chunk: fc.nat(2 ** 30), mask: fc.nat(2 ** 20) });
    fc.assert(
      fc.property(fc.array(posting, { maxLength: 1500, size: 'max' }), (some) => {
        const expected = sorted(some);
        const found: Posting[] = [];
        const writer = new PageWriter((firstTag, pairs, data) => {
          expect(data.length).toBeLessThanOrEqual(4000);
          const before = found.length;
          for (const page = new PageReader(data); page.next(); ) {
            found.push({ tag: page.tag, chunk: page.chunk, mask: page.mask });
          }
          expect([found[before]?.tag, found.length - before]).toEqual([firstTag, pairs]);
        });
        for (const { tag, chunk, mask } of expected) writer.add(tag, chunk, mask);
        writer.flush();
        expect(found).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });

  it('keep masks of up to 48 bits', () => {
    fc.assert(
      fc.property(fc.array(masks), (some) => {
        expect(decodeMasks(encodeMasks(Float64Array.from(some)))).toEqual(some);
      }),
    );
  });

  it('are sorted by tag, equal ones as they came', () => {
    fc.assert(
      fc.property(fc.array(tags), (some) => {
        const expected = some.map((_, i) => i).sort((a, b) => (some[a] ?? 0) - (some[b] ?? 0) || a - b);
        expect([...sortedByTag(Float64Array.from(some))]).toEqual(expected);
      }),
    );
  });
});

const p = place('p');
const root = rootOf(p);

/** Writes each group of chunks as one batch. */
async function write(store: Store, batches: readonly (readonly SweepChunk[])[]): Promise<void> {
  const writer = await begin(store);
  await writer.upsertPlace(p);
  for (const chunks of batches) {
    await writer.writeBatch(root, { contents: [], chunks: chunks.map(packChunk) });
  }
  await writer.finish(receipt);
}

async function foundIn(store: Store, tag: number): Promise<string[]> {
  return (await store.sweepCandidates(Float64Array.of(tag))).map(({ content }) => content).sort();
}

describe('the sweep index', () => {
  it('answers as a list of all pairs would, however it was filled, merged, copied and cut', async () => {
    const chunks = fc.array(
      fc.array(fc.record({ tag: fc.nat(30), mask: fc.integer({ min: 1, max: 15 }) }), { maxLength: 12 }),
      { minLength: 1, maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(chunks, async (estate) => {
        const model = new Map<number, Set<string>>();
        const made = estate.map((pairs, n): SweepChunk => {
          const contents = [0, 1, 2, 3].map((i) => contentId(`${n} ${i}`));
          const byTag = new Map(pairs.map(({ tag, mask }) => [tag, mask]));
          for (const [tag, mask] of byTag) {
            const names = model.get(tag) ?? new Set();
            for (const id of contents.filter((_, i) => (mask >> i) % 2 === 1)) names.add(id);
            model.set(tag, names);
          }
          return {
            contents,
            tags: Float64Array.from(byTag.keys()),
            masks: Float64Array.from(byTag.values()),
          };
        });
        const [apart, whole, copy] = [await newStore(), await newStore(), await newStore()];
        await write(
          apart,
          made.map((chunk) => [chunk]),
        );
        await write(whole, [made]);
        await copy.merge(apart.path);
        await copy.merge(whole.path);
        for (const store of [apart, whole, copy]) {
          for (let tag = 0; tag <= 31; tag++) {
            expect(await foundIn(store, tag)).toEqual([...(model.get(tag) ?? [])].sort());
          }
        }
        expect(await digest(apart)).toBe(await digest(whole));
        expect(await digest(copy)).toBe(await digest(whole));
        for (const store of [apart, whole, copy]) store.close();
      }),
      { numRuns: 12 },
    );
  });

  it('merges runs of many pages step by step without losing a pair', async () => {
    const batch = (n: number): SweepChunk[] =>
      Array.from({ length: 12 }, (_, c) => {
        const own = Float64Array.from(
          { length: 3000 },
          (__, k) => ((k * 7919 + n * 13 + c) * 1_000_003) % 2 ** 50,
        );
        return {
          contents: [contentId(`${n} ${c} 0`), contentId(`${n} ${c} 1`)],
          tags: Float64Array.from([...own, 77]),
          masks: Float64Array.from([...own.map((tag) => (tag % 3) + 1), 3]),
        };
      });
    const batches = Array.from({ length: 9 }, (_, n) => batch(n));
    const [apart, whole] = [await newStore(), await newStore()];
    await write(apart, batches);
    await write(whole, [batches.flat()]);
    expect(await foundIn(apart, 77)).toHaveLength(9 * 12 * 2);
    expect((await apart.stats()).sweepTags).toBe(9 * 12 * 3001);
    expect(await digest(apart)).toBe(await digest(whole));
    apart.close();
    whole.close();
  });

  it('forgets the pairs of a place and no others', async () => {
    const store = await newStore();
    await write(store, [
      [{ contents: [contentId(1)], tags: Float64Array.of(5, 9), masks: Float64Array.of(1, 1) }],
    ]);
    const other = place('other');
    const writer = await begin(store);
    await writer.upsertPlace(other);
    const chunk = { contents: [contentId(2)], tags: Float64Array.of(5, 7), masks: Float64Array.of(1, 1) };
    await writer.writeBatch(rootOf(other), { contents: [], chunks: [packChunk(chunk)] });
    await store.forget({ place: other.key });
    expect(await foundIn(store, 5)).toEqual([contentId(1)]);
    expect(await foundIn(store, 7)).toEqual([]);
    expect(await foundIn(store, 9)).toEqual([contentId(1)]);
    expect((await store.check()).faults).toEqual([]);
    store.close();
  });
});

describe('runs of the sweep index', () => {
  it('stay sorted when tags go on over many pages and a merge leaves some of a page', () => {
    const db = openSqlite(':memory:');
    db.exec(`CREATE TABLE sweep_run (id INTEGER PRIMARY KEY, level INTEGER);
      CREATE TABLE sweep_page (id INTEGER PRIMARY KEY, run INTEGER, first_tag INTEGER, pairs INTEGER, data BLOB)`);
    const runs = new SweepRuns(db);
    const most = 60_000;
    for (let run = 0; run < 8; run++) {
      const writer = runs.pages(runs.newRun(most));
      // Each run has tags of its own and some of all, of one posting to thousands.
      for (let tag = run * 7, left = most; left > 0; tag += 1 + ((tag * 31 + run) % 90)) {
        const postings = tag % 3 === 0 ? 1 : Math.min(left, 900 + ((tag * 977 + run * 131) % 5000));
        for (let chunk = 0; chunk < postings; chunk++) writer.add(tag * 1e6, run * most + chunk, tag % 5);
        left -= postings;
      }
      writer.flush();
    }
    const read = (): number[][] =>
      [...allTags(db)].map(({ tag, postings }) => [
        tag,
        postings.length,
        postings.reduce((sum, { chunk, mask }) => sum + chunk * 8 + mask, 0),
      ]);
    const before = read();
    while (runs.mergeStep() > 0);
    expect(db.prepare('SELECT count(*) FROM sweep_run').pluck().get()).toBe(1);
    expect(read()).toEqual(before);
    expect(before.map(([tag]) => tag)).toEqual(before.map(([tag = 0]) => tag).sort((a, b) => a - b));
  });
});
