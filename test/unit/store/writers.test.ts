/** Several writers of one open database, and what one of them must not lose of another's. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, expect, it } from 'vitest';
import {
  analysisId,
  begin,
  content,
  finding,
  fingerprint,
  newStore,
  place,
  receipt,
  removeFolders,
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
