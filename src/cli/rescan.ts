/**
 * Reads again the roots that have or had a secret, and only those. Their places keep their keys: a rewritten history has
 * other root commits, and would else be a place that nobody knew.
 */
import { availableParallelism } from 'node:os';
import type { PeopleMode } from '../model/people-mode.js';
import type { Place } from '../model/place.js';
import type { ScanOptions, ScanResult } from '../scan/messages.js';
import { isEmbeddedLocator, liesIn } from '../sources/embedded/embedded-path.js';
import type { RootReading, RootRef } from '../store/store.js';
import type { Context } from './context.js';
import type { RootLook } from './look-at-root.js';
import type { Session } from './session.js';
import { mirrorFolder } from './user-paths.js';

export interface RescanFlags {
  /** Ask remotes for what is new; nothing goes to the network otherwise. */
  readonly fetch: boolean;
  readonly vendor: boolean;
  readonly includeDirect: boolean;
  readonly trustOwner: boolean;
  readonly alternates: boolean;
  readonly people?: PeopleMode;
}

export interface Rescan {
  /** Number of its first scan; what no scan of it read has a lower one. */
  readonly sinceScan: number;
  readonly interrupted: boolean;
}

/** One call of the scanner: its targets, and the place that they are. */
interface Round {
  readonly targets: readonly string[];
  readonly place?: Place;
}

export async function rescan(
  context: Context,
  session: Session,
  readings: readonly RootReading[],
  looks: ReadonlyMap<string, RootLook>,
  flags: RescanFlags,
): Promise<Rescan> {
  const places = new Map((await session.store.places()).map((place) => [place.key as string, place]));
  const rounds = roundsOf(readings, await session.store.roots(), places, looks, flags.fetch);
  let sinceScan = Number.MAX_SAFE_INTEGER;
  let interrupted = false;
  for (const { targets, place } of rounds) {
    if (context.signal.aborted) break;
    const result = await scanRound(context, session, { targets, ...(place && { place }) }, flags);
    sinceScan = Math.min(sinceScan, result.scan);
    interrupted ||= result.receipt.interrupted;
    // Under its own key a place is told by that key; its name is what it was called before.
    if (place !== undefined) await session.store.upsertPlace(place);
  }
  return { sinceScan, interrupted: interrupted || context.signal.aborted };
}

function roundsOf(
  readings: readonly RootReading[],
  roots: readonly RootRef[],
  places: ReadonlyMap<string, Place>,
  looks: ReadonlyMap<string, RootLook>,
  isFetching: boolean,
): Round[] {
  const natural = new Set<string>();
  const byPlace = new Map<string, Set<string>>();
  for (const { place, main = place, locator } of readings) {
    const look = looks.get(locator);
    const owner = places.get(main);
    if (look === undefined || look.isMissing || owner === undefined) continue;
    if (isEmbeddedLocator(locator)) natural.add(holderOf(locator, roots) ?? look.target);
    else if (look.mirror !== undefined && isFetching) natural.add(look.mirror.url);
    else if (owner.system !== 'git') natural.add(look.target);
    else byPlace.set(main, (byPlace.get(main) ?? new Set()).add(look.target));
  }
  const named = [...byPlace].map(([key, targets]): Round => {
    const place = places.get(key);
    return { targets: [...targets], ...(place && { place }) };
  });
  return [...named, ...(natural.size === 0 ? [] : [{ targets: [...natural] }])];
}

/** The target in whose files an embedded repository was met. */
function holderOf(locator: string, roots: readonly RootRef[]): string | undefined {
  return roots.find((root) => !isEmbeddedLocator(root.locator) && liesIn(locator, root.locator))?.locator;
}

async function scanRound(
  context: Context,
  session: Session,
  { targets, place }: Round,
  { vendor, includeDirect, trustOwner, alternates, people }: RescanFlags,
): Promise<ScanResult> {
  const options: ScanOptions = {
    targets,
    jobs: availableParallelism(),
    cacheDir: mirrorFolder(context.io),
    vendor,
    includeDirect,
    trustOwner,
    alternates,
    ...(people === undefined ? {} : { people }),
    ...(place === undefined ? {} : { place: place.key.replace(/^git:/, '') }),
  };
  return context.services.scan(options, { ...session, onEvent: () => {}, signal: context.signal });
}
