/** Folds the appearances of another database into this one. */
import type { Database } from 'better-sqlite3';
import type { CommitFacts } from '../model/appearance.js';
import { detailColumns, keyColumns } from './appearance-columns.js';
import type { AppearanceRow } from './group-copies.js';
import type { Interner } from './interner.js';
import type { MergedIds } from './merge-places.js';
import { rowTexts } from './row-texts.js';

interface StoredRow extends AppearanceRow {
  readonly content: number;
}

const columns = [...keyColumns, ...detailColumns, 'first_scan', 'seen_scan', 'vanished_scan'];

/** Columns that are told anew by the side that knows better. */
const told = [...detailColumns, 'seen_scan', 'vanished_scan'];

function addSql(conflict: string): string {
  const marks = columns.map((column) => `:${column}`).join(', ');
  return `INSERT INTO appearance (${columns.join(', ')}) VALUES (${marks}) ON CONFLICT DO ${conflict}`;
}

export function mergeAppearances(
  ours: Database,
  theirs: Database,
  interner: Interner,
  ids: MergedIds,
  contents: ReadonlyMap<number, number>,
): void {
  const texts = rowTexts(theirs);
  const set = told.map((column) => `${column} = excluded.${column}`).join(', ');
  const statements = {
    ours: ours.prepare(addSql('NOTHING')),
    theirs: ours.prepare(addSql(`UPDATE SET ${set}`)),
    same: ours.prepare(
      addSql(`UPDATE SET ${set} WHERE (excluded.vanished_scan IS NOT NULL, excluded.kind, excluded.ref_count)
        < (vanished_scan IS NOT NULL, kind, ref_count)`),
    ),
  };
  const commit = (id: number): number =>
    interner.commit(id === 0 ? undefined : (texts.commit(id) satisfies CommitFacts));
  const scanOf = (id: number): number => ids.scans.get(id) ?? 1;
  for (const row of theirs.prepare<[], StoredRow>('SELECT * FROM appearance').iterate()) {
    const root = ids.roots.get(row.root);
    const content = contents.get(row.content);
    if (root === undefined || content === undefined) continue;
    // What only the older whole scan of a root knows is gone.
    const isStale = root.newer === 'ours' && row.vanished_scan === null && root.seenScan !== undefined;
    const vanished = row.vanished_scan === null ? null : scanOf(row.vanished_scan);
    statements[root.newer].run({
      ...row,
      content,
      place: root.place,
      root: root.root,
      path: interner.path(row.path === 0 ? undefined : texts.path(row.path)),
      item: interner.list(texts.list(row.item)),
      about: commit(row.about),
      introduced: commit(row.introduced),
      removed: commit(row.removed),
      refs: interner.list(texts.list(row.refs)),
      author: interner.person(row.author === 0 ? undefined : texts.person(row.author)),
      permalink: interner.term(texts.term(row.permalink)),
      title: interner.term(texts.term(row.title)),
      details: interner.term(texts.term(row.details)),
      first_scan: scanOf(row.first_scan),
      seen_scan: scanOf(row.seen_scan),
      vanished_scan: isStale ? (root.seenScan ?? null) : vanished,
    });
  }
}
