/**
 * Reads again the roots that have or had a secret, and only those. Their places keep their keys: a rewritten history has
 * other root commits, and would else be a place that nobody knew.
 */
import { availableParallelism } from 'node:os';
import type { PeopleMode } from '../model/people-mode.js';
import type { Place } from '../model/place.js';
import { joinedOptions, type ReadingOptions } from '../model/receipt.js';
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
  /** How its roots were read before: as much is read again. */
  readonly options: ReadingOptions;
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
  for (const round of rounds) {
    if (context.signal.aborted) break;
    const { place } = round;
    const result = await scanRound(context, session, round, flags);
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
  const natural = new Groups();
  const byPlace = new Map<string, Groups>();
  for (const { place, main = place, locator, receipt } of readings) {
    const look = looks.get(locator);
    const owner = places.get(main);
    if (look === undefined || look.isMissing || owner === undefined) continue;
    const options = receipt?.options ?? {};
    if (isEmbeddedLocator(locator)) natural.add(holderOf(locator, roots) ?? look.target, options);
    else if (look.mirror !== undefined && isFetching) natural.add(look.mirror.url, options);
    else if (owner.system !== 'git') natural.add(look.target, options);
    else {
      const known = byPlace.get(main) ?? new Groups();
      known.add(look.target, options);
      byPlace.set(main, known);
    }
  }
  const named = [...byPlace].flatMap(([key, groups]) => {
    const place = places.get(key);
    return groups.rounds().map((round): Round => ({ ...round, ...(place && { place }) }));
  });
  return [...named, ...natural.rounds()];
}

/** Targets that are read in one way; one target is read once, in the widest. */
class Groups {
  readonly #options = new Map<string, ReadingOptions>();

  add(target: string, options: ReadingOptions): void {
    this.#options.set(target, joinedOptions(this.#options.get(target) ?? {}, options));
  }

  rounds(): Round[] {
    const byOptions = new Map<string, { readonly targets: string[]; readonly options: ReadingOptions }>();
    for (const [target, options] of this.#options) {
      const key = JSON.stringify(options);
      const known = byOptions.get(key);
      if (known === undefined) byOptions.set(key, { targets: [target], options });
      else known.targets.push(target);
    }
    return [...byOptions.values()];
  }
}

/** The target in whose files an embedded repository was met. */
function holderOf(locator: string, roots: readonly RootRef[]): string | undefined {
  return roots.find((root) => !isEmbeddedLocator(root.locator) && liesIn(locator, root.locator))?.locator;
}

async function scanRound(
  context: Context,
  session: Session,
  { targets, place, options: before }: Round,
  { trustOwner, alternates, ...flags }: RescanFlags,
): Promise<ScanResult> {
  const options: ScanOptions = {
    targets,
    jobs: availableParallelism(),
    cacheDir: mirrorFolder(context.io),
    codeCache: true,
    ...joinedOptions(before, flags),
    trustOwner,
    alternates,
    ...(place === undefined ? {} : { place: place.key.replace(/^git:/, '') }),
  };
  return context.services.scan(options, { ...session, onEvent: () => {}, signal: context.signal });
}
