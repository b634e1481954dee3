import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { cachedCore } from '../../scripts/build-core.mjs';
import { sipKeyOf, sipTag } from '../../src/identity/siphash.js';
import { visitStrongRuns } from '../../src/identity/sweep.js';
import { loadCoreModule } from '../../src/prefilter/core-module.js';
import { EngineCores } from '../../src/prefilter/engine-cores.js';
import type { KeywordGate } from '../../src/prefilter/keyword-gates.js';
import { HitList } from '../../src/prefilter/keyword-hits.js';
import { buildKeywordTrie, type KeywordTrie } from '../../src/prefilter/keyword-trie.js';
import { layout } from '../../src/prefilter/scan-layout.js';
import { noParent, TagTable } from '../../src/prefilter/tag-table.js';
import { TextPlace } from '../../src/prefilter/text-place.js';
import { createTextScanner, type TextScanner } from '../../src/prefilter/text-scanner.js';
import type { WasmCore } from '../../src/prefilter/wasm-core.js';
import {
  alphanumericBytes,
  digitBytes,
  hexBytes,
  letterBytes,
  nameBytes,
  tokenBytes,
  underscoreBytes,
} from '../../src/rules/byte-set.js';
import { findEncodedRuns } from '../../src/text/encoded-runs.js';

let cores: EngineCores;
let core: WasmCore;
beforeAll(async () => {
  const module = loadCoreModule(await cachedCore());
  if (module === undefined) throw new Error('no core');
  cores = EngineCores.open(module, Buffer.alloc(16), []);
  core = cores.texts;
});

/** A scanner on the same cores as the one before, whose keywords it takes out. */
function scannerOn(trie: KeywordTrie): TextScanner {
  for (const { bytes } of [cores.texts, cores.packs]) bytes.fill(0, layout.starts, layout.keywordText);
  return createTextScanner(trie, cores);
}

const piece = fc.oneof(
  fc.constantFrom(
    'key',
    'KEY',
    'Key=',
    'api_key',
    'tok',
    'token: ',
    'AKIA',
    'akia',
    'pat',
    '@',
    '://',
    'é',
    'ß',
    '\n',
    ' ',
    '=',
    '\\n',
    '\\"',
    '%2F',
    '&amp;',
    '=3D',
    '=\r\n',
    '\\u002b',
    '\x1b[93m',
    '\x1b',
    '0',
    '\\x41',
  ),
  fc.string({
    unit: fc.constantFrom('a', 'B', 'z', '9', '0', '_', '-', '/', '+', '.'),
    minLength: 1,
    maxLength: 90,
  }),
  fc.constantFrom(
    'x'.repeat(200),
    'a'.repeat(18),
    'A'.repeat(40),
    '7'.repeat(70),
    `${'q1'.repeat(2100)} `,
    Buffer.from('password = "kQ81zzLm0paW44" and more').toString('base64'),
  ),
);
const text = fc.array(piece, { maxLength: 60 }).map((pieces) => Buffer.from(pieces.join('')));
const keyword = fc.record({
  text: fc
    .constantFrom(
      'key',
      'api_key',
      'tok',
      'token',
      'akia',
      'pat',
      'key=',
      'ß\u00e9',
      'y=',
      '9_0',
      'xxx',
      'xxxxxxxx',
      '://',
    )
    .filter((word) => Buffer.byteLength(word) >= 3),
  caseSensitive: fc.boolean(),
});
const gate: fc.Arbitrary<KeywordGate | undefined> = fc.option(
  fc.record({
    run: fc.integer({ min: 0, max: 40 }),
    runSet: fc.constantFrom(tokenBytes, nameBytes, alphanumericBytes, hexBytes),
    before: fc.integer({ min: 0, max: 60 }),
    behind: fc.integer({ min: 0, max: 90 }),
    border: fc.constantFrom(
      0,
      letterBytes,
      letterBytes | digitBytes,
      letterBytes | digitBytes | underscoreBytes,
    ),
    asksAt: fc.boolean(),
  }),
  { nil: undefined },
);

function hitsOf(scanner: TextScanner, bytes: Buffer, from: number, to: number): string[] {
  const hits = new HitList();
  scanner.findKeywords(bytes, from, to, hits, true);
  return Array.from({ length: hits.count }, (_, i) =>
    [hits.keywordAt(i), hits.startAt(i), hits.isOpenAt(i), hits.isEscapedAt(i)].join(),
  );
}

describe('the core and its twin', () => {
  it('find the same keywords, gates and escapes, in the same order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(keyword, gate), { minLength: 1, maxLength: 8 }),
        text,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (keywords, bytes, a, b) => {
          const trie = buildKeywordTrie(keywords.map(([word]) => word));
          const scanner = scannerOn(trie);
          const twin = createTextScanner(trie, undefined);
          keywords.forEach(([, known], index) => {
            if (known === undefined) return;
            scanner.setGate(index, known);
            twin.setGate(index, known);
          });
          const [from = 0, to = 0] = [a, b]
            .map((share) => Math.floor(share * bytes.length))
            .sort((x, y) => x - y);
          expect(hitsOf(scanner, bytes, 0, bytes.length)).toEqual(hitsOf(twin, bytes, 0, bytes.length));
          expect(hitsOf(scanner, bytes, from, to)).toEqual(hitsOf(twin, bytes, from, to));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('find a keyword as often as it stands, in a text of nothing else', () => {
    const trie = buildKeywordTrie([{ text: 'key', caseSensitive: false }]);
    const bytes = Buffer.from('key'.repeat(100_000));
    expect(hitsOf(scannerOn(trie), bytes, 0, bytes.length)).toHaveLength(100_000);
  });
});

describe('TagTable', () => {
  const key = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
  const sipKey = sipKeyOf(key);

  function tagsOf(bytes: Buffer, from = 0, to = bytes.length): number[] {
    const tags = new Set<number>();
    visitStrongRuns(bytes, from, to, (start, end) => tags.add(sipTag(sipKey, bytes, start, end)));
    return [...tags].sort((x, y) => x - y);
  }

  function put(bytes: Buffer): number {
    const address = new TextPlace(core).put(bytes);
    if (address === undefined) throw new Error('no memory');
    return address;
  }

  it('holds the tags of all strong runs of a text', () => {
    const table = new TagTable(core, key);
    fc.assert(
      fc.property(text, (bytes) => {
        table.tagRuns(put(bytes), bytes.length, 0, bytes.length, 0, undefined);
        const { tags, masks } = table.take(Uint8Array.of(noParent));
        expect([...tags]).toEqual(tagsOf(bytes));
        expect(masks.every((mask) => mask === 1)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('takes whole runs when a range begins or ends inside one', () => {
    const table = new TagTable(core, key);
    const bytes = Buffer.from('first1run (second2run) third3run');
    table.tagRuns(put(bytes), bytes.length, 14, 16, 0, undefined);
    expect([...table.take(Uint8Array.of(noParent)).tags]).toEqual(tagsOf(bytes, 11, 21));
  });

  it('shows runs that are looked for, and gives children what their parents have', () => {
    const table = new TagTable(core, key);
    const bytes = Buffer.from('alpha1beta and gamma2delta');
    const [wanted] = tagsOf(Buffer.from('gamma2delta'));
    table.lookFor([wanted ?? 0]);
    const seen: string[] = [];
    table.tagRuns(put(bytes), bytes.length, 0, bytes.length, 0, (start, end) =>
      seen.push(bytes.toString('latin1', start, end)),
    );
    table.lookFor([]);
    table.add(Float64Array.of(5, 7), 0, 50);
    table.add(Float64Array.of(9), 0, 2);
    const { tags, masks } = table.take(Uint8Array.of(noParent, 0, 50));
    expect(seen).toContain('gamma2delta');
    expect(Object.fromEntries([...tags].map((tag, i) => [tag, masks[i]]))).toEqual({
      ...Object.fromEntries(tagsOf(bytes).map((tag) => [tag, 3])),
      5: 4,
      7: 4,
      9: 4,
    });
  });

  it('stops where the table is full and goes on when it was taken', () => {
    const table = new TagTable(core, key);
    const words = Array.from({ length: 100_000 }, (_, n) => `word${n}x`);
    const bytes = Buffer.from(words.join(' '));
    const address = put(bytes);
    const end = table.tagRuns(address, bytes.length, 0, bytes.length, 0, undefined);
    expect(end).toBeLessThan(bytes.length);
    const first = table.take(Uint8Array.of(noParent)).tags;
    expect(table.tagRuns(address, bytes.length, end, bytes.length, 0, undefined)).toBe(bytes.length);
    const rest = table.take(Uint8Array.of(noParent)).tags;
    expect(new Set([...first, ...rest])).toEqual(new Set(tagsOf(bytes)));
  });
});

describe('encoded runs', () => {
  it('are all among those that the core lists', () => {
    const scanner = scannerOn(buildKeywordTrie([{ text: 'key', caseSensitive: false }]));
    fc.assert(
      fc.property(text, (bytes) => {
        const runs: [number, number][] = [];
        expect(
          scanner.visitEncodedRuns(bytes, 0, bytes.length, (start, end) => runs.push([start, end])),
        ).toBe(true);
        for (const view of findEncodedRuns(bytes)) {
          if (view.spelling[0] === 'percent') continue;
          const start = view.map.toRaw({ start: 0, end: 1 }).ranges[0]?.start ?? -1;
          expect(runs.some(([from, to]) => from <= start && start < to)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});
