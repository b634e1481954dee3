import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { cachedCore } from '../../scripts/build-core.mjs';
import { createAnalyzer } from '../../src/detect/create-analyzer.js';
import type { ContentId } from '../../src/model/ids.js';
import { loadCoreModule } from '../../src/prefilter/core-module.js';
import { EngineCores } from '../../src/prefilter/engine-cores.js';
import { PackedTexts } from '../../src/scan/packed-texts.js';
import type { RebuiltObject } from '../../src/sources/source.js';
import { changedRanges, type Edit, history, lines, versionOf } from '../support/text-versions.js';
import { allTestRules, testKeys } from '../unit/detect/rule-fixture.js';

const options = { rules: allTestRules, keys: testKeys, known: new Map() };
const oracle = createAnalyzer(options);
const slotBytes = 1 << 20;
let cores: EngineCores;
beforeAll(async () => {
  const module = loadCoreModule(await cachedCore());
  if (module === undefined) throw new Error('no core');
  cores = EngineCores.open(module, testKeys.sweep, []);
  // Views made before the memory grows are detached.
  cores.packs.reserve(cores.packs.heap + 4 * slotBytes);
});

/** Places a text as a rebuilt object lies in the memory of the core; a base stands below what is made from it. */
function placed(text: Buffer, level: number): Buffer {
  const { packs } = cores;
  const at = packs.heap + level * slotBytes;
  packs.bytes.set(text, at);
  packs.bytes.fill(0, at + text.length, at + text.length + 64);
  return packs.bytes.subarray(at, at + text.length);
}

/** Writes the ranges where the walk writes them. */
function written(list: readonly number[], address: number): Uint32Array {
  const { words } = cores.packs;
  words.set(list, address / 4);
  return words.subarray(address / 4, address / 4 + list.length);
}

interface Ranges {
  readonly copies: readonly number[];
  readonly changed: readonly number[];
}

class Pack {
  readonly #texts = new PackedTexts(createAnalyzer({ ...options, cores }), cores.packs, cores.packTags);
  readonly #made: Buffer[] = [];

  add(text: Buffer, level: number, base: number, ranges: Ranges | undefined): number {
    const bytes = placed(text, level);
    const entry = this.#made.length;
    const { exports, heap } = cores.packs;
    const delta = ranges && {
      changed: written(ranges.changed, exports.dirtyRanges()),
      copies: written(ranges.copies, exports.copyRanges()),
      baseAddress: heap + (level - 1) * slotBytes,
      baseLength: (this.#made[base] as Buffer).length,
    };
    const rebuilt: RebuiltObject = { entry, base, isRepeat: false, ...(delta && { delta }) };
    const oid = Buffer.alloc(20, entry);
    const document = {
      ref: { type: 'git-object', objectType: 'blob', oid } as const,
      bytes,
      chain: [],
      textStart: 0,
      rebuilt,
    };
    const got = this.#texts.analyze(document, rebuilt, idOf(entry));
    const wanted = oracle.analyze({ bytes: text, chain: [], collectTags: true });
    expect(got.findings).toEqual(wanted.findings);
    expect(got.encoding).toBe(wanted.encoding);
    this.#made.push(Buffer.from(text));
    return entry;
  }

  /** Every tag of every object is in a chunk, with the object's bit. */
  checkTags(): void {
    const found = new Map<string, Set<number>>();
    for (const { contents, tags, masks } of this.#texts.takeChunks()) {
      contents.forEach((id, bit) => {
        const own = found.get(id) ?? new Set<number>();
        tags.forEach((tag, i) => {
          if (Math.floor((masks[i] ?? 0) / 2 ** bit) % 2 === 1) own.add(tag);
        });
        found.set(id, own);
      });
    }
    this.#made.forEach((bytes, entry) => {
      const { tags } = oracle.analyze({ bytes, chain: [], collectTags: true });
      const own = found.get(idOf(entry));
      expect([...tags].filter((tag) => own?.has(tag) !== true)).toEqual([]);
    });
  }
}

const idOf = (entry: number): ContentId => entry.toString(16).padStart(32, '0') as ContentId;

/** A file of which little is copied from another: the head of that one stands before it. */
function behindHead(head: Buffer, text: Buffer): { text: Buffer; ranges: Ranges } {
  const whole = Buffer.concat([head, text]);
  const copies = [0, head.length, 0];
  return { text: whole, ranges: { copies, changed: changedRanges(copies, whole.length, head.length + 1) } };
}

/** Objects of a pack, depth first: versions of one file that are all deltas on another file, each with a good delta on it. */
function readPack(other: Buffer, first: Buffer, edits: readonly Edit[]): void {
  const pack = new Pack();
  const root = pack.add(other, 0, -1, undefined);
  const head = other.subarray(0, Math.min(200, other.length - 1));
  let text = first;
  for (const { steps } of [{ steps: [] }, ...edits]) {
    text = versionOf(text, steps).bytes;
    const poor = behindHead(head, text);
    const entry = pack.add(poor.text, 1, root, poor.ranges);
    const child = versionOf(poor.text, steps);
    pack.add(child.bytes, 2, entry, child);
  }
  pack.checkTags();
}

describe('objects of a pack', () => {
  it('give what each gives alone, though they are compared with texts that are no bases of theirs', () => {
    fc.assert(
      fc.property(lines, history, (other, { first, edits }) =>
        readPack(Buffer.from(other.join('\n')), first, edits),
      ),
      { numRuns: 40 },
    );
  });

  it('are looked at where they differ from one that went by, when their delta says little', () => {
    const pack = new Pack();
    const other = Buffer.from('static int unlike(void);\n'.repeat(400));
    const root = pack.add(other, 0, -1, undefined);
    const head = other.subarray(0, 200);
    const file = Array.from({ length: 900 }, (_, n) => `line ${n * 7919} of the file that has versions\n`);
    const of = (change: string): { text: Buffer; ranges: Ranges } =>
      behindHead(head, Buffer.from(file.with(450, `${change}\n`).join('')));
    const first = of('one');
    pack.add(first.text, 1, root, first.ranges);
    const second = of('a text that only this version has');
    pack.add(second.text, 1, root, second.ranges);
    const { words, exports } = cores.packs;
    const at = exports.dirtyRanges() / 4;
    expect(exports.dirtyRangeCount()).toBe(1);
    const [start = 0, end = 0] = words.subarray(at, at + 2);
    expect(second.text.toString('latin1', start, end)).toContain('a text that only this version has');
    expect(end - start).toBeLessThan(120);
  });
});
