/** Gathers what verdicts rest on: copies root by root, bare copies that the index or a given value leads to, readings. */

import type { Exposure, Location } from '../model/exposure.js';
import type { KnownAnchor } from '../model/finding.js';
import type { Fingerprint } from '../model/ids.js';
import type { Place } from '../model/place.js';
import { ProblemError } from '../model/problem.js';
import type { SecretValue } from '../model/secret-value.js';
import type { VerdictState } from '../rotation/log/state.js';
import {
  type HeldCopy,
  type RootEvidence,
  rootEvidence,
  type VerifyInput,
} from '../rotation/verify/evidence.js';
import { appearanceName } from '../rotation/verify/judge-copies.js';
import type { DeepEvents } from '../scan/locate-deep.js';
import { isVendorTree } from '../sources/files/vendor-trees.js';
import type { RootReading, RootRef, SweepCandidate } from '../store/store.js';
import type { Context } from './context.js';
import type { RootLook } from './look-at-root.js';
import type { Session } from './session.js';
import { mirrorFolder } from './user-paths.js';
import { formsOfValue } from './where-sources.js';

/** Commits whose refs are counted: each is a walk of git over the history. */
const maxCountedCommits = 50;
/** The rule of copies that only a search for the value finds. */
const sweepRule = 'known-value';

/** What is known beside the database: the log, the plan, a value. */
export interface VerifyContext {
  /** By place key, '' for any. */
  readonly purgedAt: ReadonlyMap<string, string>;
  readonly earlier: readonly VerdictState[];
  readonly isReturned: boolean;
  readonly sinceScan?: number;
  readonly value?: SecretValue;
}

/** How far a search for a given value reached. */
export interface DeepReach {
  readonly read: number;
  readonly gone: readonly RootRef[];
  readonly problems: number;
}

export interface GatheredEvidence {
  readonly input: VerifyInput;
  readonly deep?: DeepReach;
}

/** Names of a root's look: several roots have one locator. */
export type Looks = ReadonlyMap<string, RootLook>;

/** Keys of all places that have or had a copy. */
export async function placesHolding({ store }: Session, fingerprint: Fingerprint): Promise<Place['key'][]> {
  const copies = await store.rootCopies(fingerprint);
  return [...new Set(copies.map(({ location }) => location.place))].sort();
}

export async function lookAtAll(
  context: Context,
  session: Session,
  readings: readonly RootReading[],
): Promise<Looks> {
  const places = await placesByKey(session);
  const looks = new Map<string, RootLook>();
  for (const { locator, place, main = place } of readings) {
    const system = places.get(main)?.system ?? 'folder';
    if (!looks.has(locator))
      looks.set(locator, await context.services.lookAtRoot(locator, system, mirrorFolder(context.io)));
  }
  return looks;
}

export async function gatherEvidence(
  context: Context,
  session: Session,
  exposure: Exposure,
  known: VerifyContext,
): Promise<GatheredEvidence> {
  const { store } = session;
  const recorded = (await store.rootCopies(exposure.fingerprint)).map(({ locator, location }) =>
    heldCopy(locator, location, location.rule === sweepRule),
  );
  const anchors = await anchorsOf(session, exposure);
  const indexed = await indexedCopies(context, session, anchors, recorded);
  const deep = known.value === undefined ? undefined : await deepCopies(context, session, known.value);
  const held = merged([...recorded, ...indexed, ...(deep?.copies ?? [])]);
  const places = [...new Set(held.map(({ location }) => location.place))];
  const readings = await store.readings(places);
  const looks = await lookAtAll(context, session, readings);
  const roots = await evidenceOf(session, readings, looks);
  const { purgedAt, earlier, isReturned, sinceScan } = known;
  const reach = deep?.reach;
  const isDeepWhole = reach !== undefined && reach.gone.length + reach.problems === 0;
  return {
    input: {
      fingerprint: exposure.fingerprint,
      held,
      roots,
      purgedAt,
      ...(sinceScan === undefined ? {} : { sinceScan }),
      isByValue: anchors.length > 0 || isDeepWhole,
      earlier,
      isReturned,
      refCounts: await refCountsOf(context, held),
    },
    ...(reach === undefined ? {} : { deep: reach }),
  };
}

async function placesByKey({ store }: Session): Promise<ReadonlyMap<string, Place>> {
  return new Map((await store.places()).map((place) => [place.key as string, place]));
}

async function evidenceOf(
  session: Session,
  readings: readonly RootReading[],
  looks: Looks,
): Promise<RootEvidence[]> {
  const places = await placesByKey(session);
  const acceptedGaps = await session.store.acceptedGaps();
  return readings.flatMap((reading) => {
    const place = places.get(reading.place);
    const look = looks.get(reading.locator);
    if (place === undefined || look === undefined) return [];
    const { isMissing, mirror } = look;
    const fetched = mirror === undefined ? {} : { fetchedAt: mirror.fetchedAt };
    return [rootEvidence(reading, { place, isMissing, acceptedGaps, ...fetched })];
  });
}

function heldCopy(locator: string, location: Location, isByValue: boolean): HeldCopy {
  const { appearance } = location;
  const path =
    appearance.type === 'file' || appearance.type === 'git-blob' ? (appearance.path?.text ?? '') : '';
  return {
    locator,
    location,
    isThere: location.status.status !== 'vanished',
    isByValue,
    isInVendorTree: path.split('/').some(isVendorTree),
  };
}

/** Anchors of the secret in every form: what the index of values can be asked about. */
async function anchorsOf({ store }: Session, exposure: Exposure): Promise<KnownAnchor[]> {
  const own = new Set<string>([
    exposure.fingerprint,
    ...exposure.aliases.map(({ fingerprint }) => fingerprint),
  ]);
  return (await store.anchors()).filter(({ fingerprint }) => own.has(fingerprint));
}

/** Bare copies that no scan has recorded yet: the secret became known after they were read. */
async function indexedCopies(
  context: Context,
  session: Session,
  anchors: readonly KnownAnchor[],
  recorded: readonly HeldCopy[],
): Promise<HeldCopy[]> {
  if (anchors.length === 0) return [];
  const tags = Float64Array.from(new Set(anchors.map(({ tag }) => tag)));
  const there = new Set(
    recorded.flatMap(({ isThere, locator, location }) => (isThere ? [`${location.content} ${locator}`] : [])),
  );
  const candidates = (await session.store.sweepCandidates(tags)).filter(
    ({ content, locator }) => !there.has(`${content} ${locator}`),
  );
  const found: HeldCopy[] = [];
  const deps = { ...session, onEvent: () => {}, signal: context.signal };
  for (const group of byRoot(candidates)) {
    for await (const location of context.services.locate(group, anchors, deps)) {
      // Also what cannot be opened any more and may hold it: its root is told as gone.
      found.push(heldCopy(group[0]?.locator ?? '', seenNow(context, location), true));
    }
  }
  return found;
}

function byRoot(candidates: readonly SweepCandidate[]): SweepCandidate[][] {
  const groups = new Map<string, SweepCandidate[]>();
  for (const candidate of candidates) {
    const key = `${candidate.place}\0${candidate.locator}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [candidate]);
    else group.push(candidate);
  }
  return [...groups.values()];
}

/** It was read a moment ago, whatever scans have recorded. */
function seenNow(context: Context, location: Location): Location {
  const now = context.io.now();
  return { ...location, firstSeen: now, lastSeen: now, lastScan: Number.MAX_SAFE_INTEGER };
}

/** Reads every known root again for the value, in every spelling. */
async function deepCopies(
  context: Context,
  session: Session,
  value: SecretValue,
): Promise<{ readonly copies: readonly HeldCopy[]; readonly reach: DeepReach }> {
  const { services, signal } = context;
  const forms = await formsOfValue(context, session, value);
  const anchors = forms.map(({ anchor }) => anchor).filter((anchor) => anchor !== undefined);
  const literal = await services.literalOf(value, session.keys);
  const copies: HeldCopy[] = [];
  const gone: RootRef[] = [];
  let read = 0;
  let problems = 0;
  // Copies come root by root, and each root is told when its last copy has come.
  let waiting: Location[] = [];
  const events: DeepEvents = {
    read: ({ locator }) => {
      read++;
      for (const location of waiting) copies.push(heldCopy(locator, seenNow(context, location), true));
      waiting = [];
    },
    gone: (root) => {
      gone.push(root);
    },
    problem: () => {
      problems++;
    },
  };
  const deps = { ...session, onEvent: () => {}, signal };
  for await (const location of services.locateDeep(anchors, [literal], deps, events)) waiting.push(location);
  return { copies, reach: { read, gone, problems } };
}

/** One entry a root and copy: what was found now counts, and else what was recorded. */
function merged(held: readonly HeldCopy[]): HeldCopy[] {
  const byCopy = new Map<string, HeldCopy>();
  for (const copy of held) {
    const { place, appearance, content, span, chain } = copy.location;
    const key = JSON.stringify([copy.locator, place, appearanceName(appearance), content, chain, span]);
    const other = byCopy.get(key);
    byCopy.set(key, other === undefined ? copy : newer(other, copy));
  }
  return [...byCopy.values()];
}

/** What is recorded knows since when; what was found now knows that it is there. */
function newer(recorded: HeldCopy, found: HeldCopy): HeldCopy {
  const { lastSeen, lastScan, status } = found.location;
  return {
    ...recorded,
    isThere: true,
    isByValue: true,
    location: { ...recorded.location, lastSeen, lastScan, status },
  };
}

/** Refs that lead to what history holds, by the commit that brought it in. */
async function refCountsOf(
  context: Context,
  held: readonly HeldCopy[],
): Promise<ReadonlyMap<string, number>> {
  const byLocator = new Map<string, Set<string>>();
  for (const { isThere, locator, location } of held) {
    const { appearance } = location;
    if (!isThere || appearance.type !== 'git-blob' || appearance.introduced === undefined) continue;
    if (appearance.locationKind !== 'git-history' && appearance.locationKind !== 'git-stash') continue;
    byLocator.set(locator, (byLocator.get(locator) ?? new Set()).add(appearance.introduced.id));
  }
  const counts = new Map<string, number>();
  for (const [locator, commits] of byLocator) {
    const asked = [...commits].sort().slice(0, maxCountedCommits);
    const found = await context.services.refsReaching(locator, asked);
    for (const [commit, count] of found) counts.set(commit, Math.max(count, counts.get(commit) ?? 0));
  }
  return counts;
}

/** The value on stdin must be the one that is verified: another one would prove nothing. */
export async function checkedValue(
  context: Context,
  session: Session,
  exposures: readonly Exposure[],
  value: SecretValue,
): Promise<Exposure> {
  const forms = await formsOfValue(context, session, value);
  const own = await session.store.findByFingerprints(forms.map(({ fingerprint }) => fingerprint));
  const match = exposures.find(({ fingerprint }) => own.includes(fingerprint));
  if (match !== undefined) return match;
  throw new ProblemError({
    code: 'usage',
    message: 'The value on stdin is not the secret that is to be verified: its fingerprint is another one.',
    hint: '"sprawl fingerprint -" prints the fingerprint of a value.',
  });
}
