import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Appearance } from '../../src/model/appearance.js';
import type { Finding } from '../../src/model/finding.js';
import { type Fingerprint, parseKindId, parseRuleId } from '../../src/model/ids.js';
import type { ContentResult, Store, SweepChunk } from '../../src/store/store.js';
import { packChunk } from '../../src/store/sweep-pack.js';
import {
  analysisId,
  begin,
  blob,
  clock,
  commit,
  content,
  contentId,
  digest,
  file,
  finding,
  fingerprint,
  newStore,
  place,
  receipt,
  removeFolders,
  rootOf,
} from '../unit/store/fixtures.js';

afterEach(removeFolders);

/** What a made-up analysis finds: all that a fingerprint says of its value follows from its number. */
interface Hit {
  readonly secret: number;
  readonly span: number;
  readonly kind: number;
  readonly spelling: number;
  readonly alias: number | undefined;
}

interface Estate {
  /** Findings by number of the content. */
  readonly contents: readonly (readonly Hit[])[];
  /** Which contents stand where: place, root within it, content, path. */
  readonly stands: readonly { place: number; root: number; content: number; path: number; git: boolean }[];
}

const hits = fc.record<Hit>({
  secret: fc.nat(6),
  span: fc.nat(2),
  kind: fc.nat(2),
  spelling: fc.nat(1),
  alias: fc.option(fc.nat(3), { nil: undefined }),
});

const estates: fc.Arbitrary<Estate> = fc.record({
  contents: fc.array(fc.array(hits, { maxLength: 4 }), { minLength: 1, maxLength: 8 }),
  stands: fc.array(
    fc.record({ place: fc.nat(2), root: fc.nat(1), content: fc.nat(7), path: fc.nat(3), git: fc.boolean() }),
    { maxLength: 16 },
  ),
});

const kinds = ['demo-token', 'generic-secret', 'known-value'] as const;

/** Every third alias is weak; alias 3 is the fingerprint of secret 0, so that joining goes both ways. */
function aliasOf(n: number): { domain: string; fingerprint: Fingerprint } {
  return {
    domain: n % 3 === 2 ? 'weak/lower' : 'hex-lower',
    fingerprint: fingerprint(n === 3 ? 0 : `alias ${n}`),
  };
}

function findingOf({ secret, span, kind, spelling, alias }: Hit): Finding {
  const word = kinds[kind] ?? 'demo-token';
  const isWeak = secret === 5;
  return finding(fingerprint(secret), {
    kind: parseKindId(word === 'known-value' ? 'demo-token' : word),
    rule: parseRuleId(word),
    confidence: kind === 1 ? 'low' : 'high',
    span: { start: span * 100, end: span * 100 + 40 },
    position: { line: span + 1, column: 1, endLine: span + 1, endColumn: 41 },
    spelling: spelling === 0 ? ['plain'] : ['base64', 'json-escaped'],
    slot: `slot ${span}`,
    weak: isWeak,
    strengthBits: isWeak ? 12 : 120,
    ...(isWeak ? { account: `user${span}` } : { anchor: { tag: 2 ** 40 + secret, lead: 0, length: 40 } }),
    ...(kind === 0 ? { preview: `abc_…${secret}` } : {}),
    aliases: alias === undefined ? [] : [aliasOf(alias)],
    attributes: kind === 0 ? [{ name: 'key-id', text: `K${secret}` }] : [],
    relations: secret % 2 === 0 ? [{ relation: 'pair', to: fingerprint(secret + 1) }] : [],
  });
}

function resultOf(estate: Estate, n: number): ContentResult {
  return content(n, { findings: (estate.contents[n] ?? []).map(findingOf) });
}

interface Step {
  readonly place: number;
  readonly root: number;
  readonly contents: readonly number[];
}

/** One step for each stand: small batches, so that orders differ. */
function stepsOf(estate: Estate): Step[] {
  return estate.stands
    .filter((stand) => stand.content < estate.contents.length)
    .map(({ place: of, root, content: n }) => ({ place: of, root, contents: [n] }));
}

function appearancesOf(estate: Estate, step: Step, n: number): Appearance[] {
  return estate.stands
    .filter((stand) => stand.place === step.place && stand.root === step.root && stand.content === n)
    .map((stand) =>
      stand.git
        ? blob(`p${stand.path}`, {
            locationKind: stand.root === 0 ? 'git-head' : 'git-history',
            introduced: commit(stand.path),
          })
        : file(`p${stand.path}`),
    );
}

function chunkOf(step: Step): SweepChunk {
  const tags = Float64Array.from(step.contents.map((n) => 2 ** 52 + n));
  return { contents: step.contents.map(contentId), tags, masks: tags.map((_, i) => 2 ** i) };
}

const root = (step: Step) => rootOf(place(`p${step.place}`), `/root${step.root}`);

/** Writes the steps as one scan, whole or cut into several scans. */
async function write(store: Store, estate: Estate, steps: readonly Step[], scans = 1): Promise<void> {
  for (let scan = 0; scan < scans; scan++) {
    const part = steps.filter((_, i) => i % scans === scan);
    const writer = await begin(store);
    for (const step of part) {
      await writer.upsertPlace(place(`p${step.place}`));
      const contents = step.contents.map((n) => resultOf(estate, n));
      await writer.writeBatch(root(step), { contents, chunks: [packChunk(chunkOf(step))] });
      await writer.writeAppearances(
        root(step),
        step.contents.map((n) => ({ content: contentId(n), appearances: appearancesOf(estate, step, n) })),
      );
    }
    for (const step of part) await writer.finishRoot(root(step), { analysisId, receipt, whole: false });
    await writer.finish(receipt);
  }
}

async function digestOfSteps(estate: Estate, steps: readonly Step[], scans = 1): Promise<string> {
  const store = await newStore();
  await write(store, estate, steps, scans);
  const hash = await digest(store);
  store.close();
  return hash;
}

function equal(a: string, b: string): void {
  if (a !== b) throw new Error('the digests differ');
}

/** The model: a location is a distinct (place, content, type, path) times a distinct (secret, span) in it. */
function expectedLocations(estate: Estate): number {
  const stands = new Set(estate.stands.map((s) => JSON.stringify([s.place, s.content, s.git, s.path])));
  let count = 0;
  for (const stand of stands) {
    const [, n] = JSON.parse(stand) as [number, number];
    count += new Set((estate.contents[n] ?? []).map(({ secret, span }) => `${secret} ${span}`)).size;
  }
  return count;
}

const runs = { numRuns: 25 };

describe('laws of the store', () => {
  it('writing twice changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(estates, async (estate) => {
        const store = await newStore();
        await write(store, estate, stepsOf(estate));
        const once = await digest(store);
        await write(store, estate, stepsOf(estate));
        equal(await digest(store), once);
        store.close();
      }),
      runs,
    );
  });

  it('any order and any number of scans give one database', async () => {
    const shuffled = estates.chain((estate) => {
      const steps = stepsOf(estate);
      const order = fc.shuffledSubarray(steps, { minLength: steps.length, maxLength: steps.length });
      return fc.tuple(fc.constant(estate), order, fc.integer({ min: 1, max: 3 }));
    });
    await fc.assert(
      fc.asyncProperty(shuffled, async ([estate, steps, scans]) => {
        equal(await digestOfSteps(estate, steps, scans), await digestOfSteps(estate, stepsOf(estate)));
      }),
      runs,
    );
  });

  it('merging two databases gives what scanning both gives, from either side', async () => {
    const split = estates.chain((estate) => {
      const steps = stepsOf(estate);
      const sides = fc.array(fc.boolean(), { minLength: steps.length, maxLength: steps.length });
      return fc.tuple(fc.constant(estate), sides);
    });
    await fc.assert(
      fc.asyncProperty(split, async ([estate, sides]) => {
        const steps = stepsOf(estate);
        const now = clock();
        const [left, right, again] = [
          await newStore(undefined, now),
          await newStore(undefined, now),
          await newStore(undefined, now),
        ];
        await write(
          left,
          estate,
          steps.filter((_, i) => sides[i]),
        );
        await write(
          right,
          estate,
          steps.filter((_, i) => !sides[i]),
        );
        await again.merge(right.path);
        await again.merge(left.path);
        await left.merge(right.path);
        await right.merge(left.path);
        const expected = await digestOfSteps(estate, steps);
        for (const store of [left, right, again]) {
          equal(await digest(store), expected);
          store.close();
        }
      }),
      runs,
    );
  });

  it('gives one location a sighting and (place, content, path), and the same sums in list and show', async () => {
    await fc.assert(
      fc.asyncProperty(estates, async (estate) => {
        const store = await newStore();
        await write(store, estate, stepsOf(estate));
        const listed = await store.listSecrets({});
        const shown = [];
        let locationCount = 0;
        for await (const { locations, attributes, relations, aliases, ...summary } of store.exposures({})) {
          shown.push(summary);
          locationCount += locations.length;
        }
        expect(shown).toEqual(listed);
        expect(locationCount).toBe(expectedLocations(estate));
        expect((await store.stats()).locations).toBe(locationCount);
        store.close();
      }),
      runs,
    );
  });
});
