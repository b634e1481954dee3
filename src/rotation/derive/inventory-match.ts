/** Which entry of the inventory a secret belongs to: by its most specific selector. */
import type { Exposure, Location } from '../../model/exposure.js';
import type { Estate } from '../estate.js';
import type { ProviderRow } from '../facts/provider-table.js';
import type { InventoryEntry, Selector } from '../imports.js';
import { codePointOrder, sortedSet } from '../order.js';
import { fingerprintIndex } from './fingerprint-index.js';
import { type GlobDialect, matchesGlob, type PathGlob, parseGlob } from './owners/glob.js';
import { placeNames } from './place-names.js';
import { principalsOf } from './principal.js';
import { pathOf, slotNames } from './slots.js';
import { vaultMatcher } from './vault-match.js';

/** From the most specific. A kind alone is no selector of one secret: it gives defaults to all of that kind. */
const selectorTypes = ['fingerprint', 'identity', 'slot', 'vault', 'path'] as const;
export type SelectorType = (typeof selectorTypes)[number];

export interface InventoryMatch {
  readonly by: SelectorType;
  /** More than one: nobody can say which is meant, and none applies (`IMPORT_AMBIGUOUS`). Sorted by id and file. */
  readonly entries: readonly InventoryEntry[];
}

export interface EntriesOfSecret {
  /** Undefined when no entry names the secret by more than its kind. */
  readonly match?: InventoryMatch;
  /** Entries that name its kind alone; several make each other void as well. */
  readonly defaults: readonly InventoryEntry[];
}

/** What matching looks at besides the secret. */
export interface MatchContext extends Pick<Estate, 'imports'> {
  readonly providers: { rowOf(kind: string): Pick<ProviderRow, 'id'> };
}

const dialect: GlobDialect = {
  isInnerSlashAnchored: true,
  doesNameCoverFolder: false,
  doesStarCoverFolder: false,
  isLastDoubleStarDeep: true,
  hasClasses: true,
};

/** True for a selector of paths that can match something: `acme/ledger:config/**`. */
export function isSelectorPath(text: string): boolean {
  const glob = text.slice(text.lastIndexOf(':') + 1);
  return glob !== '' && parseGlob(glob, dialect) !== undefined;
}

interface PathSelector {
  readonly glob: PathGlob;
  readonly kind?: string;
  readonly entry: InventoryEntry;
}

/** Texts of each type, and the entries that name them. */
type Index = ReadonlyMap<string, ReadonlySet<InventoryEntry>>;

function indexOf(
  entries: readonly InventoryEntry[],
  textOf: (selector: Selector) => string | undefined,
): Index {
  const index = new Map<string, Set<InventoryEntry>>();
  for (const entry of entries) {
    for (const selector of entry.match) {
      const text = textOf(selector);
      if (text === undefined) continue;
      const known = index.get(text) ?? new Set();
      index.set(text, known.add(entry));
    }
  }
  return index;
}

/** By place; those without one hold everywhere. */
function pathSelectors(entries: readonly InventoryEntry[]): ReadonlyMap<string, readonly PathSelector[]> {
  const byPlace = new Map<string, PathSelector[]>();
  for (const entry of entries) {
    for (const { path, kind } of entry.match) {
      const colon = path?.lastIndexOf(':') ?? -1;
      const glob = path === undefined ? undefined : parseGlob(path.slice(colon + 1), dialect);
      if (path === undefined || glob === undefined) continue;
      const place = path.slice(0, Math.max(0, colon));
      const selector = { glob, entry, ...(kind === undefined ? {} : { kind }) };
      const known = byPlace.get(place);
      if (known === undefined) byPlace.set(place, [selector]);
      else known.push(selector);
    }
  }
  return byPlace;
}

function sortedEntries(entries: Iterable<InventoryEntry>): InventoryEntry[] {
  return [...new Set(entries)].sort(
    (a, b) => codePointOrder(a.id, b.id) || codePointOrder(a.origin.file, b.origin.file),
  );
}

function kindsOf({ labels }: Exposure, { providers }: MatchContext): readonly string[] {
  return labels.flatMap(({ kind }) => [kind, providers.rowOf(kind).id]);
}

type Finder = (exposure: Exposure) => readonly InventoryEntry[];

function pathFinder(estate: MatchContext): Finder {
  const paths = pathSelectors(estate.imports.identities);
  if (paths.size === 0) return () => [];
  const anywhere = paths.get('') ?? [];
  // Many secrets stand at one path; each path is matched once.
  const known = new Map<string, readonly PathSelector[]>();
  const selectorsAt = (location: Location): readonly PathSelector[] => {
    const path = pathOf(location) ?? '';
    const key = `${location.place}\0${path}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const names = path.split('/');
    const own = placeNames(location).flatMap((place) => paths.get(place) ?? []);
    const found = [...anywhere, ...own].filter(({ glob }) => matchesGlob(glob, names));
    known.set(key, found);
    return found;
  };
  return (exposure) => {
    const kinds = kindsOf(exposure, estate);
    const found = new Set<InventoryEntry>();
    for (const location of exposure.locations) {
      for (const { kind, entry } of selectorsAt(location)) {
        if (kind === undefined || kinds.includes(kind)) found.add(entry);
      }
    }
    return [...found];
  };
}

function finders(estate: MatchContext): Readonly<Record<SelectorType, Finder>> {
  const { identities } = estate.imports;
  const lookUp = (index: Index, textsOf: (exposure: Exposure) => readonly string[]): Finder =>
    index.size === 0
      ? () => []
      : (exposure) => textsOf(exposure).flatMap((text) => [...(index.get(text) ?? [])]);
  const byFingerprint = fingerprintIndex(
    identities.flatMap((entry) =>
      entry.match.flatMap(({ fingerprint }) => (fingerprint === undefined ? [] : [{ fingerprint, entry }])),
    ),
    ({ fingerprint }) => fingerprint,
  );
  const rowsOf = vaultMatcher(estate);
  return {
    fingerprint: (exposure) => byFingerprint(exposure).map(({ entry }) => entry),
    identity: lookUp(
      indexOf(identities, ({ identity }) => identity),
      (exposure) => principalsOf(exposure).map(({ key }) => key),
    ),
    slot: lookUp(
      indexOf(identities, ({ slot }) => slot),
      ({ locations }) => sortedSet(locations.flatMap(slotNames)),
    ),
    vault: lookUp(
      indexOf(identities, ({ vault }) => vault),
      (exposure) => rowsOf(exposure).map(({ path }) => path),
    ),
    path: pathFinder(estate),
  };
}

/** Matcher over the whole inventory; make one a run. */
export function inventoryMatcher(estate: MatchContext): (exposure: Exposure) => EntriesOfSecret {
  const { identities } = estate.imports;
  if (identities.length === 0) return () => ({ defaults: [] });
  const find = finders(estate);
  // A kind beside a path only narrows the path.
  const byKind = indexOf(identities, ({ kind, path }) => (path === undefined ? kind : undefined));
  const known = new WeakMap<Exposure, EntriesOfSecret>();
  const matchOf = (exposure: Exposure): EntriesOfSecret => {
    const defaults =
      byKind.size === 0
        ? []
        : sortedEntries(kindsOf(exposure, estate).flatMap((kind) => [...(byKind.get(kind) ?? [])]));
    for (const by of selectorTypes) {
      const entries = sortedEntries(find[by](exposure));
      if (entries.length > 0) return { match: { by, entries }, defaults };
    }
    return { defaults };
  };
  return (exposure) => {
    const before = known.get(exposure);
    if (before !== undefined) return before;
    const found = matchOf(exposure);
    known.set(exposure, found);
    return found;
  };
}

/** The one entry that applies to a secret; none where several compete. */
export function entryOf({ match }: EntriesOfSecret): InventoryEntry | undefined {
  return match?.entries.length === 1 ? match.entries[0] : undefined;
}

/** The one entry that gives defaults to the kind of a secret. */
export function defaultsOf({ match, defaults }: EntriesOfSecret): InventoryEntry | undefined {
  const [only, ...others] = defaults;
  // An entry may name a secret and its kind; it applies to that one as a whole then.
  return others.length > 0 || (only !== undefined && match?.entries.includes(only) === true)
    ? undefined
    : only;
}
