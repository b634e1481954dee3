/** Several writers of one open database, and what one of them must not lose of another's. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import type { LocationKind } from '../../../src/model/appearance.js';
import {
  analysisId,
  begin,
  blob,
  content,
  finding,
  fingerprint,
  newStore,
  place,
  receipt,
  removeFolders,
  rootOf,
  temporaryFolder,
} from './fixtures.js';

afterEach(removeFolders);

function rows(path: string, sql: string): unknown[] {
  const db = new Database(path, { readonly: true });
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
}

it('two scans of one open store write secrets by turns', async () => {
  const path = join(temporaryFolder(), 'sprawl.db');
  const store = await newStore(path);
  const [a, b] = [place('a'), place('b')];
  const writers = [await begin(store), await begin(store)] as const;
  await writers[0].upsertPlace(a);
  await writers[1].upsertPlace(b);
  for (let n = 1; n <= 6; n++) {
    const which = n % 2 === 0 ? 1 : 0;
    const root = { place: (which === 0 ? a : b).key, locator: `/${which}` };
    const contents = [content(n, { findings: [finding(fingerprint(n))] })];
    await writers[which].writeBatch(root, { contents, chunks: [] });
    await writers[which].addHoldings(root, []);
  }
  await store.close();
  expect(rows(path, 'SELECT count(*) AS n FROM secret')).toEqual([{ n: 6 }]);
});

it('roots become one when a secret in their names is redacted, whatever was kept of their history', async () => {
  const path = join(temporaryFolder(), 'sprawl.db');
  const store = await newStore(path);
  const writer = await begin(store);
  const p = place('p');
  await writer.upsertPlace(p);
  for (const locator of ['/x/value/r', '/x/***/r']) {
    const root = { place: p.key, locator };
    await writer.root(root);
    const history = Buffer.from('kept');
    await writer.finishRoot(root, { analysisId, receipt, whole: true, state: Buffer.alloc(40), history });
  }
  await writer.redactStrings((text) => (text.includes('value') ? text.replace('value', '***') : undefined));
  await store.close();
  expect(rows(path, 'SELECT locator FROM place_root')).toEqual([{ locator: '/x/***/r' }]);
  expect(rows(path, 'SELECT count(*) AS n FROM root_history')).toEqual([{ n: 0 }]);
});

it('where contents stand is written by whoever asks for it, however it came', async () => {
  const path = join(temporaryFolder(), 'sprawl.db');
  const store = await newStore(path);
  const writer = await begin(store);
  const p = place('p');
  const root = rootOf(p);
  const one = content(1, { findings: [finding(fingerprint(1))] });
  const other = content(2, { findings: [finding(fingerprint(2))] });
  await writer.upsertPlace(p);
  await writer.writeBatch(root, { contents: [one], chunks: [] });
  await writer.writeAppearances(root, [{ content: one.id, appearances: [blob('a')] }]);
  await writer.writeBatch(root, { contents: [other], chunks: [] });
  await writer.writeAppearances(root, [
    { content: other.id, appearances: [blob('b')] },
    { content: one.id, appearances: [blob('c'), blob('c', { locationKind: 'git-history' })] },
  ]);
  expect((await store.exposure(fingerprint(1)))?.locations).toHaveLength(2);
  await writer.finishRoot(root, { analysisId, receipt, whole: true });
  await writer.finish(receipt);
  expect((await store.exposure(fingerprint(2)))?.locations).toHaveLength(1);
  expect(rows(path, 'SELECT count(*) AS n FROM appearance WHERE vanished_scan IS NULL')).toEqual([{ n: 3 }]);
  await store.close();
});

it('of several appearances at one path the most pressing stands, few or many, in any order', async () => {
  const kinds: readonly LocationKind[] = ['git-head', 'git-other-tip', 'git-history', 'git-unreachable'];
  const given = fc.array(fc.tuple(fc.nat(9), fc.nat(3)), { minLength: 1, maxLength: 24 });
  await fc.assert(
    fc.asyncProperty(given, async (items) => {
      const path = join(temporaryFolder(), 'sprawl.db');
      const store = await newStore(path);
      const writer = await begin(store);
      const p = place('p');
      const one = content(1, { findings: [finding(fingerprint(1))] });
      await writer.upsertPlace(p);
      await writer.writeBatch(rootOf(p), { contents: [one], chunks: [] });
      const appearances = items.map(([name, kind]) =>
        blob(`path ${name}`, { locationKind: kinds[kind] as LocationKind }),
      );
      await writer.writeAppearances(rootOf(p), [{ content: one.id, appearances }]);
      await writer.finishRoot(rootOf(p), { analysisId, receipt, whole: true });
      await store.close();
      const best = new Map<number, number>();
      for (const [name, kind] of items) best.set(name, Math.min(kind, best.get(name) ?? kind));
      expect(
        rows(path, 'SELECT t.text, a.kind FROM appearance a JOIN term t ON t.id = a.path ORDER BY t.text'),
      ).toEqual([...best].sort(([a], [b]) => a - b).map(([name, kind]) => ({ text: `path ${name}`, kind })));
    }),
    { numRuns: 12 },
  );
});
