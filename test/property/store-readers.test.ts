/** The readers judge copies in memory; the views say in SQL what must come out. */
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { type Appearance, locationKinds } from '../../src/model/appearance.js';
import type { Exposure } from '../../src/model/exposure.js';
import { parseRuleId } from '../../src/model/ids.js';
import { openSqlite } from '../../src/store/sqlite.js';
import type { PlaceAllow, Store } from '../../src/store/store.js';
import {
  begin,
  blob,
  content,
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

const hits = fc.record({
  secret: fc.nat(4),
  span: fc.nat(1),
  rule: fc.nat(2),
  low: fc.boolean(),
  marked: fc.boolean(),
  glob: fc.constantFrom(undefined, '*.env', 'a/**'),
  chain: fc.constantFrom([], ['x.zip', 'b.env']),
  known: fc.boolean(),
  alias: fc.boolean(),
});

const paths = ['a/1.env', 'a/2.ts', 'b/1.env', 'b/\u{1f511}.ts', 'b/\uff5e.ts'];

const stands = fc.record({
  place: fc.nat(1),
  root: fc.nat(1),
  content: fc.nat(3),
  path: fc.nat(paths.length - 1),
  kind: fc.nat(2),
  git: fc.boolean(),
});

const optional = <Value>(value: Value) => fc.constantFrom(undefined, value);
const placeAllows = fc.record({
  status: fc.constantFrom('allowed' as const, 'baselined' as const, 'author-suppressed' as const),
  secret: fc.constantFrom(undefined, fingerprint(0).slice(0, 12), fingerprint(1)),
  rule: optional('rule-1'),
  glob: optional('**/1.*'),
  path: optional({ text: 'a/1.env' }),
  marked: fc.boolean(),
  by: fc.constantFrom('', 'ignore-file line 2: old'),
});

const estates = fc.record({
  contents: fc.array(fc.array(hits, { maxLength: 5 }), { minLength: 4, maxLength: 4 }),
  /** What three scans see, so that copies vanish. */
  scans: fc.array(fc.array(stands, { maxLength: 10 }), { minLength: 1, maxLength: 3 }),
  placeAllows: fc.array(placeAllows, { maxLength: 3 }),
  allows: fc.subarray(['secret', 'rule', 'path'] as const),
});
type Estate = typeof estates extends fc.Arbitrary<infer Value> ? Value : never;
type Hit = Estate['contents'][number][number];
type Stand = Estate['scans'][number][number];

function findingOf(hit: Hit) {
  return finding(fingerprint(hit.secret), {
    rule: parseRuleId(`rule-${hit.rule}`),
    confidence: hit.low ? 'low' : 'high',
    span: { start: hit.span * 100, end: hit.span * 100 + 40 },
    chain: hit.chain,
    ...(hit.marked ? { mark: { marker: 'gitleaks:allow' } } : {}),
    ...(hit.glob === undefined ? {} : { pathCondition: hit.glob }),
    ...(hit.known && hit.secret === 3 ? { knownPublic: 'a manual' } : {}),
    weak: hit.secret === 4,
    ...(hit.secret === 4 ? { account: `user${hit.span}` } : {}),
    aliases: hit.alias && hit.secret < 2 ? [{ domain: 'joined', fingerprint: fingerprint('both') }] : [],
  });
}

function appearanceOf(stand: Stand): Appearance {
  const path = paths[stand.path] ?? '';
  if (!stand.git) return file(path);
  const locationKind = locationKinds[stand.kind] ?? 'git-head';
  return blob(path, { locationKind: locationKind as 'git-head' });
}

function entryOf({ secret, rule, glob, path, ...entry }: Estate['placeAllows'][number]): PlaceAllow {
  return {
    ...entry,
    ...(secret === undefined ? {} : { secret }),
    ...(rule === undefined ? {} : { rule }),
    ...(glob === undefined ? {} : { glob }),
    ...(path === undefined ? {} : { path }),
  };
}

async function fill(store: Store, estate: Estate): Promise<void> {
  for (const seen of estate.scans) {
    const writer = await begin(store);
    for (const p of [0, 1]) {
      const of = place(`p${p}`);
      await writer.upsertPlace(of);
      for (const r of [0, 1]) {
        const root = rootOf(of, `/root${r}`);
        const here = seen.filter((stand) => stand.place === p && stand.root === r);
        const numbers = [...new Set(here.map((stand) => stand.content))];
        const contents = numbers.map((n) =>
          content(n, { findings: (estate.contents[n] ?? []).map(findingOf) }),
        );
        await writer.writeBatch(root, { contents, chunks: [] });
        await writer.writeAppearances(
          root,
          numbers.map((n) => ({
            content: content(n).id,
            appearances: here.filter((stand) => stand.content === n).map(appearanceOf),
          })),
        );
        await writer.finishRoot(root, { analysisId: 'a1', receipt, whole: here.length > 0 });
      }
      await writer.replacePlaceAllows(of.key, p === 0 ? estate.placeAllows.map(entryOf) : []);
    }
    await writer.finish(receipt);
  }
  const targets = { secret: fingerprint(0), rule: 'rule-2', path: 'b/**' };
  for (const subject of estate.allows) {
    await store.allow({ subject, target: targets[subject], reason: 'rotated', by: 'ana' });
  }
}

function rowsOf(exposure: Exposure): string[] {
  return exposure.locations.map((l) =>
    JSON.stringify([
      exposure.fingerprint,
      l.fingerprint,
      l.rule,
      l.confidence,
      l.status.status,
      l.place,
      l.appearance.type,
      l.appearance.locationKind,
      l.appearance.type === 'git-blob' || l.appearance.type === 'file' ? (l.appearance.path?.text ?? '') : '',
      l.chain,
      l.span.start,
      l.firstScan,
      l.lastScan,
      l.firstSeen,
      l.lastSeen,
    ]),
  );
}

const viewSql = `SELECT json_array(fingerprint, own_fingerprint, rule, confidence, status, place, type, location_kind,
    path, json(chain), start_byte, first_scan, last_scan, first_seen, last_seen) AS row
  FROM v_location
  ORDER BY fingerprint, CASE status WHEN 'open' THEN 0 WHEN 'allowed' THEN 1 WHEN 'baselined' THEN 2
      WHEN 'author-suppressed' THEN 3 WHEN 'low' THEN 4 WHEN 'known-public' THEN 5 ELSE 6 END,
    (SELECT id FROM location_kind WHERE name = location_kind), place, path, item, chain, start_byte, end_byte,
    own_fingerprint`;

/** What a summary says that its locations say too. */
function sumsOf(exposure: Exposure): unknown[] {
  const { locations } = exposure;
  const times = (pick: 'firstSeen' | 'lastSeen') => locations.map((location) => location[pick]).sort();
  return [
    locations.length,
    locations.filter(({ status }) => status.status === 'open').length,
    locations[0]?.status.status,
    times('firstSeen')[0],
    times('lastSeen').at(-1),
  ];
}

describe('readers and views', () => {
  it('say the same of every location, its status and its place in the order', async () => {
    await fc.assert(
      fc.asyncProperty(estates, async (estate) => {
        const store = await newStore();
        await fill(store, estate);
        const db = openSqlite(store.path, { readonly: true });
        const expected = db.prepare<[], string>(viewSql).pluck().all();
        db.close();
        const exposures: Exposure[] = [];
        for await (const exposure of store.exposures({})) exposures.push(exposure);
        const placed = exposures.filter(({ locations }) => locations.length > 0);
        placed.sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
        const found = placed.flatMap(rowsOf);
        expect([...found].sort()).toEqual([...expected].sort());
        const status = (row: string) => (JSON.parse(row) as unknown[]).slice(4, 9);
        expect(found.map(status)).toEqual(expected.map(status));
        const listed = new Map((await store.listSecrets({})).map((secret) => [secret.fingerprint, secret]));
        for (const exposure of placed) {
          const secret = listed.get(exposure.fingerprint);
          const { locations, attributes, relations, aliases, ...summary } = exposure;
          expect(secret).toEqual(summary);
          expect([
            summary.locationCount,
            summary.openLocationCount,
            summary.status,
            summary.firstSeen,
            summary.lastSeen,
          ]).toEqual(sumsOf(exposure));
        }
        store.close();
      }),
      { numRuns: 60 },
    );
  });
});
