/** Turns rows into appearances: the location kind, the commits, the refs, the path. */
import type {
  CommitFacts,
  GitBlobAppearance,
  GitTextAppearance,
  LocationKind,
} from '../../../model/appearance.js';
import type { AttributedObject, HitObject } from '../../source.js';
import { pathNameOf } from '../path-name.js';
import type { AppearanceTable } from './appearance-table.js';
import { type CommitGraph, type ReachClass, reachClasses } from './commit-graph.js';
import { OidTable } from './oid-table.js';
import { reachingRefs } from './reaching-refs.js';
import { type AttributionInput, uniqueOids } from './read-graphs.js';
import type { TagGraph } from './tag-graph.js';
import type { TipHolding } from './tip-walk.js';
import type { Held, Tips } from './tips.js';

const noHolding: TipHolding = { refs: [], refCount: 0 };

/** All that appearances are made from. */
export interface Attributed {
  readonly input: AttributionInput;
  readonly blobs: OidTable;
  readonly commits: CommitGraph;
  readonly tags: TagGraph;
  readonly tips: Tips;
  readonly rows: AppearanceTable;
  readonly held: Held;
  readonly order: Int32Array;
}

/** Commits that appearances name, by index. */
export type Facts = ReadonlyMap<number, CommitFacts>;

export function reachOf(store: Attributed, commit: number): ReachClass {
  return reachClasses[store.commits.reach[commit] as number] ?? 'unreachable';
}

const kindByReach: Readonly<Record<ReachClass, LocationKind>> = {
  ref: 'git-history',
  stash: 'git-stash',
  note: 'git-note',
  reflog: 'git-reflog',
  unreachable: 'git-unreachable',
};

export function blobAppearance(
  store: Attributed,
  facts: Facts,
  row: number,
): GitBlobAppearance | GitTextAppearance {
  const { rows, held } = store;
  const introduced = rows.introduced.at(row) - 1;
  const reach = introduced < 0 ? 'unreachable' : reachOf(store, introduced);
  const notes = held.byNotes.get(row);
  const tips = held.byTips.get(row) ?? noHolding;
  const atHead = held.byDefault.has(row);
  if (!atHead && tips.refCount === 0 && (notes !== undefined || reach === 'note')) {
    return noteAppearance(store, facts, row, notes ?? noHolding);
  }
  const locationKind = atHead ? 'git-head' : tips.refCount > 0 ? 'git-other-tip' : kindByReach[reach];
  const removed = removedBy(store, row, introduced, atHead || tips.refCount > 0);
  const introducedFacts = introduced < 0 || !isNamed(store, introduced) ? undefined : facts.get(introduced);
  const removedFacts = removed < 0 ? undefined : facts.get(removed);
  return {
    type: 'git-blob',
    locationKind,
    path: pathNameOf(rows.pathBytes(row)),
    ...(introducedFacts === undefined ? {} : { introduced: introducedFacts }),
    ...(removedFacts === undefined ? {} : { removed: removedFacts }),
    ...tips,
  };
}

/** In a partial history a commit whose parents are absent may only seem to introduce. */
function isNamed(store: Attributed, commit: number): boolean {
  return !store.input.partialHistory || !store.commits.parentsOf(commit).includes(-1);
}

/** Index of the removing commit; -1 while a tip holds the row or when only a lesser history removed it. */
function removedBy(store: Attributed, row: number, introduced: number, atTip: boolean): number {
  const removed = store.rows.removed.at(row) - 1;
  if (atTip || removed < 0 || introduced < 0) return -1;
  const { reach } = store.commits;
  return (reach[removed] as number) <= (reach[introduced] as number) ? removed : -1;
}

function noteAppearance(store: Attributed, facts: Facts, row: number, notes: TipHolding): GitTextAppearance {
  const about = facts.get(annotatedCommit(store, row));
  const label = notes.refs[0] ?? 'refs/notes';
  return {
    type: 'git-text',
    locationKind: 'git-note',
    ...(about === undefined ? {} : { commit: about }),
    label,
    ...notes,
  };
}

/** A notes tree names its notes by the hex id of the annotated object, fanned out into folders. */
export function annotatedCommit(store: Attributed, row: number): number {
  return store.commits.table.findHex(store.rows.pathBytes(row).toString('latin1').replaceAll('/', ''));
}

/** Copies that no commit's tree names: the index, a ref straight to the blob, or nothing at all. */
export function addUnnamed(
  store: Attributed,
  hit: number,
  staged: readonly Buffer[],
  appearances: (GitBlobAppearance | GitTextAppearance)[],
): void {
  const atHead = new Set(
    appearances.flatMap((one) =>
      one.type === 'git-blob' && one.locationKind === 'git-head' ? [one.path?.text] : [],
    ),
  );
  for (const path of staged) {
    const name = pathNameOf(path);
    if (atHead.has(name.text)) continue;
    appearances.push({ type: 'git-blob', locationKind: 'git-staged', path: name, ...noHolding });
  }
  const refs = store.tips.blobRefs.get(hit);
  if (refs !== undefined) {
    appearances.push({
      type: 'git-blob',
      locationKind: 'git-other-tip',
      refs: refs.slice(0, 20),
      refCount: refs.length,
    });
  }
  if (appearances.length === 0) {
    appearances.push({ type: 'git-blob', locationKind: 'git-unreachable', ...noHolding });
  }
}

const textKindByReach: Readonly<Record<ReachClass, LocationKind>> = {
  ref: 'git-commit-message',
  stash: 'git-stash',
  note: 'git-commit-message',
  reflog: 'git-reflog',
  unreachable: 'git-unreachable',
};

/** Commit and tag messages. */
export function* attributeTexts(
  store: Attributed,
  facts: Facts,
  hits: readonly HitObject[],
): Generator<AttributedObject> {
  const { commits, tags, tips } = store;
  const commitHits = new OidTable(uniqueOids(hits, 'commit', store.input.oidBytes), store.input.oidBytes);
  const indexes = Array.from({ length: commitHits.count }, (_, i) =>
    commits.table.find(commitHits.oids, i * commitHits.oidBytes),
  );
  const reaching = reachingRefs(
    indexes.filter((index) => index >= 0),
    commits,
    store.order,
    tips.refs.filter((tip) => tip.commit >= 0),
  );
  for (const [i, index] of indexes.entries()) {
    const commit = facts.get(index);
    const locationKind = index < 0 ? 'git-unreachable' : textKindByReach[reachOf(store, index)];
    const appearance: GitTextAppearance = {
      type: 'git-text',
      locationKind,
      ...(commit === undefined ? {} : { commit }),
      ...(reaching.get(index) ?? noHolding),
    };
    yield { oid: commitHits.hexOf(i), appearances: [appearance] };
  }
  const tagHits = new OidTable(uniqueOids(hits, 'tag', store.input.oidBytes), store.input.oidBytes);
  for (let i = 0; i < tagHits.count; i++) {
    const oid = tagHits.oids.subarray(i * tagHits.oidBytes, (i + 1) * tagHits.oidBytes);
    const index = tags.table.find(oid, 0);
    const refs = tips.tagRefs.get(index) ?? [];
    const commit = facts.get(commits.table.find(tags.peel(oid).target, 0));
    const lost = tips.loggedTags.has(index) ? 'git-reflog' : 'git-unreachable';
    const appearance: GitTextAppearance = {
      type: 'git-text',
      locationKind: refs.length > 0 ? 'git-tag-message' : lost,
      ...(commit === undefined ? {} : { commit }),
      label: tags.nameOf(index),
      refs: refs.slice(0, 20),
      refCount: refs.length,
    };
    yield { oid: tagHits.hexOf(i), appearances: [appearance] };
  }
}
