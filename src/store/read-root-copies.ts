/** Reads the copies of one secret root by root: what a clone lost says nothing of another clone. */
import type { Database } from 'better-sqlite3';
import { type Copy, copyReader } from './group-copies.js';
import { locationReader } from './read-locations.js';
import { rowTexts } from './row-texts.js';
import { compareTexts, rootReader } from './standings.js';
import type { RootCopy } from './store.js';

/** @param group row id of the canonical fingerprint */
export function readRootCopies(db: Database, group: number): RootCopy[] {
  const rootOf = rootReader(db);
  const locations = locationReader(db, rowTexts(db));
  const byLocator = new Map<string, Copy[]>();
  for (const copy of copyReader(db).rootCopies(group)) {
    const { locator } = rootOf(copy.standing.row.root);
    const others = byLocator.get(locator);
    if (others === undefined) byLocator.set(locator, [copy]);
    else others.push(copy);
  }
  return [...byLocator]
    .sort(([a], [b]) => compareTexts(a, b))
    .flatMap(([locator, copies]) =>
      locations.locations(copies).map((location): RootCopy => ({ locator, location })),
    );
}
