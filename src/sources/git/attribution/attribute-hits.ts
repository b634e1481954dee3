/**
 * Finds every appearance of the objects that hold a finding, and of the names that do: by walking trees and commits as objects,
 * never by `git log`, so that merges, renames, stashes, notes and unreachable commits are all seen.
 */
import type { Appearance, CommitFacts } from '../../../model/appearance.js';
import type { AttributedName, AttributedObject, HitObject, PlanEvents } from '../../source.js';
import type { IndexEntry } from '../index-entries.js';
import { oidsOfHex } from '../object-id.js';
import { AppearanceTable } from './appearance-table.js';
import {
  type Attributed,
  addUnnamed,
  annotatedCommit,
  attributeTexts,
  blobAppearance,
  type Facts,
  reachOf,
} from './appearances.js';
import { parseCommitFacts } from './commit-facts.js';
import { HistoryWalk } from './history-walk.js';
import { OidTable } from './oid-table.js';
import { type AttributionInput, readCommits, readTags, readTrees, uniqueOids } from './read-graphs.js';
import { holdOrphans, holdTips, resolveTips } from './tips.js';

export async function* attributeHits(
  input: AttributionInput,
  hits: readonly HitObject[],
  events: PlanEvents,
  signal: AbortSignal,
): AsyncGenerator<AttributedObject> {
  if (hits.length === 0) return;
  const store = await walkStore(input, hits, [], events, signal);
  const { rows, blobs } = store;
  const facts = await readFacts(store, hits, signal);
  const rowsByHit = groupRows(rows, blobs.count);
  const indexByHit = groupIndex(input.index, blobs);
  for (let hit = 0; hit < blobs.count; hit++) {
    const appearances = (rowsByHit[hit] ?? []).map((row) => blobAppearance(store, facts, row));
    addUnnamed(store, hit, indexByHit.get(hit) ?? [], appearances);
    yield { oid: blobs.hexOf(hit), appearances };
  }
  yield* attributeTexts(store, facts, hits);
}

/**
 * Finds every path that ends in one of these names, whatever stands there: by the same walk, in which what bears the
 * name is the hit. A name that only an unreadable tree has appears nowhere.
 */
export async function* attributeNames(
  input: AttributionInput,
  names: readonly Uint8Array[],
  events: PlanEvents,
  signal: AbortSignal,
): AsyncGenerator<AttributedName> {
  if (names.length === 0) return;
  const store = await walkStore(input, [], names, events, signal);
  const facts = await readFacts(store, [], signal);
  for (const [name, rows] of groupRows(store.rows, names.length).entries()) {
    const appearances = rows.map((row): Appearance => {
      const appearance = blobAppearance(store, facts, row);
      return { ...appearance, locationKind: 'git-metadata' };
    });
    yield { name, appearances };
  }
}

/** Walks all of the history for what holds the hits, or what bears one of the names. */
async function walkStore(
  input: AttributionInput,
  hits: readonly HitObject[],
  names: readonly Uint8Array[],
  events: PlanEvents,
  signal: AbortSignal,
): Promise<Attributed> {
  const blobs = new OidTable(uniqueOids(hits, 'blob', input.oidBytes), input.oidBytes);
  const wanted = blobs.count + names.length;
  const treeTable = new OidTable(wanted > 0 ? input.trees : new Uint8Array(0), input.oidBytes);
  let isWhole = true;
  const noted: PlanEvents = {
    ...events,
    problem: (problem) => {
      isWhole = false;
      events.problem(problem);
    },
  };
  const trees = await readTrees(input, treeTable, blobs, noted, signal, names);
  const commits = await readCommits(input, treeTable, noted, signal);
  const taggers = new OidTable(uniqueOids(hits, 'tag', input.oidBytes), input.oidBytes);
  const tags = await readTags(input, taggers, signal);
  const tips = resolveTips(input, commits, tags, treeTable, blobs);
  commits.markReachable(
    tips.refs.map((tip) => tip.commit),
    'ref',
  );
  commits.markReachable(tips.stash, 'stash');
  commits.markReachable(
    tips.notes.map((tip) => tip.commit),
    'note',
  );
  commits.markReachable(tips.logged, 'reflog');
  const order = commits.topologicalOrder();
  const rows = new AppearanceTable(Math.max(1, wanted), trees.names);
  const walk = new HistoryWalk(commits, trees, rows);
  walk.run(order);
  const held = holdTips(input, tips, trees, rows);
  const orphans = holdOrphans(commits, tips, trees, rows);
  if (walk.cutShort || held.cutShort || orphans.cutShort) {
    events.problem({ code: 'walk-limit', where: input.where, detail: 'history has too many paths to list' });
  }
  if (isWhole)
    input.keep?.({ commits, tags, hits: blobs, treeTable, trees, isAfterKnown: input.known !== undefined });
  return { input, blobs, commits, tags, tips, rows, held, order };
}

function groupRows(rows: AppearanceTable, hitCount: number): readonly (readonly number[])[] {
  const byHit: number[][] = Array.from({ length: hitCount }, () => []);
  for (let row = 0; row < rows.count; row++) byHit[rows.rowHits.at(row)]?.push(row);
  return byHit;
}

function groupIndex(entries: readonly IndexEntry[], blobs: OidTable): ReadonlyMap<number, readonly Buffer[]> {
  const byHit = new Map<number, Buffer[]>();
  for (const { oid, path } of entries) {
    const hit = blobs.findHex(oid);
    if (hit < 0) continue;
    const there = byHit.get(hit);
    if (there === undefined) byHit.set(hit, [path]);
    else there.push(path);
  }
  return byHit;
}

/** Reads the commits that appearances name, once each. */
async function readFacts(store: Attributed, hits: readonly HitObject[], signal: AbortSignal): Promise<Facts> {
  const wanted = new Set<number>();
  const { rows, commits } = store;
  for (let row = 0; row < rows.count; row++) {
    const introduced = rows.introduced.at(row) - 1;
    const removed = rows.removed.at(row) - 1;
    if (introduced >= 0) wanted.add(introduced);
    if (removed >= 0) wanted.add(removed);
    if (introduced < 0 || reachOf(store, introduced) === 'note') wanted.add(annotatedCommit(store, row));
  }
  for (const hit of hits) {
    if (hit.objectType === 'commit') wanted.add(commits.table.find(hit.oid, 0));
    if (hit.objectType === 'tag') wanted.add(commits.table.find(store.tags.peel(hit.oid).target, 0));
  }
  wanted.delete(-1);
  const indexes = [...wanted].sort((a, b) => a - b);
  const facts = new Map<number, CommitFacts>();
  const oids = oidsOfHex(
    indexes.map((index) => commits.table.hexOf(index)),
    store.input.oidBytes,
  );
  if (indexes.length === 0) return facts;
  await store.input.objects.read(
    'commit',
    new OidTable(oids, store.input.oidBytes),
    {
      object: (at, type, buffer, start, end) => {
        const index = indexes[at];
        if (type !== 'commit' || index === undefined) return;
        facts.set(index, parseCommitFacts(commits.table.hexOf(index), buffer.subarray(start, end)));
      },
      missing: () => undefined,
    },
    signal,
  );
  return facts;
}
