/** Joins what the roots say of each copy: there in one is there; gone only when every root that had it says so. */
import type { Location } from '../../model/exposure.js';
import { codePointOrder } from '../order.js';
import { classOf } from './copy-class.js';
import { freshnessOf, type HeldCopy, type RootEvidence, rootKey, type VerifyInput } from './evidence.js';
import { judgeRecord } from './judge-record.js';
import { type Freshness, judgeRoot } from './judge-root.js';
import { documentKey } from './purge-times.js';
import type { CopyReason, CopyState, CopyVerdict, RootStanding } from './verdict.js';

/** Copies in the order of {@link copyOrder}. */
export function judgeCopies(input: VerifyInput): CopyVerdict[] {
  const roots = new Map(input.roots.map((root) => [rootKey(root.place, root.locator), root]));
  const exportsOf = new Map<string, RootEvidence[]>();
  for (const root of input.roots) {
    if (root.nature !== 'export') continue;
    exportsOf.set(root.place, [...(exportsOf.get(root.place) ?? []), root]);
  }
  const groups = new Map<string, HeldCopy[]>();
  for (const copy of input.held) {
    const root = roots.get(rootKey(copy.location.place, copy.locator));
    const key = root?.nature === 'export' ? recordKey(copy.location) : locationKey(copy.location);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [copy]);
    else group.push(copy);
  }
  return [...groups.values()].map((group) => judgeGroup(group, input, roots, exportsOf)).sort(copyOrder);
}

function judgeGroup(
  group: readonly HeldCopy[],
  input: VerifyInput,
  roots: ReadonlyMap<string, RootEvidence>,
  exportsOf: ReadonlyMap<string, readonly RootEvidence[]>,
): CopyVerdict {
  const { place } = firstOf(group).location;
  const fresh = freshnessOf(input, place, documentKey(firstOf(group)));
  const isExport = roots.get(rootKey(place, firstOf(group).locator))?.nature === 'export';
  const judged = isExport
    ? judgeRecord(group, exportsOf.get(place) ?? [], fresh.purgedAt)
    : judgeDirect(group, roots, fresh);
  const { location } = mostTelling(group, judged);
  return {
    location,
    class: classOf(location),
    ...judged,
    ground: input.isByValue || group.some(({ isByValue }) => isByValue) ? 'by-value' : 'by-detection',
  };
}

interface Judged {
  readonly state: CopyState;
  readonly reason: CopyReason;
  readonly roots: readonly RootStanding[];
}

const statesByWeight: readonly CopyState[] = ['present', 'unproven', 'gone'];

function judgeDirect(
  group: readonly HeldCopy[],
  roots: ReadonlyMap<string, RootEvidence>,
  fresh: Freshness,
): Judged {
  const standings = group
    .map((copy): RootStanding => {
      const root = roots.get(rootKey(copy.location.place, copy.locator));
      return root === undefined
        ? { locator: copy.locator, state: 'unproven', reason: 'not-read' }
        : judgeRoot(copy, root, fresh);
    })
    .sort((a, b) => codePointOrder(a.locator, b.locator));
  const [worst] = statesByWeight.flatMap((state) => standings.filter((standing) => standing.state === state));
  return { state: worst?.state ?? 'unproven', reason: worst?.reason ?? 'not-read', roots: standings };
}

/** What one clone has at a tip another may have in history: the worst of those that decided is told. */
function mostTelling(group: readonly HeldCopy[], { state, roots }: Judged): HeldCopy {
  const deciding = new Set(roots.filter((root) => root.state === state).map(({ locator }) => locator));
  const candidates = group.filter(({ locator }) => deciding.has(locator));
  const there = candidates.filter(({ isThere }) => isThere);
  const told = [there, candidates, group].find((copies) => copies.length > 0) ?? group;
  const byClass = classOrder.flatMap((sort) => told.filter(({ location }) => classOf(location) === sort));
  return firstOf(byClass);
}

function firstOf(group: readonly HeldCopy[]): HeldCopy {
  const [first] = group;
  if (first === undefined) throw new RangeError('a group of copies has one at least');
  return first;
}

/** One record, whatever text of it holds the value how often. */
function recordKey({ place, appearance }: Location): string {
  return JSON.stringify([place, appearanceName(appearance)]);
}

/** Equal for two clones of one place that show the same. */
function locationKey({ place, appearance, chain, content, span }: Location): string {
  return JSON.stringify([place, appearanceName(appearance), chain, content, span.start, span.end]);
}

/** What an appearance is called: the same for the same document, wherever it was read. */
export function appearanceName(appearance: Location['appearance']): readonly unknown[] {
  switch (appearance.type) {
    case 'git-blob':
    case 'file':
      return [appearance.type, appearance.path];
    case 'git-text':
      return [appearance.type, appearance.commit?.id, appearance.label];
    case 'record': {
      const { recordType, recordId, field, revision, revisionId } = appearance;
      return [recordType, recordId, field, revision, revisionId];
    }
  }
}

const classOrder: readonly CopyVerdict['class'][] = ['head', 'human', 'history', 'unreachable'];

/** What is there first, then what is not known; the worst sort first, then by place and name. */
function copyOrder(a: CopyVerdict, b: CopyVerdict): number {
  return (
    statesByWeight.indexOf(a.state) - statesByWeight.indexOf(b.state) ||
    classOrder.indexOf(a.class) - classOrder.indexOf(b.class) ||
    codePointOrder(a.location.place, b.location.place) ||
    codePointOrder(locationKey(a.location), locationKey(b.location))
  );
}
