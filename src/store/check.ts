/** Checks the database: SQLite's own checks, then what must hold between our tables. */
import type { Database } from 'better-sqlite3';
import { locationKinds } from '../model/appearance.js';
import { computeGroups } from './alias-groups.js';
import { cleanLists, listedAnalyses } from './clean-pages.js';
import { digestOf } from './digest.js';
import { compareIds, idBytes } from './sort-ids.js';
import type { CheckResult } from './store.js';
import { decodeMasks } from './sweep-page.js';
import { allTags, sweepPairs } from './sweep-runs.js';

/** Most faults of one sort that are told. */
const maxTold = 20;

/** Each query gives the number of rows that break the rule named. */
const rules: Readonly<Record<string, string>> = {
  'labels without a sighting': `SELECT count(*) FROM label l
    WHERE NOT EXISTS (SELECT 1 FROM sighting x WHERE x.secret = l.secret AND x.form = l.form)`,
  'sightings without a label': `SELECT count(*) FROM (SELECT DISTINCT secret, form FROM sighting) x
    WHERE NOT EXISTS (SELECT 1 FROM label l WHERE l.secret = x.secret AND l.form = x.form)`,
  'contents whose mark for sightings is wrong': `SELECT count(*) FROM content c
    WHERE c.hit <> EXISTS (SELECT 1 FROM sighting x WHERE x.content = c.id)`,
  'pages of clean contents that are cut or begin elsewhere': `SELECT count(*) FROM clean_page
    WHERE length(ids) = 0 OR length(ids) % 16 <> 0 OR first <> substr(ids, 1, 16)`,
  'appearances in another place than their root': `SELECT count(*) FROM appearance a
    JOIN place_root r ON r.id = a.root WHERE r.place <> a.place`,
};

function groupFaults(db: Database): string[] {
  const stored = db.prepare<[], [number, number]>('SELECT id, canonical FROM secret').raw().all();
  const expected = computeGroups(db);
  const wrong = stored.filter(([id, canonical]) => expected.get(id) !== canonical).length;
  return wrong === 0 ? [] : [`${wrong} secrets are in the wrong alias group`];
}

function codeFaults(db: Database): string[] {
  const names = db.prepare<[], string>('SELECT name FROM location_kind ORDER BY id').pluck().all();
  const expected: readonly string[] = locationKinds;
  return names.join() === expected.join()
    ? []
    : ['the numbers of location kinds are not those of this version'];
}

/** Postings must be sorted, counted and name chunks and masks that are there. */
function sweepFaults(db: Database): string[] {
  const known = new Map(
    db
      .prepare<[], { id: number; masks: Buffer }>('SELECT id, masks FROM sweep_chunk')
      .all()
      .map(({ id, masks }) => [id, decodeMasks(masks).length]),
  );
  let count = 0;
  let loose = 0;
  let unsorted = 0;
  let last = -1;
  for (const { tag, postings } of allTags(db)) {
    if (tag <= last) unsorted++;
    last = tag;
    count += postings.length;
    loose += postings.filter(({ chunk, mask }) => mask >= (known.get(chunk) ?? 0)).length;
  }
  const faults: string[] = [];
  if (loose > 0) faults.push(`${loose} sweep entries without a chunk`);
  if (unsorted > 0) faults.push(`${unsorted} sweep tags out of order`);
  if (count !== sweepPairs(db)) faults.push('the number of sweep entries is not what their pages say');
  return faults;
}

/** Lists of clean contents must be sorted, without doubles, and begin where their page says. */
function listFaults(db: Database): string[] {
  let unsorted = 0;
  for (const analysis of listedAnalyses(db)) {
    let last: Uint8Array | undefined;
    for (const ids of cleanLists(db, analysis)) {
      for (let at = 0; at < ids.length; at += idBytes) {
        const id = ids.subarray(at, at + idBytes);
        if (last !== undefined && compareIds(last, 0, id, 0) >= 0) unsorted++;
        last = id;
      }
    }
  }
  return unsorted === 0 ? [] : [`${unsorted} clean contents out of order`];
}

export function checkDatabase(db: Database): CheckResult {
  const integrity = db.pragma(`integrity_check(${maxTold})`) as { integrity_check: string }[];
  const faults = integrity.map((row) => row.integrity_check).filter((text) => text !== 'ok');
  const broken = db.pragma('foreign_key_check') as { table: string; parent: string }[];
  const references = new Set(
    broken.map((row) => `a row of ${row.table} names a missing row of ${row.parent}`),
  );
  faults.push(...references);
  for (const [rule, sql] of Object.entries(rules)) {
    const count = db.prepare(sql).pluck().get() as number;
    if (count > 0) faults.push(`${count} ${rule}`);
  }
  faults.push(...groupFaults(db), ...codeFaults(db), ...listFaults(db));
  // One snapshot of the sweep index: another process may be merging its runs.
  return db.transaction(() => {
    faults.push(...sweepFaults(db));
    return { ok: faults.length === 0, faults, digest: digestOf(db) };
  })();
}
