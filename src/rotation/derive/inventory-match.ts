/** Which entry of the inventory a secret belongs to (rotation.md §5.5): by its most specific selector. */
import type { Exposure } from '../../model/exposure.js';
import type { Estate } from '../estate.js';
import type { ProviderRow } from '../facts/provider-table.js';
import type { InventoryEntry, Selector } from '../imports.js';
import { sortedSet } from '../order.js';
import { type GlobDialect, matchesGlob, type PathGlob, parseGlob } from './owners/glob.js';
import { principalsOf } from './principal.js';
import { timeOf } from './sighting-dates.js';
import { pathOf, slotIdOf } from './slots.js';

/** From the most specific. */
const selectorTypes = ['fingerprint', 'identity', 'slot', 'vault', 'path', 'kind'] as const;
export type SelectorType = (typeof selectorTypes)[number];

export interface InventoryMatch {
  readonly by: SelectorType;
  /** More than one: nobody can say which is meant, and none applies (`IMPORT_AMBIGUOUS`). */
  readonly entries: readonly InventoryEntry[];
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

/** True when nobody has looked at the entry for too long. */
export function isStaleEntry({ reviewed }: InventoryEntry, { now, settings }: Estate): boolean {
  const time = timeOf(reviewed);
  return time !== undefined && (timeOf(now) ?? time) - time > settings.staleInventoryMs;
}

/** What matching looks at besides the secret. */
export interface MatchContext extends Pick<Estate, 'imports'> {
  readonly providers: { rowOf(kind: string): Pick<ProviderRow, 'id'> };
}

/** Matcher over the whole inventory; made once a run. */
export function inventoryMatcher(estate: MatchContext): (exposure: Exposure) => InventoryMatch | undefined {
  const { identities, vault } = estate.imports;
  const fingerprints = indexOf(identities, ({ fingerprint }) => fingerprint);
  const lengths = [...new Set([...fingerprints.keys()].map(({ length }) => length))];
  const others = {
    identity: indexOf(identities, ({ identity }) => identity),
    slot: indexOf(identities, ({ slot }) => slot),
    vault: indexOf(identities, (selector) => selector.vault),
    // A kind beside a path only narrows the path.
    kind: indexOf(identities, ({ kind, path }) => (path === undefined ? kind : undefined)),
  };
  const paths = pathSelectors(identities);

  const textsOf = (exposure: Exposure, by: SelectorType): readonly string[] => {
    switch (by) {
      case 'fingerprint':
        return lengths.map((length) => exposure.fingerprint.slice(0, length));
      case 'identity':
        return principalsOf(exposure).map(({ key }) => key);
      case 'slot':
        return sortedSet(exposure.locations.flatMap((location) => slotIdOf(location) ?? []));
      case 'vault': {
        const slots = new Set(textsOf(exposure, 'slot'));
        const isOf = (fingerprint?: string, slot?: string): boolean =>
          (fingerprint !== undefined && exposure.fingerprint.startsWith(fingerprint)) ||
          (slot !== undefined && slots.has(slot));
        return vault.flatMap((row) => (isOf(row.fingerprint, row.slot) ? [row.path] : []));
      }
      default:
        return kindsOf(exposure);
    }
  };
  const kindsOf = ({ labels }: Exposure): readonly string[] =>
    labels.flatMap(({ kind }) => [kind, estate.providers.rowOf(kind).id]);
  const byPath = (exposure: Exposure): readonly InventoryEntry[] => {
    const kinds = paths.size === 0 ? [] : kindsOf(exposure);
    return exposure.locations.flatMap((location) => {
      const names = (pathOf(location) ?? '').split('/');
      return ['', location.placeName, location.place]
        .flatMap((place) => paths.get(place) ?? [])
        .filter(({ kind, glob }) => (kind === undefined || kinds.includes(kind)) && matchesGlob(glob, names))
        .map(({ entry }) => entry);
    });
  };
  const find = (exposure: Exposure, by: SelectorType): readonly InventoryEntry[] => {
    if (by === 'path') return byPath(exposure);
    const index = by === 'fingerprint' ? fingerprints : others[by];
    return index.size === 0 ? [] : textsOf(exposure, by).flatMap((text) => [...(index.get(text) ?? [])]);
  };
  return (exposure) => {
    if (identities.length === 0) return undefined;
    for (const by of selectorTypes) {
      const entries = [...new Set(find(exposure, by))].sort((a, b) => (a.id < b.id ? -1 : 1));
      if (entries.length > 0) return { by, entries };
    }
    return undefined;
  };
}
