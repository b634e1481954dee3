import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { openSqlite } from '../../../src/store/sqlite.js';
import { partialAnalysisId } from '../../../src/store/store.js';
import {
  analysisId,
  begin,
  content,
  contentId,
  finding,
  fingerprint,
  keyId,
  newStore,
  place,
  removeFolders,
  rootOf,
  temporaryFolder,
} from './fixtures.js';

afterEach(removeFolders);

const migrations = fileURLToPath(new URL('../../../src/store/migrations', import.meta.url));
const clean = 700;

/** A database as schema 1 left it: contents 0 to 699 clean, 1000 with a sighting, 2000 read in part, 3000 forgotten. */
function versionOne(): string {
  const path = join(temporaryFolder(), 'old.db');
  const db = openSqlite(path);
  db.exec(readFileSync(join(migrations, '0001-init.sql'), 'utf8'));
  db.pragma(`application_id = ${0x7370726c}`);
  db.pragma('user_version = 1');
  const add = db.prepare('INSERT INTO content (cid, analysis, bytes, hit) VALUES (?, ?, 10, ?)');
  const cid = (n: number): Buffer => Buffer.from(contentId(n), 'hex');
  db.transaction(() => {
    db.prepare("INSERT INTO meta VALUES ('key_id', ?), ('created', '')").run(keyId);
    db.prepare('INSERT INTO analysis (id, name) VALUES (1, ?), (2, ?)').run(
      analysisId,
      partialAnalysisId(analysisId),
    );
    for (let n = 0; n < clean; n++) add.run(cid(n), 1, 0);
    add.run(cid(1000), 1, 1);
    add.run(cid(2000), 2, 0);
    add.run(cid(3000), null, 0);
    db.exec(`
      INSERT INTO scan (id, uid, started, whole, analysis_name, targets) VALUES (1, x'00', '2025-01-01T00:00:00Z', 1, 'a', '[]');
      INSERT INTO place (id, key, system, name, audience, described) VALUES (1, '${place('p').key}', 'git', 'p', 'internal', '');
      INSERT INTO place_root (id, place, locator) VALUES (1, 1, '${rootOf(place('p')).locator}');
      INSERT INTO secret (id, fingerprint, canonical, weak, strength_bits, length_class, first_scan)
        VALUES (1, x'${fingerprint('old')}', 1, 0, 100, '20-39', 1);
      INSERT INTO form (id, sort, kind, rule, confidence, reasons, spelling, view, exact)
        VALUES (1, 's', 'demo-token', 'demo-token', 2, '[]', 'plain', 'raw', 1);
      INSERT INTO label VALUES (1, 1);
      INSERT INTO sighting SELECT id, 1, 0, 0, 40, 1, 1, 1, 1, 41, 0, 0, NULL, 1 FROM content WHERE hit = 1;
      INSERT INTO holding SELECT 1, id FROM content WHERE hit = 1;
    `);
  })();
  db.close();
  return path;
}

describe('a database of schema 1', () => {
  it('knows after its migration what it knew before', async () => {
    const store = await newStore(versionOne());
    const writer = await begin(store);
    const asked = [...Array.from({ length: clean }, (_, n) => n), 1000, 2000, 3000, 4000];
    const ids = Buffer.from(asked.map((n) => contentId(n)).join(''), 'hex');
    const states = [...(await writer.knownContents(ids, analysisId))];
    expect(states.slice(0, clean).every((state) => state === 1)).toBe(true);
    expect(states.slice(clean)).toEqual([2, 0, 0, 0]);
    const partial = [...(await writer.knownContents(ids, partialAnalysisId(analysisId)))];
    expect(partial.slice(clean)).toEqual([0, 1, 0, 0]);
    expect(await writer.holdings(rootOf(place('p')))).toEqual([contentId(1000)]);
    expect((await store.stats()).contents).toBe(clean + 3);
    expect((await store.check()).faults).toEqual([]);
    store.close();
  });

  it('takes new contents and finds', async () => {
    const store = await newStore(versionOne());
    const writer = await begin(store);
    await writer.writeBatch(rootOf(place('p')), {
      contents: [content(4000), content(3, { findings: [finding(fingerprint('new'))] })],
      chunks: [],
    });
    const ids = Buffer.from([3, 4, 4000].map((n) => contentId(n)).join(''), 'hex');
    const expected = [2, 1, 1];
    // The same while the batch waits and once it is written.
    expect([...(await writer.knownContents(ids, analysisId))]).toEqual(expected);
    expect(await writer.holdings(rootOf(place('p')))).toEqual([contentId(3), contentId(1000)].sort());
    expect([...(await writer.knownContents(ids, analysisId))]).toEqual(expected);
    expect((await store.check()).faults).toEqual([]);
    store.close();
  });
});
